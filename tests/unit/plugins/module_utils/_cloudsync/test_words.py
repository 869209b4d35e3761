# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import words

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def test_texts_are_free_of_what_acts_on_a_terminal_and_of_passwords_in_addresses():
    assert words.clean("a\tb\x1b[31m\r\nc\u202e") == "a b [31m  c "
    assert words.clean("Get https://me:secret@dav.example.com/x: 401") == "Get https://...@dav.example.com/x: 401"


def test_a_time_of_another_year_has_its_year():
    assert words.moment_text(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), NOW, BERLIN) == "Fri 1 Jan 2027 00:30"
    assert words.moment_text(datetime(2026, 12, 31, 22, 30, tzinfo=UTC), NOW, BERLIN) == "Thu 31 Dec 23:30"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 s"),
        (0.4, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (125, "2 min 5 s"),
        (605, "10 min"),
        (3600 + 61, "1 h 1 min"),
        (3600 + 59, "1 h"),
        (86399, "23 h"),
        (90000, "1 day 1 h"),
        (2 * 86400, "2 days"),
        (12 * 86400 + 7200, "12 days"),
    ],
)
def test_a_span_of_time(seconds, text):
    assert words.span(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 * 1024**3, "5.0 GiB"), (3 * 1024**5, "3072.0 TiB")],
)
def test_a_size(count, text):
    assert words.size(count) == text
