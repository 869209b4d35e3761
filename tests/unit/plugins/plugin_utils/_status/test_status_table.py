# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.status_table import table

TASK = {
    "description": "日本",
    "direction": "PULL",
    "transfer_mode": "COPY",
    "path": "/mnt/tank/photos",
    "remote": "Google:/media",
    "schedule": "daily at 03:00",
    "next_run": "Mon 23 Nov 03:00",
    "state": "running",
    "dry_run": True,
    "percent": 41.7,
    "progress": "5 / 9",
    "last_run": "Sun 22 Nov 03:00",
    "duration": "5 s",
    "done": "",
    "problem": "",
}
HOST = {"host": "nas", "reached": True, "problem": "", "note": "", "release": "", "timezone": "UTC", "at": "now",
        "tokens": [], "tasks": []}  # fmt: skip


def test_columns_stand_below_each_other_also_after_wide_letters():
    never = {**TASK, "description": "Other", "state": "never", "dry_run": False, "percent": None, "progress": ""}
    host = {**HOST, "tasks": [TASK, {**never, "last_run": "", "duration": "", "problem": "word " * 30}]}
    away = {**HOST, "host": "shed", "reached": False, "problem": "no route"}
    assert table([host, away]).splitlines() == [
        "TASK     STATE                 LAST RUN          TOOK  NEXT RUN",
        "",
        "nas: times in UTC, now now",
        "  日本   running, dry run 42%  Sun 22 Nov 03:00  5 s   Mon 23 Nov 03:00",
        "    PULL COPY Google:/media -> /mnt/tank/photos, daily at 03:00",
        "    5 / 9",
        "  Other  never run             -                 -     Mon 23 Nov 03:00",
        "    PULL COPY Google:/media -> /mnt/tank/photos, daily at 03:00",
        "    " + " ".join(["word"] * 19),
        "    " + " ".join(["word"] * 11),
        "",
        "shed: NOT REACHED",
        "    no route",
        "",
        "2 NASes, 1 not reached. 2 tasks: 1 never run, 1 running.",
    ]


def test_a_nas_without_tasks():
    host = {**HOST, "release": "TrueNAS-25.10.1", "tokens": [{"text": "The token ends"}], "note": "in UTC"}
    assert table([host]).splitlines()[2:] == [
        "nas: TrueNAS-25.10.1, times in UTC, now now",
        "    in UTC",
        "    The token ends",
        "",
        "1 NAS. 0 tasks.",
    ]


def test_a_test_of_a_restore_is_told_below_its_task():
    tested = {"restore_test": "20 files proven", "restore_test_ago": "3 days ago", "restore_test_time": "2026-11-19"}
    assert "    Restore tested 3 days ago: 20 files proven" in table([{**HOST, "tasks": [{**TASK, **tested}]}])


def test_how_a_nas_differs_is_told_below_its_tasks():
    change = {"kind": "task", "name": "Photos", "words": "differs", "fields": [{"words": "enabled: \x1b no"}]}
    unlisted = [{"id": 3, "description": "Mine", "credential": "G"}]
    drift = {"state": "drift", "problem": None, "changes": [change], "failures": [], "unlisted": unlisted}
    assert table([{**HOST, "drift": drift}]).splitlines()[3:] == [
        "  Compared with what is declared: drift",
        "    task 'Photos' differs",
        "      enabled:   no",
        "    task 'Mine' (id 3, credential 'G') is on the NAS, and declared nowhere",
        "",
        "1 NAS. 0 tasks.",
    ]
    lost = {"state": "not compared", "problem": "no route", "changes": [], "failures": [], "unlisted": []}
    assert table([{**HOST, "drift": lost}]).splitlines()[3:5] == [
        "  Compared with what is declared: not compared",
        "    no route",
    ]
