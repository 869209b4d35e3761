# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read what a cloud sync did, or would do, from rclone's log. PRIVATE to the collection. Pure.

The forms are those of `rclone -v --stats 1s`, the command line that TrueNAS uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_cause

# Large files are copied in several streams. Of a renamed file, rclone tells the old name, too.
_DONE = re.compile(
    r"^(.*): (Copied|Multi-thread Copied|Moved(?! \(server-side\) to: )|Renamed|Updated|Deleted|Removing directory)\b"
)
_WOULD = re.compile(
    r"^(.*): Skipped (copy|move into backup dir|move to .*|move|delete|remove directory|[a-z -]*move)"
    r" as --dry-run is set"
)
_WOULD_COPY = re.compile(r"(.*): Skipped (?:copy|move) as --dry-run is set \(size ([^)]*)\)")
_SIZE = re.compile(r"^(\d{1,18}(?:\.\d+)?)\s*([KMGTPE]?)i?B?$")
_POWERS: dict[str, int] = {unit: 1024**power for power, unit in enumerate(" KMGTPE")}
_STATS = {
    "Checks": re.compile(r"^Checks:\s+(\d{1,18})\b"),
    "Errors": re.compile(r"^Errors:\s+(\d{1,18})\b"),
    "Deleted": re.compile(r"^Deleted:\s+(\d{1,18}) \(files\)"),
    "Elapsed": re.compile(r"^Elapsed time:\s+(\S+)"),
    "Bytes": re.compile(r"^Transferred:\s+([\d.]+ \S*B) / "),
    "Files": re.compile(r"^Transferred:\s+(\d{1,18}) / \d+, "),
    "Renamed": re.compile(r"^Renamed:\s+(\d{1,18})\b"),
}
_ELAPSED = re.compile(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9}(?:\.\d+)?)s)?$")
_FAILED = re.compile(r"^Failed to (?:copy|move|sync)(?: with (\d{1,18}) errors)?: ")
_SCRIPT = re.compile(r"^\[P(?:re|ost)-script\] ")
_CUT = re.compile(r"^\.\.\. \d+ more lines \.\.\.$")


@dataclass(frozen=True)
class SyncLog:
    """What one log tells.

    Attributes:
        would_copy, would_delete: Paths that a dry run says it would write and delete; directories end in `/`. A moved
        file
            is in both.
        transferred: Files written. bytes: Bytes written. checks: Files compared. deleted: Files deleted.
        errors: Errors counted by rclone. elapsed: Seconds.
        cause: The first error, which is what later ones follow from, else what rclone ends with; empty when there is
            none.
        unlisted: Whether a dry run left out a part that it does not list (a directory moved as a whole).
        complete: Whether the log is whole (the middleware's excerpt leaves out the middle of a long one).
        tells_all: Whether each line of a dry run's log is understood, and what it lists is as much as what it counts
            at its end. It is not where something sends the log elsewhere or changes its form.
        outdated: Whether the run went on after the last progress report in the log. Of a run that only copies, TrueNAS
            keeps the first report, and every 300th after it.
        copied, gone: Paths of the files that a run has written and deleted.
        has_figures: Whether rclone's own figures stand at its end.
        counted_deletes: How many files a dry run would delete, by these figures.
    """

    would_copy: tuple[str, ...] = ()
    would_delete: tuple[str, ...] = ()
    transferred: int = 0
    bytes: int = 0
    checks: int = 0
    deleted: int = 0
    errors: int = 0
    elapsed: float = 0.0
    cause: str = ""
    unlisted: bool = False
    complete: bool = True
    tells_all: bool = False
    copied: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    outdated: bool = False
    has_figures: bool = False
    counted_deletes: int = 0

    @property
    def files_to_delete(self) -> int:
        """How many files a dry run says that it would delete, be it in its list or in its figures.

        Directories do not count, as in rclone's own limit.
        """
        return max(_files(self.would_delete), self.counted_deletes)


def read(text: str) -> SyncLog:
    """Read a whole log, or the middleware's excerpt of one. Never raises: what is not understood is passed over."""
    reading = _Reading()
    lines = text.split("\n")  # a name may hold what else ends a line
    for line in lines:
        reading.take(line)
    return reading.result(rclone_cause.reason(lines))


def would_copy_sizes(text: str) -> dict[str, int | None]:
    """The sizes of files that the log of a dry run names, rounded as rclone shows them; `None` for unknown ones."""
    found: dict[str, int | None] = {}
    for line in text.split("\n"):
        entry = rclone_cause.LINE.fullmatch(line)
        if entry and (match := _WOULD_COPY.fullmatch(entry[2])):
            found[match[1]] = None if match[2].startswith("-") else size(match[2])
    return found


