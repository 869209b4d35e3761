# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.filter.cloudsync_status import cloudsync_status
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.health import outcome
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.status_table import table
from ansible_collections.nasops.cloudsync.tests.unit.returned_task import returned_task

TASK = returned_task()
LATE = {"kind": "late", "text": "No run has begun\x1b[2J since."}
NO_ALERT = {"kind": "no_alert", "text": "No alert reaches anybody."}


def judged(*reasons, ok=None, of_nas=()):
    own = [*reasons, *of_nas]
    task = {"id": 1, "verdict": own[0]["kind"] if own else "healthy", "ok": not own if ok is None else ok,
            "reasons": own, "runs": [], "last_run": None, "next_run": None, "proof": None}  # fmt: skip
    return {"tasks": [task], "nas": {"reasons": list(of_nas)}}


def status(health, tasks=(TASK,)):
    return cloudsync_status({"tasks": list(tasks)}, "nas", timezone="UTC", health=health)


@pytest.mark.parametrize(
    ("health", "found", "said"),
    [
        (judged(), "healthy", ""),
        (judged(LATE, ok=True), "healthy", ""),
        (judged(LATE), "unhealthy", "nas: 1 of 1 task is not healthy. Photos: No run has begun [2J since."),
        ({"failed": True, "msg": "grace: no"}, "not judged", "nas was not judged: grace: no"),
        (None, "not judged", "nas was not judged: a task is new."),
        ({**judged(), "tasks": []}, "not judged", "nas was not judged: a task is new."),
    ],
)
def test_how_a_host_ends(health, found, said):
    told = outcome(status(health))
    assert (told[0], told[1].replace("  ", " ")) == (found, said)


def test_a_host_that_was_not_reached():
    away = cloudsync_status({"msg": "no route"}, "nas", health={"skipped": True})
    assert outcome(away) == ("not judged", "nas was not reached: no route")
    assert away["not_judged"] == ""


def test_the_table_has_the_verdict_and_what_is_wrong_with_the_nas_once():
    shown = table([status(judged(LATE, of_nas=[NO_ALERT]))]).splitlines()
    assert shown[0].split()[:3] == ["TASK", "STATE", "HEALTH"]
    assert shown[3] == "    No alert reaches anybody."
    assert shown[4].startswith("  Photos  never run  late    -  ")
    assert shown[6:] == ["    No run has begun [2J since.", "", "1 NAS. 1 task: 1 never run. 0 of 1 healthy."]


def test_a_failure_is_told_once():
    job = {
        "state": "FAILED", "percent": 0, "description": "", "started": "2026-11-22T02:00:00Z", "error": "x",
        "finished": "2026-11-22T02:00:01Z", "dry_run": False, "problem": "refused", "summary": None,
    }  # fmt: skip
    failed = {"kind": "failed", "text": "The run of Sun 22 Nov 02:00 failed: refused"}
    assert table([status(judged(failed), [{**TASK, "job": job}])]).count("refused") == 1
    assert table([status(None, [{**TASK, "job": job}])]).count("refused") == 1
