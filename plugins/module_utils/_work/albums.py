# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make the album directories of a dataset and find what lies loose beside them. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.album_names import album_directories
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.ownership import asked_for
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.directories import Directories
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.new_directories import make

_NAMED = 5

ARGUMENTS: dict[str, dict[str, Any]] = {
    "path": {"type": "str", "required": True},
    "albums": {"type": "list", "elements": "str"},
    "stray_files": {"type": "str", "choices": ["fail", "warn", "ignore"], "default": "fail"},
    "follow_symlinks": {"type": "bool", "default": False},
    "owner": {"type": "str"},
    "group": {"type": "str"},
    "mode": {"type": "raw"},
}


def refuse(params: Mapping[str, Any]) -> None:
    """Refuse names that no directory can have. Raises `OptionError`."""
    album_directories(_root(params["path"]), params["albums"] or ())
    asked_for(params)


def execute(invocation: Invocation) -> Outcome:
    """The work of `truenas_album_directories`."""
    client, params = invocation.client, invocation.params
    root = _root(params["path"])
    albums = album_directories(root, params["albums"] or ())
    wanted = _with_parents(albums)
    ownership = asked_for(params, by_name=client.release.has("owners_by_name"))
    there = Directories(client, root, follow_symlinks=params["follow_symlinks"])
    there.look(wanted)
    stray = there.loose_files()
    if stray and params["stray_files"] != "ignore":
        message = _about_stray_files(root, stray)
        if params["stray_files"] == "fail":
            raise Failure(message, stray_files=stray)
        invocation.warn(message)
    if there.twins:
        invocation.warn(_about_twins(root, there.twins))
    missing = [name for name in wanted if name not in there]
    nearly = {one: other for group in names.twins(wanted, folds_case=True) for one in group[1:] for other in group[:1]}
    there.nearly = {name: other for name, other in {**nearly, **there.nearly}.items() if name in missing}
    if there.nearly:
        invocation.warn(_about_case(there.nearly))
    if not invocation.check_mode:
        make(invocation, there, missing, ownership)
    absent = set(missing)
    return Outcome(
        bool(missing),
        {
            "albums": {
                "created": [name for name in albums if name in absent],
                "existing": [name for name in albums if name not in absent],
            },
            "stray_files": stray,
        },
        before=_lines(name for name in wanted if name not in absent),
        after=_lines(wanted),
    )


def _lines(paths: Iterable[str]) -> str:
    """For the diff, text: in a structure Ansible would show letters beyond ASCII by their numbers."""
    return "".join(f"{path}/\n" for path in sorted(paths))


def _root(path: str) -> str:
    if not names.in_pool(path):
        raise OptionError(
            f"path: {path!r} is not in a pool. Give the directory as the NAS names it: /mnt/POOL/DATASET."
        )
    return path.rstrip("/")


def _with_parents(albums: Iterable[str]) -> list[str]:
    """The directories of the albums and those above them, each once, parents first."""
    found = {
        "/".join(parts[:depth]): None
        for parts in (name.split("/") for name in albums)
        for depth in range(1, len(parts) + 1)
    }
    return sorted(found, key=lambda name: (name.count("/"), name))


def _named(items: Sequence[str]) -> str:
    return ", ".join(map(repr, items[:_NAMED])) + (", ..." if len(items) > _NAMED else "")


def _about_stray_files(root: str, stray: Sequence[str]) -> str:
    count = "1 file lies" if len(stray) == 1 else f"{len(stray)} files lie"
    return (
        f"stray_files: {count} directly in {root} ({_named(stray)}). A push to /album cannot upload them: every run "
        "would fail with \"can't upload files here\" and delete nothing. Move them into an album's directory, or "
        "exclude them: stray_files: exclude in the role, the filter /* in a task's exclude."
    )


def _about_case(nearly: Mapping[str, str]) -> str:
    several = ", ".join(f"{name!r} beside {other!r}" for name, other in list(nearly.items())[:_NAMED])
    return (
        f"albums: these differ in the case of letters only: {several}. Each becomes an album of its own. If one album "
        "is meant, write its name the same way each time."
    )


def _about_twins(root: str, twins: Sequence[Sequence[str]]) -> str:
    """rclone ignores all but one of them, and a sync takes the photos of the others out of their album."""
    several = ", ".join(
        " and ".join(f"{name!r} {names.form(name.rpartition('/')[2])}" for name in group) for group in twins[:_NAMED]
    )
    return (
        f"albums: {root} has directories whose names look the same and differ in their Unicode form only: {several}. "
        "rclone uploads the photos of one of them and ignores the others. Move the photos into one of them, and "
        "delete the others."
    )
