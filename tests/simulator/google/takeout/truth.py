# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is true of an export: the answers that an importer must find by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from simulator.google.takeout.account import Account


@dataclass
class TruthItem:
    """One content. Who has no metadata of its own (`own_metadata`) may borrow `taken` and the place, nothing else."""

    sha256: str
    kind: str
    """`photo`, `video`, `raw`, `creation`; without own metadata also `edited`, `live_half`, `motion`."""
    own_metadata: bool
    title: str | None = None
    taken: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    description: str = ""
    favourite: bool = False
    archived: bool = False
    trashed: bool = False
    locked: bool = False
    partner: bool = False
    people: list[str] = field(default_factory=list)
    url: str | None = None
    albums: list[str] = field(default_factory=list)
    """The titles of its albums; albums without a title are not among them."""
    album_folders: list[str] = field(default_factory=list)
    """The folders of its albums in the container, those without a title as well."""
    paths: list[str] = field(default_factory=list)
    """Where its copies are in the archives."""
    loose: str | None = None
    """The name of a file beside the archives, when it was too big for them."""


@dataclass
class Truth:
    """An export as it is, whatever can be seen of it."""

    directory: Path
    language: str
    container: str
    era: str
    timestamp: str
    account: Account
    media: list[TruthItem] = field(default_factory=list)
    """What this export delivers."""
    total: list[TruthItem] = field(default_factory=list)
    """What this export and those before it have delivered, with the metadata and albums of now."""
    parts: dict[str, list[str]] = field(default_factory=dict)
    """The archives, by name, with their entries."""
    loose: dict[str, str] = field(default_factory=dict)
    """Files beside the archives, because they are too big for one: name, and the path that they would have."""
    roles: dict[str, str] = field(default_factory=dict)
    """Each entry's role: `media`, `sidecar`, `album`, `other`, `foreign` (of another product), `index`."""
    folders: dict[str, str] = field(default_factory=dict)
    """The container's folders: `year`, `album`, `untitled`, `conversation`, `archive`, `trash`, `locked`, `failed`."""
    albums: dict[str, str] = field(default_factory=dict)
    """Folder to title."""
    unresolved: list[str] = field(default_factory=list)
    """Sidecars whose photo is in no export: other people's pictures in a shared album."""
    failed: list[str] = field(default_factory=list)
    """What the index page says that Google could not export."""
    missing: list[str] = field(default_factory=list)
    """What the index page lists as exported and no part holds."""
    quirks: set[str] = field(default_factory=set)
    """Which of the odd cases are in it."""

    @property
    def entries(self) -> int:
        """How many entries all archives have together."""
        return sum(len(paths) for paths in self.parts.values())
