# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads rclone's output: how far a run is, and what went wrong in one line."""

from __future__ import annotations

import re

_BYTES = re.compile(r"Transferred:\s*(?P<amount>.+), (?P<percent>[0-9]+)%, (?P<more>.+)$")
_FILES = re.compile(r"Transferred:\s*(?P<files>.+), (?P<percent>[0-9]+)%$")
# The NAS does not know the text that newer rclones put behind the percentage, and so does not report their checks.
_CHECKS = re.compile(r"Checks:\s*(?P<checks>[0-9 /]+), (?P<percent>[0-9]+)%$")
_TIME = re.compile(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ")
_NO_FILE_SYSTEM = 'Failed to create file system for "remote:": '


class Progress:
    """What the lines so far say; each line that says something changes its part of the whole."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[int, str]] = {}

    def line(self, line: str) -> tuple[int, str] | None:
        """Take in a line.

        :returns: the least of the percentages, and the description; None as long as there is no percentage
        """
        if match := _FILES.search(line):
            self._parts["files"] = int(match["percent"]), match["files"]
        if match := _BYTES.search(line):
            self._parts["bytes"] = int(match["percent"]), f"{match['amount']}, {match['more']}"
        if match := _CHECKS.search(line):
            self._parts["checks"] = int(match["percent"]), f"checks: {match['checks']}"
        parts = [self._parts[name] for name in ("files", "bytes", "checks") if name in self._parts]
        if not parts:
            return None
        return min(percent for percent, dummy in parts), ", ".join(text for dummy, text in parts)


def failure_text(last_lines: list[str], exit_code: int) -> str:
    """The message of a failed run: rclone's last lines, and its exit code when that is not just 1."""
    return "".join(last_lines) + ("" if exit_code == 1 else f"rclone failed with exit code {exit_code}")


def listing_excerpt(stderr: str) -> str:
    """The cause of a failed listing, in one line."""
    line = _TIME.sub("", stderr.strip().partition("\n")[0])
    before, no_file_system, cause = line.partition(_NO_FILE_SYSTEM)
    return cause if no_file_system else before


def decoded_names(text: str) -> dict[str, str]:
    """Encrypted name -> name, as `rclone cryptdecode` prints them; names that were not encrypted are left out."""
    pairs = (line.partition(" \t ") for line in text.splitlines())
    return {encrypted: name for encrypted, dummy, name in pairs if name and name != "Failed to decrypt"}
