# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict about one task, from what is known of it. PRIVATE to the collection. Pure.

What is not known is no reason: an account that may read less is told less, and nothing is made up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import planned_end
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.job import text
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.words import clean, span
from ansible_collections.nasops.cloudsync.plugins.module_utils._health import timing
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.changes import changes
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.reasons import (
    HEALTHY,
    RUNNING,
    Reason,
    counting,
    ordered,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.runs import Run, real
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.timing import Clock
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.tokens import token_status

_SHOWN = 14  # runs


@dataclass(frozen=True)
class Settings:
    """What a user calls healthy. `None` leaves a question out."""

    grace: timedelta = timedelta(hours=1)
    restore_test_max_age: timedelta | None = None
    kit_max_age: timedelta | None = None
    stale_after: int | None = None
    ignore: Collection[str] = ()


@dataclass(frozen=True)
class Task:
    """What is known of a task.

    Attributes:
        schedule: All five cron fields.
        missing: Whether its path does not exist; `None` where that is not known.
        runs: What the NAS remembers, the newest first.
        alert: When the NAS last raised the alert that a run failed, if the alert is still there.
        token: The name of its credential, and when its token ends, where that is known.
        proof: The last test of a restore, as `truenas_cloudsync_restore_test` returns it.
        kit: When the break-glass kit was written, where that is known.
        lacking: Why that kit does not restore the task.
    """

    id: int
    description: str
    direction: str
    schedule: Mapping[str, str]
    enabled: bool
    locked: bool = False
    missing: bool | None = None
    runs: Sequence[Run] = ()
    alert: datetime | None = None
    token: tuple[str, datetime] | None = None
    proof: Mapping[str, Any] | None = None
    proved: datetime | None = field(default=None)
    kit: datetime | None = None
    lacking: str | None = None


def judge(task: Task, clock: Clock, settings: Settings, of_nas: Sequence[Reason] = ()) -> dict[str, Any]:
    """What `truenas_cloudsync_health_info` returns for a task.

    Args:
        task: What is known of it.
        clock: The time on the NAS.
        settings: What the user calls healthy.
        of_nas: Reasons that the NAS has for all its tasks.
    """
    reasons = ordered([*_reasons(task, clock, settings), *of_nas])
    runs = real(task.runs)
    verdict = reasons[0].kind if reasons else RUNNING if runs and runs[0].going_on else HEALTHY
    starts = task.enabled and not task.locked
    return {
        "id": task.id,
        "description": task.description,
        "verdict": verdict,
        "ok": not counting(reasons, settings.ignore),
        "reasons": [reason.show() for reason in reasons],
        "last_run": text(runs[0].started) if runs else None,
        "next_run": text(timing.coming(task.schedule, clock)) if starts else None,
        "runs": [_shown(run) for run in runs[:_SHOWN]],
        "proof": task.proof,
    }


def _shown(run: Run) -> dict[str, Any]:
    told = run.told
    summary = told["summary"] or {}
    return {
        **{name: told[name] for name in ("state", "started", "finished")},
        "goes_on": _goes_on(run),
        **{name: summary.get(name) for name in ("transferred", "bytes", "deleted", "errors")},
    }


def _reasons(task: Task, clock: Clock, settings: Settings) -> Iterator[Reason]:
    if not task.enabled:
        yield Reason("disabled", "The task is disabled, so it never starts by itself.")
    else:
        yield from _source(task)
        yield from _past(task, clock)
        if not task.locked and not task.missing:
            yield from _punctuality(task, clock, settings.grace)
        successes = [run for run in real(task.runs) if run.state == "SUCCESS"]
        yield from changes(successes, settings.stale_after)
        yield from _token(task, clock)
    if task.direction == "PUSH":
        yield from _kit(task, clock, settings.kit_max_age)
    yield from _proof(task, clock, settings.restore_test_max_age)


def _source(task: Task) -> Iterator[Reason]:
    if task.locked:
        yield Reason("locked", "The dataset of the path is locked, so the task cannot run.")
    elif task.missing:
        yield Reason("missing", "The path does not exist on the NAS, so the task cannot run.")


def _past(task: Task, clock: Clock) -> Iterator[Reason]:
    """How the last real run ended; a dry run after it changes nothing about that."""
    runs = real(task.runs)
    last = next((run for run in runs if not run.going_on), None)
    if last is not None and _goes_on(last):
        return
    if last is not None and last.state == "FAILED":
        when = f" of {clock.text(last.started)}" if last.started else ""
        cause = clean(last.told["problem"] or last.told["error"] or "The NAS gives no cause.")
        yield Reason("failed", f"The run{when} failed: {cause}")
    elif last is not None and last.state == "ABORTED":
        when = f" of {clock.text(last.started)}" if last.started else ""
        yield Reason("aborted", f"The run{when} was aborted.")
    elif not task.runs and task.alert is not None:
        yield Reason(
            "failed",
            f"The NAS has forgotten the task's runs, but its alert of {clock.text(task.alert)} says that one failed.",
        )


def _goes_on(run: Run) -> bool:
    """Whether a run ended as its arguments have it and has got somewhere, so that the next one goes on from there."""
    problem, summary = run.told["problem"] or "", run.told["summary"] or {}
    return run.state == "FAILED" and planned_end.is_planned(problem) and summary.get("transferred") != 0


def _punctuality(task: Task, clock: Clock, grace: timedelta) -> Iterator[Reason]:
    never = timing.never_starts(task.schedule, clock)
    if never:
        yield never
    runs = real(task.runs)
    if runs and runs[0].going_on:
        # A first upload may take weeks.
        if not never and runs[0].started and any(run.state == "SUCCESS" for run in runs):
            yield from timing.too_long(task.schedule, runs[0].started, clock, grace)
        return
    # A dry run that fails raises the alert too.
    alert = None if task.runs else task.alert
    traces = [moment for moment in (alert, task.proved, *(run.started for run in runs)) if moment]
    if traces and not never:
        yield from timing.late(task.schedule, max(traces), clock, grace)
    if traces:
        return
    if task.runs:
        first = task.runs[-1].started
        since = f" since {clock.text(first)}" if first else ""
        yield Reason("only_dry_runs", f"The NAS knows only dry runs of the task{since}. They transfer nothing.")
    else:
        yield Reason("never_run", "The task has never run.")


def _token(task: Task, clock: Clock) -> Iterator[Reason]:
    if task.token is not None:
        name, ends = task.token
        told = token_status(name, ends, clock.now, clock.zone or clock.now.tzinfo or UTC)
        if told["state"] != "success":
            yield Reason("credential_ends", f"{told['text']}.")


def _proof(task: Task, clock: Clock, max_age: timedelta | None) -> Iterator[Reason]:
    damages = task.proof.get("damages") if task.proof else None
    if damages:
        yield Reason("damaged", f"The last test of a restore found damage in {len(damages)} of its files.")
    if max_age is None or task.direction != "PUSH":
        return
    if task.proved is None or (task.proof or {}).get("files") == 0:
        yield Reason("untested", "No test has restored files of the task.")
    elif clock.now - task.proved > max_age:
        ago = span(clock.now - task.proved)
        yield Reason("untested", f"The last test of a restore is {ago} old, more than {span(max_age)}.")


def _kit(task: Task, clock: Clock, max_age: timedelta | None) -> Iterator[Reason]:
    if task.lacking:
        yield Reason("no_kit", task.lacking)
    elif max_age is not None and task.kit is None:
        yield Reason("no_kit", "No break-glass kit was written.")
    elif max_age is not None and task.kit is not None and clock.now - task.kit > max_age:
        ago = span(clock.now - task.kit)
        yield Reason("no_kit", f"The break-glass kit is {ago} old, more than {span(max_age)}. Write it again.")
