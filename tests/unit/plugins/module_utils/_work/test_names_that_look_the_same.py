# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Descriptions of tasks and names of credentials that look the same are one, in all modules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import (
    configuration,
    credential,
    health,
    info,
    run,
    task,
)

from .conftest import Modules, modules_on

NFC, NFD = "Caf\u00e9", "Cafe\u0301"
BOTH_WAYS = pytest.mark.parametrize(("on_nas", "given"), [(NFC, NFD), (NFD, NFC)])
HTTP = {"verify": "never", "http": {"url": "http://cloud.example.com/"}}
PULL = {"direction": "PULL", "transfer_mode": "COPY", "path": "/mnt/tank/photos", "folder": "/", "enabled": False}


@pytest.fixture(scope="module", params=["24.10", "25.10"])
def nas(request: pytest.FixtureRequest) -> Iterator[Modules]:
    with modules_on(request.param) as one:
        yield one


def configured(nas: Modules, *names: str, **more: Any) -> Outcome:
    """A credential and a task of each name, and no other."""
    given = {
        "credentials": [{"name": name, **HTTP} for name in names],
        "tasks": [{"description": name, "credential": name, **PULL} for name in names],
        "purge_tasks": True,
        "purge_credentials": True,
        **more,
    }
    return nas.run(configuration.execute, configuration.ARGUMENTS, check=False, **given)


@BOTH_WAYS
def test_the_record_of_the_nas_is_found_and_left_as_it_is(nas: Modules, on_nas: str, given: str) -> None:
    configured(nas)
    configured(nas, on_nas)
    written = nas.writes()
    for work, spec, options in (
        (credential.execute, credential.ARGUMENTS, {"name": given, **HTTP}),
        (task.execute, task.ARGUMENTS, {"description": given, "credential": given, **PULL}),
    ):
        assert not nas.run(work, spec, check=True, **options).changed
        assert not nas.run(work, spec, check=False, **options).changed
    assert not configured(nas, given).changed
    assert nas.writes() == written


@BOTH_WAYS
def test_it_is_read_run_and_judged(nas: Modules, on_nas: str, given: str) -> None:
    configured(nas)
    configured(nas, on_nas)
    for export in (True, False):
        (found,) = nas.run(info.tasks, info.TASK_ARGUMENTS, check=False, description=given, export=export).returns[
            "tasks"
        ]
        assert found["description"] == on_nas
        (found,) = nas.run(info.credentials, info.CREDENTIAL_ARGUMENTS, check=False, name=given, export=export).returns[
            "credentials"
        ]
        assert found["name"] == on_nas
    assert nas.run(run.execute, run.ARGUMENTS, check=True, task=given).changed
    (judged,) = nas.run(health.judged, health.ARGUMENTS, check=False, description=given).returns["tasks"]
    assert judged["description"] == on_nas


@BOTH_WAYS
def test_it_is_deleted(nas: Modules, on_nas: str, given: str) -> None:
    configured(nas)
    configured(nas, on_nas)
    assert nas.run(task.execute, task.ARGUMENTS, check=False, description=given, state="absent").changed
    assert nas.run(credential.execute, credential.ARGUMENTS, check=False, name=given, state="absent").changed


def test_of_two_on_the_nas_the_one_that_is_given_to_the_letter_is_meant(nas: Modules) -> None:
    configured(nas)
    configured(nas, NFC)
    (entry,) = nas.client.call("cloudsync.query")
    by_hand = {name: entry[name] for name in ("direction", "transfer_mode", "path", "attributes", "enabled")}
    nas.client.call("cloudsync.create", {**by_hand, "description": NFD, "credentials": entry["credentials"]["id"]})
    for name in (NFC, NFD):
        (found,) = nas.run(info.tasks, info.TASK_ARGUMENTS, check=False, description=name).returns["tasks"]
        assert found["description"] == name
    outcome = configured(nas, NFC)
    assert [one["description"] for one in outcome.returns["tasks"] if one["action"] == "delete"] == [NFD]


def test_a_list_with_both_is_refused(nas: Modules) -> None:
    with pytest.raises(OptionError, match=r"credentials: .* two Unicode forms that look the same, composed \(NFC\)"):
        configured(nas, NFC, NFD)


@pytest.mark.parametrize("name", ["Photos ", " Photos", "\u200bPhotos", "Photos\ufeff", "Pho\ntos"])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_name_that_cannot_be_meant_makes_no_twin(nas: Modules, name: str, state: str) -> None:
    configured(nas)
    configured(nas, "Photos")
    written = nas.writes()
    for check in (True, False):
        with pytest.raises(OptionError, match=r"^description: .*\. (Write 'Photos'|Type it anew)\.$"):
            nas.run(task.execute, task.ARGUMENTS, check=check, description=name, state=state)
        with pytest.raises(OptionError, match=r"^name: "):
            nas.run(credential.execute, credential.ARGUMENTS, check=check, name=name, state=state, **HTTP)
        with pytest.raises(OptionError, match=r"^new_description: "):
            nas.run(task.execute, task.ARGUMENTS, check=check, description="Photos", new_description=name)
    with pytest.raises(OptionError, match=r"^tasks\[0\]: description: "):
        configured(nas, "Photos", tasks=[{"description": name, "state": state}])
    assert nas.writes() == written


def test_a_name_with_a_blank_that_is_on_the_nas_can_be_given(nas: Modules) -> None:
    configured(nas)
    configured(nas, "Photos")
    (entry,) = nas.client.call("cloudsync.query")
    nas.client.call("cloudsync.update", entry["id"], {"description": "Photos "})
    outcome = nas.run(task.execute, task.ARGUMENTS, check=False, description="Photos ", new_description="Photos")
    assert outcome.changed
