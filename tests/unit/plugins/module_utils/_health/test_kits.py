# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._health.kits import lacking, recorded

ENTRY: dict[str, Any] = {
    "id": 1, "description": "Photos", "path": "/mnt/tank/photos", "direction": "PUSH", "encryption": True,
    "encryption_password": "s3cret-word", "encryption_salt": "s3cret-salt",
    "credentials": {"id": 3, "name": "Cloud", "provider": {"type": "S3", "secret_access_key": "s3cret-key"}},
    "attributes": {"bucket": "b", "folder": "/x", "region": "r"},
}  # fmt: skip


def test_no_secret_is_kept():
    assert "s3cret" not in json.dumps(recorded(ENTRY))
    assert recorded(ENTRY) == {
        "id": 1, "description": "Photos", "path": "/mnt/tank/photos", "credential": "Cloud", "encryption": True,
        "bucket": "b", "folder": "/x",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"path": "/mnt/tank/other"}, "(path)"),
        ({"credentials": {**ENTRY["credentials"], "name": "Other"}}, "(credential)"),
        ({"encryption": False}, "(encryption)"),
        ({"attributes": {"bucket": "c", "folder": "/y"}}, "(bucket, folder)"),
    ],
)
def test_a_task_that_has_changed_is_named_with_what_has(change, named):
    why = lacking({**ENTRY, **change}, [recorded(ENTRY)])
    assert why
    assert named in why


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"description": "Renamed", "schedule": {}, "enabled": False, "encryption_password": "another"},
        {"attributes": "********"},  # as an account sees it that may read less
        {"attributes": {"bucket": "********", "folder": "********"}},
    ],
)
def test_what_the_kit_does_not_need_or_is_not_known_is_no_change(change):
    assert lacking({**ENTRY, **change}, [recorded(ENTRY)]) is None
    assert lacking(ENTRY, [recorded({**ENTRY, **change})]) is None


def test_a_task_that_is_not_in_the_kit():
    assert "does not have the task" in str(lacking(ENTRY, [{**recorded(ENTRY), "id": 2}, {}]))
