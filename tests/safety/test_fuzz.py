# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever comes from outside is read without falling over: it is understood, or refused in our own words."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_errors, rclone_log

LEVELS = ("DEBUG", "INFO ", "NOTICE", "ERROR", "CRITICAL")
PARTS = st.one_of(
    st.sampled_from(
        [
            ": Copied (new)", ": Deleted", ": Skipped delete as --dry-run is set", ": Skipped move as --dry-run is set",
            ": Skipped copy as --dry-run is set (size 1)", "Checks:  ", "Deleted:  ", " (files), 0 (dirs)", "Errors:  ",
            "Elapsed time:  ", "Transferred:   ", " B / ", "1.2.3", "9" * 5000, " / 3, 100%", "1e9 GiB", "d", "h", "m",
            "... 3 more lines ...", "Attempt 1/3 failed", "\u2028", "\x85", "\x1c", "\r", "²", "٣", "Renamed:  ", "s",
        ]
    ),
    st.text(max_size=20),
)  # fmt: skip
MESSAGES = st.lists(PARTS, max_size=6).map("".join)
LINES = st.one_of(
    MESSAGES,
    st.tuples(st.sampled_from(LEVELS), MESSAGES).map(lambda both: f"2026/11/22 22:24:14 {both[0]}: {both[1]}"),
)
LOGS = st.lists(LINES, max_size=12).map("\n".join)


@given(LOGS)
@example("Errors:  " + "9" * 5000)
@example("Transferred:   1.2.3 B / 3 B")
@example("Elapsed time:  1.2.3s")
def test_any_log_is_read(fuzzed, text):
    with fuzzed("rclone's log"):
        log = rclone_log.read(text)
        assert log.summary().keys() == {"transferred", "bytes", "checks", "deleted", "errors", "elapsed"}
        assert all(value >= 0 for value in log.summary().values())
        assert "\n" not in rclone_errors.explain(text)
