# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run leaves out or the provider refuses, though it lies where a task reads. PRIVATE to the collection. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_cause import LINE

_NAMED = 3  # names of each reason
_PUSHED = "In the path of the task, some files do not reach the provider"

LINK = "symbolic link"
SPECIAL = "neither a file nor a directory"
TWIN = "a name that is there twice, in two Unicode forms or in upper and lower case"
ODD = "a name that rclone does not take for one in its directory, as with two slashes in a row"
UNEXPORTED = "a Google document that no file can be made of, such as a form or a map"
FILTERED = "left out by the task's own filters"

_NOTICES = (
    (re.compile(r"(.+): Can't follow symlink without -L/--copy-links"), LINK),
    (re.compile(r"(.+): Can't transfer non file/directory"), SPECIAL),
    (re.compile(r"(.+): Duplicate (?:object|directory) found in source - ignoring"), TWIN),
)
# Only what is pulled can be meant: rclone lists both sides, and what it passes over at the destination is not missed.
_OF_PULLS = (
    (re.compile(r"(.+): Entry doesn't belong in directory .* \((?:too short|contains subdir)\) - ignoring"), ODD),
    (re.compile(r"(.+): Skipping unexportable google document .*"), UNEXPORTED),
)
_ADVICE = {
    LINK: "set follow_symlinks: true to transfer what they lead to",
    SPECIAL: "nothing can transfer them",
    TWIN: "rclone transfers one of two such names and ignores the other; rename it, or move what is in it",
    ODD: "rename them at the provider",
    UNEXPORTED: "save them by hand",
}


@dataclass(frozen=True)
class LeftOut:
    """One file or directory. The path is that below the task's; of a directory it ends in a slash."""

    path: str
    reason: str


def from_log(log: str, *, pulls: bool = False) -> list[LeftOut]:
    """What rclone says it has left out.

    Args:
        pulls: Whether the task reads at the provider.
    """
    found: dict[LeftOut, None] = {}
    for line in log.split("\n"):
        entry = LINE.fullmatch(line)
        if entry is None:
            continue
        for pattern, reason in (*(_NOTICES if entry[1] == "NOTICE" else ()), *(_OF_PULLS if pulls else ())):
            if match := pattern.fullmatch(entry[2]):
                found[LeftOut(match[1], reason)] = None
    return list(found)


def merged(*lists: Iterable[LeftOut]) -> list[LeftOut]:
    """All of them, each path once, in the order of their paths."""
    by_path: dict[str, LeftOut] = {}
    for one in (one for several in lists for one in several):
        by_path.setdefault(one.path.rstrip("/"), one)
    return sorted(by_path.values(), key=lambda one: one.path)


def warning(left_out: Sequence[LeftOut], advice: Mapping[str, str], *, pulls: bool = False) -> str | None:
    """One sentence or two about all of them; `None` where there is nothing to tell.

    Args:
        advice: What to do, by the reasons that the provider has.
        pulls: Whether the task reads at the provider.
    """
    if not left_out:
        return None
    by_reason: dict[str, list[str]] = {}
    for one in left_out:
        by_reason.setdefault(one.reason, []).append(one.path)
    told = []
    for reason, paths in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        names = ", ".join(map(repr, paths[:_NAMED])) + (", ..." if len(paths) > _NAMED else "")
        what = {**_ADVICE, **advice}.get(reason)
        told.append(f"{len(paths)} ({reason}): {names}" + (f"; {what}" if what else ""))
    where = "At the provider, some files do not reach the NAS" if pulls else _PUSHED
    return f"{where}: {'. '.join(told)}."
