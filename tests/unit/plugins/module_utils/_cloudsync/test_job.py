# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import job
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job

EXCERPT = """\
2026/11/22 03:00:01 INFO  : Trip/one.jpg: Copied (new)
2026/11/22 03:00:02 ERROR : Trip/two.jpg: Failed to copy: couldn't fetch token: invalid_grant: maybe token expired?
2026/11/22 03:00:03 ERROR : Attempt 1/3 failed with 1 errors and: couldn't fetch token
Transferred:   \t      1.500 KiB / 1.500 KiB, 100%, 0 B/s, ETA -
Errors:                 1 (retrying may help)
Checks:                 7 / 7, 100%
Transferred:            1 / 1, 100%
Elapsed time:         2.0s
"""


def last(**fields):
    return job.last(Job(**{"id": 7, "method": "cloudsync.sync", "arguments": [1], "state": "SUCCESS", **fields}))


def test_the_summary_is_that_of_the_logs_excerpt():
    assert last(logs_excerpt=EXCERPT)["summary"] == {
        "transferred": 1,
        "bytes": 1536,
        "checks": 7,
        "deleted": 0,
        "errors": 1,
        "elapsed": 2.0,
    }


def test_without_a_log_there_is_no_summary():
    assert last(state="RUNNING")["summary"] is None


def test_a_dry_run_did_nothing():
    view = last(arguments=[1, {"dry_run": True}], logs_excerpt=EXCERPT)
    assert (view["dry_run"], view["summary"]) == (True, None)
    assert last(arguments=[1, {"dry_run": False}])["dry_run"] is False


def test_a_failure_is_told_by_its_first_cause():
    failed = last(state="FAILED", error="ERROR : not deleting files", logs_excerpt=EXCERPT)
    assert "the refresh token is no longer valid" in failed["problem"]
    assert last(state="FAILED", error="something odd")["problem"] == "something odd"
    assert last(logs_excerpt=EXCERPT)["problem"] is None


def test_no_token_of_the_log_is_told():
    secret = "ya29.of-the-library"
    line = f'2026/11/22 03:00:02 ERROR : sent {{"access_token":"{secret}"}}'
    assert secret not in str(last(state="FAILED", error=line, logs_excerpt=f"{line}\n", description=line))
    assert secret not in str(last(state="FAILED", error=line))
