# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The counts are those that were measured with rclone 1.75.2."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._preflight.requests_needed import Album, Effort, effort

RULES = PROVIDERS["GOOGLE_PHOTOS"].uploads
assert RULES is not None


@pytest.mark.parametrize(
    ("albums", "files", "transfers", "requests"),
    [(10, 20, 4, 261), (10, 20, 16, 231), (10, 20, 50, 223), (20, 30, 16, 676)],
)
def test_one_run_that_sends_all(albums, files, transfers, requests):
    got = effort([Album(files) for dummy in range(albums)], transfers, 10_000, RULES)
    assert got.runs == 1
    assert got.requests == pytest.approx(requests, abs=2)


def test_lists_of_what_is_there():
    assert effort([Album(0, 250), Album(0, 100), Album(0, 101)], 4, 100, RULES) == Effort(1 + 3 + 1 + 2, 1)
    assert effort([Album(0, 1) for dummy in range(51)], 4, 100, RULES) == Effort(2 + 51, 1)


def test_nothing_there_is_one_request():
    assert effort([], 4, 100, RULES) == Effort(1, 1)


def test_days_pay_for_the_lists_of_the_days_before():
    whole = effort([Album(30) for dummy in range(20)], 16, 10_000, RULES)
    days = effort([Album(30) for dummy in range(20)], 16, 225, RULES)
    assert days.runs == 4
    assert whole.requests + 3 + 6 < days.requests <= 4 * 225


def test_an_upload_that_never_ends():
    assert effort([Album(10, 1000), Album(10)], 4, 11, RULES).runs is None
