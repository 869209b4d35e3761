# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import timedelta

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.durations import duration


@pytest.mark.parametrize(
    ("text", "minutes"), [("90m", 90), ("1h", 60), (" 2 D ", 2880), ("1w", 10080), ("120", 2), ("0", 0)]
)
def test_a_duration(text, minutes):
    assert duration("grace", text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "h", "-1h", "1.5h", "1h30m", "1 year", "9999999999d", "999999999w", "١h"])
def test_what_is_not_a_duration(text):
    with pytest.raises(OptionError, match=r"^grace: .* is not a duration"):
        duration("grace", text)
