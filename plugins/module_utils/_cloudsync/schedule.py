# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's schedule: from what people write to TrueNAS's five cron fields. PRIVATE to the collection. Pure.

TrueNAS checks a schedule with croniter but hands the text to the system's cron, which knows less: what only the former
takes (an empty text, `L`, `#`) is refused here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError

PARTS = ("minute", "hour", "dom", "month", "dow")
DEFAULTS = {"minute": "00", "hour": "*", "dom": "*", "month": "*", "dow": "*"}
"""What TrueNAS fills in for a part that is left out: together, hourly."""

SHORTHANDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
}
_RANGES = {"minute": (0, 59), "hour": (0, 23), "dom": (1, 31), "month": (1, 12), "dow": (0, 7)}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMES = {
    "month": {name: number for number, name in enumerate(_MONTHS, 1)},
    "dow": {name: number for number, name in enumerate(_DAYS)},
}
_ITEM = re.compile(r"(?:(?P<all>\*)|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?")


def schedule(value: object) -> dict[str, str]:
    """The cron fields to send; of a mapping only those that were given.

    Args:
        value: A cron line of five fields, one of the `@` words, or a mapping with some of C(minute hour dom month
          dow).

    Raises:
        OptionError: it is none of these, or a field is not one that both TrueNAS and its cron understand.
    """
    if isinstance(value, Mapping):
        given = {name: str(part).strip() for name, part in value.items() if part is not None}
        unknown = sorted(set(given) - set(PARTS))
        if unknown:
            raise OptionError(
                f"schedule: {', '.join(unknown)} is not a part of a schedule. The parts are {', '.join(PARTS)}."
            )
    else:
        text = str(value).strip()
        fields = SHORTHANDS.get(text.lower(), text).split()
        if len(fields) != len(PARTS):
            shorthand = f"@{text.lower().removeprefix('@')}"
            suggestion = f"Do you mean {shorthand}? " if shorthand in SHORTHANDS else ""
            raise OptionError(
                f"schedule: {text!r} is not a schedule. {suggestion}Give five cron fields (minute hour day month "
                f"weekday) such as '0 3 * * *', one of {', '.join(SHORTHANDS)}, or a mapping with {', '.join(PARTS)}."
            )
        given = dict(zip(PARTS, fields, strict=True))
    for name, text in given.items():
        times(name, text)
    return given


def same(name: str, one: str, other: str) -> bool:
    """Whether two spellings of a field mean the same times (`00` and `0`, `mon-fri` and `1-5`)."""
    try:
        return times(name, one) == times(name, other)
    except OptionError:
        return one == other


@functools.lru_cache(maxsize=4096)  # tasks by the thousand share a few fields
def times(name: str, text: str) -> tuple[bool, frozenset[int]]:
    """The values that a field names, and whether it begins with a star.

    The star counts: when neither the day of the month nor that of the week begins with one, cron runs on either.
    """
    low, high = _RANGES[name]
    numbers: set[int] = set()
    for item in text.split(","):
        match = _ITEM.fullmatch(item)
        if match is None or (match["step"] and match["first"] and not match["last"]):
            raise _refused(name, text)
        step = int(match["step"] or 1)
        first = low if match["all"] else _number(name, match["first"], text)
        last = (6 if name == "dow" else high) if match["all"] else _number(name, match["last"] or match["first"], text)
        if step < 1:
            raise _refused(name, text)
        span = high - low + 1 if name != "dow" else 7
        # A range that runs backwards goes over the end, as fri-mon does.
        length = last - first if last >= first else last - first + span
        numbers.update(low + (first - low + offset) % span for offset in range(0, length + 1, step))
    return text.startswith("*"), frozenset(numbers)


def _number(name: str, text: str, field: str) -> int:
    number = _NAMES.get(name, {}).get(text.lower())
    if number is None:
        if not text.isascii() or not text.isdigit():
            raise _refused(name, field)
        number = int(text)
    low, high = _RANGES[name]
    if not low <= number <= high:
        raise _refused(name, field)
    return number


def _refused(name: str, text: str) -> OptionError:
    low, high = _RANGES[name]
    names = f", names such as {next(iter(_NAMES[name]))}" if name in _NAMES else ""
    return OptionError(
        f"schedule: {name} {text!r} is not accepted. Use *, numbers from {low} to {high}{names}, ranges (a-b), steps "
        "(*/n, a-b/n) and lists of these with commas."
    )
