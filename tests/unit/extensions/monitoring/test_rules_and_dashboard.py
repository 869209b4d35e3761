# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alert rules and the dashboard ask for metrics and labels that the status has, in a form that can be loaded."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.metrics import metrics

EXTENSIONS = Path(__file__).parents[4] / "extensions"
RULES = EXTENSIONS / "prometheus/cloudsync.rules.yml"
DASHBOARD = json.loads((EXTENSIONS / "grafana/cloudsync.json").read_text(encoding="utf-8"))
LATE = [{"kind": "late", "text": "x"}]
RUN = {"state": "SUCCESS", "started": "2026-11-22T02:00:00Z", "finished": "2026-11-22T02:02:05Z", "transferred": 3,
       "bytes": 12900000, "deleted": 0, "errors": 0}  # fmt: skip
TASK = {"id": 7, "description": "Photos", "ok": False, "reasons": LATE, "runs": [RUN], "last_run_at": RUN["started"],
        "next_run_at": "2026-11-23T02:00:00Z", "proof": {"date": RUN["started"]}}  # fmt: skip
HOST = {"host": "nas", "reached": True, "not_judged": "", "at_time": "2026-11-22T21:00:00Z", "reasons": LATE,
        "drift": {"state": "drift"}, "tasks": [TASK]}  # fmt: skip
EXPORTED = {
    line.partition("{")[0]: set(re.findall(r"(\w+)=", line))
    for line in metrics([HOST]).splitlines()
    if not line.startswith("#")
}
"""Every metric, with its labels."""
PANELS = DASHBOARD["panels"]
QUERIES = [target for panel in PANELS for target in panel["targets"]]


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


def asked(expression: str) -> set[str]:
    """The metrics of an expression, of which every bracket is closed and every label is there."""
    for opening, closing in ("()", "{}", "[]"):
        assert expression.count(opening) == expression.count(closing), expression
    assert expression.count('"') % 2 == 0, expression
    for name, matchers in re.findall(r"(cloudsync_\w+)\{(.*?)\}", expression):
        assert set(re.findall(r'(\w+)(?:=~|!~|!=|=)"', matchers)) <= EXPORTED[name]
    return set(re.findall(r"cloudsync_\w+", expression))


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_a_rule_asks_for_what_is_there(rule):
    (name,) = asked(rule["expr"])
    assert set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values()))) <= EXPORTED[name]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_a_rule_has_the_form_that_prometheus_loads(rule):
    assert set(rule) <= {"alert", "expr", "for", "keep_firing_for", "labels", "annotations"}
    assert re.fullmatch(r"[A-Za-z_]\w*", rule["alert"])
    assert re.fullmatch(r"(\d+[smhdwy])+", rule.get("for", "0s"))
    assert rule["labels"]["severity"] in ("warning", "critical")
    assert all(isinstance(text, str) and text for text in (*rule["labels"].values(), *rule["annotations"].values()))
    assert "summary" in rule["annotations"]


def test_each_group_and_each_rule_has_a_name_of_its_own():
    content = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    assert set(content) == {"groups"}
    assert all(set(group) <= {"name", "interval", "rules"} for group in content["groups"])
    for names in ([group["name"] for group in content["groups"]], [rule["alert"] for rule in rules()]):
        assert len(set(names)) == len(names)


def test_the_dashboard_shows_every_metric_and_no_other():
    assert set().union(*(asked(query["expr"]) for query in QUERIES)) == set(EXPORTED)


def test_a_legend_names_labels_that_its_metric_has():
    for query in QUERIES:
        used = set(re.findall(r"{{\s*(\w+)\s*}}", query["legendFormat"]))
        assert all(used <= EXPORTED[name] for name in asked(query["expr"])), query


def test_every_query_asks_the_chosen_data_source_about_the_chosen_nases():
    variables = {one["name"]: one for one in DASHBOARD["templating"]["list"]}
    assert set(variables) == {"datasource", "nas"}
    assert set(re.findall(r"\$\{?(\w+)", json.dumps([PANELS, variables]))) - {"__all"} == set(variables)
    label = re.fullmatch(r"label_values\((\w+), (\w+)\)", variables["nas"]["query"]["query"])
    assert label
    assert label[2] in EXPORTED[label[1]]
    for one in (*QUERIES, *PANELS, variables["nas"]):
        assert one["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
    for query in QUERIES:
        assert re.findall(r"cloudsync_\w+(\{.*?\})?", query["expr"]) == ['{nas=~"$nas"}']


def test_no_panel_covers_another():
    assert len({panel["id"] for panel in PANELS}) == len({panel["title"] for panel in PANELS}) == len(PANELS)
    cells = [
        {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        for place in (panel["gridPos"] for panel in PANELS)
    ]
    assert all(0 <= x < 24 for x, _y in set().union(*cells))
    assert not [pair for pair in itertools.combinations(cells, 2) if pair[0] & pair[1]]


def test_every_panel_asks_each_query_under_a_name_of_its_own():
    for panel in PANELS:
        names = [target["refId"] for target in panel["targets"]]
        assert names
        assert len(set(names)) == len(names)
