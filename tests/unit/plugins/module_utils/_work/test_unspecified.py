# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is changed by hand, option by option, is reported and undone with `unspecified: default`."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import configuration, credential, info, task

from .conftest import Modules
from .test_every_provider import example, fields_of

BY_HAND: dict[str, Any] = {
    "schedule": {"minute": "5", "hour": "4", "dom": "3", "month": "2", "dow": "1"},
    "enabled": False,
    "snapshot": True,
    "transfers": 7,
    "bwlimit": [{"time": "08:00", "bandwidth": "1M"}],
    "include": ["/Ann/**"],
    "exclude": ["*.tmp"],
    "pre_script": "true",
    "post_script": "true",
    "follow_symlinks": True,
    "create_empty_src_dirs": True,
    "args": "--fast-list",
}
WITHOUT_A_DEFAULT = {"bucket", "folder"}


def run(modules: Modules, *, check: bool = False, **params: Any) -> Outcome:
    return modules.run(task.execute, task.ARGUMENTS, check=check, **params)


def make(modules: Modules, kind: str, **more: Any) -> dict[str, Any]:
    provider = PROVIDERS[kind]
    given = {provider.option: fields_of(provider, modules.release)}
    modules.run(credential.execute, credential.ARGUMENTS, check=False, name=kind, verify="never", **given)
    declared = {
        "description": f"{kind} by hand",
        "credential": kind,
        "direction": "PUSH",
        "transfer_mode": "COPY",
        "path": "/mnt/tank/photos",
        "folder": "/sub",
        **({"bucket": "bucket"} if provider.bucket else {}),
        **more,
        "unspecified": "default",
    }
    made = run(modules, **declared)
    assert made.changed
    assert not run(modules, **declared).changed
    return declared


@pytest.mark.parametrize("kind", ["B2", "S3", "GOOGLE_DRIVE"])
def test_each_change_by_hand_is_reported_and_undone(kind: str, modules: Modules) -> None:
    declared = make(modules, kind)
    name = declared["description"]
    changes = [{option: value} for option, value in BY_HAND.items()]
    for attribute in PROVIDERS[kind].task_attributes_in(modules.release):
        values = (example(attribute, number) for number in (1, 2, 3))
        other = next(value for value in values if value not in (attribute.default, "", None))
        if not attribute.detected:
            changes.append({"attributes": {attribute.name: other}})
    for change in changes:
        (option,) = change
        assert run(modules, description=name, **change).changed, change
        assert not run(modules, check=True, **{**declared, "unspecified": "keep"}).changed, change
        undone = modules.predicted(task.execute, task.ARGUMENTS, **declared)
        assert undone.changed, change
        differing = {one for one in undone.after if undone.after[one] != undone.before[one]}
        assert differing == {option}


def test_encryption_is_undone_and_its_password_stays(modules_2510: Modules) -> None:
    declared = make(modules_2510, "DROPBOX")
    secret: dict[str, Any] = {"encryption": True, "filename_encryption": True, "encryption_password": "a" * 12}
    assert run(modules_2510, description=declared["description"], **secret).changed
    undone = modules_2510.predicted(task.execute, task.ARGUMENTS, **declared)
    assert undone.changed
    assert undone.after["encryption"] is undone.after["filename_encryption"] is False
    assert undone.after["encryption_password"] == undone.before["encryption_password"]
    (stored,) = [one for one in modules_2510.client.call("cloudsync.query") if one["description"].startswith("DROPBOX")]
    assert stored["encryption_password"] == "a" * 12


def test_what_would_let_a_task_delete_more_is_refused_with_the_option_to_give(modules_2510: Modules) -> None:
    declared = make(modules_2510, "HTTP", direction="PULL", folder="/")
    run(modules_2510, description=declared["description"], exclude=["*.jpg"])
    run(modules_2510, description=declared["description"], transfer_mode="SYNC", allow_deletes=True)
    only = {"description": declared["description"], "unspecified": "default"}
    with pytest.raises(OptionError, match=r"exclude: this change is refused.* Give exclude to keep it"):
        run(modules_2510, **only)


def test_the_default_of_a_configuration_and_the_item_s_own(modules_2510: Modules) -> None:
    declared = make(modules_2510, "PCLOUD")
    del declared["unspecified"]
    run(modules_2510, description=declared["description"], enabled=False)

    def reported(of_all: str, **own: Any) -> bool:
        tasks = [{**declared, **own}]
        return modules_2510.run(
            configuration.execute, configuration.ARGUMENTS, check=True, tasks=tasks, unspecified=of_all
        ).changed

    assert not reported("keep")
    assert reported("default")
    assert reported("keep", unspecified="default")
    assert not reported("default", unspecified="keep")
    assert reported("default", unspecified="")


def test_an_export_sees_every_change_and_none_when_there_is_none(modules_2510: Modules) -> None:
    declared = make(modules_2510, "YANDEX", schedule="@daily", exclude=["*.bak"])
    (exported,) = modules_2510.run(
        info.tasks, info.TASK_ARGUMENTS, check=False, export=True, description=declared["description"]
    ).returns["export"]["tasks"]

    def changed() -> bool:
        return modules_2510.run(configuration.execute, configuration.ARGUMENTS, check=True, tasks=[exported]).changed

    assert not changed()
    for option, value in BY_HAND.items():
        run(modules_2510, description=declared["description"], **{option: value})
        assert changed(), option
        run(modules_2510, **exported)
        assert not changed(), option
