# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._health.reasons import KINDS
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.timing import Clock
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.verdict import Settings, judge

from .worlds import BERLIN, DAY, HOUR, MINUTE, job, kinds, runs, task

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=BERLIN)
LAST_NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=BERLIN)
SETTINGS = Settings()


def judged(*jobs, last=None, **fields):
    return judge(task(runs=runs(*jobs, last=last), **fields), Clock(NOW, BERLIN), SETTINGS)


def test_a_run_that_ended_well():
    assert judged(job(1, LAST_NIGHT)) == {
        "id": 1,
        "description": "Photos",
        "verdict": "healthy",
        "ok": True,
        "reasons": [],
        "last_run": "2026-11-22T02:00:00Z",
        "next_run": "2026-11-23T02:00:00Z",
        "runs": [
            {
                "state": "SUCCESS", "started": "2026-11-22T02:00:00Z", "finished": "2026-11-22T02:05:00Z",
                "goes_on": False, "transferred": 1, "bytes": 1024, "deleted": 0, "errors": 0,
            }
        ],
        "proof": None,
    }  # fmt: skip


@pytest.mark.parametrize(("copied", "verdict"), [(3, "healthy"), (0, "failed")])
def test_a_run_of_a_first_upload_that_ended_as_planned(copied, verdict):
    log = "".join(f"2026/11/22 03:00:01 INFO  : Trip/{number}.jpg: Copied (new)\n" for number in range(copied))
    log += (
        "2026/11/22 03:05:00 ERROR : album: max transfer duration reached as set by --max-duration\n"
        f"Transferred:   \t{copied} / 9, 33%\nElapsed time:      5m0.0s\n"
    )
    end = "[EFAULT] NOTICE: Failed to sync: max transfer duration reached as set by --max-duration"
    found = judged(job(1, LAST_NIGHT, "FAILED", logs_excerpt=log, error=end))
    assert found["verdict"] == verdict
    assert found["runs"][0]["transferred"] == copied
    assert found["runs"][0]["goes_on"] == (verdict == "healthy")


@pytest.mark.parametrize("dry_run", ["SUCCESS", "FAILED", "ABORTED", "RUNNING"])
@pytest.mark.parametrize("state", ["SUCCESS", "FAILED", "ABORTED"])
def test_a_dry_run_hides_nothing(state, dry_run):
    real = job(1, LAST_NIGHT, state, error="[EFAULT] connection refused" if state == "FAILED" else None)
    tried = job(2, NOW - 10 * MINUTE, dry_run, dry_run=True)
    assert judged(real, tried) == judged(real)
    assert judged(real, last=tried) == judged(real)


def test_a_failure_has_its_cause_in_one_line_and_no_password():
    error = "Get https://me:secret@x.example.com: \x1b[2J401"
    (reason,) = judged(job(1, LAST_NIGHT, "FAILED", logs_excerpt="", error=error))["reasons"]
    assert reason["text"] == "The run of Sun 22 Nov 03:00 failed: Get https://...@x.example.com:  [2J401"


def test_what_runs_is_running_unless_something_is_wrong():
    going_on = job(2, NOW - MINUTE, "RUNNING")
    assert judged(job(1, LAST_NIGHT), going_on)["verdict"] == "running"
    assert judged(job(1, LAST_NIGHT, "FAILED", error="x"), going_on)["verdict"] == "failed"
    assert judged(job(3, None, "WAITING"), job(1, LAST_NIGHT))["verdict"] == "running"


def test_a_first_upload_may_take_weeks():
    assert judged(job(1, NOW - 40 * DAY, "RUNNING"))["verdict"] == "running"
    assert judged(job(1, NOW - 41 * DAY), job(2, NOW - 40 * DAY, "RUNNING"))["verdict"] == "late"


def test_only_dry_runs():
    tried = judged(job(1, LAST_NIGHT, dry_run=True))
    assert (tried["verdict"], tried["last_run"], tried["runs"]) == ("only_dry_runs", None, [])


def test_a_task_whose_runs_are_forgotten_has_run():
    persisted = job(0, LAST_NIGHT)
    assert judged(last=persisted)["verdict"] == "healthy"
    assert judged(alert=LAST_NIGHT)["verdict"] == "failed"
    assert judged(proof={"damages": []}, proved=LAST_NIGHT)["verdict"] == "healthy"
    assert judged()["verdict"] == "never_run"


def test_a_job_is_counted_once():
    known = job(7, LAST_NIGHT)
    assert len(judged(known, last=known)["runs"]) == 1
    assert len(judged(known, last=job(0, LAST_NIGHT))["runs"]) == 1


def test_an_ignored_reason_is_told_but_does_not_count():
    ignoring = Settings(ignore=("disabled",))
    told = judge(task(enabled=False), Clock(NOW, BERLIN), ignoring)
    assert (told["verdict"], told["ok"], told["next_run"]) == ("disabled", True, None)


def test_the_gravest_reason_is_the_verdict():
    both = job(1, LAST_NIGHT - 2 * DAY, "FAILED", error="x")
    assert kinds(task(runs=runs(both), locked=True), NOW, SETTINGS) == ["failed", "locked"]
    assert kinds(task(runs=runs(both)), NOW, SETTINGS) == ["failed", "late"]


@settings(max_examples=40)
@given(st.data())
def test_a_verdict_is_one_of_those_documented_and_is_json(data):
    states = st.sampled_from(["SUCCESS", "FAILED", "ABORTED", "RUNNING", "WAITING", "odd"])
    jobs = [
        job(
            number,
            NOW - data.draw(st.integers(-5, 500)) * HOUR,
            data.draw(states),
            dry_run=data.draw(st.booleans()),
            logs_excerpt=data.draw(st.text(max_size=40)),
            error=data.draw(st.none() | st.text(max_size=40)),
        )
        for number in range(data.draw(st.integers(0, 4)))
    ]
    flags = {name: data.draw(st.booleans()) for name in ("enabled", "locked", "missing")}
    zone = data.draw(st.sampled_from([BERLIN, None]))
    told = judge(task(runs=runs(*jobs), **flags), Clock(NOW, zone), Settings(stale_after=2, restore_test_max_age=DAY))
    assert told["verdict"] in (*KINDS, "healthy", "running")
    assert told["ok"] == (told["verdict"] in ("healthy", "running"))
    json.dumps(told)
    assert not any("\n" in reason["text"] for reason in told["reasons"])


@pytest.mark.parametrize(
    ("fields", "max_age", "told"),
    [
        ({}, None, None),
        ({"kit": NOW - 400 * DAY}, None, None),
        ({"kit": NOW - DAY}, DAY, None),
        ({}, DAY, "No break-glass kit was written."),
        ({"kit": NOW - 3 * DAY}, DAY, "The break-glass kit is 3 days old, more than 1 day. Write it again."),
        ({"kit": NOW, "lacking": "It lacks it."}, None, "It lacks it."),
        ({"lacking": "It lacks it.", "direction": "PULL"}, DAY, None),
    ],
)
def test_a_kit_is_asked_for_only_where_somebody_wants_one(fields, max_age, told):
    found = judge(task(runs=runs(job(1, LAST_NIGHT)), **fields), Clock(NOW, BERLIN), Settings(kit_max_age=max_age))
    assert found["reasons"] == ([{"kind": "no_kit", "text": told}] if told else [])
