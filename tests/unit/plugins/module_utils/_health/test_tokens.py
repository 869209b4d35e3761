# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._health.tokens import token_status

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("left", "days", "state", "text"),
    [
        (timedelta(days=30), 30, "success", "ends in 30 days (Tue 22 Dec 22:00)"),
        (timedelta(days=13, hours=23), 13, "waiting", "ends in 13 days (Sun 6 Dec 21:00)"),
        (timedelta(days=1), 1, "waiting", "ends in 1 day (Mon 23 Nov 22:00)"),
        (timedelta(hours=3), 0, "waiting", "ends within a day (Mon 23 Nov 01:00)"),
        (timedelta(0), 0, "failed", "ended Sun 22 Nov 22:00"),
        (timedelta(days=-3), 0, "failed", "ended Thu 19 Nov 22:00"),
    ],
)
def test_how_long_a_token_lasts(left, days, state, text):
    told = token_status("Google", NOW + left, NOW, BERLIN)
    assert told == {"days": days, "state": state, "text": f"The token of Google {text}"}
