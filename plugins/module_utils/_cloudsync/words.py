# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times, durations and sizes in words. PRIVATE to the collection. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import one_line
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import without_userinfo

DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CLOCKS_DIFFER = timedelta(minutes=2)
"""Clocks that differ by less are nothing to tell of."""

_UNITS = (("day", 86400), ("h", 3600), ("min", 60), ("s", 1))


def clean(text: str) -> str:
    """One line without control characters, and without user names and passwords in addresses."""
    return without_userinfo(one_line(text), "...")


def moment_text(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """For example `Mon 23 Nov 03:00`; with the year if it is another one."""
    local = moment.astimezone(zone)
    day = f"{DAYS[local.isoweekday() % 7]} {local.day} {MONTHS[local.month - 1]}"
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return f"{day}{year} {local:%H:%M}"


def span(duration: timedelta) -> str:
    """A duration by its largest unit, and by the next one where that tells much."""
    rest = max(round(duration.total_seconds()), 0)
    for place, (unit, length) in enumerate(_UNITS):
        number, rest = divmod(rest, length)
        if number:
            text = quantity(number, unit)
            if number >= 10 or place + 1 == len(_UNITS):
                return text
            unit, length = _UNITS[place + 1]
            return f"{text} {quantity(rest // length, unit)}" if rest >= length else text
    return "0 s"


def size(count: float) -> str:
    """Bytes, for example `12.3 MiB`."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


def quantity(number: int, unit: str) -> str:
    """A number with its unit, of which `day` alone has a plural."""
    return f"{number} {unit}{'s' if unit == 'day' and number != 1 else ''}"
