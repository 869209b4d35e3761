# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Google Photos loses photos without an error: the rules that its row in the provider table names.

PRIVATE to the collection. Pure. rclone sees of a photo there no more than its name: no size, no content, no date.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_command_line import Given

_BESIDE = "a photo that has changed is uploaded beside the old one, and the next run takes both out of the album"
_LOSING = {
    "gphotos-read-size": _BESIDE,
    "ignore-times": _BESIDE,
    "name-transform": "a photo keeps the name that Google Photos knows it by, and a SYNC takes it out of its album",
}

_ALL_AGAIN = "so that photos would be uploaded again at every run. Leave it out, and use the option exclude"
_NO_MOVES = "Google Photos can neither move nor copy files itself, so every run would fail. Leave it out"
_UNUSABLE_TO_PUSH = {
    "min-size": f"Google Photos tells no sizes, {_ALL_AGAIN}",
    "min-age": f"Google Photos tells when a photo was taken and not when its file was changed, {_ALL_AGAIN}",
    "max-age": f"Google Photos tells when a photo was taken and not when its file was changed, {_ALL_AGAIN}",
    "no-check-dest": "photos would be uploaded again at every run. Leave it out",
    "backup-dir": _NO_MOVES,
    "suffix": _NO_MOVES,
    "copy-dest": _NO_MOVES,
}
_UNUSABLE_TO_PULL = {"min-size": "Google Photos tells no sizes, so that every photo would be left out. Leave it out"}

# Of names that are there twice, rclone makes different ones by adding the ids.
_WITH_ID = re.compile(r"(.+) \{[A-Za-z0-9_-]{20,}\}")


def loss(direction: str, transfer_mode: str) -> str | None:
    """How a task loses photos that nobody wants to lose; `None` when it does not."""
    if direction == "PUSH" and transfer_mode == "MOVE":
        return (
            "a PUSH with MOVE deletes a photo on the NAS without uploading it when another one of the same name is in "
            "the album already, as names are all that can be compared at Google Photos"
        )
    return None


def flag_loss(direction: str, given: Given) -> str | None:
    """How a task loses photos by one of rclone's flags; `None` when it does not."""
    return _LOSING.get(given.flag.name) if direction == "PUSH" else None


def unusable_flag(direction: str, given: Given) -> str | None:
    """Say why one of rclone's flags can never work, or return `None`."""
    if given.flag.name == "gphotos-batch-mode" and given.value == "async":
        return "async makes rclone crash at the first upload. Leave it out, or use sync"
    return (_UNUSABLE_TO_PUSH if direction == "PUSH" else _UNUSABLE_TO_PULL).get(given.flag.name)


def same_titles(names: Iterable[str]) -> str | None:
    """Say which of the albums with these names rclone cannot tell apart, or return `None`."""
    titles = sorted({match[1] for match in map(_WITH_ID.fullmatch, names) if match})
    if not titles:
        return None
    return (
        f"Google Photos has several albums called {_quoted(titles)}. rclone cannot tell them apart: a push would make "
        "a new album for every single photo, and a sync would empty the old ones. Give all but one of them another "
        "name in Google Photos, or delete them there (the photos stay in the library), then run this again. If it is "
        "to run all the same, set max_deletes: -1"
    )


def notices(copies: Iterable[str], deletes: Iterable[str]) -> list[str]:
    """What a push that copies and deletes these files should make its owner aware of, one sentence or two each."""
    come, go = _by_album(copies), _by_album(deletes)
    twins = same_titles([*come, *go])
    if twins:  # what seems to come and go then does so for that reason
        return [f"{twins}."]
    return [*_renamed(come, go), *_taking_turns(come, go)]


def _by_album(paths: Iterable[str]) -> dict[str, set[str]]:
    albums: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        album, name = posixpath.split(path)
        if name:
            albums[album].add(name)
    return dict(albums)


def _renamed(come: dict[str, set[str]], go: dict[str, set[str]]) -> Iterator[str]:
    for old, names in go.items():
        for new in [album for album in come if album not in go and names and names <= come[album]][:1]:
            yield (
                f"It looks as if the directory {old!r} is now called {new!r}. Its {len(names)} photos are uploaded "
                f"once more, into a new album; the album {old!r} stays behind, empty, with its shared links and "
                f"captions. To keep that album, call it {new!r} in Google Photos too before the task runs."
            )


def _taking_turns(come: dict[str, set[str]], go: dict[str, set[str]]) -> Iterator[str]:
    for album in sorted(come.keys() & go.keys()):
        yield (
            f"In the album {album!r}, {_quoted(sorted(go[album]))} goes and {_quoted(sorted(come[album]))} comes. If "
            "you have not exchanged them, they are one and the same picture, which lies on the NAS under two names. "
            "Google Photos keeps the first name only, so that every other run takes the picture out of this album. "
            "Give its copies the same name."
        )


def _quoted(names: list[str]) -> str:
    return ", ".join(map(repr, names[:3])) + (", ..." if len(names) > 3 else "")
