# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.notice import notice

LATE = {"kind": "late", "text": "No run has begun since Sat 21 Nov 03:00."}
HOST = {"host": "nas", "reached": True, "problem": "", "not_judged": ""}


def task(name: str, **changes: Any) -> dict[str, Any]:
    return {"description": name, "state": "success", "ok": True, "verdict": "healthy", "reasons": [], **changes}


def test_all_healthy():
    ignored = task("Videos", verdict="late", reasons=[LATE])
    assert notice([{**HOST, "tasks": [task("Photos"), ignored]}]) == {
        "signal": "success",
        "subject": "Cloud sync: all healthy",
        "text": "nas: all healthy\n\n1 NAS. 2 tasks: 2 success. 2 of 2 healthy.",
    }


def test_what_is_not_healthy_is_named_with_its_reasons_and_nothing_else():
    bad = task("Photos", ok=False, verdict="only_dry_runs", reasons=[LATE, LATE])
    away = {**HOST, "host": "shed", "reached": False, "problem": "no route", "tasks": []}
    told = notice([{**HOST, "tasks": [bad, task("Videos")]}, away])
    assert told["signal"] == "fail"
    assert told["subject"] == "Cloud sync: 1 of 2 tasks not healthy, shed not reached or not judged"
    assert told["text"].splitlines() == [
        "nas: not healthy",
        "  Photos: only dry runs",
        "    No run has begun since Sat 21 Nov 03:00.",
        "    No run has begun since Sat 21 Nov 03:00.",
        "shed was not reached: no route",
        "",
        "2 NASes, 1 not reached. 2 tasks: 2 success. 1 of 2 healthy.",
    ]


def test_a_nas_whose_tasks_were_not_judged_is_no_success():
    unjudged = {**HOST, "not_judged": "Not authorized", "tasks": [task("Photos", ok=None, verdict="")]}
    told = notice([unjudged])
    assert (told["signal"], told["subject"]) == ("fail", "Cloud sync: nas not reached or not judged")
    assert "Not authorized" in told["text"]
