# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that end because the task's arguments allow them no more. PRIVATE to the collection. Pure.

rclone ends such a run with an error and TrueNAS calls it failed, though nothing went wrong.
"""

from __future__ import annotations

import re

_PLANNED = re.compile(r"max transfer (?:duration|limit) reached as set by --max-(?:duration|transfer)")
# "192 / 392, 781.250 KiB / ...", as the job tells its progress.
_PROGRESS = re.compile(r"(\d{1,18}) / (\d{1,18}), ")
_LISTED = 10_000  # files that rclone lists in advance, by default


def is_planned(cause: str) -> bool:
    """Whether a run ended for this cause as its arguments have it.

    Args:
        cause: The first error of the run, so that a run with an earlier one is not taken for it.
    """
    return _PLANNED.search(cause) is not None


def outlook(progress: str) -> str:
    """How far such a run came and how many more like it are needed; empty when that is not known.

    Args:
        progress: What the job last told.
    """
    match = _PROGRESS.match(progress)
    if match is None:
        return ""
    done, listed = int(match[1]), int(match[2])
    if not 0 < done <= listed:
        return ""
    at_least = "at least " if listed - done >= _LISTED else ""
    runs = -(-(listed - done) // done)
    return f"{done:,} of {at_least}{listed:,} files done, {at_least or 'about '}{runs:,} more run{'s' * (runs != 1)}"
