# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.metrics import metrics

RUN = {"state": "SUCCESS", "started": "2026-11-22T02:00:00Z", "finished": "2026-11-22T02:02:05Z", "transferred": 3,
       "bytes": 12900000, "deleted": 0, "errors": 0}  # fmt: skip
TASK = {"id": 7, "description": "Photos", "ok": True, "reasons": [], "runs": [RUN], "last_run_at": RUN["started"],
        "next_run_at": "2026-11-23T02:00:00Z", "proof": None}  # fmt: skip
HOST = {"host": "nas", "reached": True, "not_judged": "", "at_time": "2026-11-22T21:00:00Z", "reasons": [],
        "tasks": [TASK]}  # fmt: skip
_SAMPLE = re.compile(r'(?P<name>[a-z_]+)\{(?P<labels>(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\} (?P<value>\S+)')
_LABEL = re.compile(r'([a-z]+)="((?:[^"\\\n]|\\[\\"n])*)"')


def parsed(text: str) -> list[tuple[str, dict[str, str], float]]:
    """Read the format as strictly as its standard writes it."""
    assert text.endswith("# EOF\n")
    samples, declared = [], None
    for line in text.split("\n")[:-2]:
        if line.startswith("# HELP "):
            continue
        if line.startswith("# TYPE "):
            declared = line.removeprefix("# TYPE ").removesuffix(" gauge")
            assert re.fullmatch("[a-z_]+", declared)
            continue
        match = _SAMPLE.fullmatch(line)
        assert match, line
        assert match["name"] == declared
        labels = {
            name: re.sub(r"\\(.)", lambda one: {"n": "\n"}.get(one[1], one[1]), value)
            for name, value in _LABEL.findall(match["labels"])
        }
        samples.append((match["name"], labels, float(match["value"])))
    names = [name for name, _labels, _value in samples]
    assert names == sorted(names, key=names.index), "the samples of a metric are together"
    assert len({(name, *sorted(labels.items())) for name, labels, _value in samples}) == len(samples)
    return samples


def values(*hosts: Any) -> dict[str, float]:
    return {name: value for name, _labels, value in parsed(metrics(hosts))}


def test_the_metrics_of_a_healthy_task():
    began = datetime.fromisoformat(RUN["started"]).timestamp()
    assert values(HOST) == {
        "cloudsync_status_timestamp_seconds": began + 19 * 3600,
        "cloudsync_nas_up": 1,
        "cloudsync_task_healthy": 1,
        "cloudsync_task_last_run_timestamp_seconds": began,
        "cloudsync_task_last_success_timestamp_seconds": began,
        "cloudsync_task_next_run_timestamp_seconds": began + 24 * 3600,
        "cloudsync_task_last_run_duration_seconds": 125,
        "cloudsync_task_last_run_transferred_files": 3,
        "cloudsync_task_last_run_transferred_bytes": 12900000,
    }


def test_the_metrics_of_what_is_not_known():
    away = {**HOST, "reached": False, "tasks": []}
    assert set(values(away)) == {"cloudsync_status_timestamp_seconds", "cloudsync_nas_up"}
    new = {**TASK, "runs": [], "last_run_at": None, "next_run_at": None, "ok": False,
           "reasons": [{"kind": "never_run", "text": "x"}]}  # fmt: skip
    told = values({**HOST, "tasks": [new]})
    assert (told["cloudsync_task_healthy"], told["cloudsync_task_problem"]) == (0, 1)
    assert not [name for name in told if "last_run" in name]


def test_a_nas_that_was_compared_is_in_sync_or_not():
    told = [values({**HOST, "drift": {"state": state}}) for state in ("in sync", "drift", "not compared")]
    assert [one.get("cloudsync_nas_in_sync") for one in told] == [1, 0, None]


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=1, max_size=3, unique_by=lambda one: one[0]))
def test_whatever_the_names_are_they_come_back(names):
    bad = {**TASK, "ok": False}
    hosts = [
        {**HOST, "host": host, "tasks": [{**bad, "description": task, "reasons": [{"kind": kind, "text": ""}]}]}
        for host, task, kind in names
    ]
    back = [labels for name, labels, _value in parsed(metrics(hosts)) if name == "cloudsync_task_problem"]
    assert back == [{"nas": host, "task": task, "id": "7", "reason": kind} for host, task, kind in names]


@given(st.floats(min_value=0, max_value=1e15), st.integers(min_value=0, max_value=2**60))
def test_numbers_are_written_as_they_are(seconds, size):
    told = values({**HOST, "tasks": [{**TASK, "runs": [{**RUN, "transferred": seconds, "bytes": size}]}]})
    assert math.isclose(told["cloudsync_task_last_run_transferred_files"], seconds)
    assert math.isclose(told["cloudsync_task_last_run_transferred_bytes"], size)
