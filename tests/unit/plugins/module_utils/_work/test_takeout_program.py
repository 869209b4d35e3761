# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import of Takeout exports as a file on the NAS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client, connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import (
    InsecureTransport,
    NotAuthorized,
    ReadOnly,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import program
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.takeout_program import execute, refuse
from simulator.fixture import SimulatedNas, running

PATH = "/mnt/tank/photos/takeout/.nasops_takeout.pyz"
NAME = PATH.removeprefix("/mnt/")


def work(client: Client, *, check: bool = False, state: str = "present", path: str = PATH) -> Outcome:
    return execute(Invocation({"path": path, "state": state}, client, check))


def options(nas: SimulatedNas, **more: Any) -> ConnectionOptions:
    login = {"api_key": nas.api_key, "api_username": nas.username}
    return ConnectionOptions(**{"api_url": nas.api_url, "ca_path": nas.ca_path, **login, **more})


@pytest.mark.parametrize("release", ["24.10", "27.0"])  # by REST, and by JSON-RPC
def test_it_is_installed_updated_and_removed(release: str) -> None:
    with running("--release", release) as simulator, connect(options(simulator.nas[0])) as client:
        file = Path(simulator.nas[0].root, NAME)
        assert work(client, check=True).changed
        assert not file.exists()
        assert not work(client, state="absent").changed
        assert work(client).changed
        assert (file.read_bytes(), file.stat().st_mode & 0o777) == (program.built(), 0o600)
        assert not work(client).changed
        assert not work(client, check=True).changed

        file.write_bytes(program.built()[::-1])  # of the same length
        assert work(client, check=True).changed
        assert work(client).changed
        assert file.read_bytes() == program.built()

        assert work(client, state="absent").changed
        assert file.read_bytes() == program.REMOVED
        assert not work(client, state="absent").changed


def test_what_has_no_changes_transfers_nothing(nas: SimulatedNas) -> None:
    with connect(options(nas)) as client:
        work(client)
    before = len(nas.calls())
    with connect(options(nas, read_only=True)) as client:
        assert not work(client, check=True).changed
    sent = {call["method"] for call in nas.calls()[before:]}
    assert not sent & {"filesystem.put", "auth.generate_token"}


def test_the_rail_holds_for_uploads(nas: SimulatedNas) -> None:
    with connect(options(nas, read_only=True)) as client, pytest.raises(ReadOnly):
        work(client)
    assert not Path(nas.root, NAME).exists()


def test_a_file_goes_over_https_only(nas: SimulatedNas) -> None:
    with connect(ConnectionOptions(api_url=nas.socket)) as client, pytest.raises(InsecureTransport, match="https://"):
        work(client)


def test_an_account_that_may_not(nas: SimulatedNas) -> None:
    login = options(nas, api_key=nas.readonly_api_key, api_username=None)
    with connect(login) as client, pytest.raises(NotAuthorized, match="full administrator"):
        work(client)
    assert not Path(nas.root, NAME).exists()


def test_what_is_in_the_way(nas: SimulatedNas) -> None:
    with connect(options(nas)) as client, pytest.raises(Failure, match="exists and is not a file"):
        work(client, path="/mnt/tank/photos")


def test_a_locked_dataset(nas: SimulatedNas) -> None:
    nas.dataset("tank/photos", locked=True)
    with connect(options(nas)) as client, pytest.raises(Failure, match="locked dataset"):
        work(client)


@pytest.mark.parametrize("path", ["takeout.pyz", "/root/takeout.pyz", "/mnt/tank", "/mnt/tank/../x", "/mnt/tank/a\nb"])
def test_paths_that_cannot_be_meant(path: str) -> None:
    with pytest.raises(OptionError, match="is not a file below a pool"):
        refuse({"path": path})
