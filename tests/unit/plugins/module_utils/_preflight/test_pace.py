# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_decisions, schedule
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._preflight import pace

PUSH = {"direction": "PUSH", "transfer_mode": "SYNC", "exclude": []}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@daily", (1, 86400)),
        ("0 3 * * sun", (1, 86400)),
        ("@hourly", (24, 3600)),
        ("0 */6 * * *", (4, 21600)),
        ("30 1,3 * * *", (2, 7200)),
    ],
)
def test_starts(text, expected):
    assert pace.starts(schedule.schedule(text)) == expected


@pytest.mark.parametrize("text", ["@daily", "@hourly", "0 */6 * * *", "30 1,3 * * *", "*/30 * * * *"])
@pytest.mark.parametrize("daily", [20_000, 100_000])
@pytest.mark.parametrize("tasks", [1, 3])
def test_a_day_stays_below_the_quota(text, daily, tasks):
    runs, gap = pace.starts(schedule.schedule(text))
    args = pace.arguments("", daily, runs, gap, tasks)
    assert args is not None
    assert rclone_decisions.refusal(args, PUSH, PROVIDERS["GOOGLE_PHOTOS"]) is None
    in_a_run = pace.limit(args)
    assert in_a_run is not None
    assert 0.7 * daily <= in_a_run * runs * tasks <= 0.85 * daily
    seconds = int(args.removeprefix("--max-duration ").split("s ")[0])
    assert seconds <= min(6000, 0.8 * gap)


@pytest.mark.parametrize(
    "own", ["--max-duration 30m", "--checkers 2 --max-duration=1800", "--max-duration 0.5h", "--max-duration 1800000ms"]
)
def test_a_task_says_itself_how_long_a_run_takes(own):
    args = pace.arguments(own, 10_000, 1, 86400, 1)
    assert args is not None
    assert "--max-duration" not in args
    assert pace.limit(f"{own} {args}") == pytest.approx(8500, abs=10)


def test_too_few_requests():
    assert pace.arguments("", 1000, 24, 3600, 1) is None


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ("", None),
        ("--tpslimit 2", None),
        ("--max-duration 1h", None),
        ("--tpslimit 0 --max-duration 1h", None),
        ("--tpslimit x --max-duration 1h", None),
        ("--tpslimit 2 --max-duration soon", None),
        ("--tpslimit 2 --max-duration 1h30m", 10_800),
        ("--tpslimit=0.5 --max-duration=100", 50),
        ("--tpslimit 1 --max-duration 1d", 86_400),
        ("--tpslimit 1 --max-duration 1.5h", 5400),
        ("--tpslimit 1 --max-duration 1w", 7 * 86_400),
        ("--tpslimit 1 --max-duration 1M", 30 * 86_400),
        ("--tpslimit 1 --max-duration 90000ms", 90),
        ("--tpslimit 1 --max-duration off", None),
        ("--tpslimit 1 --max-duration -1h", None),
        (f"--tpslimit 1 --max-duration {'9' * 400}", None),
        ("--tpslimit inf --max-duration 1h", None),
        ("--tpslimit 1e400 --max-duration 1h", None),
        ("--tpslimit nan --max-duration 1h", None),
        ("--tpslimit 1 --tpslimit-burst 21 --max-duration 100s", 120),
        ("--tpslimit 1 --tpslimit-burst x --max-duration 100s", None),
    ],
)
def test_limit_of_a_run(args, expected):
    assert pace.limit(args) == expected
