# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find in what rclone has printed why it failed. PRIVATE to the collection. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

LINE = re.compile(
    r"(?:\[E[A-Z]+\] )?(?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d )?(DEBUG|INFO|NOTICE|ERROR|CRITICAL)\s*: ?(.*)", re.DOTALL
)
"""A line of rclone's log: level and message. A job's error has its kind before the first one."""

FIGURES = re.compile(
    r"\s*(?:$|(?:Transferred|Checks|Checking|Transferring|Errors|Deleted|Renamed|Elapsed time|Server Side \w+):|\* )"
)
"""A line of rclone's report on its progress."""

# How rclone ends. Before 1.71 the line has no level.
_END = re.compile(
    r"(?:\[E[A-Z]+\] )?(?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d )?(?:(?:NOTICE|CRITICAL|ERROR)\s*: )?"
    r"(?:Failed to \w+(?: with \d+ errors: last error was)?|Fatal error): (.+)",
    re.DOTALL,
)
_TELLS_NOTHING = re.compile(
    r"Attempt \d+/\d+ (failed|succeeded)|.*not attempting retries$"
    r"|.*not deleting (files|directories) as there were IO errors$"
    r"|.* - ignoring$"
)
_FILE = re.compile(r"(.+?): (?:Failed to (?:copy|move|transfer)|Failed to \w+ \w+|Couldn't move): (.+)", re.DOTALL)
_CORRUPTED = re.compile(r"(.+?)(?:\.[0-9a-f]{8}\.partial)?: (corrupted on transfer: .+)", re.DOTALL)
_EXCERPT = 10  # lines
_EXIT_CODE = re.compile(r"rclone failed with exit code \d+$")


def reason(lines: Iterable[str]) -> str:
    """Return the first error, which is what later ones follow from, else what rclone ends with, else nothing.

    What only counts attempts, or tells what is left undone because of an earlier error, is passed over. A notice
    is never the reason.
    """
    end = ""
    for line in lines:
        if ended := _END.fullmatch(line):
            end = ended[1].strip()
        elif (entry := LINE.fullmatch(line)) and entry[1] in ("ERROR", "CRITICAL"):
            message = entry[2].strip()
            if message and not _TELLS_NOTHING.match(message):
                return message
    return end


def cause(text: str) -> str:
    """Return why a job failed, from the job's error: rclone's last lines, or what TrueNAS itself says."""
    lines = text.strip().split("\n")
    plain = [line for line in lines if not LINE.fullmatch(line) and not FIGURES.match(line)]
    plain.sort(key=lambda line: _EXIT_CODE.match(line) is not None)
    return reason(lines) or (plain[0].strip() if plain else "")


def failed_files(log: str) -> dict[str, str]:
    """Return the files that rclone could not transfer, in order, each with the reason."""
    found: dict[str, str] = {}
    for line in log.split("\n"):
        entry = LINE.fullmatch(line)
        if entry is None or entry[1] != "ERROR" or _TELLS_NOTHING.match(entry[2]):
            continue
        if failed := _failed(entry[2]):
            found.setdefault(failed[1], failed[2])
    return found


def without_file(error: str) -> str:
    """Return why a file failed, without its path; any other error as it is."""
    failed = _failed(error)
    return failed[2] if failed else error


def _failed(error: str) -> re.Match[str] | None:
    """The path of the file that failed, and why."""
    return _CORRUPTED.fullmatch(error) or _FILE.fullmatch(error)


def excerpt(log: str) -> str:
    """Return what is worth reading of the log of a run that failed: each error and notice once."""
    told: dict[str, str] = {}
    for line in log.split("\n"):
        entry = LINE.fullmatch(line)
        if entry is None or entry[1] not in ("NOTICE", "ERROR", "CRITICAL"):
            continue
        if entry[2].strip() and not _TELLS_NOTHING.match(entry[2]):
            told.setdefault(entry[2], line)
    lines = list(told.values())
    if len(lines) > _EXCERPT:
        half = _EXCERPT // 2
        lines = [*lines[:half], f"... {len(lines) - 2 * half} more lines ...", *lines[-half:]]
    return "\n".join(lines) or log
