# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import schedule
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.schedule_words import in_words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("0 3 * * *", "daily at 03:00"),
        ("30 8,20 * * *", "daily at 08:30 and 20:30"),
        ("00 * * * *", "every hour"),
        ("5,35 * * * *", "every hour at :05 and :35"),
        ("* * * * *", "every minute"),
        ("*/15 * * * *", "every 15 minutes"),
        ("*/25 * * * *", "every hour at :00, :25 and :50"),
        ("7 1-20 * * *", "every hour at :07 01:00–20:59"),
        ("*/15 8-18 * * mon-fri", "every 15 minutes 08:00–18:59, Mon–Fri"),
        ("0 */2 * * *", "every 2 hours"),
        ("5 */2 * * *", "every 2 hours at :05"),
        ("* 3 * * *", "every minute 03:00–03:59"),
        ("0 0 * * 7", "Sun at 00:00"),
        ("0 0 * * mon,wed", "Mon and Wed at 00:00"),
        ("0 0 * * mon,tue", "Mon and Tue at 00:00"),
        ("0 0 1 * *", "monthly on the 1st at 00:00"),
        ("0 0 2,11,22 * *", "monthly on the 2nd, 11th and 22nd at 00:00"),
        ("0 0 */2 * *", "monthly on every 2nd day at 00:00"),
        ("0 0 13 * fri", "monthly on the 13th and on Fri at 00:00"),
        ("0 0 */2 * fri", "monthly on every 2nd day if Fri at 00:00"),
        ("0 0 29 feb *", "on the 29th in Feb at 00:00"),
        ("0 4 * jan-mar,jul *", "daily in Jan–Mar and Jul at 04:00"),
        ("0 0 1-31 * 0", "daily at 00:00"),
    ],
)
def test_in_words(line, words):
    assert in_words(schedule.schedule(line)) == words


def test_what_cron_does_not_know_is_shown_as_it_is():
    assert in_words({"minute": "0", "hour": "3", "dom": "L", "month": "*", "dow": "*"}) == "0 3 L * *"


def fields(low, high):
    number = st.integers(low, high)
    named = st.sets(number, min_size=1)
    left_out = named.map(lambda numbers: set(range(low, high + 1)) - numbers).filter(bool)
    some = (named | left_out).map(lambda numbers: ",".join(map(str, sorted(numbers))))
    step = st.integers(1, high).map(lambda n: f"*/{n}")
    return st.one_of(st.just("*"), step, some, number.map(str))


LINES = st.builds(
    lambda *parts: dict(zip(schedule.PARTS, parts, strict=True)),
    fields(0, 59),
    fields(0, 23),
    fields(1, 31),
    fields(1, 12),
    fields(0, 6),
)


def meaning(line):
    """When it runs, without what only matters on the day when clocks change."""
    parts = {name: schedule.times(name, text) for name, text in line.items()}
    days = [
        (dom, dow)
        for dom in range(1, 32)
        for dow in range(7)
        if (all if parts["dom"][0] or parts["dow"][0] else any)((dom in parts["dom"][1], dow in parts["dow"][1]))
    ]
    return parts["minute"][1], parts["hour"][1], parts["month"][1], days


@given(LINES, st.data())
def test_the_same_words_are_the_same_times(one, data):
    name = data.draw(st.sampled_from(schedule.PARTS))
    other = {**one, name: data.draw(LINES)[name]}
    assert in_words(one) != in_words(other) or meaning(one) == meaning(other)
