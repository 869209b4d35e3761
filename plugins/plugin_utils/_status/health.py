# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `truenas_cloudsync_health_info` says, as a part of the status. PRIVATE to the collection. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.words import clean

HEALTHY, UNHEALTHY, NOT_JUDGED = "healthy", "unhealthy", "not judged"


def of_nas(result: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is wrong with the NAS itself, and why nothing is known if that is so."""
    if result is None:
        return {"reasons": [], "not_judged": "", "unknown": []}
    judged = "tasks" in result and "nas" in result
    return {
        "reasons": [_reason(one) for one in result["nas"]["reasons"]] if judged else [],
        "unknown": sorted({one["role"] for one in result.get("unknown") or () if one.get("role")}),
        "not_judged": "" if judged else clean(str(result.get("msg") or "The NAS gave no reason.")),
    }


def by_task(result: Mapping[str, Any] | None) -> dict[int, Mapping[str, Any]]:
    """What the module says of each task, by the task's number."""
    return {one["id"]: one for one in (result or {}).get("tasks", ())}


def of_task(judged: Mapping[str, Any] | None) -> dict[str, Any]:
    """The verdict on a task; an empty text where there is none."""
    if judged is None:
        return {"verdict": "", "ok": None, "reasons": [], "runs": [], "last_run_at": None, "next_run_at": None,
                "proof": None}  # fmt: skip
    return {
        "verdict": judged["verdict"],
        "ok": judged["ok"],
        "reasons": [_reason(one) for one in judged["reasons"]],
        "runs": list(judged["runs"]),
        "last_run_at": judged["last_run"],
        "next_run_at": judged["next_run"],
        "proof": judged["proof"],
    }


def _reason(one: Mapping[str, Any]) -> dict[str, str]:
    return {"kind": one["kind"], "text": clean(one["text"])}


def own(reasons: Sequence[Mapping[str, str]], of_nas: Sequence[object], *, token_told: bool) -> list[Mapping[str, str]]:
    """The reasons of a task without those that are told of its whole NAS."""
    return [one for one in reasons if one not in of_nas and not (token_told and one["kind"] == "credential_ends")]


def outcome(host: Mapping[str, Any]) -> tuple[str, str]:
    """Whether all tasks of a host are healthy, and what to say if not."""
    if not host["reached"]:
        return NOT_JUDGED, f"{host['host']} was not reached: {host['problem']}"
    if host["not_judged"] or any(task["ok"] is None for task in host["tasks"]):
        return NOT_JUDGED, f"{host['host']} was not judged: {host['not_judged'] or 'a task is new.'}"
    bad = [task for task in host["tasks"] if not task["ok"]]
    if not bad:
        return HEALTHY, ""
    said = [f"{task['description']}: {' '.join(one['text'] for one in task['reasons'])}" for task in bad]
    return UNHEALTHY, f"{host['host']}: {len(bad)} of {_tasks(host['tasks'])} not healthy. {' '.join(said)}"


def _tasks(tasks: Sequence[object]) -> str:
    return f"{len(tasks)} task{' is' if len(tasks) == 1 else 's are'}"