class _Reading:
    def __init__(self) -> None:
        self.copies: list[str] = []
        self.deletes: list[str] = []
        self.moves = 0
        self.kept = 0
        self.copied: list[str] = []
        self.gone: list[str] = []
        self.stats: dict[str, str] = {}
        self.complete = True
        self.unlisted = False
        self.unread = False
        self.outdated = False

    def take(self, line: str) -> None:
        entry = rclone_cause.LINE.fullmatch(line)
        if entry is None:
            self._take_other(line)
            return
        self.outdated = self.outdated or bool(entry[2] and entry[1] != "NOTICE")
        if failed := _FAILED.match(entry[2]):
            self.stats["Errors"] = failed[1] or "1"
        elif would := _WOULD.match(entry[2]):
            self._take_plan(*would.groups())
        elif happened := _DONE.match(entry[2]):
            path, verb = happened.groups()
            if verb == "Deleted":
                self.gone.append(path)
            elif verb != "Removing directory":
                self.copied.append(path)

    def _take_other(self, line: str) -> None:
        if _CUT.match(line):
            self.complete = False
        elif rclone_cause.FIGURES.match(line):
            _take_figures(line, self.stats)
            self.outdated = self.outdated and not _STATS["Elapsed"].match(line.strip())
        elif not _SCRIPT.match(line):
            self.unread = True

    def _take_plan(self, path: str, verb: str) -> None:
        if verb in ("delete", "move into backup dir"):
            self.deletes.append(path)
        elif verb == "remove directory":
            self.deletes.append(f"{path}/")
        elif verb == "copy":
            self.copies.append(path)
        elif verb == "move":
            self.copies.append(path)
            self.deletes.append(path)
            self.moves += 1
        elif verb.startswith("move to "):  # what is replaced is kept under another name
            self.kept += 1
        else:
            self.unlisted = True

    def result(self, cause: str) -> SyncLog:
        stats = self.stats
        dry_run = bool(self.copies or self.deletes or self.unlisted)
        return SyncLog(
            would_copy=tuple(sorted(self.copies)),
            would_delete=tuple(sorted(self.deletes)),
            transferred=0 if dry_run else _transferred(len(self.copied), stats, complete=self.complete),
            bytes=0 if dry_run else size(stats.get("Bytes", "0 B")),
            checks=_count(stats, "Checks"),
            deleted=0 if dry_run else max(_count(stats, "Deleted"), len(self.gone)),
            errors=_count(stats, "Errors"),
            elapsed=_seconds(stats.get("Elapsed", "0s")),
            cause=cause,
            unlisted=self.unlisted,
            complete=self.complete,
            tells_all=self._tells_all(),
            copied=tuple(self.copied),
            gone=tuple(self.gone),
            outdated=self.outdated and not dry_run,
            has_figures="Elapsed" in stats,
            counted_deletes=_count(stats, "Deleted"),
        )

    def _tells_all(self) -> bool:
        deleted = _files(self.deletes) - self.moves  # rclone does not count what it moves among what it deletes
        listed = {"Files": len(self.copies), "Deleted": deleted, "Renamed": self.moves + self.kept}
        return (
            self.complete
            and not self.unlisted
            and not self.unread
            and "Elapsed" in self.stats
            and all(number >= _count(self.stats, name) for name, number in listed.items())
        )


def _transferred(named: int, stats: Mapping[str, str], *, complete: bool) -> int:
    """How many files were written.

    A whole log names every file. rclone's own figure counts one twice whose size it learns only by reading it, as
    those of Google Photos.
    """
    if complete and named:
        return named
    return max(_count(stats, "Files"), _count(stats, "Renamed"), named)


def _files(paths: Iterable[str]) -> int:
    return sum(1 for path in paths if not path.endswith("/"))


def _count(stats: Mapping[str, str], name: str) -> int:
    return int(stats.get(name, 0))


def _take_figures(line: str, stats: dict[str, str]) -> None:
    for name, pattern in _STATS.items():
        if match := pattern.match(line.strip()):
            stats[name] = match.group(1)


def size(text: str) -> int:
    """Bytes of a text such as `781.250 KiB`."""
    match = _SIZE.match(text.strip())
    if match is None:
        return 0
    number, unit = match.groups()
    return round(float(number) * _POWERS[unit or " "])


def _seconds(text: str) -> float:
    match = _ELAPSED.match(text)
    if match is None:
        return 0.0
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return days * 86400 + hours * 3600 + minutes * 60 + seconds
