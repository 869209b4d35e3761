# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a NAS of each release tells about its tasks, from a new task to one whose runs the NAS has forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.kits import recorded
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import configuration, health
from simulator.fixture import SimulatedNas

from .conftest import Modules


def wish(count: int, **fields: Any) -> dict[str, Any]:
    # Nothing answers there, so that a run fails at once.
    credential = {"name": "Cloud", "verify": "never", "http": {"url": "http://127.0.0.1:9/"}}
    server = {"name": "Server", "verify": "never", "ftp": {"host": "127.0.0.1", "user": "u", "pass": "s3cret-word"}}
    task = {
        "credential": "Cloud",
        "direction": "PULL",
        "transfer_mode": "COPY",
        "path": "/mnt/tank/photos",
        "folder": "/",
        "args": "--retries 1 --low-level-retries 1",
        "schedule": "0 3 1 1 *",
        **fields,
    }
    tasks = [{**task, "description": f"Photos {number}"} for number in range(count)]
    return {"credentials": [credential, server], "tasks": tasks, "purge_tasks": True}


def make(modules: Modules, count: int = 1, **fields: Any) -> None:
    modules.run(configuration.execute, configuration.ARGUMENTS, check=False, **wish(count, **fields))


def look(modules: Modules, **options: Any) -> dict[str, Any]:
    outcome = modules.run(health.judged, health.ARGUMENTS, check=False, **options)
    assert not outcome.changed
    return outcome.returns


def kinds(modules: Modules, **options: Any) -> list[str]:
    (task,) = look(modules, **options)["tasks"]
    assert task["verdict"] == (task["reasons"][0]["kind"] if task["reasons"] else "healthy")
    return [reason["kind"] for reason in task["reasons"]]


def run(modules: Modules, **options: Any) -> None:
    (task,) = modules.client.call("cloudsync.query")
    modules.client.follow_job(modules.client.start_job("cloudsync.sync", task["id"], *([options] if options else [])))


def test_the_story_of_a_task(modules):
    make(modules)
    told = look(modules)
    (task,) = told["tasks"]
    assert (task["description"], task["verdict"], task["ok"]) == ("Photos 0", "never_run", False)
    assert task["last_run"] is None
    assert task["next_run"].endswith("-01-01T03:00:00Z")
    assert (told["unknown"], told["nas"]["timezone"]) == ([], "UTC")
    # As delivered, a NAS has no mail server.
    assert [reason["kind"] for reason in told["nas"]["reasons"]] == ["no_alert"]
    assert kinds(modules) == ["never_run", "no_alert"]

    run(modules, dry_run=True)
    assert kinds(modules) == ["only_dry_runs", "no_alert"]
    run(modules)
    run(modules, dry_run=True)
    (task,) = look(modules)["tasks"]
    assert (task["verdict"], [one["state"] for one in task["runs"]]) == ("failed", ["FAILED"])
    assert "127.0.0.1" in task["reasons"][0]["text"]

    modules.nas.dataset("tank/photos", locked=True)
    assert "locked" in kinds(modules)
    modules.nas.dataset("tank/photos")
    make(modules, enabled=False)
    assert kinds(modules) == ["disabled", "no_alert"]
    assert look(modules, ignore=["disabled", "no_alert"])["tasks"][0]["ok"]


def test_a_path_that_does_not_exist(modules_2510):
    make(modules_2510)
    (task,) = modules_2510.client.call("cloudsync.query")
    modules_2510.client.call("cloudsync.update", task["id"], {"path": "/mnt/tank/no such directory"})
    assert kinds(modules_2510) == ["missing", "no_alert"]


def test_a_nas_that_has_forgotten_its_jobs(modules_2510):
    make(modules_2510)
    run(modules_2510)
    modules_2510.nas.restart()
    assert kinds(modules_2510) == ["failed", "no_alert"]


def test_who_gets_the_alert(modules_2510):
    make(modules_2510, enabled=False)
    call = modules_2510.client.call
    assert kinds(modules_2510) == ["disabled", "no_alert"]
    call("mail.update", {"outgoingserver": "mail.example.com"})
    assert kinds(modules_2510) == ["disabled", "no_alert"], "no administrator has an address"
    modules_2510.nas.account("truenas_admin", email="admin@example.com")
    assert kinds(modules_2510) == ["disabled"]
    call("alertclasses.update", {"classes": {"CloudSyncTaskFailed": {"policy": "NEVER"}}})
    assert kinds(modules_2510) == ["disabled", "no_alert"]
    call("alertclasses.update", {"classes": {}})
    call("alertservice.update", 1, {"level": "CRITICAL"})
    assert kinds(modules_2510) == ["disabled", "no_alert"]


