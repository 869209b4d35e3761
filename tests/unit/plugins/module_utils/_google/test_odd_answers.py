# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever comes in Google's place is a verdict or a problem in our own words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._google import console, token_actions
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.bounded import LIMIT
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import GoogleError

ODD: tuple[Any, ...] = (
    "", "null", "[]", "3", '"access_token"', "[" * 100_000, "9" * 5000, {"error": 3}, {"error": {"message": []}},
    {"error": {"code": 403, "status": {}, "details": [3, {"@type": 5, "reason": [], "metadata": 1, "links": {}}]}},
    {"access_token": 5, "token_type": [], "expires_in": "soon", "scope": 3, "refresh_token_expires_in": "late"},
    {"access_token": "a", "expires_in": 1e300, "scope": [3]}, {"access_token": "a", "expires_in": [], "scope": {}},
    {"access_token": "", "expires_in": 10**400}, {"access_token": "a", "refresh_token_expires_in": 10**12},
    {"done": 0, "name": []}, {"done": True, "error": "no"}, {"done": True, "error": {"code": "x", "message": 3}},
    {"state": []}, {"albums": 3},
)  # fmt: skip
STATUSES = (200, 400, 403)
HOSTS = ("oauth2.googleapis.com", "photoslibrary.googleapis.com")


@pytest.fixture
def check(world):
    """Check the simulator's own token."""
    params = {
        "action": "check", "client_secret_file": world.client_secret_file, "read_only": False, "expires_on": None,
        "service": "photos", "access": None,
        "token": Path(world.token_file).read_text(),
    }  # fmt: skip
    return lambda: token_actions.run(token_actions.client_of(params), params, check_mode=False)


def told(run):
    try:
        return run()
    except GoogleError as error:
        return str(error)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("body", ODD, ids=lambda body: str(body)[:40])
def test_a_check(world, check, host, status, body):
    world.faults(host=host, status=status, body=body, times=None)
    assert told(check)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("body", ODD, ids=lambda body: str(body)[:40])
def test_the_console(world, status, body):
    account = console.credentials(world.service_account_file)
    world.door.post("/projects", services={"photoslibrary.googleapis.com": "DISABLED"})
    for method in ("POST", "GET"):
        world.faults(host="serviceusage.googleapis.com", method=method, status=status, body=body, times=1)
        one = console.Console(account, "simulated-nas-photos", 0)
        assert told(lambda one=one: console.enable_api(one, create_project=False, parent=None, check_mode=False))


@pytest.mark.parametrize("host", [*HOSTS, "serviceusage.googleapis.com"])
def test_an_answer_without_end(world, check, host):
    """It is not read to its end, and is called what it is."""
    world.faults(host=host, status=200, body=json.dumps("x" * (LIMIT + 1)), times=None)
    account = console.credentials(world.service_account_file)
    service_state = console.Console(account, "simulated-nas-photos", 0).service_state
    ask = service_state if host == "serviceusage.googleapis.com" else check
    with pytest.raises(GoogleError, match="longer than"):
        ask()
