# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an upload to Google Photos costs, and what Google refuses of it or changes, as far as names and sizes tell.

PRIVATE to the collection. Pure.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import google_photos_media as media

_PHOTO, _VIDEO = 200 * 1024**2, 20 * 1024**3  # bytes
_TITLE = 500  # characters

TOO_LARGE_PHOTO = "photo of more than 200 MB, which Google Photos refuses"
TOO_LARGE_VIDEO = "video of more than 20 GB, which Google Photos refuses"
LONG_TITLE = "the name of its album has more than 500 characters, which Google Photos refuses"
APPLE_DOUBLE = "made by macOS beside a file, no photo itself, which Google Photos refuses"

# Files of these have, or can have, the content of a format that Google names.
_MAYBE = re.compile("apng|f4v|heics|heifs|hif|insp|insv|lrv|mpo|qt|thm|ts|vob")
_HEIC = re.compile("hei[cf]")
_LIVE = re.compile("mov|mp4?")  # the video of a photo: Apple's, a Pixel's, Samsung's
_COPY = re.compile(r"(.+?)(?: ?\(\d+\)|[ _-]+(?:copy|Copy|Kopie)(?: ?\d+)?|-\d| \d)")


def refusal(path: str, size: int | None, folder: str) -> str | None:
    """Why Google Photos refuses a file that is sent to it; `None` when nothing tells that it does.

    Args:
        path: Below the task's path.
        folder: The task's.
    """
    name = posixpath.basename(path)
    why = media.reason(path, size, folder, kept=True)
    if why == media.SYSTEM_KEPT:  # it is sent, and its content decides
        if name.startswith("._"):
            return APPLE_DOUBLE
        why = media.reason(f"x/{name.lstrip('.')}", size, folder, kept=True)
    if why:
        return why
    if len(album(path, folder)) > _TITLE:
        return LONG_TITLE
    extension = _extension(name)
    if media.is_like_media(extension) and not _MAYBE.fullmatch(extension):
        return media.REFUSED
    if media.is_video(extension):
        return TOO_LARGE_VIDEO if size and size > _VIDEO else None
    return TOO_LARGE_PHOTO if size and size > _PHOTO else None


def album(path: str, folder: str) -> str:
    """The title of the album that a file gets into; empty when it gets into none."""
    below = posixpath.normpath("/" + folder.strip("/")).removeprefix("/")
    if below.partition("/")[0] != "album":
        return ""
    return posixpath.join(below.partition("/")[2], posixpath.dirname(path))


def pairs(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Live and motion photos: each photo with the short video beside it, which Google Photos takes for two items."""
    photos: dict[str, str] = {}
    videos: dict[str, str] = {}
    for path in paths:
        extension = _extension(path)
        stem = path[: -len(extension) - 1].lower()
        if _LIVE.fullmatch(extension):
            videos[stem] = path
        elif extension and not media.is_video(extension):
            photos.setdefault(stem.removesuffix(".mp"), path)  # PXL_1.MP.jpg and PXL_1.MP
    return sorted((photos[stem], videos[stem]) for stem in photos.keys() & videos.keys())


def notes(sizes: Mapping[str, int | None]) -> Iterator[str]:
    """What becomes of some of these files otherwise than their owner may expect, one sentence each."""
    extensions = [_extension(path) for path in sizes]
    if raw := sum(map(media.is_raw, extensions)):
        yield f"{raw} raw photos may be refused, as Google Photos takes only some raw formats."
    if maybe := sum(1 for one in extensions if _MAYBE.fullmatch(one)):
        yield f"{maybe} files may be refused, as Google Photos does not name their formats."
    if heic := sum(1 for one in extensions if _HEIC.fullmatch(one)):
        yield f"{heic} HEIC photos stay HEIC at Google Photos: what is downloaded from there is HEIC, too."
    copies = sorted(_copies(sizes))
    if copies:
        named = ", ".join(map(repr, copies[:3])) + (", ..." if len(copies) > 3 else "")
        yield (
            f"{len(copies)} files look like copies of others ({named}): they have the same size and nearly the same "
            "name. Of equal files under two names Google Photos keeps the first name only, so that a SYNC takes them "
            "out of their album and puts them in again by turns. Delete copies, or give them the same name."
        )


def _copies(sizes: Mapping[str, int | None]) -> Iterator[str]:
    """Files that have the size of another one and a name as copies get."""
    names: dict[tuple[int, str, str], set[str]] = defaultdict(set)
    for path, size in sizes.items():
        stem, extension = posixpath.splitext(posixpath.basename(path))
        names[size or 0, stem, extension].add(path)
    for path, size in sizes.items():
        stem, extension = posixpath.splitext(posixpath.basename(path))
        match = _COPY.fullmatch(stem)
        if size and match and (size, match[1], extension) in names:
            yield path


def _extension(path: str) -> str:
    return posixpath.splitext(path)[1].removeprefix(".").lower()
