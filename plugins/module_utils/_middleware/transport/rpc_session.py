# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A logged-in session over JSON-RPC: connect, learn the API's version, log in, listen to jobs, log out.

PRIVATE to the collection.
"""

from __future__ import annotations

import collections
import json
from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import (
    ConnectionOptions,
    Endpoint,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.login import login
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import Release
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import http_request, uploading
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.rpc_connection import (
    Call,
    RpcConnection,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.sockets import (
    Deadline,
    open_socket,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.tls import trust_of
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.websocket import (
    PATH,
    WebSocketTransport,
    status_error,
)

VERSIONS_PATH = "/api/versions"
_VERSIONS_LIMIT = 1 << 16

# Seconds for a courtesy: the session ends with the connection anyhow.
_LOGOUT_TIME = 2.0

# Seconds in which a token has to be used.
_TOKEN_TIME = 60

# How many jobs' last pushed states are kept: other people's jobs are pushed, too.
_JOBS_KEPT = 200

Warn = Callable[[str], None]


class NoJsonRpc(errors.ConnectError):
    """What answers is a web server without `/api/versions`: TrueNAS before 25.04, or no TrueNAS."""


class RpcSession:
    """A logged-in connection.

    `version` is what `system.version` says; `watching` tells whether job changes are pushed.
    """

    def __init__(
        self,
        options: ConnectionOptions,
        connection: RpcConnection,
        version: str,
        watching: bool = False,
    ) -> None:
        self.connection = connection
        self.version = version
        self.release = Release.parse(version)
        self.watching = watching
        self._options = options
        self._jobs: collections.OrderedDict[int, dict[str, Any]] = collections.OrderedDict()
        connection.logged_in = True
        connection.on_push = self._note_push

    def exchange(self, calls: Sequence[Call], timeout: float) -> list[Any]:
        """See `RpcConnection.exchange`."""
        return self.connection.exchange(calls, timeout)

    def alive(self) -> bool:
        """Whether the connection still stands, as far as can be told without asking."""
        return self.connection.alive()

    def watch_jobs(self) -> None:
        """Have job changes pushed, from now on. Without the right to it jobs are polled."""
        if self.watching:
            return
        (outcome,) = self.exchange([("core.subscribe", ("core.get_jobs",))], self._options.api_timeout)
        self.watching = not isinstance(outcome, Exception)

    def await_job(self, job_id: int, seconds: float) -> dict[str, Any] | None:
        """The pushed state of a job as soon as there is a new one; None after so many seconds without.

        Raises:
            ConnectionLost: no push can come any more.
        """
        deadline = Deadline(seconds)
        while job_id not in self._jobs:
            if not deadline.remaining or not self.connection.wait_for_push(deadline.remaining):
                return None
        return self._jobs.pop(job_id)

    def download(self, path: str, limit: int, take: http_request.Take | None = None, seconds: float = 0) -> bytes:
        """GET a path that a call has handed out, over a connection of its own.

        Args:
            take: Gets it piece by piece, in place of the caller.
            seconds: What it may take longer than `api_timeout`.

        Raises:
            ConnectError: it cannot be had.
        """
        if not (path.startswith("/") and path.isascii()):
            raise errors.ConnectError(f"{self.connection.endpoint} returned an invalid path.")
        deadline = Deadline(self._options.api_timeout + seconds)
        sock = open_socket(self.connection.endpoint, trust_of(self._options), deadline)
        with sock:
            page = http_request.get(sock, self.connection.endpoint, path, deadline, limit, take)
        if page.status != 200:
            raise status_error(self.connection.endpoint, path.partition("?")[0], page.status)
        return page.body

    def upload(self, method: str, params: Sequence[Any], data: bytes) -> int:
        """Start a job that takes a file, with a token of this session; see `uploading.upload`."""
        # Without attributes, for this address, and good for one use.
        asked: Call = ("auth.generate_token", (_TOKEN_TIME, {}, True, True))
        (token,) = self.exchange([asked], self._options.api_timeout)
        if isinstance(token, Exception):
            raise token
        return uploading.upload(self._options, self.connection.endpoint, f"Token {token}", method, params, data)

    def close(self) -> None:
        """Log out and close; what goes wrong with that changes nothing any more."""
        if self.connection.alive():
            self.connection.exchange([("auth.logout", ())], _LOGOUT_TIME)
        self.connection.close()

    def keep_alive(self) -> None:
        """See `RpcConnection.keep_alive`."""
        self.connection.keep_alive()

    def discard(self) -> None:
        """Close a session that is of no use any more."""
        self.close()

    def _note_push(self, method: str, params: dict[str, Any]) -> None:
        fields = params.get("fields")
        if method != "collection_update" or params.get("collection") != "core.get_jobs" or not isinstance(fields, dict):
            return
        job_id = fields.get("id", params.get("id"))
        if isinstance(job_id, int) and "state" in fields:
            self._jobs[job_id] = {**fields, "id": job_id}
            self._jobs.move_to_end(job_id)
            while len(self._jobs) > _JOBS_KEPT:
                self._jobs.popitem(last=False)


def open_session(options: ConnectionOptions, endpoint: Endpoint, warn: Warn) -> RpcSession:
    """Connect and log in, both within `api_timeout`.

    Raises:
        NoJsonRpc: the NAS has no JSON-RPC API.
        ConnectError, LoginError: as their names say.
    """
    deadline = Deadline(options.api_timeout)
    sock, release = _open(options, endpoint, deadline)
    try:
        transport = WebSocketTransport(sock, endpoint, deadline)
    except BaseException:
        sock.close()
        raise
    connection = RpcConnection(transport, endpoint, options.secrets)
    try:
        way = login.choose(options, endpoint, release, transport.certificate)
        return _log_in(options, connection, way, deadline, warn)
    except BaseException:
        connection.close()
        raise


def _log_in(
    options: ConnectionOptions, connection: RpcConnection, way: login.Login, deadline: Deadline, warn: Warn
) -> RpcSession:
    def call(method: str, *params: Any) -> Any:
        return connection.call(method, *params, timeout=max(deadline.remaining, 0.01))

    try:
        login.log_in(way, call, deadline, warn)
        version = connection.call("system.version", timeout=options.api_timeout)
        return RpcSession(options, connection, str(version))
    except errors.AnswerLost as lost:
        raise errors.ConnectError(str(lost)) from None
    except errors.CallError as error:
        raise errors.LoginError(f"{connection.endpoint} failed at the login: {error.reason}") from None


def _open(options: ConnectionOptions, endpoint: Endpoint, deadline: Deadline) -> tuple[Any, Release]:
    """A connected socket, and the newest API release that the NAS speaks, asked over that same socket."""
    sock = open_socket(endpoint, trust_of(options), deadline)
    try:
        page = http_request.get(sock, endpoint, VERSIONS_PATH, deadline, _VERSIONS_LIMIT)
        if page.status == 404:
            remedy = "give https:// in api_url" if endpoint.unix_path else "use api_transport auto or rest"
            raise NoJsonRpc(f"{endpoint} has no {PATH}: a TrueNAS before 25.04 ({remedy}), or not a TrueNAS.")
        if page.status != 200:
            raise status_error(endpoint, VERSIONS_PATH, page.status)
        release = newest(page.body, endpoint)
        if not page.reusable:
            sock.close()
            sock = open_socket(endpoint, trust_of(options), deadline)
        return sock, release
    except BaseException:
        sock.close()
        raise


def newest(body: bytes, endpoint: Endpoint) -> Release:
    """The newest of the API versions that `/api/versions` lists.

    Raises:
        ConnectError: that is no such list.
    """
    try:
        return max(Release.parse(version) for version in json.loads(body))
    except (ValueError, TypeError, errors.ProtocolError):
        raise errors.ConnectError(f"{endpoint} answers {VERSIONS_PATH} with no versions. Is it a TrueNAS?") from None
