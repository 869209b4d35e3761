# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of an import as Ansible describes them, and its answer. PRIVATE to the collection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.importing import Summary
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.run import Result
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import (
    ALBUMS,
    CATEGORIES,
    HANDLING,
    LAYOUTS,
    REMOVAL,
    SIDECARS,
)

ARGUMENTS: dict[str, dict[str, Any]] = {
    "archives": {"type": "path", "required": True},
    "library": {"type": "path", "required": True},
    "layout": {"type": "str", "choices": list(LAYOUTS), "default": "date"},
    "albums": {"type": "str", "choices": list(ALBUMS), "default": "hardlinks"},
    "sidecars": {"type": "str", "choices": list(SIDECARS), "default": "xmp"},
    **{name: {"type": "str", "choices": list(HANDLING), "default": default} for name, default in CATEGORIES.items()},
    "require_complete": {"type": "bool", "default": True},
    "quiet_minutes": {"type": "int", "default": 45},
    "remove_archives": {"type": "str", "choices": list(REMOVAL), "default": "never"},
}

_TOLD = ("id", "status", "entries", "placed", "known", "refused", "missing", "complete", "photos")
_MOST_PATHS = 1000


def answer(result: Result, library: Path) -> dict[str, Any]:
    """Say what an import did."""
    return {
        "changed": result.changed,
        "exports": [_told(one) for one in result.exports],
        "removed": result.removed,
        "report": str(result.report or ""),
        "diff": {
            "before": "",
            "after": _paths(result),
            "before_header": str(library),
            "after_header": str(library),
        },
    }


def _told(one: Summary) -> dict[str, Any]:
    return {**{name: getattr(one, name) for name in _TOLD}, "failed": len(one.failed)}


def _paths(result: Result) -> str:
    """The paths that came to the library, one a line."""
    paths = sorted(set(result.changes))
    more = [f"and {len(paths) - _MOST_PATHS} more"] if len(paths) > _MOST_PATHS else []
    return "".join(f"{path}\n" for path in [*paths[:_MOST_PATHS], *more])
