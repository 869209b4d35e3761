# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token is revoked at Google, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._google import token_actions
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import GoogleError


def act(world: Any, action: str, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    params = {
        "action": action,
        "client_secret_file": world.client_secret_file,
        "token": Path(world.token_file).read_text(encoding="utf-8"),
        "service": "photos",
        "access": None,
        "read_only": False,
        "expires_on": None,
        **options,
    }
    return token_actions.run(token_actions.client_of(params), params, check_mode)


def test_a_revoked_token_no_longer_works_and_is_not_revoked_twice(world: Any) -> None:
    assert act(world, "revoke", check_mode=True)["changed"] is True
    assert act(world, "check")["valid"] is True
    assert act(world, "revoke")["changed"] is True
    assert act(world, "check")["error"] == "invalid_grant"
    assert act(world, "revoke")["changed"] is False


def test_what_is_no_token_is_not_sent(world: Any) -> None:
    asked = len(world.requests())
    with pytest.raises(GoogleError):
        act(world, "revoke", token="no token")
    assert len(world.requests()) == asked
