# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the middleware takes for a schedule and for a time of day, and how it refuses the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping

FIELDS = ("minute", "hour", "dom", "month", "dow")
SCHEDULE = {"minute": "00", "hour": "*", "dom": "*", "month": "*", "dow": "*"}

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_RANGES = {"minute": (0, 59), "hour": (0, 23), "dom": (1, 31), "month": (1, 12), "dow": (0, 7)}
_NAMES = {
    "month": {name: number for number, name in enumerate(_MONTHS, 1)},
    "dow": {name: number for number, name in enumerate(_DAYS)},
}


def check_schedule(schedule: Mapping[str, str]) -> str | None:
    """What is wrong with a schedule, in the server's words; None when nothing is."""
    text = "".join(f"{schedule[name]} " for name in FIELDS)
    for name in FIELDS:
        # An empty field is taken for a star here, though it is stored empty.
        for part in (schedule[name].strip().lower() or "*").split(","):
            if (problem := _check_part(name, part)) is not None:
                return f"Please ensure fields match cron syntax - [{text}] {problem}"
    return None


def _check_part(name: str, part: str) -> str | None:
    if part in ("*", "r") or (name == "dom" and part == "l"):
        return None
    if name == "dow" and re.fullmatch(r"\w+#[1-5]", part):
        part = part.partition("#")[0]
    match = re.fullmatch(r"(\*|\w+(?:-\w+)?)(?:/(\d+))?", part)
    if match is None:
        return "is not acceptable"
    values, step = match.groups()
    if step is not None and (int(step) == 0 or (values != "*" and "-" not in values)):
        return "is not acceptable"
    if values == "*":
        return None
    lowest, highest = _RANGES[name]
    for value in values.split("-"):
        number = int(value) if value.isdigit() else _NAMES.get(name, {}).get(value)
        if number is None:
            return "is not acceptable"
        if not lowest <= number <= highest:
            return "is not acceptable, out of range"
    return None


def check_time(value: str) -> str | None:
    """What is wrong with a time of day, in the server's words; None when nothing is."""
    try:
        hours, minutes = value.split(":")
        hour, minute = int(hours), int(minutes)
    except ValueError:
        return 'Time should be in 24 hour format like "18:00"'
    if not 0 <= hour <= 23:
        return "hour must be in 0..23"
    if not 0 <= minute <= 59:
        return "minute must be in 0..59"
    return None
