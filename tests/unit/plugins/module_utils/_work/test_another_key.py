# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that has run keeps its key, unless another one is agreed to."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import configuration, task

from .conftest import Modules
from .test_task_that_moves import store

CHANGES: list[dict[str, Any]] = [
    {"encryption_password": "another"}, {"encryption_salt": "pepper"}, {"filename_encryption": True},
    {"encryption": False},
]  # fmt: skip


@pytest.fixture(scope="module")
def encrypting(modules_2510: Modules) -> Modules:
    store(modules_2510, PROVIDERS["WEBDAV"], "dav")
    return modules_2510


def make(nas: Modules, **options: Any) -> Any:
    return nas.run(task.execute, task.ARGUMENTS, check=False, description="E", **options)


@pytest.fixture
def nas(encrypting: Modules) -> Any:
    make(
        encrypting, credential="dav", direction="PUSH", transfer_mode="COPY", path="/mnt/tank/photos", folder="/x",
        encryption=True, encryption_password="first", encryption_salt="salt", enabled=False,
    )  # fmt: skip
    yield encrypting
    make(encrypting, state="absent")


def run_it(nas: Modules) -> None:
    """It fails, as there is no such server. Whatever it had done until then would be done."""
    number = nas.client.call("cloudsync.query", [["description", "=", "E"]])[0]["id"]
    assert nas.client.follow_job(nas.client.start_job("cloudsync.sync", number), timeout=60).state == "FAILED"


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_before_its_first_run_it_may_get_another(nas: Modules, change: dict[str, Any]) -> None:
    assert make(nas, **change).changed


def test_after_it_only_with_agreement(nas: Modules) -> None:
    run_it(nas)
    same = {
        "encryption": True, "filename_encryption": False, "encryption_password": "first", "encryption_salt": "VAULT_ME",
    }  # fmt: skip
    assert make(nas, schedule="@weekly", **same).changed
    assert not make(nas, **same).changed
    for change in CHANGES:
        with pytest.raises(OptionError, match=f"^{next(iter(change))}: .*allow_rekey: true"):
            make(nas, **change)
        with pytest.raises(Failure, match="allow_rekey: true"):
            nas.run(configuration.execute, configuration.ARGUMENTS, check=True, tasks=[{"description": "E", **change}])
    for change in CHANGES:
        assert make(nas, **change, allow_rekey=True).changed
