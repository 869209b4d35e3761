# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import bandwidth
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1048576, 1048576),
        ("1048576", 1048576),
        ("10M", 10 * 1024**2),
        ("512k", 512 * 1024),
        ("1.5 GiB", int(1.5 * 1024**3)),
        ("2MB/s", 2 * 1024**2),
        ("off", None),
        (False, None),
        (None, None),
    ],
)
def test_a_bandwidth_in_any_spelling(value, number):
    assert bandwidth.limits([{"time": "08:00", "bandwidth": value}]) == [{"time": "08:00", "bandwidth": number}]


@pytest.mark.parametrize(
    ("value", "time"), [("8:00", "08:00"), ("08:5", "08:05"), (" 23:30 ", "23:30"), ("1410", "23:30")]
)
def test_a_time_in_any_spelling(value, time):
    assert bandwidth.limits([{"time": value, "bandwidth": 1}])[0]["time"] == time


def test_times_come_in_order_since_the_nas_refuses_another():
    times = [
        one["time"] for one in bandwidth.limits([{"time": text, "bandwidth": 1} for text in ("20:00", "8:00", "10:00")])
    ]
    assert times == ["08:00", "10:00", "20:00"]


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ({"time": "24:00", "bandwidth": 1}, "'24:00'"),
        ({"time": "noon", "bandwidth": 1}, "'noon'"),
        ({"time": "08:00", "bandwidth": 0}, "0"),
        ({"time": "08:00", "bandwidth": "fast"}, "'fast'"),
        ({"time": "08:00", "bandwidth": True}, "True"),
    ],
)
def test_what_cannot_be_read_is_named(entry, named):
    with pytest.raises(OptionError) as error:
        bandwidth.limits([entry])
    assert "bwlimit" in str(error.value)
    assert named in str(error.value)


def test_two_limits_from_one_time_on_are_refused():
    with pytest.raises(OptionError, match="08:00"):
        bandwidth.limits([{"time": "8:00", "bandwidth": 1}, {"time": "08:00", "bandwidth": 2}])


DAY = [{"time": "08:00", "bandwidth": 512 * 1024}, {"time": "23:00", "bandwidth": None}]


@pytest.mark.parametrize(
    ("given_as", "means"),
    [
        ("08:00,512k 23:00,off", DAY),
        ("8:00,512KiB/s   23:00,OFF\n", DAY),
        ("08:00, 512 K\n23:00, off", DAY),
        ("23:00,off 08:00,0.5M", DAY),
        (["08:00,512k", "23:00,off"], DAY),
        (["08:00,512k", {"time": "23:00", "bandwidth": None}], DAY),
        ({"time": "8:00", "bandwidth": "512k"}, DAY[:1]),
        ("1M", [{"time": "00:00", "bandwidth": 1024**2}]),
        (["1M"], [{"time": "00:00", "bandwidth": 1024**2}]),
        ("512B", [{"time": "00:00", "bandwidth": 512}]),
        ("off", []),
        (False, []),
        (" ", []),
        ([], []),
    ],
    ids=str,
)
def test_the_line_of_rclone_and_of_the_web_interface(given_as, means):
    assert bandwidth.limits(given_as) == means


@pytest.mark.parametrize(
    ("given_as", "said"),
    [
        ("512", "512 has no unit"),
        (1048576, "1048576 has no unit"),
        ("08:00,512 23:00,off", "512 has no unit, .* Write 512K or 512B"),
        ("10M:100k", "'10M:100k' limits upload and download differently"),
        ("08:00,10M:off", "'08:00,10M:off' limits upload and download differently"),
        ("Mon-08:00,512k", "day of the week"),
        ("08:00", "'08:00' has no bandwidth"),
        ("25:00,1M", "'25:00' is not a time"),
        ("08:00,fast", "'fast' is not a bandwidth"),
        ("08:00,1M 08:00,2M", "two limits begin at 08:00"),
        ("1M 2M", "two limits begin at 00:00"),
        (True, "True is not a limit"),
        ([None], "None is not a limit"),
        ([["08:00", "1M"]], "is not a limit"),
        ([{"time": "8:00", "bandwith": "1M"}], "bandwith is not an option of a limit. Do you mean bandwidth?"),
        ([{"bandwidth": "1M"}], "has no time"),
    ],
    ids=str,
)
def test_what_truenas_cannot_store_or_has_two_meanings_is_refused(given_as, said):
    with pytest.raises(OptionError, match=f"^bwlimit: .*{said}"):
        bandwidth.limits(given_as)


@given(
    st.lists(
        st.tuples(st.integers(0, 23), st.integers(0, 59), st.none() | st.integers(1, 2**40)),
        unique_by=lambda limit: limit[:2],
    )
)
def test_what_the_nas_stores_is_the_same_as_what_was_sent(entries):
    given_limits = [{"time": f"{hour}:{minute}", "bandwidth": rate} for hour, minute, rate in entries]
    stored = bandwidth.limits(given_limits)
    assert bandwidth.limits(stored) == stored
    assert bandwidth.same(given_limits, stored)
