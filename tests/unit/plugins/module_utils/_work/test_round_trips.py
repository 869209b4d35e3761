# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a whole configuration that is as it should be costs does not depend on how long its lists are."""

from __future__ import annotations

from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._work import configuration

from .conftest import Modules


def wish(count: int) -> dict[str, Any]:
    credential = {"name": "Cloud", "verify": "never", "http": {"url": "http://cloud.example.com/"}}
    tasks = [
        {
            "description": f"Photos {number}",
            "credential": "Cloud",
            "direction": "PULL",
            "transfer_mode": "COPY",
            "path": "/mnt/tank/photos",
            "folder": "/",
            "enabled": False,
        }
        for number in range(count)
    ]
    return {"credentials": [credential], "tasks": tasks, "purge_tasks": True, "purge_credentials": True}


def test_a_no_op_makes_the_same_calls_for_1_and_200_tasks(modules_2510: Modules):
    calls = {}
    for count in (1, 200):
        assert modules_2510.run(configuration.execute, configuration.ARGUMENTS, check=False, **wish(count)).changed
        made = len(modules_2510.nas.calls())
        again = modules_2510.run(configuration.execute, configuration.ARGUMENTS, check=False, **wish(count))
        assert not again.changed
        calls[count] = [call["method"] for call in modules_2510.nas.calls()[made:]]
    assert calls[1] == calls[200]
    assert sorted(calls[1]) == ["cloudsync.credentials.query", "cloudsync.query"]
