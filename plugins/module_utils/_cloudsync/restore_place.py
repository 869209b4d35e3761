# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a restore test may restore to: where nothing of anybody's is. PRIVATE to the collection. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence

OWN = "nasops-restore-test"
"""The directory below the user's in which everything is the test's own."""

_LINKS = 40  # as many as the kernel follows


def parents(path: str) -> list[str]:
    """The path and all directories above it below `/mnt`, from the outermost on."""
    steps = [step for step in path.split("/") if step]
    return ["/" + "/".join(steps[:length]) for length in range(2, len(steps) + 1)]


def resolved(path: str, links: Mapping[str, str]) -> str:
    """Where a path leads.

    Args:
        links: Where the symbolic links among its parents lead.
    """
    for dummy in range(_LINKS):
        link = next((one for one in parents(path) if links.get(one, one) != one), None)
        if link is None:
            break
        path = links[link] + path[len(link) :]
    return posixpath.normpath(path)


def spelling(scratch: str) -> str | None:
    """Why a path cannot be a directory for restore tests, whatever is on the NAS; `None` when it can."""
    steps = scratch.rstrip("/").split("/")
    if steps[:2] != ["", "mnt"] or len(steps) < 4 or not all(steps[1:]) or {".", "..", ".zfs"} & set(steps):
        return (
            f"scratch: {scratch!r} is not a directory below a pool, as /mnt/tank/restore-test is one. Give its "
            "absolute path, without . and .. in it"
        )
    return None


def conflict(scratch: str, tasks: Iterable[tuple[str, str]]) -> str | None:
    """Why restoring to a directory could touch files that a task works on; `None` when it cannot.

    Args:
        scratch: The directory, links resolved.
        tasks: What to call each task of the NAS, and its path, links resolved.
    """
    for name, path in tasks:
        if _holds(path, scratch):
            return f"scratch: {scratch!r} is inside the path of {name} ({path!r}). {_ELSEWHERE}"
        if _holds(scratch, path):
            return f"scratch: {scratch!r} holds the path of {name} ({path!r}). {_ELSEWHERE}"
    return None


_ELSEWHERE = "Give an empty directory that no task works on, for example in a dataset of its own"


def in_use(scratch: str, names: Sequence[str]) -> str | None:
    """Why a directory that holds these names is not used; `None` when nothing is in it but what a test has made."""
    others = [name for name in names if name != OWN]
    if not others:
        return None
    named = ", ".join(map(repr, sorted(others)[:3])) + (", ..." if len(others) > 3 else "")
    return f"scratch: {scratch!r} is not empty: it holds {named}. {_ELSEWHERE}"


def _holds(outer: str, inner: str) -> bool:
    outer, inner = (f"{posixpath.normpath(one)}/".replace("//", "/") for one in (outer, inner))
    return inner.startswith(outer)
