# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import schedule
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status import status
from ansible_collections.nasops.cloudsync.tests.unit.returned_task import returned_task

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ENDED = {
    "state": "SUCCESS",
    "percent": 100,
    "description": "Done",
    "started": "2026-11-22T02:00:00Z",
    "finished": "2026-11-22T02:02:05Z",
    "error": None,
    "dry_run": False,
    "problem": None,
    "summary": {"transferred": 3, "bytes": 12900000, "checks": 9, "deleted": 1, "errors": 0, "elapsed": 120.0},
}


def task_of(job=None, **fields):
    return returned_task(**{"id": 4, "schedule": schedule.schedule("@daily"), "job": job, **fields})


def status_of(job=None, **fields):
    return status.task_status(task_of(job, **fields), NOW, BERLIN)


def test_a_run_that_ended_well():
    assert status_of(ENDED) == {
        "id": 4,
        "description": "Photos",
        "direction": "PUSH",
        "transfer_mode": "SYNC",
        "path": "/mnt/tank/photos",
        "remote": "Google:/album",
        "schedule": "daily at 00:00",
        "next_run": "Mon 23 Nov 00:00",
        "next_run_in": "in 2 h",
        "next_run_time": "2026-11-22T23:00:00Z",
        "state": "success",
        "dry_run": False,
        "percent": None,
        "progress": "",
        "last_run": "Sun 22 Nov 03:00",
        "last_run_ago": "19 h ago",
        "last_run_time": "2026-11-22T02:00:00Z",
        "duration": "2 min 5 s",
        "done": "3 transferred (12.3 MiB), 1 deleted",
        "dry_run_after": "",
        "problem": "",
        "error": "",
    }


def test_a_run_that_goes_on():
    going_on = {**ENDED, "state": "RUNNING", "percent": 42.0, "finished": None, "summary": None, "description": "5 / 9"}
    view = status_of(going_on)
    assert (view["state"], view["percent"], view["progress"]) == ("running", 42.0, "5 / 9")
    assert (view["duration"], view["done"]) == ("19 h", "")


def test_a_run_that_failed():
    summary = {**ENDED["summary"], "transferred": 0, "errors": 2}
    failure = {**ENDED, "state": "FAILED", "problem": "no token", "error": "one\ntwo\x07", "summary": summary}
    view = status_of(failure)
    assert (view["state"], view["problem"]) == ("failed", "The run failed: no token")
    assert (view["done"], view["error"]) == ("0 transferred, 1 deleted, 2 errors", "one\ntwo ")
    assert status_of({**failure, "dry_run": True})["problem"] == "The dry run failed: no token"


@pytest.mark.parametrize(
    ("progress", "outlook"),
    [
        ("192 / 592, 1.2 MiB / 4 MiB, 1 KiB/s, ETA 1h", ": 192 of 592 files done, about 3 more runs"),
        ("300 / 592, 1.2 MiB / 4 MiB, 1 KiB/s, ETA 1h", ": 300 of 592 files done, about 1 more run"),
        ("8000 / 18000, 1 GiB / 4 GiB, 1 KiB/s, ETA 1h", ": 8,000 of at least 18,000 files done, at least 2 more runs"),
        ("1.2 MiB / 4 MiB, 1 KiB/s, ETA 1h", ""),
        ("0 / 9, 0 B / 4 MiB", ""),
    ],
)
def test_a_run_that_ended_as_planned(progress, outlook):
    problem = "it ended. rclone said: max transfer duration reached as set by --max-duration"
    found = status_of({**ENDED, "state": "FAILED", "description": progress, "problem": problem})
    assert found["state"] == "waiting"
    assert found["problem"] == f"The run ended as planned, and the next one goes on from here{outlook}"


def test_a_run_with_another_error_failed_though_its_time_was_up():
    error = "max transfer duration reached as set by --max-duration"
    assert status_of({**ENDED, "state": "FAILED", "error": error, "problem": "quota"})["state"] == "failed"


def test_a_dry_run():
    view = status_of({**ENDED, "dry_run": True, "summary": None})
    assert (view["dry_run"], view["done"]) == (True, "nothing was changed")


@pytest.mark.parametrize(
    ("run", "state", "done"),
    [
        ({"state": "FAILED"}, "failed", "2 transferred, 0 deleted, 1 error"),
        ({"state": "FAILED", "goes_on": True, "errors": 0}, "waiting", "2 transferred, 0 deleted"),
        ({"state": "SUCCESS", "transferred": None, "bytes": None, "deleted": None, "errors": None}, "success", ""),
    ],
)
def test_a_dry_run_does_not_hide_the_run_before_it(run, state, done):
    before = {
        "state": "SUCCESS", "started": "2026-11-21T02:00:00Z", "finished": "2026-11-21T02:00:10Z", "goes_on": False,
        "transferred": 2, "bytes": None, "deleted": 0, "errors": 1, **run,
    }  # fmt: skip
    task = task_of({**ENDED, "dry_run": True, "summary": None})
    view = status.task_status(task, NOW, BERLIN, [before])
    assert (view["state"], view["dry_run"], view["done"]) == (state, False, done)
    assert (view["last_run"], view["duration"]) == ("Sat 21 Nov 03:00", "10 s")
    assert view["dry_run_after"] == "dry run 19 h ago: success"
    goes_on = task_of({**ENDED, "state": "RUNNING", "dry_run": True, "finished": None, "summary": None})
    assert status.task_status(goes_on, NOW, BERLIN, [before])["state"] == "running"


@pytest.mark.parametrize(
    ("fields", "state", "next_run"),
    [
        ({}, "never", "Mon 23 Nov 00:00"),
        ({"enabled": False}, "never", "disabled"),
        ({"locked": True}, "locked", "not while the dataset is locked"),
        ({"schedule": schedule.schedule("0 0 30 2 *")}, "never", "never"),
        ({"schedule": {**schedule.schedule("@daily"), "dom": "L"}}, "never", "unknown"),
    ],
)
def test_a_task_that_never_ran(fields, state, next_run):
    view = status_of(**fields)
    assert (view["state"], view["next_run"], view["last_run"], view["duration"]) == (state, next_run, "", "")


def test_a_remote_is_credential_bucket_and_folder():
    assert status_of(attributes={"bucket": "b", "folder": "/a/b/"})["remote"] == "Google:/b/a/b"
    assert status_of(attributes={"bucket": "b", "folder": ""})["remote"] == "Google:/b"


def test_a_task_without_a_description_is_told_by_its_number():
    assert status_of(description="")["description"] == "Task 4"


@pytest.mark.parametrize(
    ("ahead", "said"), [(60, "0 s ago"), (3600, "1 h ahead: is the clock of the NAS right?")], ids=["a bit", "much"]
)
def test_a_nas_whose_clock_is_ahead(ahead, said):
    started = (NOW + timedelta(seconds=ahead)).isoformat()
    assert status_of({**ENDED, "started": started})["last_run_ago"] == said
