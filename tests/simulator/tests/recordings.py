# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchanges that were recorded with the real server, as tests/contract holds them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Step = dict[str, Any]

FOLDER = Path(__file__).resolve().parents[2] / "contract"


def load(path: str) -> list[Any]:
    """Read a file of recordings.

    :raises FileNotFoundError: it is not in the repository; the tests that need it fail then.
    """
    loaded: list[Any] = json.loads((FOLDER / path).read_text(encoding="utf-8"))
    return loaded


def names(steps: list[Step]) -> list[str]:
    """The names of steps; those that come again get a number."""
    seen: dict[str, int] = {}
    unique = []
    for step in steps:
        name = step["step"]
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique
