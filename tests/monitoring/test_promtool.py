# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prometheus's own tool reads the metrics and the alert rules, and each alert fires when it should."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.metrics import metrics

RULES = Path(__file__).parents[2] / "extensions/prometheus/cloudsync.rules.yml"
FIRING = Path(__file__).with_name("firing.yml")
RUN = {
    "state": "SUCCESS", "started": "2026-11-22T02:00:00Z", "finished": "2026-11-22T02:02:05Z", "transferred": 3,
    "bytes": 12_900_000, "deleted": 0, "errors": 0,
}  # fmt: skip
TASK = {
    "id": 7, "description": 'a "b" \\ c\nd', "ok": False, "reasons": [{"kind": "late", "text": "x"}], "runs": [RUN],
    "last_run_at": RUN["started"], "next_run_at": "2026-11-23T02:00:00Z", "proof": {"date": RUN["started"]},
}  # fmt: skip
HOST = {
    "host": "nas", "reached": True, "not_judged": "", "at_time": "2026-11-22T21:00:00Z",
    "reasons": [{"kind": "no_alert", "text": "x"}], "drift": {"state": "drift"}, "tasks": [TASK],
}  # fmt: skip
LOST = {**HOST, "host": "lost", "reached": False, "reasons": [], "drift": None, "tasks": []}


def promtool(*arguments: str, text: str | None = None) -> str:
    tool = shutil.which("promtool")
    assert tool, "promtool is missing. Install it (apt-get install prometheus)"
    done = subprocess.run(
        [tool, *arguments], input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.parametrize("hosts", [[HOST], [HOST, LOST], []], ids=["one", "two", "none"])
def test_the_metrics_are_read_without_a_remark(hosts):
    assert promtool("check", "metrics", text=metrics(hosts)) == ""


def test_the_rules_are_read():
    promtool("check", "rules", str(RULES))


def test_each_alert_fires_when_it_should():
    promtool("test", "rules", str(FIRING))
    rules = [rule["alert"] for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
    tried = [
        one["alertname"] for test in yaml.safe_load(FIRING.read_text())["tests"] for one in test["alert_rule_test"]
    ]
    assert set(tried) == set(rules)
