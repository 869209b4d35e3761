# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of cloud credentials and tasks that no recorded exchange covers."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.fixture import SimulatedGoogle, SimulatedNas
from simulator.tests.remotes import served
from simulator.tests.wire import Message, Wire

HIDDEN = "*" * 8
TASK = {
    "path": "/mnt/tank/photos",
    "direction": "PUSH",
    "transfer_mode": "COPY",
    "credentials": 1,
    "attributes": {"folder": "/up"},
}


@pytest.fixture
def wire(nas: SimulatedNas) -> Iterator[Wire]:
    with Wire(nas) as one:
        one.log_in(nas)
        yield one


@pytest.fixture
def deaf() -> Iterator[Message]:
    """The credential of a remote that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        yield {"type": "WEBDAV", "url": url, "vendor": "OTHER", "user": "u", "pass": "p"}


def _webdav(wire: Wire, **fields: Any) -> Message:
    provider = {"type": "WEBDAV", "url": "http://h/", "vendor": "OTHER", "user": "", "pass": "p", **fields}
    return wire.call("cloudsync.credentials.create", {"name": "dav", "provider": provider})


def _as(nas: SimulatedNas, username: str, *roles: str) -> Wire:
    account = nas.account(username, password="pw", roles=list(roles))
    wire = Wire(nas)
    wire.log_in(nas, mechanism="PASSWORD_PLAIN", username=account["username"], password="pw")
    return wire


def _rows(error: Message) -> list[str]:
    return [row[0] for row in error["data"]["extra"]]


def test_a_reader_sees_no_secret_whatever_its_type(wire: Wire, nas: SimulatedNas) -> None:
    _webdav(wire)
    wire.call("cloudsync.create", TASK)
    reader = _as(nas, "reader", "CLOUD_SYNC_READ")
    hidden = {"type": "WEBDAV"} | dict.fromkeys(("url", "vendor", "user", "pass"), HIDDEN)
    assert reader.call("cloudsync.credentials.get_instance", 1)["provider"] == hidden
    task = reader.call("cloudsync.query", [["id", "=", 1]])[0]
    assert task["credentials"]["provider"] == hidden
    assert (task["encryption_password"], task["encryption_salt"]) == (HIDDEN, HIDDEN)
    reader.socket.close()


def test_a_writer_sees_everything(wire: Wire, nas: SimulatedNas) -> None:
    created = _webdav(wire)
    writer = _as(nas, "writer", "CLOUD_SYNC_WRITE")
    assert writer.call("cloudsync.credentials.query") == [created]
    writer.socket.close()


def test_asterisks_are_stored_as_they_are(wire: Wire) -> None:
    _webdav(wire)
    changed = {"type": "WEBDAV", "url": "http://h/", "vendor": "OTHER", "user": "", "pass": HIDDEN}
    assert wire.call("cloudsync.credentials.update", 1, {"provider": changed})["provider"]["pass"] == HIDDEN


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("http://minio.local:9000", "http://minio.local:9000/"),
        ("HTTPS://Host.Example:443/Path/", "https://host.example/Path/"),
        ("http://h:80", "http://h/"),
    ],
)
def test_addresses_are_stored_normalised(wire: Wire, url: str, stored: str) -> None:
    assert _webdav(wire, url=url)["provider"]["url"] == stored


def test_names_are_unique_but_not_without_regard_to_case(wire: Wire) -> None:
    provider = _webdav(wire)["provider"]
    assert wire.call("cloudsync.credentials.create", {"name": "DAV", "provider": provider})["id"] == 2
    assert wire.call("cloudsync.credentials.update", 2, {"name": "DAV"})["name"] == "DAV"
    error = wire.error("cloudsync.credentials.update", 2, {"name": "dav"})
    assert _rows(error) == ["cloud_sync_credentials_update.name"]


def test_an_update_replaces_what_is_nested(wire: Wire) -> None:
    _webdav(wire)
    wire.call("cloudsync.create", {**TASK, "schedule": {"minute": "5", "hour": "3"}, "exclude": ["a"], "transfers": 3})
    changed = wire.call("cloudsync.update", 1, {"schedule": {"minute": "15"}, "exclude": []})
    assert changed["schedule"] == {"minute": "15", "hour": "*", "dom": "*", "month": "*", "dow": "*"}
    assert (changed["exclude"], changed["transfers"]) == ([], 3)


def test_a_task_is_not_written_when_it_is_refused(wire: Wire) -> None:
    _webdav(wire)
    wire.call("cloudsync.create", TASK)
    before = wire.call("cloudsync.query")
    wire.error("cloudsync.update", 1, {"enabled": False, "path": "/var/photos"})
    wire.error("cloudsync.create", {**TASK, "credentials": 9})
    assert wire.call("cloudsync.query") == before


@pytest.mark.parametrize(
    ("changes", "attributes"),
    [
        ({"bwlimit": [{"time": "8:00", "bandwidth": 1}, {"time": "10:00", "bandwidth": 2}]}, ["bwlimit.1.time"]),
        ({"snapshot": True, "direction": "PUSH", "transfer_mode": "MOVE"}, ["snapshot"]),
        ({"snapshot": True, "path": "/mnt/tank"}, ["snapshot"]),
        ({"path": "/mnt/tank/photos/.zfs/snapshot/x"}, ["path"]),
        ({"args": "'", "credentials": 9, "path": "/var/photos"}, ["args", "credentials", "path"]),
        ({"args": "'", "attributes": {}}, ["args"]),  # the provider's rules come only when all is well with the rest
    ],
)
def test_a_rule(wire: Wire, changes: Message, attributes: list[str]) -> None:
    _webdav(wire)
    error = wire.error("cloudsync.create", {**TASK, **changes})
    assert _rows(error) == [f"cloud_sync_create.{name}" for name in attributes]


@pytest.mark.parametrize("size", [4, 150])
def test_chunk_sizes_are_refused_without_the_prefix(wire: Wire, size: int) -> None:
    wire.call("cloudsync.credentials.create", {"name": "d", "provider": {"type": "DROPBOX", "token": "t"}})
    error = wire.error("cloudsync.create", {**TASK, "attributes": {"folder": "", "chunk_size": size}})
    assert _rows(error) == ["chunk_size"]


def test_only_a_full_administrator_may_touch_a_task_with_a_script(wire: Wire, nas: SimulatedNas) -> None:
    _webdav(wire)
    wire.call("cloudsync.create", {**TASK, "pre_script": "true"})
    writer = _as(nas, "writer", "CLOUD_SYNC_WRITE")
    assert _rows(writer.error("cloudsync.update", 1, {"enabled": False})) == ["cloud_sync_update.pre_script"]
    assert writer.call("cloudsync.update", 1, {"pre_script": "", "enabled": False})["enabled"] is False
    writer.socket.close()


def test_scripts_run_around_the_transfer_and_know_everything(wire: Wire, nas: SimulatedNas, tmp_path: Path) -> None:
    with served("WEBDAV", tmp_path) as provider:
        wire.call("cloudsync.credentials.create", {"name": "dav", "provider": provider})
        scripts = {"pre_script": "echo before $CLOUD_SYNC_USER", "post_script": "echo after $CLOUD_SYNC_FOLDER"}
        wire.call("cloudsync.create", {**TASK, **scripts})
        log = wire.finished_job(wire.call("cloudsync.sync", 1))["logs_excerpt"].splitlines()
    assert log[0] == f"[Pre-script] before {provider['user']}"
    assert log[-1] == "[Post-script] after /up"


def test_a_failed_script_ends_the_run_before_the_transfer(wire: Wire, tmp_path: Path) -> None:
    with served("WEBDAV", tmp_path) as provider:
        wire.call("cloudsync.credentials.create", {"name": "dav", "provider": provider})
        wire.call("cloudsync.create", {**TASK, "pre_script": "exit 3"})
        job = wire.finished_job(wire.call("cloudsync.sync", 1))
    assert (job["state"], job["logs_excerpt"]) == ("FAILED", "")


def test_a_failed_run_raises_an_alert_and_a_good_one_clears_it(wire: Wire, tmp_path: Path) -> None:
    with served("WEBDAV", tmp_path) as provider:
        wire.call("cloudsync.credentials.create", {"name": "dav", "provider": provider})
        wire.call("cloudsync.create", {**TASK, "args": "--no-such-option"})
        assert wire.finished_job(wire.call("cloudsync.sync", 1))["state"] == "FAILED"
        assert [alert["klass"] for alert in wire.call("alert.list")] == ["CloudSyncTaskFailed"]
        wire.call("cloudsync.update", 1, {"args": ""})
        assert wire.finished_job(wire.call("cloudsync.sync", 1))["state"] == "SUCCESS"
        assert wire.call("alert.list") == []


def test_an_abort_ends_rclone(wire: Wire, deaf: Message) -> None:
    wire.call("cloudsync.credentials.create", {"name": "dav", "provider": deaf})
    wire.call("cloudsync.create", TASK)
    assert wire.call("cloudsync.abort", 1) is False
    number = wire.call("cloudsync.sync", 1)
    wire.call("core.subscribe", "core.get_jobs")
    while wire.call("core.get_jobs", [["id", "=", number]])[0]["progress"]["description"] != "Starting":
        wire.receive()
    assert wire.call("cloudsync.abort", 1) is True
    job = wire.finished_job(number)
    assert (job["state"], job["error"]) == ("ABORTED", None)
    assert wire.call("alert.list") == []


def test_calls_with_and_without_options_do_not_share_a_lock(wire: Wire, deaf: Message) -> None:
    wire.call("cloudsync.credentials.create", {"name": "dav", "provider": deaf})
    wire.call("cloudsync.create", TASK)
    running, waiting, joined = (wire.call("cloudsync.sync", 1) for dummy in range(3))
    assert joined == waiting != running
    other = wire.call("cloudsync.sync", 1, {})
    wire.call("core.subscribe", "core.get_jobs")
    progress = ""
    while progress != "Locking remote path '/up' for writing":
        jobs = {job["id"]: job for job in wire.call("core.get_jobs", [["method", "=", "cloudsync.sync"]])}
        progress = jobs[other]["progress"]["description"]
    assert [jobs[number]["state"] for number in (running, waiting, other)] == ["RUNNING", "WAITING", "RUNNING"]
    while wire.call("cloudsync.abort", 1):
        pass  # a run that has been told to end, and has not yet, is told again
    jobs = wire.call("core.get_jobs", [["method", "=", "cloudsync.sync"]])
    assert {job["state"] for job in jobs} == {"ABORTED"}


def test_the_last_run_outlives_a_restart(wire: Wire, nas: SimulatedNas) -> None:
    _webdav(wire, url="http://127.0.0.1:9/")
    wire.call("cloudsync.create", TASK)
    job = wire.finished_job(wire.call("cloudsync.sync", 1))
    assert wire.call("cloudsync.get_instance", 1)["job"] == job
    nas.restart()
    with Wire(nas) as later:
        later.log_in(nas)
        assert later.call("cloudsync.get_instance", 1)["job"] == {**job, "id": None, "logs_path": None}


@pytest.mark.parametrize("params", [[1], [1, {"dry_run": True}]], ids=["run", "dry run"])
def test_a_refreshed_token_is_kept_also_when_the_run_fails(
    wire: Wire, nas: SimulatedNas, google: SimulatedGoogle, params: list[Any]
) -> None:
    client = json.loads(Path(google.client_secret_file).read_text())["installed"]
    token = json.loads(Path(google.token_file).read_text())
    given = {name: client[name] for name in ("client_id", "client_secret")} | {"token": json.dumps(token)}
    wire.call("cloudsync.credentials.create", {"name": "g", "provider": {"type": "GOOGLE_PHOTOS", **given}})
    wire.call("cloudsync.list_directory", {"credentials": 1, "attributes": {"folder": "/album"}})
    assert wire.call("cloudsync.credentials.get_instance", 1)["provider"]["token"] == given["token"]
    Path(nas.root, "tank", "photos", "stray.jpg").write_bytes(b"stray")
    wire.call("cloudsync.create", {**TASK, "attributes": {"folder": "/album"}})
    assert wire.finished_job(wire.call("cloudsync.sync", *params))["state"] == ("SUCCESS" if params[1:] else "FAILED")
    stored = json.loads(wire.call("cloudsync.credentials.get_instance", 1)["provider"]["token"])
    assert stored["refresh_token"] == token["refresh_token"]
    assert stored["access_token"] != token["access_token"]


def test_a_restored_task_goes_the_other_way_and_sleeps(wire: Wire, tmp_path: Path) -> None:
    (tmp_path / "up").mkdir()
    with served("WEBDAV", tmp_path) as provider:
        wire.call("cloudsync.credentials.create", {"name": "dav", "provider": provider})
        task = wire.call("cloudsync.create", {**TASK, "transfers": 3, "exclude": ["a"]})
        options = {"transfer_mode": "SYNC", "path": "/mnt/tank/back", "description": "back"}
        new = wire.call("cloudsync.restore", 1, options)
    expected = {**task, "id": 2, "direction": "PULL", "enabled": False, "exclude": [], **options}
    assert new == expected
