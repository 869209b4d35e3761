# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small exports made by hand, and what an import makes of them."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.run import Result, run
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import Settings

STAMP = "20260307T053026Z"
NOW = 4_000_000_000.0
HOME = ".nasops_takeout"
PHOTOS = "Takeout/Google Photos"


def sidecar(title: str, taken: int | None = 1_700_000_000, **more: Any) -> bytes:
    """A sidecar of an item."""
    content = {"title": title, "photoTakenTime": {"timestamp": str(taken or 0), "formatted": "whatever"}, **more}
    return json.dumps(content, ensure_ascii=False).encode()


def album(title: str, **more: Any) -> bytes:
    """The metadata file of an album."""
    return json.dumps({"title": title, **more}, ensure_ascii=False).encode()


def page(files: Iterable[str], failed: Mapping[str, str] | None = None) -> bytes:
    """Google's list of an export."""
    folder, lines = None, []
    for path in [*files, *(failed or {})]:
        parts = path.split("/")
        if parts[-2] != folder:
            folder = parts[-2]
            lines.append(f'<div class="extracted-folder-name">{escape(folder)}</div>')
        reason = f'<div class="failure-message">{escape(failed[path])}</div>' if failed and path in failed else ""
        lines.append(
            f'<div class="file-leaf"><div class="extracted-file-name"> {escape(parts[-1])}</div>{reason}</div>'
        )
    return f'<html><body><div class="service-detail">{"".join(lines)}</div></body></html>'.encode()


class Exports:
    """A directory of archives, and a library."""

    def __init__(self, folder: Path) -> None:
        self.archives = folder / "archives"
        self.library = folder / "library"
        self.archives.mkdir()
        self.library.mkdir()

    def zip(
        self,
        files: Mapping[str, bytes] | Iterable[tuple[str, bytes]],
        part: int = 1,
        stamp: str = STAMP,
        listed: bool = True,
    ) -> Path:
        """Make a part; with a list of its files, as if it were the only one."""
        pairs = list(files.items() if isinstance(files, Mapping) else files)
        path = self.archives / f"takeout-{stamp}-{part:03d}.zip"
        if listed:
            pairs.append(("Takeout/archive_browser.html", page(name for name, _content in pairs)))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in pairs:
                archive.writestr(zipfile.ZipInfo(name, (2026, 3, 7, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
        return path

    @staticmethod
    def page(files: Iterable[str]) -> bytes:
        """Google's list of an export."""
        return page(files)

    def tgz(self, files: Mapping[str, bytes], part: int = 1, stamp: str = STAMP, listed: bool = True) -> Path:
        """Make a part as tgz."""
        path = self.archives / f"takeout-{stamp}-{part:03d}.tgz"
        pairs = list(files.items())
        if listed:
            pairs.append(("Takeout/archive_browser.html", page(name for name, _content in pairs)))
        with tarfile.open(path, "w:gz") as archive:
            for name, content in pairs:
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        return path

    def run(
        self, check: bool = False, step: Callable[[str], None] = lambda name: None, now: float = NOW, **options: Any
    ) -> Result:
        """Import."""
        return run(Settings(self.archives, self.library, **options), now, check, step)

    @property
    def files(self) -> dict[str, bytes]:
        """All files of the library but the import's own, links as what they point to."""
        found = {}
        for folder, _folders, names in os.walk(self.library):
            for name in names:
                path = Path(folder, name)
                relative = str(path.relative_to(self.library))
                if not relative.startswith(HOME):
                    found[relative] = path.read_bytes()
        return found

    @property
    def tree(self) -> dict[str, tuple[str, int]]:
        """Path, content and, but for sidecars, time of all files of the library but the import's own."""
        return {path: (hashlib.sha256(content).hexdigest(), self._time(path)) for path, content in self.files.items()}

    def _time(self, path: str) -> int:
        return 0 if path.endswith((".xmp", ".json")) else (self.library / path).lstat().st_mtime_ns

    @property
    def report(self) -> dict[str, Any]:
        """The report as data."""
        return json.loads((self.library / HOME / "report.json").read_bytes())


@pytest.fixture
def exports(tmp_path: Path) -> Iterator[Exports]:
    """In memory where there is such a place: imports wait for the disk, and the disk for everybody's files."""
    memory = Path("/dev/shm")  # noqa: S108 - a directory of our own is made in it
    folder = Path(tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else tmp_path))
    yield Exports(folder)
    shutil.rmtree(folder)
