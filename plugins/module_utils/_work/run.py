# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run, dry-run or abort a cloud sync task. PRIVATE to the collection."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    delete_share,
    left_out,
    planned_end,
    rclone_cause,
    rclone_errors,
    rclone_log,
    run_figures,
    task_form,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import job as job_view
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.left_out import LeftOut
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_log import SyncLog
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import (
    AnswerLost,
    ConnectionLost,
    JobTimeout,
    JobUnreachable,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import without_marked
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import chosen_task, preflight, steps
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.key_guard import KeyGuard
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.run_guard import RunGuard
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.source import Source, under

_SYNC = "cloudsync.sync"
_WAIT_FOR_OTHERS = 60  # seconds at least
_NAMED = 5
_SHOWN = 20  # of what is left out, when a run fails

ARGUMENTS: dict[str, dict[str, Any]] = {
    "task": {"type": "str"},
    "id": {"type": "int"},
    "action": {"type": "str", "choices": ["run", "dry_run", "preflight", "abort"], "default": "run"},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 3600},
    "max_deletes": {"type": "int"},
    "max_delete_share": {"type": "int", "default": delete_share.DEFAULT},
    "daily_requests": {"type": "int"},
    "job": {"type": "int"},
}
CONSTRAINTS: dict[str, Any] = {
    "required_one_of": [("task", "id")],
    "mutually_exclusive": [("task", "id")],
}


def refuse(params: Mapping[str, Any]) -> None:
    """Refuse values that mean nothing.

    Raises:
        OptionError
    """
    share = params["max_delete_share"]
    if not 0 <= share <= 100:  # percent
        raise OptionError(f"max_delete_share: {share} is not accepted. Give a percentage from 0 to 100.")
    requests = params["daily_requests"]
    if requests is not None and requests < 1:
        raise OptionError(
            f"daily_requests: {requests} is not accepted. Give how many requests the project may make in a day, from 1."
        )


def execute(invocation: Invocation) -> Outcome:
    """The work of `truenas_cloudsync_run`."""
    return _Run(invocation).outcome()


