# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The library on disk: all that is written is written here. PRIVATE to the collection.

Every path is walked from the library's own directory without following links. New files are written under another name,
flushed to disk, and then linked to their name, which fails if it is taken. Nothing is overwritten but a sidecar, list
or report of our own that was not changed since.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import os
import stat
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.archive import CHUNK
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import TakeoutError

HOME = ".nasops_takeout"
"""The directory in the library for the state, the reports, and what is being written."""

_INCOMING = f"{HOME}/incoming"
_OPEN_DIRECTORIES = 128
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


class BlockedError(Exception):
    """A path in the library cannot be used; the message says why."""


class Temporary:
    """A file that is being written, under a temporary name."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name = name
        self.file = file


class Library:
    """The directory of the library.

    Attributes:
        step: Called before every operation that changes something on disk, with its name; tests count and interrupt.
    """

    writes = True

    def __init__(self, root: Path, step: Callable[[str], None] = lambda name: None) -> None:
        self.root = root
        self.step = step
        self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        self._directories: OrderedDict[str, int] = OrderedDict()
        self._count = 0
        found = os.fstat(self._root)
        self._mode = stat.S_IMODE(found.st_mode) & 0o777
        owner = (found.st_uid, found.st_gid)
        self._owner = owner if os.geteuid() == 0 and owner != (os.geteuid(), os.getegid()) else None
        self.device = found.st_dev

    def close(self) -> None:
        """Close the directories that are open."""
        for descriptor in self._directories.values():
            os.close(descriptor)
        self._directories.clear()
        os.close(self._root)

    # Reading

    def stat(self, path: str) -> os.stat_result | None:
        """Read the facts of a file or link; `None` if there is none."""
        folder, name = _split(path)
        try:
            directory = self._directory(folder, make=False)
            return None if directory is None else os.stat(name, dir_fd=directory, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def lacks(self, path: str) -> bool:
        """Whether a file is missing. What lies behind a link counts as being there."""
        try:
            return self.stat(path) is None
        except BlockedError:
            return False

    def names(self, folder: str) -> list[str]:
        """List a directory; empty if there is none."""
        directory = self._directory(folder, make=False)
        return [] if directory is None else os.listdir(directory)  # noqa: PTH208 - by its descriptor

    def read(self, path: str) -> Iterator[bytes]:
        """Read a file in pieces."""
        with self._open(path) as file:
            while piece := file.read(CHUNK):
                yield piece

    def beginning(self, path: str, most: int) -> bytes:
        """Read the beginning of a file."""
        with self._open(path) as file:
            return file.read(most)

    def digest(self, path: str) -> bytes:
        """Compute the SHA-256 of a file."""
        digest = hashlib.sha256()
        for piece in self.read(path):
            digest.update(piece)
        return digest.digest()

    def _open(self, path: str) -> BinaryIO:
        folder, name = _split(path)
        directory = self._directory(folder, make=False)
        if directory is None:
            raise FileNotFoundError(errno.ENOENT, "there is no such file", path)
        return os.fdopen(os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=directory), "rb")

    def _directory(self, folder: str, make: bool) -> int | None:
        """Open a directory below the library, and make it if `make` is true."""
        if not folder:
            return self._root
        known = self._directories.get(folder)
        if known is not None:
            self._directories.move_to_end(folder)
            return known
        parent_path, name = _split(folder)
        parent = self._directory(parent_path, make)
        if parent is None:
            return None
        descriptor = self._enter(parent, name, folder, make)
        if descriptor is not None:
            self._directories[folder] = descriptor
            while len(self._directories) > _OPEN_DIRECTORIES:
                os.close(self._directories.popitem(last=False)[1])
        return descriptor

    def _enter(self, parent: int, name: str, folder: str, make: bool) -> int | None:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
        for attempt in (1, 2):
            try:
                return os.open(name, flags, dir_fd=parent)
            except FileNotFoundError:
                if not make or attempt == 2:
                    return None
                self.step("make a directory")
                with suppress(FileExistsError):
                    os.mkdir(name, self._mode or 0o755, dir_fd=parent)
                    self._give(os.open(name, flags, dir_fd=parent), close=True)
            except OSError as error:
                if error.errno in (errno.ELOOP, errno.ENOTDIR):
                    raise BlockedError(f"{folder} in the library is a link or a file, not a directory") from None
                raise
        return None

    def _give(self, descriptor: int, close: bool = False) -> None:
        """Give something new to the owner of the library."""
        try:
            if self._owner:
                os.fchown(descriptor, *self._owner)
        finally:
            if close:
                os.close(descriptor)

    # Writing

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other imports away."""
        home = self._directory(HOME, make=True)
        descriptor = os.open("lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644, dir_fd=home)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise TakeoutError(f"library: another import into {self.root} is running. Wait until it ends") from None
        finally:
            os.close(descriptor)

    def discard_temporaries(self) -> None:
        """Remove what an interrupted run was writing."""
        for name in self.names(_INCOMING):
            self.step("remove a temporary file")
            os.unlink(name, dir_fd=self._directory(_INCOMING, make=False))

    def temporary(self) -> Temporary:
        """Begin a new file."""
        directory = self._directory(_INCOMING, make=True)
        self._count += 1
        name = f"{os.getpid()}-{self._count}"
        self.step("begin a file")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        descriptor = os.open(name, flags, (self._mode & 0o666) | 0o600, dir_fd=directory)
        self._give(descriptor)
        return Temporary(name, os.fdopen(descriptor, "wb"))

    def write(self, temporary: Temporary, piece: bytes) -> None:
        """Write a piece of a new file."""
        self.step("write")
        temporary.file.write(piece)

    def finish(self, temporary: Temporary, modified: int | None) -> None:
        """End a file, and set when it was modified."""
        self.step("end a file")
        temporary.file.flush()
        if modified is not None:
            os.utime(temporary.file.fileno(), ns=(modified * 10**9, modified * 10**9))
        temporary.file.close()

    def throw_away(self, temporary: Temporary) -> None:
        """Remove a file that is not needed after all."""
        temporary.file.close()
        self.discard(temporary.name)

    def discard(self, temporary: str) -> None:
        """Remove a finished file that is not needed after all."""
        self.step("remove a temporary file")
        os.unlink(temporary, dir_fd=self._directory(_INCOMING, make=False))

    def set_time(self, temporary: str, modified: int) -> None:
        """Set when a finished file was modified."""
        self.step("set a time")
        times = (modified * 10**9, modified * 10**9)
        os.utime(temporary, ns=times, dir_fd=self._directory(_INCOMING, make=False), follow_symlinks=False)

    def flush(self) -> None:
        """Wait until all that was written is on disk."""
        self.step("flush")
        if _SYNCFS is None or _SYNCFS(self._root) != 0:
            os.sync()

    def publish(self, temporary: str, path: str) -> bool:
        """Give a finished file its name. `False`: there is something of this name already."""
        folder, name = _split(path)
        source, target = self._directory(_INCOMING, make=False), self._directory(folder, make=True)
        self.step("publish a file")
        try:
            os.link(temporary, name, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno == errno.EXDEV:
                raise TakeoutError(
                    f"library: {self.root / folder} is a dataset of its own. The library has to be one dataset"
                ) from None
            if error.errno not in _NO_LINKS:
                raise
            if self.stat(path) is not None:
                return False
            os.rename(temporary, name, src_dir_fd=source, dst_dir_fd=target)  # the file system has no hard links
            return True
        self.step("remove a temporary name")
        os.unlink(temporary, dir_fd=source)
        return True

    def replace(self, temporary: str, path: str, expected: bytes) -> bool:
        """Put a new version of a file of our own in its place; the earlier one is kept. `False`: it was changed."""
        found = self.stat(path)
        if found is None or not stat.S_ISREG(found.st_mode) or self.digest(path) != expected:
            return False
        folder, name = _split(path)
        target = self._directory(folder, make=False)
        if not path.startswith(f"{HOME}/"):
            self._keep_earlier(target, name, f"{expected.hex()}.{name[-60:]}")
        self.step("replace a file")
        os.rename(temporary, name, src_dir_fd=self._directory(_INCOMING, make=False), dst_dir_fd=target)
        return True

    def _keep_earlier(self, directory: int | None, name: str, kept: str) -> None:
        earlier = self._directory(f"{HOME}/earlier", make=True)
        self.step("keep an earlier version")
        with suppress(FileExistsError):
            os.link(name, kept, src_dir_fd=directory, dst_dir_fd=earlier, follow_symlinks=False)

    def hard_link(self, path: str, link: str) -> bool:
        """Give a file a second name. `False`: there is something of this name already."""
        folder, name = _split(path)
        link_folder, link_name = _split(link)
        source, target = self._directory(folder, make=False), self._directory(link_folder, make=True)
        self.step("link a file")
        try:
            os.link(name, link_name, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno in (*_NO_LINKS, errno.EXDEV):
                raise TakeoutError(
                    f"albums: {self.root} takes no hard links ({error.strerror}). Use symlinks, lists or none, and let "
                    "the library be one dataset"
                ) from None
            raise
        return True

    def symlink(self, path: str, link: str) -> bool:
        """Make a link with a relative path to a file. `False`: there is something of this name already."""
        folder, name = _split(link)
        target = self._directory(folder, make=True)
        self.step("link a file")
        try:
            os.symlink(link_text(path, link), name, dir_fd=target)
        except FileExistsError:
            return False
        return True

    def link_target(self, link: str) -> str | None:
        """Read a link; `None` if it is something else."""
        folder, name = _split(link)
        try:
            return os.readlink(name, dir_fd=self._directory(folder, make=False))
        except OSError:
            return None

    def touch(self, path: str, modified: int) -> None:
        """Set when a file of our own was modified."""
        folder, name = _split(path)
        self.step("set a time")
        times = (modified * 10**9, modified * 10**9)
        os.utime(name, ns=times, dir_fd=self._directory(folder, make=False), follow_symlinks=False)

    def room(self) -> int:
        """The bytes that are free."""
        found = os.fstatvfs(self._root)
        return found.f_bavail * found.f_frsize


class Rehearsal(Library):
    """A library in which nothing is written: what check mode works with."""

    writes = False

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Do nothing: without writing, no lock is needed."""
        yield

    def discard_temporaries(self) -> None:
        """Leave them."""

    def flush(self) -> None:
        """There is nothing to flush."""

    def publish(self, temporary: str, path: str) -> bool:
        """Predict success; names that are taken are known beforehand."""
        return True

    def replace(self, temporary: str, path: str, expected: bytes) -> bool:
        """Predict whether the file would be replaced."""
        found = self.stat(path)
        return found is not None and stat.S_ISREG(found.st_mode) and self.digest(path) == expected

    def hard_link(self, path: str, link: str) -> bool:
        """Predict whether the name is free."""
        return self.stat(link) is None

    def symlink(self, path: str, link: str) -> bool:
        """Predict whether the name is free."""
        return self.stat(link) is None

    def touch(self, path: str, modified: int) -> None:
        """Leave it."""


def link_text(path: str, link: str) -> str:
    """The relative path from a link to a file, both below the library."""
    return os.path.relpath(f"/{path}", f"/{_split(link)[0]}")


def write_text(library: Library, text: bytes) -> str:
    """Write a small file under a temporary name."""
    temporary = library.temporary()
    library.write(temporary, text)
    library.finish(temporary, None)
    return temporary.name


def _split(path: str) -> tuple[str, str]:
    folder, _slash, name = path.rpartition("/")
    return folder, name


def _find_syncfs() -> Callable[[int], int] | None:
    """The C library's call that flushes one file system; C(os) has only one for all of them."""
    try:
        return ctypes.CDLL(None, use_errno=True).syncfs
    except (AttributeError, OSError):
        return None


_SYNCFS = _find_syncfs()
