# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations as people write them in options. PRIVATE to the collection. Pure."""

from __future__ import annotations

import re
from datetime import timedelta

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_LONGEST = 100 * 366 * 86400
_DURATION = re.compile(r"(\d{1,9})\s*([smhdw]?)", re.ASCII)


def duration(option: str, text: str) -> timedelta:
    """A number with one of the units s, m, h, d and w; without a unit, seconds.

    Raises:
        OptionError: the text is not a duration, or a century long.
    """
    match = _DURATION.fullmatch(text.strip().lower())
    seconds = int(match[1]) * _UNITS[match[2]] if match else _LONGEST
    if seconds >= _LONGEST:
        raise OptionError(
            f"{option}: {text!r} is not a duration. Give a whole number with one of the units s, m, h, d and w, for "
            "example 90m or 30d."
        )
    return timedelta(seconds=seconds)
