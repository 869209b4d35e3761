# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every silent cause is told within the task's own interval and the grace, and not before it begins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._health.clocks import wrong
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.reasons import Reason
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.verdict import Settings

from .worlds import BERLIN, DAY, HOUR, MINUTE, job, kinds, log, runs, starts, task

BEGAN = datetime(2026, 11, 22, 3, 30, tzinfo=BERLIN)  # half an hour after the last run that everybody knows of
FIRST = BEGAN - 10 * DAY
GRACE = HOUR
SETTINGS = Settings(grace=GRACE, restore_test_max_age=30 * DAY, kit_max_age=30 * DAY, stale_after=3)
PROVED = BEGAN - 30 * DAY + 6 * HOUR

Facts = dict[str, object]


def past(now: datetime, **later: Any) -> list:
    """Runs as they should be until the cause begins; after it as `later` says, or none."""
    moments = starts("0 3 * * *", FIRST, min(now, BEGAN) if later == {"none": True} else now)
    later.pop("none", None)
    jobs = []
    for number, moment in enumerate(moments, 1):
        after = later if moment > BEGAN else {}
        jobs.append(job(number, moment, **{"lasted": MINUTE, **after}))
    return jobs


def nothing(now: datetime) -> Facts:
    return {"runs": runs(*past(now))}


def dead_cron(now: datetime) -> Facts:
    return {"runs": runs(*past(now, none=True))}


def disabled(now: datetime) -> Facts:
    return {**dead_cron(now), "enabled": now <= BEGAN}


def locked(now: datetime) -> Facts:
    return {**dead_cron(now), "locked": now > BEGAN}


def missing(now: datetime) -> Facts:
    return {**nothing(now), "missing": now > BEGAN}


def hanging(now: datetime) -> Facts:
    stuck = [one for one in past(now) if one.started <= BEGAN + DAY]
    stuck = [one if one.started < BEGAN else job(one.id, one.started, "RUNNING") for one in stuck]
    return {"runs": runs(*stuck)}


def failing(now: datetime) -> Facts:
    return {"runs": runs(*past(now, state="FAILED", error="connection refused"))}


def aborted(now: datetime) -> Facts:
    return {"runs": runs(*past(now, state="ABORTED"))}


def only_tried(now: datetime) -> Facts:
    return {"runs": runs(*past(now, dry_run=True))}


def forgotten(now: datetime) -> Facts:
    """The middleware was restarted, and cron has not started again with it."""
    known = past(min(now, BEGAN))
    return {"runs": runs(*([] if now > BEGAN else known), last=known[-1])}


def impossible_day(now: datetime) -> Facts:
    return {**dead_cron(now), "line": "0 3 30 2 *" if now > BEGAN else "0 3 * * *"}


def not_understood(now: datetime) -> Facts:
    fields = {"minute": "0", "hour": "3", "dom": "L" if now > BEGAN else "*", "month": "*", "dow": "*"}
    return {**dead_cron(now), "schedule": fields}


def emptied(now: datetime) -> Facts:
    return {"runs": runs(*past(now, logs_excerpt=log(checks=40, copied=0, deleted=40)))}


def left_out(now: datetime) -> Facts:
    return {"runs": runs(*past(now, logs_excerpt=log(left_out=("2026", "2027"))))}


def ending_token(now: datetime) -> Facts:
    return {**nothing(now), "token": ("Google", BEGAN + 14 * DAY + MINUTE)}


def old_proof(now: datetime) -> Facts:
    return {**nothing(now), "proof": {"damages": []}, "proved": PROVED}


def old_kit(now: datetime) -> Facts:
    return {**nothing(now), "kit": PROVED}


def damaged(now: datetime) -> Facts:
    return {**nothing(now), "proof": {"damages": [{"path": "a", "kind": "cut short"}] if now > BEGAN else []}}


CAUSES: dict[Callable[[datetime], Facts], str] = {
    dead_cron: "late",
    disabled: "disabled",
    locked: "locked",
    missing: "missing",
    hanging: "late",
    failing: "failed",
    aborted: "aborted",
    only_tried: "late",
    forgotten: "late",
    impossible_day: "never_starts",
    not_understood: "never_starts",
    emptied: "shrunk",
    left_out: "left_out",
    ending_token: "credential_ends",
    old_proof: "untested",
    old_kit: "no_kit",
    damaged: "damaged",
}


def told(cause: Callable[[datetime], Facts], now: datetime) -> list[str]:
    return kinds(task(**{"proof": {"damages": []}, "proved": BEGAN, "kit": BEGAN, **cause(now)}), now, SETTINGS)


@pytest.mark.parametrize(("cause", "kind"), CAUSES.items(), ids=[cause.__name__ for cause in CAUSES])
def test_a_cause_is_told_within_the_interval_and_the_grace(cause, kind):
    for hours in range(-48, 1):
        assert told(cause, BEGAN + timedelta(hours=hours)) == [], hours
    bound = BEGAN + DAY + GRACE + (DAY if cause is hanging else timedelta(0))  # it hangs from the next run on
    assert kind in told(cause, bound)
    assert kind in told(cause, bound + 3 * DAY)


def test_nothing_is_told_where_there_is_no_cause():
    for minutes in range(0, 4 * 24 * 60, 61):
        assert told(nothing, BEGAN + timedelta(minutes=minutes)) == []


def test_runs_that_send_nothing_are_told_when_there_are_as_many_as_asked_for():
    def idle(now: datetime) -> Facts:
        return {"runs": runs(*past(now, logs_excerpt=log(copied=0)))}

    days = [told(idle, BEGAN + days * DAY) for days in range(5)]
    assert days == [[], [], [], ["nothing_sent"], ["nothing_sent"]]


def test_what_is_wrong_with_the_nas_is_told_of_each_task():
    clock = wrong(BEGAN + HOUR, BEGAN, None)
    mail = Reason("no_alert", "It reaches no person.")
    known = task(**nothing(BEGAN), proved=BEGAN, kit=BEGAN)
    assert kinds(known, BEGAN, SETTINGS, clock, mail) == ["no_alert", "clock_wrong"]
