# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The status of cloud sync on a NAS, in texts for people. PRIVATE to the collection. Pure.

Nothing here is a secret: it is made of what `truenas_cloudsync_task_info` returns. It is not escaped for any medium,
but free of characters that would do something to a terminal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import planned_end
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.job import text
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.next_run import next_run
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.words import (
    CLOCKS_DIFFER,
    clean,
    moment_text,
    size,
    span,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import FINAL_STATES
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.schedule_words import in_words

STATES = {
    "WAITING": "waiting",
    "RUNNING": "running",
    "SUCCESS": "success",
    "FAILED": "failed",
    "ABORTED": "aborted",
}


def task_status(
    task: Mapping[str, Any], now: datetime, zone: tzinfo, runs: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The status of one task.

    Args:
        task: As `truenas_cloudsync_task_info` returns it.
        now: An aware time.
        zone: The time zone of the NAS.
        runs: Its last runs as `truenas_cloudsync_health_info` returns them: the NAS itself shows a dry run in place of
            the run before it.
    """
    latest = task["job"] or {}
    hides = runs and latest.get("dry_run") and latest["state"] in FINAL_STATES
    job = _as_job(runs[0]) if hides else latest
    state = _state(task, job)
    started, finished = _moment(job.get("started")), _moment(job.get("finished"))
    until = finished or (now if state == "running" else None)
    attributes = task.get("attributes") or {}
    folder = "/".join(str(attributes[name]).strip("/") for name in ("bucket", "folder") if attributes.get(name))
    return {
        "id": task["id"],
        "description": clean(task["description"]) or f"Task {task['id']}",
        "direction": task["direction"],
        "transfer_mode": task["transfer_mode"],
        "path": clean(task["path"]),
        "remote": clean(f"{task['credential']['name']}:/{folder}"),
        "schedule": clean(in_words(task["schedule"])),
        **_next(task, now, zone),
        "state": state,
        "dry_run": bool(job.get("dry_run")),
        "percent": job.get("percent") if state == "running" else None,
        "progress": clean(job.get("description") or "") if state == "running" else "",
        "last_run": moment_text(started, now, zone) if started else "",
        "last_run_ago": ago(now - started) if started else "",
        "last_run_time": job.get("started"),
        "duration": span(until - started) if started and until else "",
        "done": _done(job),
        "dry_run_after": _tried(latest, now) if hides else "",
        "problem": _problem(job),
        "error": "\n".join(map(clean, (job.get("error") or "").splitlines())),
    }


def _as_job(run: Mapping[str, Any]) -> dict[str, Any]:
    """A run of the health, as the job of a task. Why it failed is told as a reason of the health."""
    summary = (
        None if run["deleted"] is None else {name: run[name] for name in ("transferred", "bytes", "deleted", "errors")}
    )
    state = "WAITING" if run["goes_on"] else run["state"]
    return {
        "state": state,
        "started": run["started"],
        "finished": run["finished"],
        "dry_run": False,
        "summary": summary,
    }


def _tried(job: Mapping[str, Any], now: datetime) -> str:
    started = _moment(job.get("started"))
    return f"dry run {ago(now - started)}: {STATES[job['state']]}" if started else ""


def ago(passed: timedelta) -> str:
    """How long something is past."""
    if passed < -CLOCKS_DIFFER:
        return f"{span(-passed)} ahead: is the clock of the NAS right?"
    return f"{span(passed)} ago"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _state(task: Mapping[str, Any], job: Mapping[str, Any]) -> str:
    if _goes_on(job):
        return "waiting"
    if job:
        return STATES.get(job["state"], "waiting")
    return "locked" if task["locked"] else "never"


def _next(task: Mapping[str, Any], now: datetime, zone: tzinfo) -> dict[str, str | None]:
    """The next run, or why there is none."""
    if not task["enabled"]:
        return _none("disabled")
    if task["locked"]:
        return _none("not while the dataset is locked")
    try:
        moment = next_run(task["schedule"], now, zone)
    except OptionError:
        return _none("unknown")
    if moment is None:
        return _none("never")
    return {
        "next_run": moment_text(moment, now, zone),
        "next_run_in": f"in {span(moment.astimezone(UTC) - now.astimezone(UTC))}",
        "next_run_time": text(moment),
    }


def _none(why: str) -> dict[str, str | None]:
    return {"next_run": why, "next_run_in": "", "next_run_time": None}


def _goes_on(job: Mapping[str, Any]) -> bool:
    """Whether the last run ended as planned, before everything was transferred."""
    return job.get("state") == "FAILED" and planned_end.is_planned(job.get("problem") or "")


def _problem(job: Mapping[str, Any]) -> str:
    if not job.get("problem"):
        return ""
    if _goes_on(job):
        outlook = planned_end.outlook(job.get("description") or "")
        return "The run ended as planned, and the next one goes on from here" + (f": {outlook}" if outlook else "")
    return clean(f"The {'dry run' if job['dry_run'] else 'run'} failed: {job['problem']}")


def _done(job: Mapping[str, Any]) -> str:
    summary = job.get("summary")
    if summary is None:
        return "nothing was changed" if job.get("dry_run") and job["state"] == "SUCCESS" else ""
    return figures(summary)


def figures(summary: Mapping[str, Any]) -> str:
    """What a run transferred and deleted. A figure that is not known is left out."""
    transferred = "" if summary["transferred"] is None else f"{summary['transferred']} transferred"
    if summary["transferred"] and summary["bytes"] is not None:
        transferred += f" ({size(summary['bytes'])})"
    parts = [transferred, f"{summary['deleted']} deleted"]
    if summary["errors"]:
        parts.append(f"{summary['errors']} {'error' if summary['errors'] == 1 else 'errors'}")
    return ", ".join(filter(None, parts))
