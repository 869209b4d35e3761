# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.nasops.cloudsync.plugins.filter.cloudsync_status import cloudsync_status
from ansible_collections.nasops.cloudsync.tests.unit.returned_task import returned_task

TASK = returned_task()


def test_times_are_those_of_the_zone():
    status = cloudsync_status({"tasks": [TASK]}, "nas", timezone="Asia/Kathmandu", release="TrueNAS-25.10.1")
    assert (status["timezone"], status["note"], status["release"]) == ("Asia/Kathmandu", "", "TrueNAS-25.10.1")
    assert status["tasks"][0]["next_run"].endswith(" 03:00")


@pytest.mark.parametrize(
    ("zone", "note"),
    [("", "READONLY_ADMIN"), (None, "READONLY_ADMIN"), ("Mars/Base", "tzdata"), ("../../etc/passwd", "tzdata")],
)
def test_a_zone_that_is_not_known_is_said_to_be(zone, note):
    status = cloudsync_status({"tasks": []}, "nas", timezone=zone)
    assert status["timezone"] == "UTC"
    assert note in status["note"]


def test_only_tokens_that_tasks_use_are_told_and_each_once():
    ends = {"Google": "2020-01-01T00:00:00Z", "Other": "2020-01-01T00:00:00Z"}
    status = cloudsync_status({"tasks": [TASK, TASK]}, "nas", token_ends=ends)
    assert [token["text"] for token in status["tokens"]] == ["The token of Google ended Wed 1 Jan 2020 00:00"]


@pytest.mark.parametrize("text", ["tomorrow", "2026-01-01T00:00:00"])
def test_a_date_that_is_none_is_refused(text):
    with pytest.raises(AnsibleFilterError, match="token_ends"):
        cloudsync_status({"tasks": []}, "nas", token_ends={"Google": text})


def test_a_nas_that_was_not_reached():
    status = cloudsync_status({"msg": "no route\nto it"}, "nas")
    assert (status["reached"], status["problem"], status["note"], status["tasks"]) == (False, "no route to it", "", [])


def test_what_health_says_of_the_past_is_told():
    run = {"state": "SUCCESS", "started": "2026-01-31T04:00:00Z", "finished": "2026-01-31T04:01:00Z", "goes_on": False,
           "transferred": None, "bytes": None, "deleted": None, "errors": None}  # fmt: skip
    judged = {"id": 1, "verdict": "healthy", "ok": True, "reasons": [], "runs": [run], "last_run": None,
              "next_run": None, "proof": {"date": "2026-01-31T04:00:12Z", "files": 2}}  # fmt: skip
    health = {"tasks": [judged], "nas": {"reasons": []}}
    (with_health,) = cloudsync_status({"tasks": [TASK]}, "nas", health=health)["tasks"]
    assert [one["state"] for one in with_health["history"]] == ["success"]
    assert (with_health["restore_test"], with_health["restore_test_time"]) == ("2 files proven", "2026-01-31T04:00:12Z")
    (without,) = cloudsync_status({"tasks": [TASK]}, "nas")["tasks"]
    assert (without["history"], without["restore_test"]) == ([], "")
