# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bounded walk through directories of the NAS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import walk
from simulator.fixture import SimulatedNas


def seen(nas: SimulatedNas, levels: int = 8) -> tuple[list[str], bool]:
    """The directories that are read, and whether these are all."""
    found: list[str] = []

    def take(directory: str, answer: Any) -> list[str]:
        found.append(directory)
        names = sorted(entry["name"] for entry in answer if entry["type"] == "DIRECTORY")
        return [f"{directory}/{name}".lstrip("/") for name in names]

    with connect(ConnectionOptions(api_url=nas.socket)) as client:
        whole = walk.walk(client, "/mnt/tank/photos", take, levels=levels)
    return found, whole


@pytest.fixture(autouse=True)
def directories(nas: SimulatedNas) -> None:
    for name in ("A/a", "B"):
        Path(nas.root, "tank/photos", name).mkdir(parents=True)


def test_all_is_read_level_by_level(nas: SimulatedNas) -> None:
    assert seen(nas) == (["", "A", "B", "A/a"], True)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_what_is_too_much_is_told(nas: SimulatedNas, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(walk, "_DIRECTORIES", most)
    assert seen(nas) == (["", "A", "B"][:most], False)


def test_what_is_too_deep_is_told(nas: SimulatedNas) -> None:
    assert seen(nas, levels=2) == (["", "A", "B"], False)
