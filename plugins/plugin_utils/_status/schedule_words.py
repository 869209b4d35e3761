# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's schedule in words. PRIVATE to the collection. Pure.

Two schedules that are told in the same words run at the same times.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.schedule import times
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.words import DAYS, MONTHS

_EVERY_MINUTE, _EVERY_HOUR = frozenset(range(60)), frozenset(range(24))
# As many times a day are listed one by one.
_LISTED = 6


def in_words(fields: Mapping[str, str]) -> str:
    """For example `daily at 03:00`, `Mon-Fri at 08:00`, `every 15 minutes`. What cron would not take stays as it is.

    Args:
        fields: All five cron fields.
    """
    try:
        parts = {name: times(name, text) for name, text in fields.items()}
    except OptionError:
        return " ".join(fields.values())
    time = _time(parts["minute"][1], parts["hour"][1])
    days = _days(parts)
    if time.startswith("every"):
        return f"{time}, {days}" if days else time
    return f"{days or 'daily'} at {time}"


def _time(minutes: frozenset[int], hours: frozenset[int]) -> str:
    if hours == _EVERY_HOUR:
        return "every hour" if minutes == {0} else f"every {_minutes(minutes, 'hour at ')}"
    if len(minutes) * len(hours) <= _LISTED:
        return _listed([f"{hour:02}:{minute:02}" for hour in sorted(hours) for minute in sorted(minutes)])
    step = _step(hours, 0, 24)
    if step and len(minutes) == 1:
        return f"every {step} hours" + ("" if minutes == {0} else f" at :{min(minutes):02}")
    spans = _listed([f"{run[0]:02}:00–{run[-1]:02}:59" for run in _runs(hours)])
    return f"every {_minutes(minutes, 'hour at ')} {spans}"


def _minutes(minutes: frozenset[int], otherwise: str) -> str:
    if minutes == _EVERY_MINUTE:
        return "minute"
    step = _step(minutes, 0, 60)
    if step:
        return f"{step} minutes"
    return otherwise + _listed([f":{minute:02}" for minute in sorted(minutes)])


def _days(parts: Mapping[str, tuple[bool, frozenset[int]]]) -> str:
    """The days, or nothing for all of them."""
    any_dom, doms = parts["dom"]
    any_dow, dows = parts["dow"]
    of_month = "" if len(doms) == 31 else _days_of_month(doms)
    of_week = "" if len(dows) == 7 else _ranges(dows, lambda day: DAYS[day])
    if any_dom or any_dow:
        days = f"{of_month} if {of_week}" if of_month and of_week else of_month or of_week
    else:
        # On either: one that names all days makes it every day.
        days = f"{of_month} and on {of_week}" if of_month and of_week else ""
    months = parts["month"][1]
    if len(months) < 12:
        return f"{days or 'daily'} in {_ranges(months, lambda month: MONTHS[month - 1])}"
    return f"monthly {days}" if days.startswith("on") else days


def _days_of_month(days: frozenset[int]) -> str:
    step = _step(days, 1, 32)
    return f"on every {_ordinal(step)} day" if step else f"on the {_ranges(days, _ordinal)}"


def _step(numbers: frozenset[int], start: int, end: int) -> int:
    """The n of `*/n` where it divides an hour or a day evenly, and of any in a month; else 0."""
    if len(numbers) < 2:
        return 0
    step = sorted(numbers)[1] - start
    even = start or end % step == 0
    return step if step > 1 and even and numbers == frozenset(range(start, end, step)) else 0


def _runs(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Numbers in groups of those in a row."""
    for _key, group in itertools.groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0]):
        yield [number for _index, number in group]


def _ranges(numbers: Iterable[int], name: Callable[[int], str]) -> str:
    """Numbers by name, three or more in a row as a range."""
    texts: list[str] = []
    for run in _runs(numbers):
        texts.extend([f"{name(run[0])}–{name(run[-1])}"] if len(run) > 2 else map(name, run))
    return _listed(texts)


def _listed(texts: list[str]) -> str:
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]


def _ordinal(number: int) -> str:
    ending = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
