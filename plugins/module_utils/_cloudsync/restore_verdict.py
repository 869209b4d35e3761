# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judge what came back in a restore test. PRIVATE to the collection. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

MISSING = "missing"
CUT_SHORT = "cut_short"
ALTERED = "altered"
OLD_VERSION = "old_version"
NAME_CASE = "name_case"
UNDECRYPTABLE = "cannot_be_decrypted"
UNREADABLE = "unreadable"
DIFFERENT = "missing_or_altered"
CHANGED = "changed since the last run"
"""No damage: the file was changed, made or deleted here after the task has last run."""

UNKNOWN = -math.inf
"""In place of the start of a run that the NAS has forgotten: anything may have been changed since."""

MEANINGS = {
    MISSING: "are not at the provider",
    CUT_SHORT: "are at the provider without their end",
    ALTERED: "have other contents at the provider",
    OLD_VERSION: "are at the provider in an older version",
    NAME_CASE: "are at the provider under a name in other upper and lower case",
    UNDECRYPTABLE: "cannot be decrypted with the task's key",
    DIFFERENT: "are not at the provider, or with other contents",
    UNREADABLE: "cannot be read at the provider",
}
"""What each kind of damage means, for many files."""

_NOT_DECRYPTED = re.compile(
    r"authenticate decrypted block|bad password|not an encrypted file|bad magic|wrong header|file is too short"
    r"|message authentication|short read decrypting",
    re.IGNORECASE,
)
_SIZES = re.compile(r"sizes differ src\(.*\) (\d{1,18}) vs dst\(.*\) (\d{1,18})", re.DOTALL)
_CORRUPTED = re.compile(r"corrupted on transfer|hash(es)? differ|sizes? differ", re.IGNORECASE)
_NOT_THERE = re.compile(
    r"object not found|file not found|no such file|not found|404|NoSuchKey|file does not exist", re.IGNORECASE
)
_MTIME_PRECISION = 2  # seconds, the coarsest of any remote's


@dataclass(frozen=True)
class Local:
    """A file as it is here now. Times are in seconds since 1970; `changed` is when its contents or its place was."""

    size: int
    modified: float
    changed: float


@dataclass(frozen=True)
class Restored:
    """A file as it came back, under the name that it has at the provider."""

    path: str
    size: int
    modified: float


@dataclass(frozen=True)
class LastRun:
    """The last run of the task that succeeded.

    Attributes:
        started: When it was started, in whole seconds, as the NAS tells it.
        copied: The files that it has written, and those of the runs in the seconds before.
    """

    started: float
    copied: Collection[str] = ()


def changed_since(run: LastRun | None, path: str, local: Local | None, restored: Restored | None = None) -> bool:
    """Whether a file was changed, made or deleted here after the task has last run.

    Without any run, nothing counts as changed. In the very second in which the run was started, only what the run has
    written was there before.
    """
    if run is None:
        return False
    if local is None:
        return True
    second = math.floor(local.changed)
    if second != run.started:
        return second > run.started
    return path not in run.copied or (restored is not None and _newer(local, restored) and local.modified >= second)


def _newer(local: Local, restored: Restored) -> bool:
    """Whether a file is newer here, by the times as far as they are told: many remotes know whole seconds only."""
    whole = restored.modified == math.floor(restored.modified)
    return (math.floor(local.modified) if whole else local.modified) > restored.modified


def reason_of_failure(why: str, *, key_fits: bool) -> str:
    """The kind of damage of a file that rclone could not copy.

    Args:
        why: What rclone has said.
        key_fits: Whether other files were decrypted with the same key.
    """
    if _NOT_DECRYPTED.search(why):
        return ALTERED if key_fits else UNDECRYPTABLE
    if (sizes := _SIZES.search(why)) and int(sizes[2]) < int(sizes[1]):
        return CUT_SHORT
    if _CORRUPTED.search(why):
        return ALTERED
    return MISSING if _NOT_THERE.search(why) else UNREADABLE


def difference(local: Local, restored: Restored, is_beginning: Callable[[], bool]) -> str:
    """The kind of damage of a file whose contents are others than they were.

    Args:
        is_beginning: Whether what came back is the beginning of what is here. Asked only where that matters.
    """
    if restored.size < local.size and is_beginning():
        return CUT_SHORT
    return OLD_VERSION if restored.modified < local.modified - _MTIME_PRECISION else ALTERED


def told(damages: Collection[tuple[str, str]]) -> str:
    """What is damaged, for a message: each kind with its first files.

    Args:
        damages: The path and the kind of each.
    """
    kinds: dict[str, list[str]] = {}
    for path, kind in damages:
        kinds.setdefault(kind, []).append(path)
    return "; ".join(
        f"{len(paths)} {MEANINGS[kind]} ({', '.join(map(repr, paths[:_NAMED]))}{', ...' * (len(paths) > _NAMED)})"
        for kind, paths in sorted(kinds.items(), key=lambda item: -len(item[1]))
    )


_NAMED = 3
