# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the directories of the NAS level by level, many at once. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask_all

_SELECT = {"select": ["name", "type", "size"]}
_DIRECTORIES, _AT_ONCE = 3000, 200


def walk(client: Client, root: str, take: Callable[[str, Any], list[str]], *, levels: int) -> bool:
    """Read a directory and those below it, up to a limit.

    Args:
        take: Gets each directory, by its path below the root, with its entries or the error in their place. It returns
            the directories in it that are to be read.
        levels: How deep to go.

    Returns:
        Whether nothing was left out for want of room.
    """
    level, seen, whole = [""], 0, True
    for dummy in range(levels):
        whole = whole and len(level) <= _DIRECTORIES - seen
        level = level[: _DIRECTORIES - seen]
        seen += len(level)
        below: list[str] = []
        for start in range(0, len(level), _AT_ONCE):
            some = level[start : start + _AT_ONCE]
            places = [f"{root}/{one}".rstrip("/") for one in some]
            answers = ask_all(client, [("filesystem.listdir", (place, [], _SELECT)) for place in places])
            for directory, answer in zip(some, answers, strict=True):
                below += take(directory, answer)
        level = below
        if not level:
            return whole
    return False
