# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of rclone's output a job's log keeps: not a report of progress for every second."""

from __future__ import annotations

import re

_BEGIN = re.compile(r"(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d |<6>)INFO {2}:\s*$")
_WITHIN = re.compile(r"(Transferred|Errors|Checks|Elapsed time):\s|Transferring:|\s+\S")
EVERY = 300


class LogCutter:
    """Keeps the first report of progress and each 300th after it.

    Only a report that rclone writes as INFO and that holds nothing but the lines known here counts as one. A dry run
    reports as NOTICE, and a report with another line, as `Deleted:` or `Checking:`, is not recognised: both stay whole.
    """

    def __init__(self) -> None:
        self._report: list[str] = []
        self._reports = 0

    def take(self, line: str) -> str:
        """Take in a line; returns what is to be written now."""
        begins = _BEGIN.match(line) is not None
        if not self._report:
            if not begins:
                return line
            self._report = [line]
            return ""
        if not line.strip("\n"):
            return self._end(line)
        if begins:
            written, self._report = "".join(self._report), [line]
            return written
        self._report.append(line)
        return "" if _WITHIN.match(line) else self.rest()

    def rest(self) -> str:
        """What has been held back, at the end or because it is no report."""
        written, self._report = "".join(self._report), []
        return written

    def _end(self, line: str) -> str:
        self._report.append(line)
        report = self.rest()
        self._reports += 1
        return report if self._reports % EVERY == 1 else ""
