# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The status of cloud sync as metrics in the OpenMetrics text format. PRIVATE to the collection. Pure.

It is also what the textfile collector of Prometheus's node_exporter reads. Names and texts come from a NAS, so that
every label is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._drift import IN_SYNC, NOT_COMPARED

Sample = tuple[dict[str, str], float]

_FAMILIES = {
    "cloudsync_status_timestamp_seconds": "When the status was read.",
    "cloudsync_nas_up": "Whether the NAS was reached and its tasks were judged.",
    "cloudsync_nas_in_sync": "Whether the NAS is as it is declared, where both were compared.",
    "cloudsync_nas_problem": "What is wrong with the NAS itself.",
    "cloudsync_task_healthy": "Whether the task is healthy.",
    "cloudsync_task_problem": "What is wrong with the task, by the kind of the reason.",
    "cloudsync_task_last_run_timestamp_seconds": "When the last run began that was no dry run.",
    "cloudsync_task_last_success_timestamp_seconds": "When the last successful run began that is still known.",
    "cloudsync_task_next_run_timestamp_seconds": "When the next run begins.",
    "cloudsync_task_last_run_duration_seconds": "How long the last run took that has ended.",
    "cloudsync_task_last_run_transferred_files": "How many files the last run transferred.",
    "cloudsync_task_last_run_transferred_bytes": "How much the last run transferred.",
    "cloudsync_task_last_restore_test_timestamp_seconds": "When a restore was last tested.",
}
"""The metrics and what they mean. All are gauges."""


def metrics(hosts: Sequence[Mapping[str, Any]]) -> str:
    """All metrics of some hosts.

    Args:
        hosts: As the filter `cloudsync_status` returns each.
    """
    samples: dict[str, list[Sample]] = {name: [] for name in _FAMILIES}
    for host in hosts:
        for name, labels, value in _of_host(host):
            samples[name].append((labels, value))
    lines = []
    for name, found in samples.items():
        if found:
            lines += [f"# HELP {name} {_FAMILIES[name]}", f"# TYPE {name} gauge"]
            lines += [f"{name}{{{_labels(labels)}}} {_number(value)}" for labels, value in found]
    return "\n".join([*lines, "# EOF", ""])


def _of_host(host: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str], float]]:
    nas = {"nas": host["host"]}
    yield "cloudsync_status_timestamp_seconds", nas, _time(host["at_time"])
    yield "cloudsync_nas_up", nas, float(host["reached"] and not host["not_judged"])
    drift = host.get("drift")
    if drift and drift["state"] != NOT_COMPARED:
        yield "cloudsync_nas_in_sync", nas, float(drift["state"] == IN_SYNC)
    for reason in host["reasons"]:
        yield "cloudsync_nas_problem", {**nas, "reason": reason["kind"]}, 1
    for task in host["tasks"]:
        labels = {**nas, "task": task["description"], "id": str(task["id"])}
        yield from ((f"cloudsync_task_{name}", {**labels, **more}, value) for name, more, value in _of_task(task))


def _of_task(task: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str], float]]:
    if task["ok"] is None:
        return
    yield "healthy", {}, float(task["ok"])
    for reason in task["reasons"]:
        yield "problem", {"reason": reason["kind"]}, 1
    ended: Mapping[str, Any] = next((run for run in task["runs"] if run["finished"]), {})
    success: Mapping[str, Any] = next((run for run in task["runs"] if run["state"] == "SUCCESS"), {})
    times = {
        "last_run": task["last_run_at"],
        "last_success": success.get("started"),
        "next_run": task["next_run_at"],
        "last_restore_test": (task["proof"] or {}).get("date"),
    }
    for name, moment in times.items():
        if moment:
            yield f"{name}_timestamp_seconds", {}, _time(moment)
    if ended.get("started"):
        yield "last_run_duration_seconds", {}, _time(ended["finished"]) - _time(ended["started"])
    for name, figure in (("files", ended.get("transferred")), ("bytes", ended.get("bytes"))):
        if figure is not None:
            yield f"last_run_transferred_{name}", {}, figure


def _labels(labels: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
