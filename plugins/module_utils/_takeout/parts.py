# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files of a directory are parts of which export, by their names alone. Pure. PRIVATE to the collection.

Google names the parts of an export `takeout-TIMESTAMP-NNN.zip`, since 2026 also `takeout-TIMESTAMP-N-NNN.zip`. All
parts of one timestamp are one export. No name tells how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, datetime

_PART = re.compile(r"takeout-(\d{8}T\d{6}Z)(?:-(\d{1,6}))?-(\d{3,6})(?: ?\((\d+)\))?\.(zip|tgz|tar\.gz)", re.ASCII)
_LOOSE = re.compile(r"(.+)-(\d{3,6})(\.[^.\s]{1,10})", re.ASCII | re.DOTALL)
_PARTIAL = ".partial"
_ARCHIVES = (".zip", ".tgz", ".gz", ".json", ".html", ".partial", ".txt", ".part", ".tmp", ".crdownload")


@dataclass(frozen=True, slots=True)
class Found:
    """A file in the directory of the archives: its name, size, and when it last changed (seconds since 1970)."""

    name: str
    size: int
    changed: float


@dataclass(frozen=True, slots=True)
class Part:
    """One archive of an export. `copy` counts those that a browser or a drive has numbered as a second download."""

    file: Found
    export: str
    series: int | None
    number: int
    copy: int
    kind: str

    @property
    def place(self) -> tuple[int, int]:
        """Where it belongs in its export; a double has the same place."""
        return (self.series or 0, self.number)


@dataclass(frozen=True, slots=True)
class Loose:
    """A file bigger than a part, delivered beside the archives: `IMG_1-031.MOV` is `IMG_1.MOV` of part 31."""

    file: Found
    name: str
    number: int

    @property
    def fingerprint(self) -> str:
        """What tells it apart; it has no directory of which a digest could be made."""
        return f"loose {self.file.size} {self.file.name}"


@dataclass(slots=True)
class Export:
    """The parts of one export that are there, in order."""

    id: str
    parts: list[Part] = field(default_factory=list)
    partials: list[Found] = field(default_factory=list)

    @property
    def made(self) -> datetime:
        """When Google made it."""
        return made(self.id)

    def missing(self, loose: Iterable[Loose]) -> list[str]:
        """The names, without an extension, of parts that lie between those that are there.

        A file that was too big for a part has taken the number of one.
        """
        taken = {one.number for one in loose}
        runs_on = self._numbers_once and _consecutive(sorted({part.number for part in self.parts} | taken))
        return [] if runs_on else self._gaps(taken)

    def may_have(self, loose: Loose) -> bool:
        """Whether the number of a loose file is missing among the parts, however they count, or follows on a series."""
        return (
            loose.number > max(part.place for part in self.parts)[1]
            or self._gaps({loose.number}) != self._gaps(set())
            or loose.number
            in {last + 1 for _series, before, here in self._series() for last in (here[-1], before + here[-1])}
        )

    def _gaps(self, taken: set[int]) -> list[str]:
        """The names that lie between those that are there where each series begins with 1."""
        names = []
        for series, before, here in self._series():
            # The number of a loose file may count all parts of the export, or those of one series.
            missing = set(range(1, here[-1])) - set(here)
            names += [self._name(series, one) for one in sorted(missing) if not {one, before + one} & taken]
        return names

    def _series(self) -> Iterator[tuple[int, int, list[int]]]:
        """Each series, how many parts are before it, and the numbers of its parts, in order."""
        before = 0
        for series in sorted({part.place[0] for part in self.parts}):
            here = sorted({part.number for part in self.parts if part.place[0] == series})
            yield series, before, here
            before += here[-1]

    @property
    def _numbers_once(self) -> bool:
        """Whether no number occurs in two series: then the numbers run on over the series."""
        places = {part.place for part in self.parts}
        return len({number for _series, number in places}) == len(places)

    def _name(self, series: int, number: int) -> str:
        middle = f"-{series}" if series else ""
        return f"takeout-{self.id}{middle}-{number:03d}"

    def quiet_since(self) -> float:
        """When the last of its files, also those still being delivered, changed."""
        return max(file.changed for file in [part.file for part in self.parts] + self.partials)


@dataclass(slots=True)
class Survey:
    """What a directory holds."""

    exports: list[Export] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


def survey(files: Iterable[Found]) -> Survey:
    """Sort the files of a directory into exports, loose files, and files that belong to no export."""
    exports: dict[str, Export] = {}
    partials: list[Found] = []
    result = Survey()
    for file in sorted(files, key=lambda file: file.name):
        if file.name.endswith(_PARTIAL):
            partials.append(file)
        elif match := _PART.fullmatch(file.name):
            stamp, series, number, copy, kind = match.groups()
            part = Part(file, stamp, int(series) if series else None, int(number), int(copy or 0), kind)
            exports.setdefault(stamp, Export(stamp)).parts.append(part)
        elif (match := _LOOSE.fullmatch(file.name)) and not file.name.lower().endswith(_ARCHIVES):
            result.loose.append(Loose(file, match[1] + match[3], int(match[2])))
        else:
            result.foreign.append(file.name)
    for export in exports.values():
        export.parts.sort(key=lambda part: (part.place, part.copy, part.file.name))
        export.partials = [file for file in partials if file.name.startswith(f"takeout-{export.id}")]
    result.exports = sorted((one for one in exports.values() if _is_time(one.id)), key=lambda export: export.id)
    result.foreign += [part.file.name for one in exports.values() if not _is_time(one.id) for part in one.parts]
    return result


def made(export: str) -> datetime:
    """When an export was made, from its id."""
    return datetime.strptime(export, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _is_time(stamp: str) -> bool:
    try:
        return made(stamp).year < MAXYEAR  # the next export is due within the calendar, too
    except ValueError:
        return False


def _consecutive(numbers: list[int]) -> bool:
    return numbers == list(range(1, len(numbers) + 1))
