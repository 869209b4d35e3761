# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of an import, and the errors that end one. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LAYOUTS = ("date", "album")
ALBUMS = ("hardlinks", "symlinks", "lists", "none")
SIDECARS = ("xmp", "json", "both", "none")
HANDLING = ("include", "apart", "skip")
REMOVAL = ("never", "imported")

CATEGORIES = {"trashed": "skip", "locked": "apart", "archived": "apart", "partner": "include"}
"""What Google marks items with, the strongest first, and what is done with them by default."""


class TakeoutError(Exception):
    """The import cannot go on; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an import is asked to do; the options of the module `google_takeout_import`."""

    archives: Path
    library: Path
    layout: str = "date"
    albums: str = "hardlinks"
    sidecars: str = "xmp"
    archived: str = CATEGORIES["archived"]
    trashed: str = CATEGORIES["trashed"]
    locked: str = CATEGORIES["locked"]
    partner: str = CATEGORIES["partner"]
    require_complete: bool = True
    quiet_minutes: int = 45
    remove_archives: str = "never"

    @property
    def writes_xmp(self) -> bool:
        """Whether an XMP sidecar is written for each photo that there is something to tell of."""
        return self.sidecars in ("xmp", "both")

    @property
    def writes_json(self) -> bool:
        """Whether Google's own sidecar is kept beside each photo."""
        return self.sidecars in ("json", "both")

    @property
    def result(self) -> str:
        """The options that decide what the library looks like, as one text to compare."""
        parts = (self.layout, self.albums, self.sidecars, self.archived, self.trashed, self.locked, self.partner)
        return " ".join(parts)

    def check(self) -> None:
        """Refuse what can never work.

        Raises:
            TakeoutError: With the option and what to give instead.
        """
        for option, path in (("archives", self.archives), ("library", self.library)):
            if not path.is_dir():
                raise TakeoutError(f"{option}: {path} is not a directory. Create it, or give another one")
        if self.archives.resolve() == self.library.resolve():
            raise TakeoutError(
                f"library: {self.library} is also the directory of the archives. Give a directory of its own"
            )
        if self.quiet_minutes < 0:
            raise TakeoutError(f"quiet_minutes: {self.quiet_minutes} is negative. Give 0 or more")
