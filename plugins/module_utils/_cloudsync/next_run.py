# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When cron starts a task next, and when it last should have. PRIVATE to the collection. Pure.

As the cron of TrueNAS (Debian's) does it: a job that names its minutes and hours runs once a day at each of them, also
when the clocks change; one that says `*` for either follows the clock on the wall.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.schedule import times

# February 29 can be eight years away (2096 to 2104); what has not come by then never comes (February 30).
_HORIZON = 8 * 366
_CYCLE = 28 * 365 + 7  # days after which weekdays and leap years come again in the same order
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


def next_run(fields: Mapping[str, str], after: datetime, zone: tzinfo) -> datetime | None:
    """The first start after a moment, in that zone; `None` when there is none.

    Args:
        fields: All five cron fields.
        after: An aware time.
        zone: The time zone of the NAS.

    Raises:
        OptionError: a field is not one that cron understands.
    """
    return _next(tuple(fields.items()), _instant(after), zone)


def last_start(fields: Mapping[str, str], until: datetime, zone: tzinfo) -> datetime | None:
    """The last start at or before a moment, in that zone; `None` when there was none.

    Args:
        fields: All five cron fields.
        until: An aware time.
        zone: The time zone of the NAS.

    Raises:
        OptionError: a field is not one that cron understands.
    """
    return _last(tuple(fields.items()), _instant(until), zone)


def days_apart(fields: Mapping[str, str]) -> float | None:
    """How many days apart are the days with a start, on average; `None` when there are none.

    Args:
        fields: All five cron fields.

    Raises:
        OptionError: a field is not one that cron understands.
    """
    return _days_apart(tuple(fields.items()))


@functools.lru_cache(maxsize=4096)
def _days_apart(fields: tuple[tuple[str, str], ...]) -> float | None:
    parts = {name: times(name, text) for name, text in fields}
    first = date(2000, 1, 1)
    found = sum(_on(parts, first + offset * _DAY) for offset in range(_CYCLE))
    return _CYCLE / found if found else None


@functools.lru_cache(maxsize=4096)  # tasks by the thousand share a few schedules
def _next(fields: tuple[tuple[str, str], ...], after: datetime, zone: tzinfo) -> datetime | None:
    parts = {name: times(name, text) for name, text in fields}
    # Clocks that are put back after midnight repeat a part of the day before.
    first = after.astimezone(zone).date() - _DAY
    found: datetime | None = None
    for offset in range(_HORIZON):
        day = first + offset * _DAY
        if found is not None and day > found.date() + _DAY:
            break
        if _on(parts, day):
            later = (moment for moment in _starts(parts, day, zone) if moment > after)
            found = min((*later, *([found] if found else [])), key=_instant, default=None)
    return found


@functools.lru_cache(maxsize=4096)
def _last(fields: tuple[tuple[str, str], ...], until: datetime, zone: tzinfo) -> datetime | None:
    parts = {name: times(name, text) for name, text in fields}
    # What is made up for as clocks are put forward can begin on the day after.
    last = until.astimezone(zone).date() + _DAY
    found: datetime | None = None
    for offset in range(_HORIZON):
        day = last - offset * _DAY
        if found is not None and day < found.date() - _DAY:
            break
        if _on(parts, day):
            earlier = (moment for moment in _starts(parts, day, zone) if moment <= until)
            found = max((*earlier, *([found] if found else [])), key=_instant, default=None)
    return found


def _on(parts: Mapping[str, tuple[bool, frozenset[int]]], day: date) -> bool:
    """Whether a day is one of the schedule's."""
    any_dom, doms = parts["dom"]
    any_dow, dows = parts["dow"]
    of_month, of_week = day.day in doms, day.isoweekday() % 7 in dows
    matches = of_month and of_week if any_dom or any_dow else of_month or of_week
    return matches and day.month in parts["month"][1]


def _starts(parts: Mapping[str, tuple[bool, frozenset[int]]], day: date, zone: tzinfo) -> Iterator[datetime]:
    """The starts on a day, in the zone. Which of them is first can depend on the clocks."""
    (any_minute, minutes), (any_hour, hours) = parts["minute"], parts["hour"]
    by_the_wall = any_minute or any_hour
    steady = _steady(day, zone)
    for hour in hours:
        for minute in minutes:
            wall = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - what the clock shows
            if steady:
                yield wall.replace(tzinfo=zone)
                continue
            if not _exists(wall, zone):
                if by_the_wall:
                    continue
                # Made up for as soon as the clocks have been put forward.
                while not _exists(wall, zone):
                    wall += _MINUTE
            first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
            yield first
            if by_the_wall and first.utcoffset() != second.utcoffset():
                yield second


def _steady(day: date, zone: tzinfo) -> bool:
    """Whether the clocks do not change on a day."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return midnight.utcoffset() == (midnight + _DAY).replace(fold=1).utcoffset() == midnight.replace(fold=1).utcoffset()


def _exists(wall: datetime, zone: tzinfo) -> bool:
    """Whether clocks ever show that: an hour is left out when they are put forward."""
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


def _instant(moment: datetime) -> datetime:
    """For comparison: times of one zone are compared as the clock shows them, without regard to its changes."""
    return moment.astimezone(UTC)
