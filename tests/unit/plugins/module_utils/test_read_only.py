# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rail: a client that may only read lets nothing else leave, whatever module uses it."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import methods
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import ReadOnly
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Invocation, Module, Outcome
from simulator.fixture import SimulatedNas

WRITING: dict[str, dict[str, Any]] = {
    "truenas_album_directories": {"path": "/mnt/tank/photos", "albums": ["A"]},
    "truenas_call": {"method": "pool.dataset.create", "params": [{"name": "tank/x"}]},
    "truenas_cloud_credential": {"name": "B", "b2": {"account": "a", "key": "k"}, "verify": "never"},
    "truenas_cloudsync_config": {"tasks": [{"description": "T", "enabled": False}]},
    "truenas_cloudsync_run": {"task": "T"},
    "truenas_takeout_program": {"path": "/mnt/tank/photos/takeout.pyz"},
    "truenas_cloudsync_task": {"description": "T", "enabled": False},
}


def answer(nas: SimulatedNas, module: Module, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    given = {"api_url": nas.socket, **options}
    checked = ArgumentSpecValidator(module.argument_spec, **module.constraints).validate(given)
    assert not checked.error_messages
    return module.answer(checked.validated_parameters, check_mode=check_mode, warn=lambda text: None)


@pytest.fixture
def task(nas: SimulatedNas) -> None:
    with connect(ConnectionOptions(api_url=nas.socket)) as client:
        provider = {"type": "HTTP", "url": "http://127.0.0.1:9"}
        number = client.call("cloudsync.credentials.create", {"name": "W", "provider": provider})["id"]
        values = {"direction": "PULL", "transfer_mode": "COPY", "path": "/mnt/tank/photos", "credentials": number}
        client.call("cloudsync.create", {**values, "description": "T", "attributes": {"folder": ""}})


@pytest.mark.parametrize("name", WRITING)
def test_no_module_writes(name: str, nas: SimulatedNas, task: None) -> None:
    module: Module = importlib.import_module(f"ansible_collections.nasops.cloudsync.plugins.modules.{name}").MODULE
    before = len(nas.calls())
    told = answer(nas, module, read_only=True, **WRITING[name])
    assert told["failed"]
    assert "read_only is set" in told["msg"]
    sent = {call["method"] for call in nas.calls()[before:]}
    assert all(methods.reads(method) or method.startswith(("auth.", "core.")) for method in sent), sent


def test_reading_goes_on(nas: SimulatedNas, task: None) -> None:
    with connect(ConnectionOptions(api_url=nas.socket, read_only=True)) as client:
        assert [one["description"] for one in client.call("cloudsync.query")] == ["T"]
        with pytest.raises(ReadOnly, match=r"filesystem\.setperm was not sent"):
            client.start_job("filesystem.setperm", {"path": "/mnt/tank/photos", "mode": "755"})


def test_check_mode_cannot_write_whatever_a_module_does(nas: SimulatedNas, task: None) -> None:
    def careless(invocation: Invocation) -> Outcome:
        invocation.client.call("cloudsync.delete", 1)
        return Outcome(True)

    told = answer(nas, Module({}, careless), check_mode=True)
    assert "check mode" in told["msg"]
    assert not any(call["method"] == "cloudsync.delete" for call in nas.calls())
    assert not answer(nas, Module({}, careless)).get("failed")
