# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several runs that make one and the same task at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import task
from simulator.fixture import SimulatedNas

from .conftest import Modules

WANTED = {
    "description": "T",
    "credential": "W",
    "direction": "PULL",
    "transfer_mode": "COPY",
    "path": "/mnt/tank/photos",
    "folder": "",
}


@pytest.fixture
def credential(nas: SimulatedNas) -> int:
    with connect(ConnectionOptions(api_url=nas.socket)) as client:
        provider = {"type": "HTTP", "url": "http://127.0.0.1:9"}
        return client.call("cloudsync.credentials.create", {"name": "W", "provider": provider})["id"]


def make(nas: SimulatedNas) -> bool:
    with connect(ConnectionOptions(api_url=nas.socket)) as client:
        return Modules(nas, client).run(task.execute, task.ARGUMENTS, check=False, **WANTED).changed


def stored(nas: SimulatedNas) -> list[dict[str, Any]]:
    with connect(ConnectionOptions(api_url=nas.socket)) as client:
        return client.call("cloudsync.query")


def test_several_that_make_one_task_leave_one_and_none_fails(nas: SimulatedNas, credential: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, [nas] * 8))
    assert any(made)
    assert [one["description"] for one in stored(nas)] == ["T"]


def test_several_that_stay_are_an_error(nas: SimulatedNas, credential: int) -> None:
    with connect(ConnectionOptions(api_url=nas.socket)) as client:
        for dummy in range(2):
            values = {name: WANTED[name] for name in ("description", "direction", "transfer_mode", "path")}
            client.call("cloudsync.create", {**values, "credentials": credential, "attributes": {"folder": ""}})
    with pytest.raises(Failure, match=r"several cloud sync tasks are called 'T' \(ids"):
        make(nas)
