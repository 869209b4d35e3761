# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A credential is checked with all its parts, also while an access token that still works could hide a wrong one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import credential

from .conftest import Modules


@pytest.fixture
def modules_here(nas):
    with connect(ConnectionOptions(api_url=nas.socket)) as client:
        yield Modules(nas, client)


@pytest.fixture
def fields(google) -> dict[str, Any]:
    client = json.loads(Path(google.client_secret_file).read_text())["installed"]
    token = google.door.post("/tokens", expired=False)
    return {"client_id": client["client_id"], "client_secret": client["client_secret"], "token": token}


def bring(modules: Modules, fields: dict[str, Any]):
    return modules.run(credential.execute, credential.ARGUMENTS, check=False, name="photos", google_photos=fields)


def stored(modules: Modules) -> list[Any]:
    return modules.client.call("cloudsync.credentials.query")


def test_a_wrong_secret_is_found_though_the_access_token_is_good(modules_here, fields):
    with pytest.raises(Failure, match="client id or client secret is wrong"):
        bring(modules_here, fields | {"client_secret": "GOCSPX-wrong"})
    assert stored(modules_here) == []


def test_a_wrong_secret_does_not_replace_a_good_one(modules_here, fields):
    assert bring(modules_here, fields).returns["verified"]
    before = stored(modules_here)
    with pytest.raises(Failure, match="client id or client secret is wrong"):
        bring(modules_here, fields | {"client_secret": "GOCSPX-wrong"})
    assert stored(modules_here) == before


def test_what_is_given_again_is_no_change(modules_here, fields):
    assert bring(modules_here, fields).changed
    assert not bring(modules_here, fields).changed
