# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The status of cloud sync on a NAS, in texts for people. PRIVATE to the collection. Pure.

Nothing here is a secret: it is made of what `truenas_cloudsync_task_info` returns. It is not escaped for any medium,
but free of characters that would do something to a terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.next_run import next_run
from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import one_line
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import without_userinfo
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.schedule_words import DAYS, MONTHS, in_words

_STATES = {
    "WAITING": "waiting",
    "RUNNING": "running",
    "SUCCESS": "success",
    "FAILED": "failed",
    "ABORTED": "aborted",
}
_UNITS = (("day", 86400), ("h", 3600), ("min", 60), ("s", 1))
# A token that ends within so many days is pointed out.
_SOON = 14
# Clocks that differ by less are nothing to tell of.
_CLOCKS_DIFFER = timedelta(minutes=2)


def task_status(task: Mapping[str, Any], now: datetime, zone: tzinfo) -> dict[str, Any]:
    """The status of one task.

    Args:
        task: As `truenas_cloudsync_task_info` returns it.
        now: An aware time.
        zone: The time zone of the NAS.
    """
    job = task["job"] or {}
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
        "last_run_ago": _ago(now - started) if started else "",
        "duration": span(until - started) if started and until else "",
        "done": _done(job),
        "problem": _problem(job),
        "error": "\n".join(map(clean, (job.get("error") or "").splitlines())),
    }


def token_status(credential: str, ends: datetime, now: datetime, zone: tzinfo) -> dict[str, Any]:
    """How long the token of a credential lasts; `state` is `failed` if it has ended, `waiting` if it soon will."""
    days = (ends - now) // timedelta(days=1)
    day = moment_text(ends, now, zone)
    name = f"The token of {clean(credential)}"
    if ends <= now:
        return {"days": 0, "state": "failed", "text": f"{name} ended {day}"}
    left = f"in {_quantity(days, 'day')}" if days else "within a day"
    return {"days": days, "state": "waiting" if days < _SOON else "success", "text": f"{name} ends {left} ({day})"}


def clean(text: str) -> str:
    """One line without control characters, and without user names and passwords in addresses."""
    return without_userinfo(one_line(text), "...")


def moment_text(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """For example `Mon 23 Nov 03:00`; with the year if it is another one."""
    local = moment.astimezone(zone)
    day = f"{DAYS[local.isoweekday() % 7]} {local.day} {MONTHS[local.month - 1]}"
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return f"{day}{year} {local:%H:%M}"


def span(duration: timedelta) -> str:
    """A duration by its largest unit, and by the next one where that tells much."""
    rest = max(round(duration.total_seconds()), 0)
    for place, (unit, length) in enumerate(_UNITS):
        number, rest = divmod(rest, length)
        if number:
            text = _quantity(number, unit)
            if number >= 10 or place + 1 == len(_UNITS):
                return text
            unit, length = _UNITS[place + 1]
            return f"{text} {_quantity(rest // length, unit)}" if rest >= length else text
    return "0 s"


def size(count: float) -> str:
    """Bytes, for example `12.3 MiB`."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


def _quantity(number: int, unit: str) -> str:
    return f"{number} {unit}{'s' if unit == 'day' and number != 1 else ''}"


def _ago(passed: timedelta) -> str:
    if passed < -_CLOCKS_DIFFER:
        return f"{span(-passed)} ahead: is the clock of the NAS right?"
    return f"{span(passed)} ago"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _state(task: Mapping[str, Any], job: Mapping[str, Any]) -> str:
    if job:
        return _STATES.get(job["state"], "waiting")
    return "locked" if task["locked"] else "never"


def _next(task: Mapping[str, Any], now: datetime, zone: tzinfo) -> dict[str, str]:
    """The next run, or why there is none."""
    if not task["enabled"]:
        return {"next_run": "disabled", "next_run_in": ""}
    if task["locked"]:
        return {"next_run": "not while the dataset is locked", "next_run_in": ""}
    try:
        moment = next_run(task["schedule"], now, zone)
    except OptionError:
        return {"next_run": "unknown", "next_run_in": ""}
    if moment is None:
        return {"next_run": "never", "next_run_in": ""}
    return {
        "next_run": moment_text(moment, now, zone),
        "next_run_in": f"in {span(moment.astimezone(UTC) - now.astimezone(UTC))}",
    }


def _problem(job: Mapping[str, Any]) -> str:
    if not job.get("problem"):
        return ""
    return clean(f"The {'dry run' if job['dry_run'] else 'run'} failed: {job['problem']}")


def _done(job: Mapping[str, Any]) -> str:
    summary = job.get("summary")
    if summary is None:
        return "nothing was changed" if job.get("dry_run") and job["state"] == "SUCCESS" else ""
    transferred = "" if summary["transferred"] is None else f"{summary['transferred']} transferred"
    if summary["transferred"] and summary["bytes"] is not None:
        transferred += f" ({size(summary['bytes'])})"
    parts = [transferred, f"{summary['deleted']} deleted"]
    if summary["errors"]:
        parts.append(f"{summary['errors']} {'error' if summary['errors'] == 1 else 'errors'}")
    return ", ".join(filter(None, parts))
