# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import schedule
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ("0 3 * * *", ("0", "3", "*", "*", "*")),
        ("  */15 8-18 1,15 jan-mar mon-fri ", ("*/15", "8-18", "1,15", "jan-mar", "mon-fri")),
        ("@hourly", ("0", "*", "*", "*", "*")),
        ("@Daily", ("0", "0", "*", "*", "*")),
        ("@weekly", ("0", "0", "*", "*", "0")),
        ("@monthly", ("0", "0", "1", "*", "*")),
    ],
)
def test_a_line_gives_all_five_fields(value, fields):
    assert schedule.schedule(value) == dict(zip(schedule.PARTS, fields, strict=True))


def test_a_mapping_gives_the_fields_that_it_names_as_texts():
    assert schedule.schedule({"hour": 4, "minute": "30", "dom": None}) == {"hour": "4", "minute": "30"}


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("", "schedule"),
        ("0 3 * *", "0 3 * *"),
        ("@yearly", "@yearly"),
        ("daily", "Do you mean @daily?"),
        ("Weekly", "Do you mean @weekly?"),
        ({"second": "0"}, "second"),
        ({"minute": ""}, "minute"),
        ({"minute": "60"}, "minute '60'"),
        ({"minute": "5/10"}, "minute '5/10'"),
        ({"minute": "*/0"}, "minute '*/0'"),
        ({"hour": "1-"}, "hour '1-'"),
        ({"dom": "L"}, "dom 'L'"),
        ({"dom": "0"}, "dom '0'"),
        ({"dow": "1#1"}, "dow '1#1'"),
        ({"dow": "8"}, "dow '8'"),
        ({"month": "mon"}, "month 'mon'"),
        ({"hour": "?"}, "hour '?'"),
    ],
)
def test_what_cron_does_not_know_is_refused_by_name(value, named):
    with pytest.raises(OptionError) as error:
        schedule.schedule(value)
    assert named in str(error.value)


@pytest.mark.parametrize(
    ("part", "one", "other"),
    [
        ("minute", "00", "0"),
        ("minute", "*/15", "*/15"),
        ("hour", "22-2", "22,23,0,1,2"),
        ("dow", "mon-fri", "1-5"),
        ("dow", "7", "sun"),
        ("dow", "5-7", "0,5,6"),
        ("month", "Jan", "1"),
        ("dom", "2,1", "1,2"),
    ],
)
def test_two_spellings_of_the_same_times_are_the_same(part, one, other):
    assert schedule.same(part, one, other)


@pytest.mark.parametrize(
    ("part", "one", "other"),
    [
        ("minute", "0", "1"),
        ("hour", "*", "*/2"),
        # cron runs on either day when neither field begins with a star
        ("dom", "*", "1-31"),
    ],
)
def test_different_times_are_different(part, one, other):
    assert not schedule.same(part, one, other)


@given(st.sets(st.integers(0, 59), min_size=1))
def test_a_list_names_its_numbers_in_any_order(minutes):
    assert schedule.times("minute", ",".join(f"{one:02}" for one in sorted(minutes, reverse=True))) == (False, minutes)


@given(first=st.integers(0, 23), last=st.integers(0, 23), step=st.integers(1, 24))
def test_a_range_stays_within_its_hours_and_begins_where_it_says(first, last, step):
    _star, hours = schedule.times("hour", f"{first}-{last}/{step}")
    assert first in hours
    assert hours <= set(range(24))
