# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import schedule
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.next_run import last_start, next_run

BERLIN = ZoneInfo("Europe/Berlin")


def run_after(line, after, zone=BERLIN):
    moment = next_run(schedule.schedule(line), datetime.fromisoformat(after), zone)
    return moment and moment.isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("line", "after", "expected"),
    [
        ("0 3 * * *", "2026-11-22T21:00+00:00", "2026-11-23T03:00+01:00"),
        ("0 3 * * *", "2026-11-23T03:00+01:00", "2026-11-24T03:00+01:00"),
        ("0 0 * * sun", "2026-11-23T00:00+01:00", "2026-11-29T00:00+01:00"),
        ("*/15 * * * *", "2026-11-22T21:07:30+00:00", "2026-11-22T22:15+01:00"),
        ("0 0 31 * *", "2026-11-01T00:00+01:00", "2026-12-31T00:00+01:00"),
        ("0 0 29 2 *", "2026-11-01T00:00+01:00", "2028-02-29T00:00+01:00"),
        ("0 0 29 2 *", "2096-03-01T00:00+01:00", "2104-02-29T00:00+01:00"),
        ("0 0 30 2 *", "2026-11-01T00:00+01:00", None),
        # Day of month and day of week: either of them, unless one begins with a star.
        ("0 0 13 * fri", "2026-11-23T00:00+01:00", "2026-11-27T00:00+01:00"),
        ("0 0 */12 * fri", "2026-11-23T00:00+01:00", "2026-12-25T00:00+01:00"),
    ],
)
def test_next_run(line, after, expected):
    assert run_after(line, after) == expected


@pytest.mark.parametrize(
    ("line", "after", "expected"),
    [
        # Put forward on March 29: there is no 02:30. A daily job is made up for at once, others follow the clock.
        ("30 2 * * *", "2026-03-29T00:00+01:00", "2026-03-29T03:00+02:00"),
        ("*/30 2 * * *", "2026-03-29T00:00+01:00", "2026-03-30T02:00+02:00"),
        ("30 * * * *", "2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00"),
        # Put back on October 25: 02:30 comes twice. A daily job runs at the first, others at both.
        ("30 2 * * *", "2026-10-25T00:00+02:00", "2026-10-25T02:30+02:00"),
        ("30 2 * * *", "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"),
        ("30 * * * *", "2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"),
        ("*/30 * * * *", "2026-10-25T02:10+02:00", "2026-10-25T02:30+02:00"),
    ],
)
def test_when_the_clocks_change(line, after, expected):
    assert run_after(line, after) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [("2010-11-06T23:58-02:30", "2010-11-07T00:00-02:30"), ("2010-11-07T00:00:30-02:30", "2010-11-06T23:30-03:30")],
)
def test_clocks_that_are_put_back_after_midnight_repeat_the_day_before(after, expected):
    assert run_after("*/30 * * * *", after, ZoneInfo("America/St_Johns")) == expected


def test_a_moment_in_the_zone_itself_counts_as_that_moment():
    first = datetime(2026, 10, 25, 2, 40, tzinfo=BERLIN)
    moment = next_run(schedule.schedule("*/30 * * * *"), first, BERLIN)
    assert moment.astimezone(UTC) == datetime(2026, 10, 25, 1, 0, tzinfo=UTC)


# Lord Howe changes by half an hour, Havana and Nuuk around midnight, Kathmandu is a quarter off and never changes.
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/Havana",
    "America/Nuuk",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Cairo",
)
CHANGES = (
    "2026-03-08T05:00",
    "2026-03-29T01:00",
    "2026-10-25T01:00",
    "2026-04-04T15:00",
    "2026-10-03T15:30",
    "2026-04-23T22:00",
    "2026-10-29T21:00",
    "2026-11-01T05:00",
    "2026-07-01T00:00",
)


def fields(low, high):
    number = st.integers(low, high)
    step = number.filter(bool).map(lambda n: f"*/{n}")
    return st.one_of(
        st.just("*"), step, st.lists(number, min_size=1, max_size=6).map(lambda ns: ",".join(map(str, ns)))
    )


@given(
    line=st.builds(
        lambda *parts: dict(zip(schedule.PARTS, parts, strict=True)),
        fields(0, 59),
        fields(0, 23),
        fields(1, 31),
        fields(1, 12),
        fields(0, 6),
    ),
    near=st.sampled_from(CHANGES),
    minutes=st.integers(-2000, 500),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
)
def test_as_a_cron_would_that_looks_at_the_clock_every_minute(line, near, minutes, zone):
    after = datetime.fromisoformat(near).replace(tzinfo=UTC) + timedelta(minutes=minutes)
    until = after + timedelta(days=3)
    moment = next_run(line, after, zone)
    expected = next(cron(line, after, until, zone), None)
    if expected is None:
        assert moment is None or moment.astimezone(UTC) > until
    else:
        assert moment is not None
        assert (moment.astimezone(UTC), moment.tzinfo) == (expected, zone)


def cron(line, after, until, zone):
    """Debian's: for jobs of fixed times a clock of its own that never goes back and makes up for what was left out."""
    parts = {name: schedule.times(name, text) for name, text in line.items()}
    fixed = not (parts["minute"][0] or parts["hour"][0])
    minute = timedelta(minutes=1)

    def due(wall):
        month_day, week_day = wall.day in parts["dom"][1], wall.isoweekday() % 7 in parts["dow"][1]
        stars = parts["dom"][0] or parts["dow"][0]
        return (
            wall.minute in parts["minute"][1]
            and wall.hour in parts["hour"][1]
            and wall.month in parts["month"][1]
            and ((month_day and week_day) if stars else (month_day or week_day))
        )

    moment = after.replace(second=0) - timedelta(days=1)
    virtual = moment.astimezone(zone).replace(tzinfo=None)
    while moment < until:
        moment += minute
        wall = moment.astimezone(zone).replace(tzinfo=None)
        starts = not fixed and due(wall)
        while virtual < wall:
            virtual += minute
            starts = starts or (fixed and due(virtual))
        if starts and moment > after:
            yield moment


def start_until(line, until, zone=BERLIN):
    moment = last_start(schedule.schedule(line), datetime.fromisoformat(until), zone)
    return moment and moment.isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("line", "until", "expected"),
    [
        ("0 3 * * *", "2026-11-23T03:00+01:00", "2026-11-23T03:00+01:00"),
        ("0 3 * * *", "2026-11-23T02:59+01:00", "2026-11-22T03:00+01:00"),
        ("0 0 29 2 *", "2104-02-28T00:00+01:00", "2096-02-29T00:00+01:00"),
        ("0 0 30 2 *", "2026-11-01T00:00+01:00", None),
        # Put forward on March 29, put back on October 25.
        ("30 2 * * *", "2026-03-29T02:59+01:00", "2026-03-29T03:00+02:00"),
        ("30 2 * * *", "2026-03-29T01:59+01:00", "2026-03-28T02:30+01:00"),
        ("30 2 * * *", "2026-10-25T23:00+01:00", "2026-10-25T02:30+02:00"),
        ("30 * * * *", "2026-10-25T02:45+01:00", "2026-10-25T02:30+01:00"),
        ("30 * * * *", "2026-10-25T02:15+01:00", "2026-10-25T02:30+02:00"),
    ],
)
def test_last_start(line, until, expected):
    assert start_until(line, until) == expected


@given(
    st.sampled_from(["0 3 * * *", "30 2 * * *", "*/20 * * * *", "30 2 * * sun", "0 0 1 * *", "15 */6 * * mon-fri"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001 - strategies add the zone
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_between_the_last_start_and_the_next_there_is_none(line, moment, zone):
    fields, zone = schedule.schedule(line), ZoneInfo(zone)
    moment = moment.replace(tzinfo=UTC)
    last = last_start(fields, moment, zone)
    assert last.astimezone(UTC) <= moment < next_run(fields, moment, zone).astimezone(UTC)
    assert next_run(fields, last, zone) == next_run(fields, moment, zone)
    assert last_start(fields, next_run(fields, moment, zone), zone) == next_run(fields, moment, zone)
