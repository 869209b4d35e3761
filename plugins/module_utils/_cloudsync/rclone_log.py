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

from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import HIDDEN

_LINE = re.compile(r"^(?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d )?(DEBUG|INFO|NOTICE|ERROR|CRITICAL)\s*: ?(.*)$")
_DONE = re.compile(r"^(.*): (Copied|Moved|Renamed|Updated|Deleted|Removing directory)\b")
_WOULD = re.compile(r"^(.*): Skipped (copy|move|delete|remove directory|[a-z -]*move) as --dry-run is set")
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
_CONSEQUENCES = (
    "not deleting files as there were IO errors",
    "not deleting directories as there were IO errors",
)
_DUMP = re.compile(
    r"(DEBUG : HTTP (?:REQUEST|RESPONSE)[^\n]*\n).*?(\n[^\n]*DEBUG : (?:>{20,}|<{20,})(?=\n|$)|\Z)", re.DOTALL
)
_SECRET = re.compile(
    r"(authorization: *"
    r"|(?:access_token|refresh_token|id_token|client_secret|pass(?:word)?)(?:\\*\")?\s*[:=]\s*(?:\\*\")?)"
    r"(?!\s)[^\r\n\"&\\]+",
    re.IGNORECASE,
)
_ATTEMPT = re.compile(r"^Attempt \d+/\d+ (failed|succeeded)")
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
        cause: The first error, which is what later ones follow from; empty when there is none.
        unlisted: Whether a dry run left out a part that it does not list (a directory moved as a whole).
        complete: Whether the log is whole (the middleware's excerpt leaves out the middle of a long one).
        tells_all: Whether what a dry run lists is as much as what it counts at its end. It is not where arguments of
            the task send the log elsewhere or change its form.
        copied, gone: Paths of the files that a run has written and deleted.
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

    def summary(self) -> dict[str, int | float]:
        """The figures, as `truenas_cloudsync_run` returns them."""
        return {
            "transferred": self.transferred,
            "bytes": self.bytes,
            "checks": self.checks,
            "deleted": self.deleted,
            "errors": self.errors,
            "elapsed": self.elapsed,
        }

    @property
    def files_to_delete(self) -> int:
        """How many files a dry run says that it would delete (directories do not count, as in rclone's own limit)."""
        return _files(self.would_delete)


def without_secrets(text: str) -> str:
    """The log without what `--dump` and `-vv` among a task's arguments put into it: headers, bodies, tokens."""
    return _SECRET.sub(rf"\1{HIDDEN}", _DUMP.sub(rf"\1{HIDDEN}\2", text))


def read(text: str) -> SyncLog:
    """Read a whole log, or the middleware's excerpt of one. Never raises: what is not understood is passed over."""
    copies: list[str] = []
    deletes: list[str] = []
    stats: dict[str, str] = {}
    copied: list[str] = []
    gone: list[str] = []
    cause = ""
    unlisted = False
    complete = True
    for line in text.split("\n"):  # a name may hold what else ends a line
        if _CUT.match(line):
            complete = False
            continue
        entry = _LINE.match(line)
        if entry is None:
            _take_figures(line, stats)
            continue
        level, message = entry.groups()
        if level in ("ERROR", "CRITICAL"):
            cause = cause or _cause(message)
        elif would := _WOULD.match(message):
            path, verb = would.groups()
            if verb == "delete":
                deletes.append(path)
            elif verb == "remove directory":
                deletes.append(f"{path}/")
            elif verb == "copy":
                copies.append(path)
            elif verb == "move":
                copies.append(path)
                deletes.append(path)
            else:
                unlisted = True
        elif happened := _DONE.match(message):
            path, verb = happened.groups()
            if verb == "Deleted":
                gone.append(path)
            elif verb != "Removing directory":
                copied.append(path)
    dry_run = bool(copies or deletes or unlisted)
    return SyncLog(
        would_copy=tuple(sorted(copies)),
        would_delete=tuple(sorted(deletes)),
        transferred=0 if dry_run else _transferred(len(copied), stats, complete=complete),
        bytes=0 if dry_run else _bytes(stats.get("Bytes", "0 B")),
        checks=_count(stats, "Checks"),
        deleted=0 if dry_run else max(_count(stats, "Deleted"), len(gone)),
        errors=_count(stats, "Errors"),
        elapsed=_seconds(stats.get("Elapsed", "0s")),
        cause=cause,
        unlisted=unlisted,
        complete=complete,
        tells_all=complete and not unlisted and "Elapsed" in stats and _files(deletes) >= _count(stats, "Deleted"),
        copied=tuple(copied),
        gone=tuple(gone),
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


def _cause(message: str) -> str:
    """The message, unless it only counts attempts or says what was left undone because of an earlier error."""
    if _ATTEMPT.match(message) or message.endswith(_CONSEQUENCES):
        return ""
    return message.strip()


def _bytes(text: str) -> int:
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