def test_a_clock_that_is_wrong(modules_2510):
    make(modules_2510, enabled=False)
    modules_2510.nas.faults(clock=3600)
    assert kinds(modules_2510)[-1] == "clock_wrong"
    modules_2510.nas.faults(clock=0)
    assert "clock_wrong" not in kinds(modules_2510)


def test_the_same_calls_for_1_and_200_tasks(modules_2510):
    calls = {}
    for count in (1, 200):
        make(modules_2510, count, enabled=True)
        made = len(modules_2510.nas.calls())
        look(modules_2510)
        calls[count] = [call["method"] for call in modules_2510.nas.calls()[made:]]
    assert sorted(calls[1]) == sorted(calls[200])
    assert sorted(calls[1]) == sorted(
        ["cloudsync.query", *(method for method, _params in health._ASKED), "filesystem.stat"]
    )


def test_an_account_that_may_only_read_tasks_is_told_what_it_lacks(nas: SimulatedNas):
    key = nas.account("reader", roles=["CLOUD_SYNC_READ"], api_key=True)["api_key"]
    admin = ConnectionOptions(api_url=nas.socket)
    with connect(admin) as client:
        make(Modules(nas, client))
    options = ConnectionOptions(api_url=nas.api_url, api_key=key, api_username="reader", ca_path=nas.ca_path)
    with connect(options) as client:
        told = look(Modules(nas, client))
    assert told["tasks"][0]["verdict"] == "never_run"
    assert [reason["kind"] for reason in told["tasks"][0]["reasons"]] == ["never_run"]
    assert told["nas"]["timezone"] is None
    assert {one["role"] for one in told["unknown"]} == {
        "READONLY_ADMIN", "ALERT_LIST_READ", "ALERT_READ", "FILESYSTEM_ATTRS_READ",
    }  # fmt: skip


def test_the_last_proof_of_a_task_counts(modules_2510):
    make(modules_2510, direction="PUSH", credential="Server", folder="/x")
    (task,) = modules_2510.client.call("cloudsync.query")
    old = {
        "task": "Photos 0",
        "date": "2020-01-01T00:00:00Z",
        "files": 3,
        "damages": [{"path": "a", "kind": "missing"}],
    }
    new = {**old, "id": task["id"], "date": "2999-01-01T00:00:00+01:00", "damages": []}
    other = {**old, "id": task["id"] + 1, "date": "3000-01-01T00:00:00Z"}
    for proofs, last, told in (
        ([old, new, other], new, False),
        ([old], old, True),
        ([other], None, True),
        ([{**new, "files": 0}], {**new, "files": 0}, True),
    ):
        (judged,) = look(modules_2510, proofs=proofs, restore_test_max_age="30d")["tasks"]
        assert judged["proof"] == last
        assert ("untested" in {one["kind"] for one in judged["reasons"]}) == told
        assert ("damaged" in {one["kind"] for one in judged["reasons"]}) == (last is old)


def test_the_kit_has_the_task_as_it_is(modules_2510):
    make(modules_2510, direction="PUSH", credential="Server", folder="/x")
    (entry,) = modules_2510.client.call("cloudsync.query")
    kit = {"date": "2020-01-01T00:00:00Z", "tasks": [recorded(entry)]}
    assert "no_kit" not in kinds(modules_2510)
    assert "no_kit" not in kinds(modules_2510, kit=kit)
    assert "no_kit" in kinds(modules_2510, kit=kit, kit_max_age="180d")
    assert "no_kit" in kinds(modules_2510, kit_max_age="180d")
    assert "no_kit" in kinds(modules_2510, kit={**kit, "tasks": []})
    modules_2510.client.call("cloudsync.update", entry["id"], {"path": "/mnt/tank"})
    assert "no_kit" in kinds(modules_2510, kit=kit)
    with pytest.raises(OptionError, match="kit: "):
        look(modules_2510, kit={"tasks": []})


def test_a_task_that_is_gone_is_an_error(modules_2510):
    with pytest.raises(Failure, match="no cloud sync task with description 'Photos of 1999'"):
        look(modules_2510, description="Photos of 1999")
