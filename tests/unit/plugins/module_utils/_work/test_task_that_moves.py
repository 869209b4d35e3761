# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that is pointed elsewhere: at another provider, or so that it deletes other files than its owner agreed to."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import configuration, credential, task

from .conftest import Modules
from .test_every_provider import fields_of


def store(modules: Modules, provider: Provider, name: str) -> None:
    fields = fields_of(provider, modules.release)
    modules.run(
        credential.execute, credential.ARGUMENTS, check=False, name=name, verify="never", **{provider.option: fields}
    )


def place(provider: Provider) -> dict[str, Any]:
    folder = "/album" if provider.folder_rule else "/sub"
    return {"bucket": "bucket", "folder": folder} if provider.bucket else {"folder": folder}


def test_the_attributes_of_the_former_provider_stay_behind(modules: Modules) -> None:
    """TrueNAS refuses a task with attributes that its provider does not have."""
    usable = [one for one in PROVIDERS.values() if one.known_in(modules.release) and not one.read_only]
    for one in usable:
        store(modules, one, one.type)
    # Those with attributes and buckets in turn with those without.
    usable.sort(key=lambda one: (len(one.task_attributes), one.bucket))
    chain = [one for pair in zip(usable, reversed(usable), strict=True) for one in pair]
    for old, new in itertools.pairwise([one for one, _same in itertools.groupby(chain)]):
        options: dict[str, Any] = {"description": "moves", "credential": old.type, **place(old)}
        new_task = {"direction": "PUSH", "transfer_mode": "COPY", "path": "/mnt/tank/photos"}
        modules.run(task.execute, task.ARGUMENTS, check=False, **options, **new_task)
        moved = {"description": "moves", "credential": new.type, **place(new)}
        outcome = modules.predicted(task.execute, task.ARGUMENTS, **moved)
        assert outcome.before["credential"]["name"] == old.type
        assert outcome.before["attributes"]["folder"] == options["folder"]
        known = {attribute.name for attribute in new.task_attributes_in(modules.release)}
        assert set(outcome.after["attributes"]) <= known | {"folder", "bucket"}
        modules.run(task.execute, task.ARGUMENTS, check=False, description="moves", state="absent")


def test_an_account_that_may_only_read_sees_no_move(modules: Modules) -> None:
    """TrueNAS 25.04 does not tell it the provider of a task's credential."""
    store(modules, PROVIDERS["S3"], "read")
    options: dict[str, Any] = {"description": "read", "credential": "read", **place(PROVIDERS["S3"])}
    new_task = {"direction": "PUSH", "transfer_mode": "COPY", "path": "/mnt/tank/photos"}
    modules.run(task.execute, task.ARGUMENTS, check=False, **options, **new_task)
    nas = modules.nas
    login = ConnectionOptions(
        api_url=nas.api_url, api_key=nas.readonly_api_key, api_username="readonly_admin", ca_path=nas.ca_path
    )
    with connect(login) as client:
        seen = Modules(nas, client).run(task.execute, task.ARGUMENTS, check=True, **options)
    assert not seen.changed
    assert seen.before["attributes"] == seen.after["attributes"]


@pytest.fixture(scope="module")
def pulls(modules_2510: Modules) -> Modules:
    for name in ("one", "two"):
        store(modules_2510, PROVIDERS["HTTP"], name)
    return modules_2510


@pytest.fixture
def pull(pulls: Modules, request: pytest.FixtureRequest) -> Any:
    """Make a task that deletes, agreed to once; returns how to change it."""
    mode = request.param

    def run(**options: Any) -> Any:
        return pulls.run(task.execute, task.ARGUMENTS, check=False, description=f"pull {mode}", **options)

    run(
        credential="one", direction="PULL", transfer_mode=mode, path="/mnt/tank/photos", folder="/",
        enabled=False, exclude=["/mine/**"], allow_deletes=True,
    )  # fmt: skip
    yield run
    run(state="absent")


CHANGES: list[dict[str, Any]] = [
    {"path": "/mnt/tank"}, {"credential": "two"}, {"enabled": True}, {"exclude": []}, {"follow_symlinks": True},
    {"path": "/mnt/tank", "enabled": True, "schedule": "@daily"}, {"args": "--checksum"},
]  # fmt: skip


@pytest.mark.parametrize("pull", ["SYNC", "MOVE"], indirect=True)
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_pull_that_deletes_elsewhere_is_agreed_to_anew(pull: Any, change: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="allow_deletes: true"):
        pull(**change)
    assert pull(**change, allow_deletes=True).changed
    assert not pull(**change).changed


@pytest.mark.parametrize("pull", ["SYNC", "MOVE"], indirect=True)
def test_what_does_not_widen_it_is_not_asked_about(pull: Any) -> None:
    others = {
        "credential": "one", "path": "/mnt/tank/photos/", "folder": "/", "schedule": "@weekly", "enabled": False,
        "exclude": ["/mine/**", "*.tmp"], "transfers": 3, "args": "--checkers 4",
    }  # fmt: skip
    assert pull(**others).changed
    assert not pull(**others).changed


@pytest.mark.parametrize("pull", ["SYNC"], indirect=True)
def test_a_whole_configuration_asks_the_same(pull: Any, pulls: Modules) -> None:
    def config(**change: Any) -> Any:
        items = [{"description": "pull SYNC", **change}]
        return pulls.run(configuration.execute, configuration.ARGUMENTS, check=False, tasks=items)

    with pytest.raises(Failure, match="path: this change is refused: a PULL with SYNC deletes"):
        config(path="/mnt/tank")
    assert config(path="/mnt/tank", allow_deletes=True).changed
