# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of methods, against the API's own schemas where these lie."""

from __future__ import annotations

import json

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.methods import reads, role_for
from simulator.tests import recordings

SCHEMAS = recordings.FOLDER / "schemas"


@pytest.mark.parametrize("release", ["24.10", "25.04", "25.10", "26.0", "27.0"])
def test_roles_and_reading_are_as_the_api_says(release: str) -> None:
    path = SCHEMAS / f"{release}.json"
    for method, schema in json.loads(path.read_text(encoding="utf-8")).items():
        if method.startswith("auth."):
            continue
        roles = schema["roles"]
        # 24.10 has no roles for what only full administrators may.
        assert role_for(method) in (roles or [None]) or (release == "24.10" and not roles), method
        if schema["crud"] in ("query", "get_instance"):
            assert reads(method), method
        if schema["crud"] in ("create", "update", "delete") or (schema["job"] and method != "core.job_wait"):
            assert not reads(method), method


@pytest.mark.parametrize("method", ["app.query", "user.get_instance", "ssh.config", "pool.dataset.encryption_choices"])
def test_names_by_which_every_service_reads(method: str) -> None:
    assert reads(method)


@pytest.mark.parametrize("method", ["app.create", "system.reboot", "core.bulk", "app.query_and_delete"])
def test_everything_else_may_write(method: str) -> None:
    assert not reads(method)
