# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rail: a client that may only read lets nothing else leave, whatever module uses it."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import methods
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import ReadOnly
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Invocation, Module, Outcome
from simulator.fixture import SimulatedNas

_GONE = {"description": "T", "state": "absent"}
WRITING: list[tuple[str, dict[str, Any]]] = [
    ("truenas_album_directories", {"path": "/mnt/tank/photos", "albums": ["A"], "stray_files": "ignore"}),
    ("truenas_call", {"method": "pool.dataset.create", "params": [{"name": "tank/x"}]}),
    ("truenas_call", {"method": "cloudsync.sync", "params": [1], "job": True}),
    ("truenas_call", {"method": "cloudsync.delete", "params": [1]}),
    ("truenas_call", {"method": "core.download", "params": ["pool.dataset.export_keys", ["tank"], "keys"]}),
    ("truenas_call", {"method": "no.such_method"}),
    ("truenas_cloud_credential", {"name": "B", "b2": {"account": "a", "key": "k"}, "verify": "never"}),
    ("truenas_cloud_credential", {"name": "W", "http": {"url": "http://127.0.0.1:8"}, "verify": "never"}),
    ("truenas_cloud_credential", {"name": "W", "new_name": "V"}),
    ("truenas_cloud_credential", {"name": "Unused", "state": "absent"}),
    ("truenas_cloudsync_config", {"tasks": [{"description": "T", "enabled": False}]}),
    ("truenas_cloudsync_config", {"tasks": [_GONE], "credentials": [{"name": "W", "state": "absent"}]}),
    ("truenas_cloudsync_config", {"purge_tasks": True, "purge_credentials": True}),
    ("truenas_cloudsync_restore_test", {"task": "P", "scratch": "/mnt/tank/scratch"}),
    ("truenas_cloudsync_run", {"task": "T"}),
    ("truenas_cloudsync_run", {"task": "T", "action": "dry_run"}),
    ("truenas_cloudsync_run", {"task": "T", "action": "abort"}),
    ("truenas_cloudsync_run", {"task": "P", "action": "preflight"}),
    ("truenas_cloudsync_task", {"description": "T", "enabled": False}),
    ("truenas_cloudsync_task", {"description": "T", "new_description": "U"}),
    ("truenas_cloudsync_task", _GONE),
    ("truenas_takeout_program", {"path": "/mnt/tank/photos/takeout.pyz"}),
]
"""What would write, start or delete something, for every module that can."""
READING = {"truenas_cloud_credential_info", "truenas_cloudsync_health_info", "truenas_cloudsync_task_info"}
ACTIONS = {"truenas_cloudsync_kit"}
"""These read, too, but have no module. They are tried as playbooks."""


def test_every_module_is_tried() -> None:
    runtime = yaml.safe_load((Path(__file__).parents[4] / "meta/runtime.yml").read_text(encoding="utf-8"))
    tried = {name for name, _options in WRITING} | READING | ACTIONS
    assert tried == set(runtime["action_groups"]["truenas"])


def answer(nas: SimulatedNas, module: Module, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    given = {"api_url": nas.socket, **options}
    checked = ArgumentSpecValidator(module.argument_spec, **module.constraints).validate(given)
    assert not checked.error_messages
    return module.answer(checked.validated_parameters, check_mode=check_mode, warn=lambda text: None)


@pytest.fixture
def task(nas: SimulatedNas) -> None:
    nas.dataset("tank/scratch")
    Path(nas.root, "tank/photos/a.jpg").write_bytes(b"a")
    with connect(ConnectionOptions(api_url=nas.socket)) as client:
        provider = {"type": "HTTP", "url": "http://127.0.0.1:9"}
        number = client.call("cloudsync.credentials.create", {"name": "W", "provider": provider})["id"]
        client.call("cloudsync.credentials.create", {"name": "Unused", "provider": provider})
        values = {"direction": "PULL", "transfer_mode": "COPY", "path": "/mnt/tank/photos", "credentials": number}
        client.call("cloudsync.create", {**values, "description": "T", "attributes": {"folder": ""}})
        ftp = {"type": "FTP", "host": "127.0.0.1", "port": 9, "user": "u", "pass": "p"}
        number = client.call("cloudsync.credentials.create", {"name": "F", "provider": ftp})["id"]
        values |= {"direction": "PUSH", "credentials": number, "attributes": {"folder": "/p"}}
        client.call("cloudsync.create", {**values, "description": "P"})


@pytest.mark.parametrize(("name", "options"), [*WRITING, *((name, {}) for name in sorted(READING))])
def test_no_module_writes(name: str, options: dict[str, Any], nas: SimulatedNas, task: None) -> None:
    module: Module = importlib.import_module(f"ansible_collections.nasops.cloudsync.plugins.modules.{name}").MODULE
    before, files = len(nas.calls()), content(nas)
    told = answer(nas, module, read_only=True, **options)
    if name not in READING:
        assert told["failed"]
        assert "read_only is set" in told["msg"]
    sent = {call["method"] for call in nas.calls()[before:]}
    assert all(methods.reads(method) or method.startswith(("auth.", "core.")) for method in sent), sent
    assert name != "truenas_call" or "core.download" not in sent
    assert content(nas) == files


def content(nas: SimulatedNas) -> list[str]:
    return sorted(str(path) for path in Path(nas.root).rglob("*"))


def test_reading_goes_on(nas: SimulatedNas, task: None) -> None:
    with connect(ConnectionOptions(api_url=nas.socket, read_only=True)) as client:
        assert [one["description"] for one in client.call("cloudsync.query")] == ["T", "P"]
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
