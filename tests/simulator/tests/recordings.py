# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchanges that were recorded with the real server, where they lie beside the checkout."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

Step = dict[str, Any]

FOLDER = Path(os.environ.get("NASOPS_CONTRACT") or Path(__file__).resolve().parents[4] / "shared" / "contract")

needs_recordings = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"Did not run: no recorded exchanges of the real server at {FOLDER}"
)


def load(path: str) -> list[Any]:
    """A file of recordings; empty where there are none, so that its tests can be named when they are collected."""
    file = FOLDER / path
    return json.loads(file.read_text()) if file.exists() else []


def names(steps: list[Step]) -> list[str]:
    """The names of steps; those that come again get a number."""
    seen: dict[str, int] = {}
    unique = []
    for step in steps:
        name = step["step"]
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique
