# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks that run as they should are healthy at every moment of a year, with two changes of the clocks in it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._health.verdict import Settings

from .worlds import DAY, HOUR, MINUTE, job, kinds, log, runs, starts, task

# The schedule, and how far back a run of it is to be found.
SCHEDULES = (
    ("0 3 * * *", 2 * DAY),
    ("30 2 * * *", 2 * DAY),
    ("*/30 2 * * *", 2 * DAY),
    ("30 * * * *", 3 * HOUR),
    ("*/20 * * * *", HOUR),
    ("15 */6 * * *", DAY),
    ("30 2 * * sun", 8 * DAY),
    ("0 1,2,3 * * mon-fri", 4 * DAY),
    ("59 23 31 * *", 63 * DAY),
    ("0 0 1 * mon", 9 * DAY),
)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland", "UTC")
TASKS = [(line, back, zone) for zone in ZONES for line, back in SCHEDULES]
CHANGES = ("2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01")


def moments(draw: random.Random) -> list[datetime]:
    """Moments of the year, most of them in the two days around a change of the clocks somewhere."""
    days = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in CHANGES]
    around = [day + draw.random() * 2 * DAY for day in (*days, *days)]
    return around + [datetime(2026, 1, 1, tzinfo=UTC) + draw.random() * 365 * DAY for dummy in range(4)]


@pytest.mark.parametrize("known", [True, False], ids=["zone known", "zone not known"])
def test_no_false_alarm(known):
    draw = random.Random(16)
    settings = Settings(grace=HOUR, stale_after=400)
    polls = moments(draw)[:: 1 if known else 3]
    assert len(TASKS) == 50
    for line, back, zone in TASKS:
        for now in polls:
            began = starts(line, now - back, now, ZoneInfo(zone))
            jobs = [
                job(number, moment, lasted=draw.random() * 15 * MINUTE, logs_excerpt=log(checks=draw.randint(38, 42)))
                for number, moment in enumerate(began, 1)
            ]
            if jobs and jobs[-1].finished > now:
                jobs[-1] = job(jobs[-1].id, jobs[-1].started, "RUNNING")
            assert jobs, (line, zone, now)
            told = kinds(task(line=line, runs=runs(*jobs)), now, settings, zone=ZoneInfo(zone) if known else None)
            assert told == [], (line, zone, now)


def test_a_late_start_of_a_minute_is_no_alarm():
    now = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
    late = [job(1, now - timedelta(hours=2, seconds=-70))]
    assert kinds(task(line="0 2 * * *", runs=runs(*late)), now, Settings(grace=HOUR), zone=ZoneInfo("UTC")) == []
