# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of the NAS: which there are, when they were changed, and what they hold. PRIVATE to the collection."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import picture_size
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError, NotAuthorized
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask_all
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.walk import walk

_LEVELS, _AT_ONCE = 64, 200


class Tree:
    """The files below a directory.

    Attributes:
        sizes: Their sizes in bytes, by their paths below the directory.
        whole: Whether all directories were searched.
    """

    def __init__(
        self,
        client: Client,
        root: str,
        *,
        enter: Callable[[str], bool] = lambda path: True,
        keep: Callable[[str, int], bool] = lambda path, size: True,
    ) -> None:
        self.sizes: dict[str, int] = {}
        self._enter, self._keep = enter, keep
        self.whole = walk(client, root, self._take, levels=_LEVELS)

    def _take(self, directory: str, answer: Any) -> list[str]:
        if isinstance(answer, Exception):
            if directory:  # it may have been deleted since its name was read
                return []
            raise answer
        prefix = f"{directory}/" if directory else ""
        directories = []
        for entry in answer:
            path, size = prefix + entry["name"], entry.get("size")
            if entry.get("type") == "DIRECTORY" and self._enter(path):
                directories.append(path)
            elif entry.get("type") == "FILE" and isinstance(size, int) and self._keep(path, size):
                self.sizes[path] = size
        return directories


def stats(client: Client, root: str, paths: Iterable[str]) -> list[Mapping[str, Any] | None]:
    """What the NAS tells of files, `None` for each that is not there."""
    answers: list[Any] = []
    paths = list(paths)
    for start in range(0, len(paths), _AT_ONCE):
        some = paths[start : start + _AT_ONCE]
        answers += ask_all(client, [("filesystem.stat", (f"{root}/{one}",)) for one in some])
    return [None if isinstance(answer, Exception) else answer for answer in answers]


class Content:
    """What a file holds, in short.

    Args:
        part: Of how many of its first bytes the sum is to be known, besides that of all.

    Attributes:
        length: How many bytes were read.
        beginning: The checksum of its first bytes.
    """

    def __init__(self, part: int) -> None:
        self.length = 0
        self.beginning = hashlib.sha256().digest()
        self._part = part
        self._hash = hashlib.sha256()
        self._head = bytearray()

    def take(self, chunk: bytes) -> None:
        """Read on."""
        missing = self._part - self.length
        if 0 <= missing < len(chunk):
            until = self._hash.copy()
            until.update(chunk[:missing])
            self.beginning = until.digest()
        self._hash.update(chunk)
        self.length += len(chunk)
        if self.length == self._part:
            self.beginning = self.sum
        if len(self._head) < picture_size.ENOUGH:
            self._head += chunk[: picture_size.ENOUGH]

    @property
    def sum(self) -> bytes:
        """The checksum of all that was read."""
        return self._hash.digest()

    @property
    def picture(self) -> picture_size.Size | None:
        """The size of the picture that it holds, where that can be told."""
        return picture_size.picture_size(bytes(self._head))


def read(client: Client, path: str, size: int, part: int = 0) -> Content:
    """Read a file of the NAS.

    Args:
        size: How long it is expected to be: no more is read.
        part: See `Content`.

    Raises:
        Failure: the account may not read files.
        MiddlewareError: it cannot be read, or it is longer.
    """
    content = Content(part)
    if size:
        try:
            client.stream_file(path, size, content.take)
        except NotAuthorized as refused:
            raise Failure(
                f"The account may not read files of the NAS, so that contents cannot be compared: {refused} TrueNAS "
                "lets only full administrators (role FULL_ADMIN) do that over its API. Use such an account, or, where "
                "it proves something, level: checksum."
            ) from None
    return content


def unchanged(client: Client, path: str, before: Mapping[str, Any]) -> bool:
    """Whether a file is still as it was told before it was read."""
    (now,) = stats(client, path.rpartition("/")[0], [path.rpartition("/")[2]])
    names = ("size", "mtime", "ctime")
    return now is not None and [now[name] for name in names] == [before[name] for name in names]


def first_readable(client: Client, root: str, sizes: Mapping[str, int], paths: Sequence[str]) -> None:
    """Read the smallest of the files, to learn whether the account may, before anything is done.

    Raises:
        Failure: it may not.
    """
    smallest = min((path for path in paths if sizes[path]), key=lambda path: sizes[path], default=None)
    if smallest is not None:
        try:
            read(client, f"{root}/{smallest}", sizes[smallest])
        except MiddlewareError:
            return  # it may have been changed or deleted meanwhile
