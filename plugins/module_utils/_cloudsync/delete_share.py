# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell whether a run deletes so large a share of a destination that its source is hardly what it was.

PRIVATE to the collection. Pure.
"""

from __future__ import annotations

DEFAULT = 50
"""The percentage that a run may delete unless the user says otherwise."""

_COUNTED_FROM = 10
_MANY_ENOUGH = 4
_ALL = 100


def is_too_large(deletes: int, present: int, percent: int) -> bool:
    """Tell whether a run would delete more than it may.

    Of fewer than 10 files as many may go as of 10, but not all of them, nor all but one of four or more: a single
    file that is left over, or left behind by a program, is no sign that the others were deleted on purpose.

    Args:
        deletes: How many files it would delete.
        present: How many files are at the destination.
        percent: How much of them it may delete.
    """
    if deletes * _ALL > percent * max(present, _COUNTED_FROM):
        return True
    if not deletes or percent >= _ALL or present >= _COUNTED_FROM:
        return False
    left = present - deletes
    return left <= 0 or (present >= _MANY_ENOUGH and left == 1)
