# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make directories on the NAS that belong to whom their parent belongs. PRIVATE to the collection."""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.ownership import Ownership
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import (
    AnswerLost,
    CallError,
    MiddlewareError,
    NotAuthorized,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask_all
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.directories import Directories

_AT_ONCE = 5  # jobs that change owners: the NAS lets so many wait, and drops more
_TRIES = 3
_JOB_TIMEOUT = 60  # seconds


def make(invocation: Invocation, there: Directories, missing: Sequence[str], asked: Ownership) -> None:
    """Make directories, each with owner, group and mode of its parent, unless others are asked for.

    Args:
        there: What has been found.
        missing: Names below its root, parents first.
    """
    wanted: dict[str, Ownership] = {}
    for name in missing:
        above = name.rpartition("/")[0]
        inherited = wanted[above] if above in wanted else Ownership.of(there.entry(above))
        wanted[name] = asked.over(inherited)
    foreign: dict[str, Ownership] = {}
    for depth in sorted({name.count("/") for name in missing}):
        level = {there.path(name): wanted[name] for name in missing if name.count("/") == depth}
        near = {there.path(name): there.path(other) for name, other in there.nearly.items()}
        made = _make_level(invocation.client, level, near)
        foreign |= {path: level[path] for path, entry in made.items() if not level[path].is_that_of(entry)}
    if foreign:
        _give(invocation, foreign, asked)


def _make_level(
    client: Client, level: Mapping[str, Ownership], near: Mapping[str, str]
) -> dict[str, Mapping[str, Any]]:
    """Make the directories of one level, as the API makes one level only; what it tells of each.

    Args:
        near: By their paths, those that differ in the case of letters only. Some datasets take both for one.
    """
    made: dict[str, Mapping[str, Any]] = {}
    todo = list(level)
    for again in (False, True):
        answers = ask_all(client, [("filesystem.mkdir", (_payload(path, level[path]),)) for path in todo])
        lost = []
        for path, answer in zip(todo, answers, strict=True):
            # What was lost on the way may have been done: making it once more tells.
            if isinstance(answer, AnswerLost) and not again:
                lost.append(path)
            elif isinstance(answer, CallError) and answer.errno == errno.EEXIST and path in near and not again:
                raise Failure(
                    f"albums: {path} cannot be made beside {near[path]}, as this dataset does not tell upper from "
                    "lower case. Write the name of the album as the directory has it."
                )
            elif isinstance(answer, CallError) and answer.errno == errno.EEXIST:
                made[path] = {}
            elif isinstance(answer, Exception):
                raise answer
            else:
                made[path] = answer if isinstance(answer, Mapping) else {}
        todo = lost
        if not todo:
            break
    return made


def _payload(path: str, ownership: Ownership) -> dict[str, Any]:
    # On a dataset with an ACL the mode cannot be set, and need not be.
    options: dict[str, Any] = {"raise_chmod_error": False}
    if ownership.mode is not None:
        options["mode"] = f"{ownership.mode:o}".zfill(3)
    return {"path": path, "options": options}


def _give(invocation: Invocation, foreign: Mapping[str, Ownership], asked: Ownership) -> None:
    """Give the new directories to their owners: the NAS has made them as root."""
    try:
        _chown(invocation.client, foreign)
    except NotAuthorized as error:
        if asked.owner is not None or asked.group is not None:
            raise Failure(f"owner, group: {len(foreign)} new directories still belong to root. {error}") from None
        invocation.warn(
            f"albums: {len(foreign)} new directories belong to root rather than to the owner of the directory above, "
            f"so people may not be able to put photos there. {error}"
        )


def _chown(client: Client, wanted: Mapping[str, Ownership]) -> None:
    todo = list(wanted)
    for dummy in range(_TRIES):
        for start in range(0, len(todo), _AT_ONCE):
            _chown_some(client, {path: wanted[path] for path in todo[start : start + _AT_ONCE]})
        # A job that found no place in the queue was dropped without a word.
        stats = ask_all(client, [("filesystem.stat", (path,)) for path in todo])
        todo = [
            path
            for path, answer in zip(todo, stats, strict=True)
            if isinstance(answer, Exception) or not wanted[path].is_that_of(answer)
        ]
        if not todo:
            return
    raise Failure(f"owner, group: the NAS did not give {todo[0]} to its owner. Check the directory on the NAS.")


def _chown_some(client: Client, wanted: Mapping[str, Ownership]) -> None:
    answers = ask_all(client, [("filesystem.chown", (one.chown(path),)) for path, one in wanted.items()])
    for answer in answers:
        if isinstance(answer, MiddlewareError) and not isinstance(answer, AnswerLost):
            raise answer
    for path, answer in zip(wanted, answers, strict=True):
        if not isinstance(answer, int):
            continue
        job = client.follow_job(answer, timeout=_JOB_TIMEOUT)
        if job.state == "FAILED":
            raise Failure(f"owner, group: the NAS cannot give {path} to its owner: {(job.error or '').strip()}")