class _Run:
    def __init__(self, invocation: Invocation) -> None:
        self.invocation = invocation
        self.client = invocation.client
        self.params = invocation.params
        self.ends = time.monotonic() + invocation.params["wait_timeout"]
        self.task = self._find()
        self.title = task_form.title(self.task)
        self.pulls = self.task["direction"] == "PULL"
        self.guard = RunGuard(
            self.client, self.task, invocation.params["max_deletes"], invocation.params["max_delete_share"]
        )
        self.source = Source(self.task, self.guard.provider)
        self.key = KeyGuard(self.client, self.task)
        self.newest = (self.task.get("job") or {}).get("id") or 0

    def outcome(self) -> Outcome:
        action = self.params["action"]
        if action == "abort":
            return self._abort()
        if self.params["job"] is not None:
            return self._go_on(self.params["job"], action)
        self._refuse_args()
        if self.invocation.check_mode:
            return Outcome(action == "run", self._view(None, log=""))
        if action in ("dry_run", "preflight"):
            return self._finish(self._start(dry_run=True), dry_run=True)
        self._refuse_by_names()
        if not self._wants_dry_run():
            return self._finish(self._start(dry_run=False), dry_run=False)
        return self._run_after_dry_run(self._start(dry_run=True))

    def _refuse_args(self) -> None:
        if problem := self.guard.args():
            raise Failure(f"{self.title} was not started. {problem}")

    def _wants_dry_run(self) -> bool:
        """Whether to make a dry run first. Of two names that look the same, a SYNC takes one out of its album."""
        self.source.look(self.client)
        twins = self.source.twins and self.guard.syncs and not self.guard.lifted
        return self.guard.wants_trial() or bool(twins)

    def _refuse_by_names(self) -> None:
        """Refuse to push to a place whose names tell that it would go wrong."""
        if names := self.guard.names():
            raise Failure(f"{self.title} was not run: {names}.")
        if self.guard.lifted:
            return
        refusal, warning = self.key.before_push()
        if refusal:
            raise Failure(f"{self.title} was not run: {refusal}.")
        if warning:
            self.invocation.warn(f"{self.title}: {warning}")

    def _find(self) -> Mapping[str, Any]:
        found = ask(self.client, "cloudsync.query", chosen_task.filters(self.params))
        return chosen_task.the_one(found, self.params)

    def _start(self, *, dry_run: bool) -> int:
        # The options are part of the middleware's lock: with the number alone, a run waits for one that cron has
        # started.
        arguments: list[Any] = [self.task["id"], {"dry_run": True}] if dry_run else [self.task["id"]]
        while True:
            number = self._started(arguments)
            job = self.client.get_job(number) if dry_run else None
            if job is None or job.arguments == arguments:
                return number
            # All dry runs share one lock, and the middleware has answered with another task's that waits for it.
            self.client.follow_job(number, timeout=max(self.ends - time.monotonic(), _WAIT_FOR_OTHERS))

    def _started(self, arguments: list[Any]) -> int:
        """The number of the new job, found by looking for it when the NAS's answer gets lost: none is started twice."""
        try:
            number: int = self.client.start_job(_SYNC, *arguments)
        except AnswerLost as lost:
            number = self._look_for(arguments)
            if not number:
                raise Failure(
                    f"{self.title} was not started: {lost} The NAS has no such job. Run this again."
                    if isinstance(lost, ConnectionLost)
                    else f"{self.title} may not have been started: {lost} Check the NAS before you run this again."
                ) from None
        self.newest = number
        return number

    def _look_for(self, arguments: list[Any]) -> int:
        """The number of a job that must have been started a moment ago; 0 when there is none."""
        for seconds in steps.PATIENCE:
            time.sleep(seconds)
            entries = ask(self.client, "core.get_jobs", [["method", "=", _SYNC], ["id", ">", self.newest]])
            jobs = map(Job.from_api, entries)
            if number := max((job.id for job in jobs if job.arguments == arguments), default=0):
                return number
        return 0

    def _follow(self, number: int) -> Job:
        try:
            return self.client.follow_job(
                number, timeout=max(self.ends - time.monotonic(), 0.1), on_progress=self._on_progress
            )
        except JobTimeout as timeout:
            raise Failure(
                f"{self.title}: job {number} was still going on when wait_timeout was over. It goes on; wait for it "
                f"with job: {number}, or stop it with action: abort.",
                timed_out=True,
                **self._view(timeout.job, log=""),
            ) from None
        except JobUnreachable as lost:
            raise Failure(
                f"{self.title}: {lost} Wait for it with job: {number} when the NAS answers again.",
                **(self._view(lost.job, log="") if lost.job else {}),
            ) from None

    def _go_on(self, number: int, action: str) -> Outcome:
        """Wait for a job that was started before; after the dry run of a limited run comes the run."""
        known = self.client.get_job(number)
        if known is None or known.method != _SYNC or known.arguments[:1] != [self.task["id"]]:
            raise Failure(
                f"job: {number} is not a job of {self.title}; the NAS forgets jobs when its middleware restarts. Leave "
                "the option out to start a new one."
            )
        is_dry_run = known.arguments[1:] == [{"dry_run": True}]
        if action == "run" and is_dry_run and self._wants_dry_run():
            self._refuse_args()
            # One that has ended tells how it was then.
            return self._run_after_dry_run(self._start(dry_run=True) if known.done else number)
        return self._finish(number, dry_run=is_dry_run)

    def _run_after_dry_run(self, number: int) -> Outcome:
        dry_run = self._follow(number)
        log = self._log(dry_run)
        self._raise_unless_done(dry_run, log, "the dry run before the run")
        would = rclone_log.read(log)
        self._warn(would.would_copy, would.would_delete)
        refusal = self.key.refusal(would, log) or self.guard.refusal(would) or self._twins(would.would_delete, log)
        if refusal:
            raise Failure(f"{self.title} was not run: {refusal}.", **self._view(dry_run, log, dry_run=True))
        if self._would_ask_again_for_nothing(would):
            self._warn_of_left_out(self._left_out(log))
            return Outcome(False, {**self._view(dry_run, log), "unfinished": False})
        return self._finish(self._start(dry_run=False), dry_run=False)

    def _would_ask_again_for_nothing(self, would: SyncLog) -> bool:
        """Whether a run would only make the requests of its dry run again, of which the provider counts each."""
        does_more = any(self.task.get(name) for name in ("pre_script", "post_script", "create_empty_src_dirs"))
        counts = self.guard.provider is not None and self.guard.provider.uploads is not None
        nothing = would.tells_all and not would.would_copy and not would.would_delete
        return counts and nothing and not does_more

    def _twins(self, deletes: Iterable[str], log: str) -> str | None:
        """Why not to run: rclone ignores one of two names that look the same, so that its files seem to be gone."""
        if self.guard.lifted or self.guard.limit is not None:
            return None
        told = [(one.path,) for one in left_out.from_log(log) if one.reason == left_out.TWIN]
        gone = under(deletes, [*self.source.twins, *told])
        if not gone:
            return None
        named = ", ".join(map(repr, gone[:_NAMED])) + (", ..." if len(gone) > _NAMED else "")
        return (
            f"it would delete {len(gone)} files at the destination ({named}), as there are two names that look the "
            "same and rclone ignores one of them. Rename one, or move its files into the other. If they may go, set "
            f"max_deletes: {len(list(deletes))}"
        )

    def _warn_of_left_out(self, found: Sequence[LeftOut]) -> None:
        if told := left_out.warning(found, self.source.advice, pulls=self.pulls):
            self.invocation.warn(f"{self.title}: {told}")

    def _left_out(self, log: str) -> list[LeftOut]:
        self.source.look(self.client)
        return left_out.merged(left_out.from_log(log, pulls=self.pulls), self.source.left_out)

    def _warn(self, copies: Iterable[str], deletes: Iterable[str]) -> None:
        for notice in self.guard.notices(copies, deletes):
            self.invocation.warn(f"{self.title}: {notice}")

    def _finish(self, number: int, *, dry_run: bool) -> Outcome:
        if not self.params["wait"]:
            return Outcome(not dry_run, self._view(self.client.get_job(number), log=""))
        job = self._follow(number)
        log = self._log(job)
        figures = rclone_log.read(log)
        unfinished = not dry_run and job.state == "FAILED" and planned_end.is_planned(figures.cause)
        if unfinished:
            self._warn_of_planned_end(job)
        else:
            self._raise_unless_done(job, log, "the dry run" if dry_run else "the run")
        self._warn(figures.would_copy + figures.copied, figures.would_delete + figures.gone)
        self._judge_key(figures, job, log, dry_run=dry_run)
        out = self._left_out(log)
        self._warn_of_left_out(out)
        changed = not dry_run and bool(figures.transferred or figures.deleted)
        returns = {**self._view(job, log, dry_run=dry_run), "unfinished": unfinished}
        if dry_run and self.params["action"] == "preflight":
            returns |= preflight.foretold(
                self.task,
                self.guard.provider,
                self.source,
                out,
                figures,
                log,
                self.params["daily_requests"],
            )
        return Outcome(changed, returns)

    def _warn_of_planned_end(self, job: Job) -> None:
        outlook = planned_end.outlook(job.description)
        self.invocation.warn(
            f"{self.title}: the run ended as planned, as its args (--max-duration or --max-transfer) allow it no more"
            + (f": {outlook}" if outlook else "")
            + ". The next run goes on from here. TrueNAS shows such a run as failed."
        )

    def _judge_key(self, figures: SyncLog, job: Job, log: str, *, dry_run: bool) -> None:
        """Let no run count as done that has left out what it could not decrypt."""
        if not dry_run and (lost := self.key.failure(log)):
            raise Failure(f"{self.title}: the run has ended, but {lost}.", **self._view(job, log))
        refusal = self.key.refusal(figures, log) if dry_run else None
        told = f"{refusal}." if refusal else self.key.warning(figures.would_copy + figures.copied)
        if told:
            self.invocation.warn(f"{self.title}: {told}")

    def _raise_unless_done(self, job: Job, log: str, what: str) -> None:
        if job.state == "SUCCESS":
            return
        # Ansible shows all that a failed task returns.
        returns = {**self._view(job, log), "log": rclone_cause.excerpt(log)}
        returns["left_out"] = returns["left_out"][:_SHOWN]
        if job.state == "ABORTED":
            raise Failure(f"{self.title}: {what} was aborted on the NAS before it had finished.", **returns)
        # The job's own error is made of rclone's last lines, which can name a mere consequence.
        error = without_marked(job.error or "")
        cause = rclone_log.read(log).cause or rclone_cause.cause(error) or "the NAS gave no reason"
        failed = _failed_files(log, cause, self.guard.provider)
        raise Failure(f"{self.title}: {what} failed{failed}: {rclone_errors.explain(cause, *self._whose())}", **returns)

    def _whose(self) -> tuple[Provider | None, Mapping[str, Any]]:
        """Whose errors they are, and what may be at fault."""
        return self.guard.provider, task_form.named_values(self.task)

    def _abort(self) -> Outcome:
        if self.invocation.check_mode:
            running = (self.task.get("job") or {}).get("state") in ("WAITING", "RUNNING")
            return Outcome(running, self._view(None, log=""))
        lost: AnswerLost | None = None
        stopped = False
        try:
            stopped = bool(ask(self.client, "cloudsync.abort", self.task["id"]))
        except AnswerLost as error:
            lost = error
        entry = ask(self.client, "cloudsync.get_instance", self.task["id"])["job"]
        last = Job.from_api(entry) if entry else None
        if lost is not None:
            if last is not None and not last.done:
                raise Failure(f"{self.title} may not have been stopped: {lost} Run this again.")
            stopped = (
                last is not None and last.state == "ABORTED" and (self.task["job"] or {}).get("state") != "ABORTED"
            )
        if stopped and self.params["wait"] and last is not None and not last.done:
            last = self._follow(last.id)  # TrueNAS 26 and later answer at once and stop rclone about 10 s later
        return Outcome(stopped, self._view(last, log=""))

    def _on_progress(self, job: Job) -> None:
        if self.invocation.progress:
            self.invocation.progress(self.task["description"], job)

    def _log(self, job: Job) -> str:
        return without_marked(self.client.job_log(job))

    def _view(self, job: Job | None, log: str, *, dry_run: bool = False) -> dict[str, Any]:
        figures = rclone_log.read(log)
        return {
            "task": {name: self.task[name] for name in ("id", "description")},
            "job": job_view.result(job) if job else None,
            "summary": run_figures.summary(figures, job) if log else None,
            "would": {"copy": list(figures.would_copy), "delete": list(figures.would_delete)} if dry_run else None,
            "left_out": [{"path": one.path, "reason": one.reason} for one in self._left_out(log)] if log else [],
            "log": log,
        }


def _failed_files(log: str, cause: str, provider: Provider | None) -> str:
    """The files that failed for this reason, for a message."""
    means = rclone_errors.meaning(cause, provider)
    failed = [
        path
        for path, why in rclone_cause.failed_files(log).items()
        if (rclone_errors.meaning(why, provider) == means if means else why in cause)
    ]
    if not failed:
        return ""
    return (
        " at " + ", ".join(map(repr, failed[:_NAMED])) + (f" and {len(failed) - _NAMED} more" * (len(failed) > _NAMED))
    )
