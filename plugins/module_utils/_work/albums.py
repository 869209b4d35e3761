# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make the album directories of a dataset and find what lies loose beside them. PRIVATE to the collection."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import AnswerLost, CallError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask, ask_all

_NAMED = 5

ARGUMENTS: dict[str, dict[str, Any]] = {
    "path": {"type": "str", "required": True},
    "albums": {"type": "list", "elements": "str"},
    "stray_files": {"type": "str", "choices": ["fail", "warn", "ignore"], "default": "fail"},
}


def refuse(params: Mapping[str, Any]) -> None:
    """Refuse names that no directory can have. Raises `OptionError`."""
    _root(params["path"])
    _directories(params["albums"] or ())


def converge(invocation: Invocation) -> Outcome:
    """The work of `truenas_album_directories`."""
    root = _root(invocation.params["path"])
    wanted = _directories(invocation.params["albums"] or ())
    _check_root(invocation.client, root)
    stray = _loose_files(invocation.client, root)
    if stray and invocation.params["stray_files"] != "ignore":
        message = _about(root, stray)
        if invocation.params["stray_files"] == "fail":
            raise Failure(message, stray_files=stray)
        invocation.warn(message)
    missing = _missing(invocation.client, root, wanted)
    if not invocation.check_mode:
        _make(invocation.client, root, missing)
    albums = [_normal(name) for name in invocation.params["albums"] or ()]
    created = [name for name in albums if name in missing]
    before = [name for name in wanted if name not in missing]
    return Outcome(
        bool(missing),
        {"albums": {"created": created, "existing": [n for n in albums if n not in missing]}, "stray_files": stray},
        before=_lines(before),
        after=_lines(wanted),
    )


def _lines(names: Iterable[str]) -> str:
    """For the diff, text: in a structure Ansible would show letters beyond ASCII by their numbers."""
    return "".join(f"{name}/\n" for name in sorted(names))


def _root(path: str) -> str:
    if not path.startswith("/mnt/"):
        raise OptionError(
            f"path: {path!r} is not in a pool. Give the directory as the NAS names it: /mnt/POOL/DATASET."
        )
    return path.rstrip("/")


def _normal(name: str) -> str:
    return name.strip("/")


def _directories(albums: Iterable[str]) -> list[str]:
    """The directories of the albums and those above them, each once, parents first."""
    found: dict[str, None] = {}
    for name in albums:
        parts = _normal(name).split("/")
        if any(part in ("", ".", "..") or "\0" in part for part in parts):
            raise OptionError(
                f"albums: {name!r} is not a name for an album. Give names of directories below path; / nests them."
            )
        for depth in range(1, len(parts) + 1):
            found["/".join(parts[:depth])] = None
    return sorted(found, key=lambda name: (name.count("/"), name))


def _check_root(client: Client, root: str) -> None:
    try:
        kind = ask(client, "filesystem.stat", root)["type"]
    except CallError as error:
        if error.errno != errno.ENOENT:
            raise
        raise Failure(
            f"path: {root} does not exist on the NAS. Create the dataset first, or correct the path."
        ) from None
    if kind != "DIRECTORY":
        raise Failure(f"path: {root} is not a directory. Give the directory of a dataset.")


def _loose_files(client: Client, root: str) -> list[str]:
    entries = ask(client, "filesystem.listdir", root, [["type", "=", "FILE"]], {"select": ["name"]})
    return sorted(entry["name"] for entry in entries)


def _about(root: str, stray: Sequence[str]) -> str:
    named = ", ".join(repr(name) for name in stray[:_NAMED]) + (", ..." if len(stray) > _NAMED else "")
    count = "1 file lies" if len(stray) == 1 else f"{len(stray)} files lie"
    return (
        f"stray_files: {count} directly in {root} ({named}). A push to /album cannot upload them: every run would "
        f"fail with "
        "\"can't upload files here\" and delete nothing. Move them into an album's directory, or exclude them from "
        "the task "
        "with the filter /*."
    )


def _missing(client: Client, root: str, directories: Sequence[str]) -> list[str]:
    answers = ask_all(client, [("filesystem.stat", (f"{root}/{name}",)) for name in directories])
    missing = []
    for name, answer in zip(directories, answers, strict=True):
        if isinstance(answer, CallError) and answer.errno == errno.ENOENT:
            missing.append(name)
        elif isinstance(answer, Exception):
            raise answer
        elif answer["type"] != "DIRECTORY":
            raise Failure(
                f"albums: {root}/{name} exists and is not a directory. Move it away, or name the album otherwise."
            )
    return missing


def _make(client: Client, root: str, directories: Sequence[str]) -> None:
    """Make them level by level: the API makes one level only."""
    for depth in sorted({name.count("/") for name in directories}):
        level = [name for name in directories if name.count("/") == depth]
        calls: list[tuple[str, tuple[Any, ...]]] = [
            # On a dataset with an ACL the mode cannot be set, and need not be.
            ("filesystem.mkdir", ({"path": f"{root}/{name}", "options": {"raise_chmod_error": False}},))
            for name in level
        ]
        answers = ask_all(client, calls)
        if any(isinstance(answer, AnswerLost) for answer in answers):
            # Which of them are there only reading tells; making one that is there after all changes nothing.
            absent = _missing(client, root, level)
            answers = ask_all(client, [one for one, name in zip(calls, level, strict=True) if name in absent])
        for answer in answers:
            if isinstance(answer, Exception) and not (isinstance(answer, CallError) and answer.errno == errno.EEXIST):
                raise answer
