# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift of a NAS in words."""

from __future__ import annotations

from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import SHOWN_NEW_SECRET, SHOWN_SECRET
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._drift import drift, table


def compared(before: dict[str, Any], after: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"plan_id": "1.x", "diff": {"before": {"tasks": before}, "after": {"tasks": after}}, **more}


def words(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    (change,) = drift(compared({"P": before}, {"P": after}), "nas1")["changes"]
    return [field["words"] for field in change["fields"]]


def test_each_field_is_told_in_words():
    assert words({"enabled": False, "same": 1}, {"enabled": True, "same": 1}) == [
        "enabled: false on the NAS, true declared"
    ]
    assert words({"exclude": ["*.jpg"]}, {"exclude": []}) == ['exclude: ["*.jpg"] on the NAS, none declared']
    assert words({"schedule": {"hour": "5", "dow": "*"}}, {"schedule": {"hour": "0", "dow": "*"}}) == [
        "schedule.hour: 5 on the NAS, 0 declared"
    ]
    assert words({"credential": {"id": 1, "name": "A"}}, {"credential": {"id": 2, "name": "B"}}) == [
        "credential: A on the NAS, B declared"
    ]
    assert words({"a": 0}, {"a": 1}) == ["a: 0 on the NAS, 1 declared"]


def test_a_value_of_several_lines_is_told_on_one():
    assert words({"pre_script": "a\nnas2: IN SYNC\u202e"}, {"pre_script": "ä b"}) == [
        r'pre_script: "a\nnas2: IN SYNC\u202e" on the NAS, ä b declared'
    ]


def test_a_secret_is_told_of_and_not_shown():
    assert words({"token": SHOWN_SECRET}, {"token": SHOWN_NEW_SECRET}) == [
        "token: another secret on the NAS than declared"
    ]
    assert words({}, {"token": SHOWN_NEW_SECRET}) == ["token: not on the NAS"]


def test_the_state_of_a_nas():
    unlisted = [{"id": 3, "description": "Mine", "credential": "G"}]
    failures = [{"item": "credential G", "msg": "does not exist."}]
    assert drift(compared({}, {}), "nas1")["state"] == "in sync"
    assert drift(compared({}, {"P": {}}), "nas1")["changes"][0]["action"] == "create"
    assert drift(compared({"P": {}}, {}), "nas1")["changes"][0]["action"] == "delete"
    assert drift(compared({}, {}, unlisted=unlisted), "nas1")["state"] == "drift"
    assert drift(compared({}, {}, failures=failures, msg="1 of 1"), "nas1")["state"] == "drift"
    lost = drift({"msg": "no route to host", "unreachable": True}, "nas1")
    assert (lost["state"], lost["problem"]) == ("not compared", "no route to host")


def test_the_table_names_all_of_it_and_counts():
    unlisted = [{"id": 3, "description": "Mine", "credential": "G"}]
    hosts = [
        drift(compared({}, {}), "nas1"),
        drift(compared({"P": {"enabled": False}}, {"P": {"enabled": True}}, unlisted=unlisted), "nas2"),
        drift({"msg": "no route to host"}, "nas3"),
    ]
    assert table(hosts).splitlines() == [
        "nas1: IN SYNC",
        "nas2: DRIFT",
        "  task 'P' differs",
        "    enabled: false on the NAS, true declared",
        "  task 'Mine' (id 3, credential 'G') is on the NAS, and declared nowhere",
        "nas3: NOT COMPARED",
        "  no route to host",
        "",
        "3 NASes: 1 in sync, 1 drift, 1 not compared.",
    ]
