# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alert rules ask for metrics and labels that the status has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.metrics import metrics

RULES = Path(__file__).parents[4] / "extensions/prometheus/cloudsync.rules.yml"
TASK = {"id": 7, "description": "Photos", "ok": False, "reasons": [{"kind": "late", "text": "x"}], "runs": [],
        "last_run_at": None, "next_run_at": None, "proof": None}  # fmt: skip
HOST = {"host": "nas", "reached": True, "not_judged": "", "at_time": "2026-11-22T21:00:00Z", "reasons": [],
        "tasks": [TASK]}  # fmt: skip


def rules() -> list[dict]:
    return [rule for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_a_rule_asks_for_what_is_there(rule):
    (asked,) = re.findall(r"cloudsync_\w+", rule["expr"])
    lines = [line for line in metrics([HOST]).splitlines() if line.startswith(f"{asked}{{")]
    assert lines
    labels = set(re.findall(r"(\w+)=", lines[0]))
    assert set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values()))) <= labels
