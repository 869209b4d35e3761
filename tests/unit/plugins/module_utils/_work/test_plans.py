# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An approved plan is carried out, or nothing is; and which tasks that are not listed are deleted."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import configuration, credential, task

from .conftest import Modules

FTP = {"host": "ftp.example.com", "user": "photos", "pass": "secret-1"}
TASK = {"direction": "PUSH", "transfer_mode": "COPY", "path": "/mnt/tank/photos", "folder": "/", "enabled": False}


def config(modules: Modules, *, check: bool = False, **params: Any) -> Outcome:
    return modules.run(configuration.execute, configuration.ARGUMENTS, check=check, **params)


def declared(name: str, *tasks: str, **more: Any) -> dict[str, Any]:
    return {
        "credentials": [{"name": name, "ftp": FTP, "verify": "never"}],
        "tasks": [{"description": one, "credential": name, **TASK, **more} for one in tasks],
    }


def by_hand(modules: Modules, name: str, **options: Any) -> None:
    assert modules.run(task.execute, task.ARGUMENTS, check=False, description=name, **options).changed


def change_secret(modules: Modules) -> None:
    ftp = {**FTP, "pass": "other-2"}
    modules.run(credential.execute, credential.ARGUMENTS, check=False, name="Plan", ftp=ftp, verify="never")


CHANGES = {
    "disabled": (lambda modules: by_hand(modules, "One", enabled=True), "task 'One' has changed on the NAS"),
    "filtered": (lambda modules: by_hand(modules, "One", exclude=["*.a"]), "task 'One' has changed on the NAS"),
    "renamed": (lambda modules: by_hand(modules, "One", new_description="Uno"), "task 'Uno' is new on the NAS"),
    "deleted": (lambda modules: by_hand(modules, "One", state="absent"), "task 'One' is no longer on the NAS"),
    "added": (lambda modules: by_hand(modules, "New", credential="Plan", **TASK), "task 'New' is new on the NAS"),
    "secret": (change_secret, "credential 'Plan' has changed in the declaration"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_plan_is_not_carried_out_after_a_change(change: str, modules_2510: Modules) -> None:
    before = declared("Plan", "One", "Two")
    config(modules_2510, **before, purge_tasks=True)
    wish = declared("Plan", "One", "Two", exclude=["*.tmp"])
    planned = config(modules_2510, check=True, **wish)
    assert planned.changed
    act, told = CHANGES[change]
    act(modules_2510)
    written = modules_2510.writes()
    with pytest.raises(Failure, match=r"nothing was changed.*" + told):
        config(modules_2510, **wish, expect_plan=planned.returns["plan_id"])
    assert modules_2510.writes() == written


def test_a_plan_is_not_carried_out_for_another_declaration(modules_2510: Modules) -> None:
    config(modules_2510, **declared("Plan", "One"), purge_tasks=True)
    wish = declared("Plan", "One", enabled=True)
    expected = config(modules_2510, check=True, **wish).returns["plan_id"]
    for other in (
        declared("Plan", "One", enabled=True, exclude=["*.tmp"]),
        declared("Plan", "One", "Two", enabled=True),
        {**wish, "purge_tasks": True},
        {**wish, "unspecified": "default"},
        {**wish, "tasks": []},
    ):
        with pytest.raises(Failure, match="nothing was changed"):
            config(modules_2510, **other, expect_plan=expected)
    applied = config(modules_2510, **wish, expect_plan=expected)
    assert applied.changed
    assert applied.returns["plan_id"] == expected


def test_a_plan_from_nothing_is_carried_out(modules_2510: Modules) -> None:
    wish = declared("Fresh", "Fresh one")
    expected = config(modules_2510, check=True, **wish).returns["plan_id"]
    assert config(modules_2510, **wish, expect_plan=expected).changed
    again = config(modules_2510, check=True, **wish).returns["plan_id"]
    assert again != expected
    calls = len(modules_2510.nas.calls())
    assert not config(modules_2510, **wish, expect_plan=again).changed
    assert [call["method"] for call in modules_2510.nas.calls()[calls:]].count("cloudsync.query") == 1
    assert len(modules_2510.nas.calls()) == calls + 2


def test_only_tasks_with_a_credential_of_the_list_are_purged(modules_2510: Modules) -> None:
    config(modules_2510, **declared("Ours", "Kept", "Gone"))
    config(modules_2510, **declared("Theirs", "Their task"))
    wish = declared("Ours", "Kept")

    def names() -> set[str]:
        return {one["description"] for one in modules_2510.client.call("cloudsync.query")}

    modules_2510.warnings.clear()
    reported = config(modules_2510, **wish, purge_tasks="warn")
    assert not reported.changed
    (warning,) = modules_2510.warnings
    assert "'Gone'" in warning
    assert "Their task" not in warning
    assert {"Gone", "Their task"} <= {one["description"] for one in reported.returns["unlisted"]}
    done = modules_2510.predicted(configuration.execute, configuration.ARGUMENTS, **wish, purge_tasks="credential")
    assert "Gone" not in names()
    assert {"Kept", "Their task"} <= names()
    assert [one["description"] for one in done.returns["tasks"] if one["action"] == "delete"] == ["Gone"]
    assert not config(modules_2510, **wish, purge_tasks="no").changed


def test_nothing_is_purged_after_a_failure(modules_2510: Modules) -> None:
    """The item that fails may mean a record that would be purged: here its description is mistyped."""
    config(modules_2510, **declared("Ours", "Kept", "Meant"))
    wish = declared("Ours", "Kept")
    wish["tasks"].append({"description": "Ment", "enabled": True})
    for check in (True, False):
        with pytest.raises(
            Failure, match=r"1 of 3 items failed\. .*task Ment.*Nothing was purged because of that"
        ) as told:
            config(modules_2510, check=check, **wish, purge_tasks="credential", purge_credentials=True)
        assert "Meant" in {one["description"] for one in told.value.returns["unlisted"]}
    names = {one["description"] for one in modules_2510.client.call("cloudsync.query")}
    assert {"Kept", "Meant"} <= names


def test_a_value_that_purge_tasks_does_not_have_is_refused(modules_2510: Modules) -> None:
    with pytest.raises(OptionError, match=r"purge_tasks: 'mine' is not accepted. Give true, false, credential or warn"):
        config(modules_2510, purge_tasks="mine")
