# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client that modules use: calls, several at once, jobs; opens sessions and knows when a call may be made again.

PRIVATE to the collection. Knows no service of the NAS.
"""

from __future__ import annotations

import time
import types
from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors, methods, shape
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.jobs import follow
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.kept import keeper
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import Release
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import rpc_session
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.rest import RestSession
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.rpc_connection import (
    NOT_SENT,
    Call,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.rpc_session import (
    NoJsonRpc,
    RpcSession,
    Warn,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.sockets import Deadline

# Seconds between two tries to reach a NAS again whose connection broke: a middleware restarts in 10 to 30 s.
_RECONNECT_PAUSE = 1.0

_LOG_LIMIT = 64 << 20
_SLOWEST = 1 << 20  # bytes of a file in a second


def connect(options: ConnectionOptions, warn: Warn = lambda text: None) -> Client:
    """Connect to the NAS and log in. `warn` gets what a waiting user should know.

    Raises:
        ConnectError: not reachable, not trusted, not encrypted, or no TrueNAS.
        LoginError: the NAS refuses the credentials, or there are none.
    """
    return Client(options, warn)


class Client:
    """A logged-in client, to be used as a context manager: it logs out and closes at the end."""

    def __init__(self, options: ConnectionOptions, warn: Warn) -> None:
        self._options = options
        self._endpoint = options.validate()
        self._warn = warn
        self._job_methods: dict[int, str] = {}
        self._session = self._open_when_ready()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.close()

    @property
    def release(self) -> Release:
        """The NAS's release, from `system.version`."""
        return self._session.release

    def close(self) -> None:
        """Log out and close the connection."""
        self._session.close()

    def call(self, method: str, *params: Any) -> Any:
        """Call a method and return its result.

        A call that only reads is made again on a new session: when the connection broke under it, until `api_timeout`
        is over; when no answer came within `api_timeout`, once.

        Raises:
            CallError: the NAS refused it or failed, by its most telling subclass.
            ConnectionLost, CallTimeout: a write whose fate is not known.
        """
        (outcome,) = self.call_all([(method, params)])
        if isinstance(outcome, errors.MiddlewareError):
            raise outcome
        return outcome

    def call_all(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Make calls at once; the outcomes in order, errors as values (MiddlewareError)."""
        todo: list[Call] = [(method, tuple(params)) for method, params in calls]
        if self._options.read_only and not all(methods.reads(method, params) for method, params in todo):
            return [self._refused(method) for method, _params in todo]
        deadline = Deadline(self._options.api_timeout)
        outcomes = self._exchange(todo)
        again = [place for place, outcome in enumerate(outcomes) if _may_repeat(todo[place][0], outcome)]
        pause = 0.0
        while again and pause <= deadline.remaining:
            time.sleep(pause)
            pause = pause * 2 or _RECONNECT_PAUSE
            for place, outcome in zip(again, self._exchange_anew([todo[place] for place in again]), strict=True):
                outcomes[place] = outcome
            again = [place for place in again if _read_was_lost(todo[place][0], outcomes[place])]
        return outcomes

    def _refused(self, method: str) -> errors.ReadOnly:
        return errors.ReadOnly(
            f"{method} was not sent to {self._endpoint}: read_only is set (the option, "
            "TRUENAS_READ_ONLY, or check mode), and the call may change something. Nothing was changed."
        )

    def start_job(self, method: str, *params: Any) -> int:
        """Start a job and return its number; its changes are listened to from before the start.

        Raises:
            ConnectionLost, CallTimeout: whether it has started is not known.
            ProtocolError: the method is no job.
        """
        self._session.watch_jobs()
        job_id = self.call(method, *params)
        if not isinstance(job_id, int) or isinstance(job_id, bool):
            raise errors.ProtocolError(f"{method} is not a job: the NAS answered it at once with a result.")
        self._job_methods[job_id] = method
        return job_id

    def upload(self, data: bytes, method: str, *params: Any) -> int:
        """Start a job that takes a file, and return its number. The NAS takes files over HTTPS only.

        Raises:
            InsecureTransport: The connection has no TLS.
            ConnectionLost, CallTimeout: Whether it has started is not known.
        """
        if self._options.read_only:
            raise self._refused(method)
        if not self._session.alive():
            self._reopen()
        self._session.watch_jobs()
        job_id = self._session.upload(method, params, data)
        self._job_methods[job_id] = method
        return job_id

    def read_file(self, path: str, limit: int) -> bytes:
        """The content of a file of the NAS.

        Args:
            limit: The longest content that is taken, in bytes.
        """
        return self._session.download(self._address(path), limit)

    def stream_file(self, path: str, size: int, take: Callable[[bytes], Any]) -> None:
        """Hand the content of a file of the NAS to `take`, piece by piece: nothing where it cannot be read.

        Args:
            size: How long it is expected to be, in bytes, which is also the most that is read.

        Raises:
            MiddlewareError: the NAS refuses it, it is longer, or the connection broke.
        """
        self._session.download(self._address(path), size, take, seconds=size / _SLOWEST)

    def _address(self, path: str) -> str:
        """Where a file can be had, once."""
        answer = self.call("core.download", "filesystem.get", [path], "file")
        return str(shape.check("core.download", answer, [(int, str)])[-1])

    def follow_job(
        self, job_id: int, *, timeout: float | None = None, on_progress: Callable[[Job], None] | None = None
    ) -> Job:
        """Wait for a job's end and return it whatever its final state; see `jobs.follow`. `timeout` in seconds."""
        self._session.watch_jobs()
        return follow(self, job_id, self._job_methods.get(job_id), timeout, on_progress)

    def get_job(self, job_id: int) -> Job | None:
        """The job as it is now; None when the NAS does not know it."""
        entries = shape.check("core.get_jobs", self.call("core.get_jobs", [["id", "=", job_id]]), [dict])
        return Job.from_api(entries[0]) if entries else None

    def await_job(self, job_id: int, seconds: float) -> Job | None:
        """The job as soon as a change of it is pushed; None when none was for so many seconds."""
        try:
            entry = self._session.await_job(job_id, seconds)
        except errors.ConnectionLost:
            return None  # the look that follows opens a new session
        return Job.from_api(entry) if entry else None

    def job_log(self, job: Job) -> str:
        """The whole log of a job; the excerpt that the job carries where the log cannot be had."""
        try:
            path = self.call("core.job_download_logs", job.id, f"{job.id}.log", False)
            return self._session.download(str(path), _LOG_LIMIT).decode(errors="replace") or job.logs_excerpt
        except errors.MiddlewareError:
            return job.logs_excerpt

    def keep_alive(self) -> None:
        """To be called at least every `PING_EVERY` seconds while a session is held and nothing is asked."""
        self._session.keep_alive()

    def _open_when_ready(self) -> RpcSession | RestSession:
        """The first session. A middleware that is just starting is waited for until `api_timeout` is over."""
        deadline = Deadline(self._options.api_timeout)
        told = False
        while True:
            try:
                return self._open()
            except errors.NotReady as error:
                if deadline.remaining <= _RECONNECT_PAUSE:
                    raise
                if not told:
                    self._warn(f"{error} Waiting up to {deadline.remaining:.0f} s (api_timeout).")
                    told = True
            time.sleep(_RECONNECT_PAUSE)

    def _open(self) -> RpcSession | RestSession:
        """A new session by the transport that the options and the NAS's release ask for."""
        if self._options.api_transport == "rest":
            return RestSession(self._options, self._endpoint)
        try:
            kept = self._options.api_session == "keep" and self._endpoint.tls
            open_session = keeper.open_session if kept else rpc_session.open_session
            return open_session(self._options, self._endpoint, self._warn)
        except NoJsonRpc:
            if self._options.api_transport == "websocket" or self._endpoint.unix_path:
                raise
        return RestSession(self._options, self._endpoint)

    def _exchange(self, calls: Sequence[Call]) -> list[Any]:
        # A connection that was closed while nobody looked is noticed before a write is trusted to it.
        if not self._session.alive():
            return [NOT_SENT] * len(calls)
        return self._session.exchange(calls, self._options.api_timeout)

    def _exchange_anew(self, calls: Sequence[Call]) -> list[Any]:
        try:
            self._reopen()
        except errors.MiddlewareError as error:
            return [error] * len(calls)
        outcomes = self._session.exchange(calls, self._options.api_timeout)
        return [
            errors.ConnectError(f"{self._endpoint} closes every connection before {method} can be called.")
            if outcome is NOT_SENT
            else outcome
            for (method, _params), outcome in zip(calls, outcomes, strict=True)
        ]

    def _reopen(self) -> None:
        """A new session in place of a broken one, tried until `api_timeout` is over."""
        watched = self._session.watching
        self._session.discard()
        deadline = Deadline(self._options.api_timeout)
        while True:
            try:
                self._session = self._open()
                if watched:
                    self._session.watch_jobs()
                return
            except (errors.CertificateError, errors.InsecureTransport):
                raise
            except errors.ConnectError as error:
                if deadline.remaining <= _RECONNECT_PAUSE:
                    raise
                self._warn(f"The connection broke and cannot be made again yet: {error}")
            time.sleep(_RECONNECT_PAUSE)


def _may_repeat(method: str, outcome: Any) -> bool:
    """Not sent at all, refused as the session is over, or a read whose answer did not come."""
    if outcome is NOT_SENT or isinstance(outcome, errors.NotAuthenticated):
        return True
    if isinstance(outcome, errors.CallTimeout) and methods.reads(method):
        return True  # a firewall may have forgotten the connection
    return _read_was_lost(method, outcome)


def _read_was_lost(method: str, outcome: Any) -> bool:
    return isinstance(outcome, errors.ConnectionLost) and methods.reads(method)
