# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which schedules and times of day the NAS takes."""

from __future__ import annotations

import pytest

from simulator.nas.models.cron import SCHEDULE, check_schedule, check_time


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("minute", "0"),
        ("minute", "00"),
        ("minute", "*/5"),
        ("minute", "1,2,30-40"),
        ("hour", "4-2"),
        ("hour", "0-12/3"),
        ("dom", "31"),
        ("dom", "L"),
        ("month", "jan"),
        ("month", "Jan-Mar"),
        ("dow", "7"),
        ("dow", "mon-fri"),
        ("dow", "1#1"),
        ("hour", ""),
        ("hour", " 3"),
        ("minute", "R"),
    ],
)
def test_taken(field: str, text: str) -> None:
    assert check_schedule({**SCHEDULE, field: text}) is None


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("minute", "60"),
        ("hour", "24"),
        ("dom", "0"),
        ("month", "13"),
        ("dow", "8"),
        ("minute", "5/10"),
        ("minute", "*/0"),
        ("minute", "?"),
        ("minute", "H"),
        ("minute", "@daily"),
        ("minute", "3-"),
        ("hour", "jan"),
    ],
)
def test_refused(field: str, text: str) -> None:
    assert check_schedule({**SCHEDULE, field: text}) is not None


def test_the_message_holds_the_whole_schedule() -> None:
    schedule = {**SCHEDULE, "minute": "99", "hour": "3"}
    assert check_schedule(schedule) == (
        "Please ensure fields match cron syntax - [99 3 * * * ] is not acceptable, out of range"
    )


@pytest.mark.parametrize(
    ("text", "is_time"), [("08:00", True), ("8:00", True), ("24:00", False), ("8:60", False), ("8", False)]
)
def test_time_of_day(text: str, is_time: bool) -> None:
    assert (check_time(text) is None) == is_time
