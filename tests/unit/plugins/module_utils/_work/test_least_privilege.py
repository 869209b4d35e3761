# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account of the guide on least privilege can do each module's work, and one with less is told what it lacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client, connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import NotAuthorized
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import albums, credential, files, info, run, task
from simulator.fixture import SimulatedGoogle, SimulatedNas, Simulator

from .conftest import Modules

ENOUGH = ("CLOUD_SYNC_WRITE", "FILESYSTEM_ATTRS_READ", "FILESYSTEM_DATA_WRITE")


@pytest.fixture
def with_roles(nas: SimulatedNas, google: SimulatedGoogle):
    """Open a session of an account that has just these roles."""
    clients: list[Client] = []

    def open_session(*roles: str) -> Modules:
        key = nas.account(f"ansible-{len(clients)}", roles=list(roles), api_key=True)["api_key"]
        client = connect(ConnectionOptions(
            api_url=nas.api_url, api_key=key, api_username=f"ansible-{len(clients)}", ca_path=nas.ca_path,
        ))  # fmt: skip
        clients.append(client)
        return Modules(nas, client)

    yield open_session
    for client in clients:
        client.close()


def test_reading_files_takes_a_full_administrator(with_roles, nas):
    account = with_roles(*ENOUGH)
    Path(nas.root, "tank/photos/a").write_bytes(b"a")
    with pytest.raises(Failure, match="lets only full administrators"):
        files.read(account.client, "/mnt/tank/photos/a", 1)


def google_photos(simulator: Simulator) -> dict[str, Any]:
    client = json.loads(Path(simulator.google.client_secret_file).read_text())["installed"]
    token = Path(simulator.google.token_file).read_text()
    return {"client_id": client["client_id"], "client_secret": client["client_secret"], "token": token}


def test_three_roles_are_enough_for_google_photos(with_roles, simulator):
    account = with_roles(*ENOUGH)
    for work, spec, options in (
        (albums.execute, albums.ARGUMENTS, {"path": "/mnt/tank/photos", "albums": ["Trip"]}),
        (credential.execute, credential.ARGUMENTS, {"name": "photos", "google_photos": google_photos(simulator)}),
        (
            task.execute,
            task.ARGUMENTS,
            {
                "description": "push",
                "credential": "photos",
                "direction": "PUSH",
                "transfer_mode": "SYNC",
                "path": "/mnt/tank/photos",
                "folder": "/album",
            },
        ),
    ):
        assert account.predicted(work, spec, **options).changed
    done = account.run(run.execute, run.ARGUMENTS, check=False, task="push")
    assert done.returns["job"]["state"] == "SUCCESS"
    assert "nothing to transfer" in done.returns["log"]


@pytest.mark.parametrize(
    ("roles", "work", "spec", "options", "lacking"),
    [
        (
            ("CLOUD_SYNC_READ",),
            credential.execute,
            credential.ARGUMENTS,
            {"name": "n", "verify": "never", "http": {"url": "http://h/"}},
            "CLOUD_SYNC_WRITE",
        ),
        (("FILESYSTEM_ATTRS_READ",), info.tasks, info.TASK_ARGUMENTS, {}, "CLOUD_SYNC_READ"),
        (
            ("CLOUD_SYNC_WRITE",),
            albums.execute,
            albums.ARGUMENTS,
            {"path": "/mnt/tank/photos"},
            "FILESYSTEM_ATTRS_READ",
        ),
        (
            ("FILESYSTEM_ATTRS_READ",),
            albums.execute,
            albums.ARGUMENTS,
            {"path": "/mnt/tank/photos", "albums": ["Trip"]},
            "FILESYSTEM_DATA_WRITE",
        ),
    ],
    ids=["create a credential", "read tasks", "look into a directory", "make a directory"],
)
def test_an_account_with_less_is_told_which_role_it_lacks(roles, work, spec, options, lacking, with_roles):
    with pytest.raises(NotAuthorized) as error:
        with_roles(*roles).run(work, spec, check=False, **options)
    assert error.value.role == lacking
    assert lacking in str(error.value)


def test_a_script_needs_a_full_administrator_and_the_message_says_so(with_roles):
    account = with_roles(*ENOUGH)
    account.run(
        credential.execute, credential.ARGUMENTS, check=False, name="n", verify="never", ftp={
            "host": "h", "user": "u", "pass": "p",
        },
    )  # fmt: skip
    with pytest.raises(Exception, match="pre_script"):
        account.run(
            task.execute, task.ARGUMENTS, check=False, description="t", credential="n", direction="PUSH",
            transfer_mode="COPY", path="/mnt/tank/photos", folder="/x", pre_script="#!/bin/sh\n",
        )  # fmt: skip


def test_a_reader_changes_nothing_and_is_told_what_was_not_compared(with_roles, simulator):
    writer, reader = with_roles(*ENOUGH), with_roles("CLOUD_SYNC_READ")
    fields = google_photos(simulator)
    writer.run(credential.execute, credential.ARGUMENTS, check=False, name="photos", google_photos=fields)
    stored = writer.client.call("cloudsync.credentials.query")
    outcome = reader.run(
        credential.execute, credential.ARGUMENTS, check=False, name="photos", google_photos={**fields, "token": {
            **json.loads(fields["token"]), "refresh_token": "another",
        }},
    )  # fmt: skip
    assert not outcome.changed
    assert "provider.token" in reader.warnings[0]
    assert writer.client.call("cloudsync.credentials.query") == stored
