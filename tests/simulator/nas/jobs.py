# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job queue: states, locks, progress, logs."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import shutil
import traceback
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.nas import clock
from simulator.nas.errors import CallError, InstanceNotFound, ValidationErrors
from simulator.nas.service import JOB_ENDS, Context, Registered
from simulator.nas.session import Session

if TYPE_CHECKING:
    from simulator.nas.server import Nas

_KEPT = 1000
_EXCERPT_LINES = 10  # at the beginning and at the end
FINAL_STATES = ("SUCCESS", "FAILED", "ABORTED")


class Job:
    """One run of a job method. A handler reports with `set_progress`, writes to `log_path`, may watch `aborted`.

    An abort sets `aborted` and then cancels the handler.
    """

    def __init__(self, queue: Jobs, number: int, registered: Registered, session: Session, params: list[Any]) -> None:
        assert registered.job is not None
        self._queue = queue
        self.id = number
        self.method = registered.name
        self.handler = registered.handler
        self.options = registered.job
        self.params = params
        self.session = session
        self.credentials = session.credentials()
        self.message_ids: list[Any] = []
        self.lock: str | None = None
        self.state = "WAITING"
        self.progress: dict[str, Any] = {"percent": 0, "description": "", "extra": None}
        self.result: Any = None
        self.exception: Exception | None = None
        self.time_started = queue.nas.clock.time()
        self.time_finished: float | None = None
        self.logs_excerpt: str | None = None
        self.aborted = asyncio.Event()
        self.hurried = asyncio.Event()
        self.finished = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self.file = b""  # what came in, or goes out

    @property
    def log_path(self) -> Path:
        """The log as a file on this machine."""
        return self._queue.folder / f"{self.id}.log"

    def set_progress(self, percent: int | None = None, description: str | None = None, extra: Any = None) -> None:
        """Change what is given and tell subscribers, if that is a change."""
        new = dict(self.progress)
        if percent is not None:
            new["percent"] = percent
        if description is not None:
            new["description"] = description
        if extra is not None:
            new["extra"] = extra
        if new != self.progress:
            self.progress = new
            self._queue.tell("changed", self)

    def abort(self) -> None:
        """Stop the job wherever it is; nothing happens to one that has ended, or has been told before."""
        if self.state not in FINAL_STATES and not self.aborted.is_set():
            self.aborted.set()
            if self.task is not None:
                self.task.cancel()

    async def linger(self, seconds: float) -> None:
        """Take this long to end after an abort, unless the middleware stops meanwhile."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.hurried.wait(), seconds)

    def visible_to(self, session: Session) -> bool:
        """Whether a session may see the job."""
        if session.full_admin or any(session.has_role(role) for role in self.options.read_roles):
            return True
        return self.owned_by(session)

    def owned_by(self, session: Session) -> bool:
        """Whether a session's user started the job."""
        owner = self.session.user
        return owner is not None and session.user is not None and owner.username == session.user.username

    def encode(self) -> dict[str, Any]:
        """The job object of the API."""
        nas = self._queue.nas
        contract = nas.contract.method(self.method)
        row = {
            "id": self.id,
            "message_ids": list(self.message_ids),
            "method": self.method,
            "arguments": self.params if contract is None else contract.redact_params(self.params),
            "transient": False,
            "description": None if self.options.description is None else self.options.description(*self.params),
            "abortable": self.options.abortable,
            "logs_path": f"/var/log/jobs/{self.id}.log" if self.options.logs and self.state != "WAITING" else None,
            "logs_excerpt": self.logs_excerpt,
            "progress": dict(self.progress),
            "result": self.result,
            "result_encoding_error": None,
            "error": None,
            "exception": None,
            "exc_info": None,
            "state": self.state,
            "time_started": clock.wire_time(self.time_started),
            "time_finished": None if self.time_finished is None else clock.wire_time(self.time_finished),
            "credentials": self.credentials,
        }
        if self.exception is not None:
            row["error"] = str(self.exception) or repr(self.exception)
            row["exception"] = "".join(traceback.format_exception(self.exception))
            row["exc_info"] = _exc_info(self.exception)
        if not nas.features.legacy_jobs:
            del row["message_ids"]
        if not nas.features.login_ids and self.credentials is not None:
            data = {name: value for name, value in self.credentials["data"].items() if name != "login_id"}
            row["credentials"] = {**self.credentials, "data": data}
        return row


