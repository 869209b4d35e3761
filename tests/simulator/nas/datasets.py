# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pools and datasets: directories below the NAS's root, shown as /mnt/POOL/..."""

from __future__ import annotations

import posixpath
import shutil
from pathlib import Path

from simulator.nas.state import Row, Store, Table

MOUNT = "/mnt"


class Datasets:
    """Which directories are pools and datasets, and where a path of the NAS lies on this machine."""

    TABLE = "datasets"

    def __init__(self, store: Store, root: Path) -> None:
        self._store = store
        self.root = root.resolve()

    @property
    def table(self) -> Table:
        return self._store.table(self.TABLE)

    def set_up(self) -> None:
        """Make the pool `tank` with a dataset `photos`, unless there are datasets."""
        if not self.table.all():
            self.create("tank")
            self.create("tank/photos")

    def reset(self) -> None:
        """Remove every file and dataset and begin anew."""
        shutil.rmtree(self.root, ignore_errors=True)
        self._store.clear(self.TABLE)
        self.set_up()

    def create(self, name: str) -> Row:
        """Make a dataset (or, without a slash, a pool) and its directory."""
        folder = self.root.joinpath(name)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        row = {"name": name, "locked": False}
        return {**row, "id": self.table.insert(row)}

    def destroy(self, name: str) -> None:
        """Remove a dataset, those below it, and their files."""
        shutil.rmtree(self.root.joinpath(name), ignore_errors=True)
        for row in self.table.all():
            if row["name"] == name or row["name"].startswith(f"{name}/"):
                self.table.delete(row["id"])

    @staticmethod
    def mountpoint(name: str) -> str:
        return f"{MOUNT}/{name}"

    @property
    def pools(self) -> list[str]:
        return [row["name"] for row in self.table.all() if "/" not in row["name"]]

    def to_host(self, path: str) -> Path | None:
        """Where a path below /mnt/POOL lies on this machine; None elsewhere, or if a link leads out of the root."""
        normal = posixpath.normpath(path)
        parts = normal.split("/")
        if not normal.startswith(f"{MOUNT}/") or parts[2] not in self.pools:
            return None
        host = self.root.joinpath(*parts[2:])
        return host if host.resolve().is_relative_to(self.root) else None

    def to_nas(self, path: Path) -> str:
        """The NAS's name of a path on this machine."""
        return posixpath.normpath(f"{MOUNT}/{path.relative_to(self.root)}")

    def of_path(self, path: str) -> Row | None:
        """The dataset in which a path lies."""
        normal = posixpath.normpath(path) + "/"
        rows = [row for row in self.table.all() if normal.startswith(self.mountpoint(row["name"]) + "/")]
        return max(rows, key=lambda row: len(row["name"]), default=None)

    def is_mountpoint(self, path: str) -> bool:
        """Whether a dataset is mounted just there."""
        normal = posixpath.normpath(path)
        return any(self.mountpoint(row["name"]) == normal for row in self.table.all())

    def locked(self, path: str) -> bool:
        """Whether the dataset of a path, or one above it, is locked."""
        normal = posixpath.normpath(path) + "/"
        return any(row["locked"] and normal.startswith(self.mountpoint(row["name"]) + "/") for row in self.table.all())

    def has_children(self, path: str) -> bool:
        """Whether further datasets are mounted below a path."""
        prefix = posixpath.normpath(path) + "/"
        return any(self.mountpoint(row["name"]).startswith(prefix) for row in self.table.all())
