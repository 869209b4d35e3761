# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No task is made that deletes what another task of the NAS pushes, for any provider, whatever names the credential."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import configuration, task

from .conftest import Modules
from .test_every_provider import fields_of
from .test_task_that_moves import store

PUSH: dict[str, Any] = {"direction": "PUSH", "transfer_mode": "SYNC", "path": "/mnt/tank/photos"}
OTHER: dict[str, Any] = {"path": "/mnt/tank"}
DAV: dict[str, Any] = {**PUSH, "credential": "dav", "folder": "/photos"}
B2 = {**PUSH, "credential": "b2", "bucket": "b", "folder": "/photos"}
SHARED = r"both push with SYNC to /.*allow_deletes: true"


@pytest.fixture(scope="module")
def stored(modules_2510: Modules) -> Modules:
    store(modules_2510, PROVIDERS["WEBDAV"], "dav")
    store(modules_2510, PROVIDERS["B2"], "b2")
    return modules_2510


@pytest.fixture
def nas(stored: Modules) -> Iterator[Modules]:
    yield stored
    stored.run(configuration.execute, configuration.ARGUMENTS, check=False, purge_tasks=True)


def make(nas: Modules, *, check: bool = False, **options: Any) -> Any:
    return nas.run(task.execute, task.ARGUMENTS, check=check, **options)


def config(nas: Modules, *items: dict[str, Any], **options: Any) -> Any:
    named = [{"description": f"item {number}", **item} for number, item in enumerate(items)]
    return nas.run(configuration.execute, configuration.ARGUMENTS, check=False, tasks=named, **options)


@pytest.mark.parametrize("wish", [DAV, B2], ids=["folders", "buckets"])
@pytest.mark.parametrize("check", [True, False], ids=["check mode", "for real"])
def test_one_task_beside_another_of_the_nas(nas: Modules, wish: dict[str, Any], check: bool) -> None:
    number = make(nas, description="first", **wish).returns["task"]["credential"]["id"]
    for other in ({}, {"credential": str(number)}, {"folder": "photos/2026/"}, {"exclude": [".DS_Store"]}):
        before = nas.writes()
        with pytest.raises(Failure, match=SHARED):
            make(nas, check=check, description="second", **{**wish, **OTHER, **other})
        assert nas.writes() == before
    assert make(nas, description="second", **{**wish, **OTHER, "folder": "/photo"}).changed
    with pytest.raises(Failure, match=SHARED):
        make(nas, check=check, description="second", folder="/photos")
    assert make(nas, description="second", folder="/photos", allow_deletes=True).changed
    assert not make(nas, description="second", folder="/photos").changed


def test_another_credential_of_the_same_account(nas: Modules) -> None:
    twin = [{"name": "twin", "verify": "never", "webdav": fields_of(PROVIDERS["WEBDAV"], nas.release)}]
    make(nas, description="first", **DAV)
    with pytest.raises(Failure, match=SHARED):
        config(nas, {**DAV, **OTHER, "credential": "twin"}, credentials=twin)
    with pytest.raises(Failure, match=SHARED):
        make(nas, description="second", **{**DAV, **OTHER, "credential": "twin"})
    assert config(nas, {**DAV, "credential": "twin"}).changed  # the same files


def test_one_more_task_for_the_same_files_is_taken(nas: Modules) -> None:
    make(nas, description="first", **DAV)
    assert make(nas, description="second", **DAV, exclude=["*.tmp"]).changed


def test_a_task_is_not_compared_with_itself(nas: Modules) -> None:
    make(nas, description="first", **DAV)
    assert make(nas, description="first", new_description="renamed").changed


def test_a_no_op_reads_no_more_than_before(nas: Modules) -> None:
    make(nas, description="first", **DAV)
    made = len(nas.nas.calls())
    assert not make(nas, description="first", **DAV).changed
    assert [call["method"] for call in nas.nas.calls()[made:]] == ["cloudsync.credentials.query", "cloudsync.query"]


@pytest.mark.parametrize("wish", [DAV, B2], ids=["folders", "buckets"])
def test_items_of_one_list(nas: Modules, wish: dict[str, Any]) -> None:
    with pytest.raises(Failure, match=SHARED) as failure:
        config(
            nas,
            wish,
            {**wish, "transfer_mode": "COPY"},
            {**wish, **OTHER, "folder": "/photos/2026", "enabled": "yes"},
        )
    assert [one["item"] for one in failure.value.returns["failures"]] == ["task item 0", "task item 2"]
    assert [one["description"] for one in failure.value.returns["tasks"]] == ["item 1"]
    assert config(nas, wish, {**wish, "transfer_mode": "MOVE", "allow_deletes": True}).changed


def test_an_item_beside_a_task_that_is_not_in_the_list(nas: Modules) -> None:
    make(nas, description="by hand", **DAV | OTHER)
    with pytest.raises(Failure, match=SHARED):
        config(nas, DAV)
    assert config(nas, {**DAV, "enabled": False}).changed
    with pytest.raises(Failure, match=SHARED):
        config(nas, {"enabled": True})
    assert config(nas, DAV, {"description": "by hand", "state": "absent"}).changed
    assert not config(nas, DAV).changed


def test_a_task_that_is_purged_does_not_count(nas: Modules) -> None:
    make(nas, description="by hand", **DAV | OTHER)
    assert config(nas, DAV, purge_tasks=True).changed


def test_what_shares_a_place_already_is_left_alone(nas: Modules) -> None:
    make(nas, description="by hand", **DAV | OTHER)
    assert config(nas, {**DAV, "allow_deletes": True}).changed
    assert not config(nas, DAV).changed
