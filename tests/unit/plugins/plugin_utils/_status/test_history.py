# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.history import bars, restore_test

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
RUN = {"state": "SUCCESS", "started": "2026-11-22T02:00:00Z", "finished": "2026-11-22T02:02:05Z", "goes_on": False,
       "transferred": 3, "bytes": 12900000, "deleted": 0, "errors": 0}  # fmt: skip
UNKNOWN = dict.fromkeys(("transferred", "bytes", "deleted", "errors"))


def test_the_oldest_run_is_first_and_the_longest_the_highest():
    before = {**RUN, "started": "2026-11-21T02:00:00Z", "finished": "2026-11-21T02:04:10Z"}
    assert bars([RUN, before], NOW, BERLIN) == [
        {"state": "success", "height": 100,
         "text": "Sat 21 Nov 03:00, success, took 4 min 10 s, 3 transferred (12.3 MiB), 0 deleted"},
        {"state": "success", "height": 50,
         "text": "Sun 22 Nov 03:00, success, took 2 min 5 s, 3 transferred (12.3 MiB), 0 deleted"},
    ]  # fmt: skip


def test_a_short_run_and_one_without_times_are_still_bars():
    short = {**RUN, **UNKNOWN, "finished": "2026-11-22T02:00:00Z"}
    cut = {**RUN, **UNKNOWN, "state": "ABORTED", "finished": None}
    bare = {**cut, "state": "FAILED", "started": None}
    told = [(one["state"], one["height"], one["text"]) for one in bars([RUN, short, cut, bare], NOW, BERLIN)]
    assert told[:3] == [
        ("failed", 15, "failed"),
        ("aborted", 15, "Sun 22 Nov 03:00, aborted"),
        ("success", 15, "Sun 22 Nov 03:00, success, took 0 s"),
    ]
    assert {one["height"] for one in bars([short], NOW, BERLIN)} == {15}


def test_a_run_that_goes_on_is_as_high_as_it_has_run_until_now():
    running = {**RUN, **UNKNOWN, "state": "RUNNING", "started": "2026-11-22T20:00:00Z", "finished": None}
    first, last = bars([running, RUN], NOW, BERLIN)
    assert (last["state"], last["height"], last["text"]) == ("running", 100, "Sun 22 Nov 21:00, running, for 1 h")
    assert first["height"] == 15


def test_a_run_that_ended_as_planned_is_no_failure():
    (shown,) = bars([{**RUN, "state": "FAILED", "goes_on": True}], NOW, BERLIN)
    assert shown["state"] == "waiting"
    assert "ended as planned" in shown["text"]
    assert "failed" not in shown["text"]


def test_no_runs():
    assert bars([], NOW, BERLIN) == []


@pytest.mark.parametrize(
    ("proof", "told"),
    [
        ({"files": 20, "bytes": 1288490189, "damages": []}, "20 files proven (1.2 GiB)"),
        ({"files": 1, "bytes": None, "damages": [{"path": "a", "kind": "missing"}]}, "1 file proven, 1 damaged"),
        ({}, ""),  # of a file that somebody has written
    ],
)
def test_what_a_test_of_a_restore_has_proven(proof, told):
    date = "2026-11-19T21:00:00Z"
    assert restore_test({**proof, "date": date}, NOW) == {
        "restore_test": told, "restore_test_ago": "3 days ago", "restore_test_time": date}  # fmt: skip


def test_no_test_of_a_restore():
    assert restore_test(None, NOW) == {"restore_test": "", "restore_test_ago": "", "restore_test_time": None}