class Jobs:
    """All jobs of a NAS since its middleware started."""

    def __init__(self, nas: Nas, folder: Path) -> None:
        self.nas = nas
        self.folder = folder
        self._jobs: dict[int, Job] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._last_id = 0
        self._clear_logs()

    def _clear_logs(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    async def stop(self) -> None:
        """Abort what runs and forget everything, as a restart of the middleware does."""
        tasks = [job.task for job in self._jobs.values() if job.task is not None and job.state not in FINAL_STATES]
        for job in self._jobs.values():
            job.hurried.set()
            job.abort()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._jobs.clear()
        self._locks.clear()
        self._last_id = 0
        self._clear_logs()

    def all(self) -> list[Job]:
        """Every job that is remembered, oldest first."""
        return list(self._jobs.values())

    def get(self, number: int) -> Job:
        """The job of that id.

        :raises InstanceNotFound: no such job
        """
        try:
            return self._jobs[number]
        except KeyError:
            raise InstanceNotFound(f"Job with id {number} does not exist") from None

    def start(
        self,
        registered: Registered,
        session: Session,
        params: Sequence[Any],
        message_ids: list[Any],
        pipe: bytes | None = None,
    ) -> Job:
        """Queue a job, or join one that waits for the same lock when its queue is full.

        :param pipe: the file for the job, empty for one that makes a file
        :raises ValueError: a job that needs a file has none
        """
        assert registered.job is not None
        if registered.job.pipe is not None and pipe is None:
            raise ValueError(f"Pipe {registered.job.pipe!r} is not open")
        lock = self._lock_name(registered, params)
        waiting = [one for one in self._jobs.values() if lock and one.lock == lock and one.state == "WAITING"]
        size = registered.job.lock_queue_size
        if size is not None and len(waiting) >= size:
            joined = self._joinable(waiting, session)
            joined.message_ids.extend(message_ids)
            self.tell("changed", joined)
            return joined
        self._last_id += 1
        job = Job(self, self._last_id, registered, session, list(params))
        job.message_ids.extend(message_ids)
        job.lock = lock
        job.file = pipe or b""
        self._jobs[job.id] = job
        for old in list(islice(self._jobs, max(0, len(self._jobs) - _KEPT))):
            del self._jobs[old]
        self.tell("added", job)
        job.task = asyncio.create_task(self._run(job))
        return job

    @staticmethod
    def _lock_name(registered: Registered, params: Sequence[Any]) -> str | None:
        assert registered.job is not None
        if registered.job.lock is None:
            return None
        try:
            return registered.job.lock(params)
        except Exception:  # noqa: BLE001  whatever it is that the parameters do not fit
            raise CallError(
                "Error handling job lock. This is most likely caused by invalid call arguments.", errno.EINVAL
            ) from None

    @staticmethod
    def _joinable(waiting: list[Job], session: Session) -> Job:
        for job in reversed(waiting):
            if session.full_admin or job.owned_by(session):
                return job
        raise CallError("This job is already being performed by another user", errno.EBUSY)

    async def _run(self, job: Job) -> None:
        try:
            if job.lock is None:
                await self._carry_out(job)
            else:
                async with self._locks.setdefault(job.lock, asyncio.Lock()):
                    await self._carry_out(job)
        except asyncio.CancelledError:
            job.state = "ABORTED"
        except Exception as error:  # noqa: BLE001  whatever a handler raises is the job's outcome
            job.state = "FAILED"
            job.exception = error
        finally:
            self._finish(job)

    async def _carry_out(self, job: Job) -> None:
        job.state = "RUNNING"
        if job.options.logs:
            job.log_path.touch(mode=0o600)
        self.tell("changed", job)
        context = Context(self.nas, job.session, job)
        job.result = await self.nas.dispatcher.run(context, job.method, job.handler, job.params)
        job.state = "SUCCESS"
        job.time_finished = self.nas.clock.time()
        job.set_progress(100)

    def _finish(self, job: Job) -> None:
        job.time_finished = self.nas.clock.time()
        if job.options.logs and job.log_path.exists():
            job.logs_excerpt = excerpt(job.log_path.read_text(errors="replace"))
        self.tell("changed", job)
        if self.nas.faults.vanish:
            self._jobs.pop(job.id, None)
        job.finished.set()
        for hook in JOB_ENDS:
            hook(self.nas, job)

    def tell(self, msg: str, job: Job) -> None:
        """Push the job to those who may see it."""
        if self.nas.faults.vanish and job.state in FINAL_STATES:
            return
        self.nas.events.emit("core.get_jobs", msg, job.id, job.encode(), job.visible_to)


def excerpt(log: str) -> str:
    """A log of at most twenty lines whole, else its first and last ten lines with a count of the others between."""
    lines = log.splitlines(keepends=True)
    left_out = len(lines) - 2 * _EXCERPT_LINES
    if left_out <= 0:
        return log
    return "".join([*lines[:_EXCERPT_LINES], f"... {left_out} more lines ...\n", *lines[-_EXCERPT_LINES:]])


def _exc_info(error: Exception) -> dict[str, Any]:
    info: dict[str, Any] = {"repr": repr(error), "type": type(error).__name__, "errno": None, "extra": None}
    if isinstance(error, ValidationErrors):
        number = errno.ENOENT if isinstance(error, InstanceNotFound) else None
        info |= {"type": "VALIDATION", "errno": number, "extra": [list(row) for row in error.rows]}
    elif isinstance(error, CallError):
        info |= {"errno": error.errno, "extra": error.extra}
    return info
