# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The REST API: for TrueNAS 24.10, which has no JSON-RPC, and in reserve for 25.04 and 25.10.

PRIVATE to the collection. Every request logs in anew; jobs are polled. The same interface as `RpcSession`.
"""

from __future__ import annotations

import base64
import json
import select
import socket
import time
from collections.abc import Sequence
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import (
    ConnectionOptions,
    Endpoint,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.error_answers import from_rest
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import Release
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import (
    extended_json,
    http_request,
    uploading,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.rest_routes import (
    BASE,
    NO_BODY,
    Request,
    route,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.rpc_connection import (
    ANSWER_LIMIT,
    NOT_SENT,
    Call,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.sockets import (
    Deadline,
    open_socket,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.tls import trust_of
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.websocket import (
    explain_status,
    status_error,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import in_parameters

_PAGE_LIMIT = 1 << 16


class _NotSent(Exception):
    """There is no connection to send a request over."""


class RestSession:
    """The credentials, sent along with each request."""

    watching = False

    def __init__(self, options: ConnectionOptions, endpoint: Endpoint) -> None:
        """Look whether the NAS is trusted and has a REST API, before the credentials go anywhere.

        Raises:
            ConnectError, LoginError: as their names say.
        """
        if endpoint.unix_path:
            raise errors.ConnectError(f"The REST API is not spoken on the socket {endpoint}: use https:// in api_url.")
        self._options = options
        self._endpoint = endpoint
        self._socket: socket.socket | None = None
        self._find_api()
        try:
            self._log_in()
        except BaseException:
            self.close()
            raise

    def exchange(self, calls: Sequence[Call], timeout: float) -> list[Any]:
        """Make calls one after the other; outcomes as of `RpcConnection.exchange`."""
        outcomes: list[Any] = []
        for method, params in calls:
            try:
                outcomes.append(self._call(method, params, timeout))
            except errors.MiddlewareError as error:
                outcomes.append(error)
                if isinstance(error, errors.AnswerLost):
                    break
            except _NotSent:
                break
        return outcomes + [NOT_SENT] * (len(calls) - len(outcomes))

    def alive(self) -> bool:
        """There is no connection to break."""
        return True

    def watch_jobs(self) -> None:
        """REST pushes nothing."""

    def await_job(self, _job_id: int, seconds: float) -> None:
        """Only time passes until the next look."""
        time.sleep(seconds)

    def download(self, path: str, limit: int, take: http_request.Take | None = None, seconds: float = 0) -> bytes:
        """GET a path that a call has handed out.

        Args:
            take: Gets it piece by piece, in place of the caller.
            seconds: What it may take longer than `api_timeout`.

        Raises:
            ConnectError: it cannot be had.
        """
        deadline = Deadline(self._options.api_timeout + seconds)
        with open_socket(self._endpoint, trust_of(self._options), deadline) as sock:
            page = http_request.get(sock, self._endpoint, path, deadline, limit, take)
        if page.status != 200:
            raise status_error(self._endpoint, path.partition("?")[0], page.status)
        return page.body

    def upload(self, method: str, params: Sequence[Any], data: bytes) -> int:
        """Start a job that takes a file; see `uploading.upload`."""
        return uploading.upload(self._options, self._endpoint, self._headers["Authorization"], method, params, data)

    def close(self) -> None:
        """Close the connection that is kept open between requests."""
        if self._socket:
            self._socket.close()
            self._socket = None

    def keep_alive(self) -> None:
        """There is no session that could end."""

    def discard(self) -> None:
        """Close a session that is of no use any more."""
        self.close()

    def _find_api(self) -> None:
        path = f"{BASE}/system/version"
        deadline = Deadline(self._options.api_timeout)
        with open_socket(self._endpoint, trust_of(self._options), deadline) as sock:
            page = http_request.get(sock, self._endpoint, path, deadline, _PAGE_LIMIT)
        if page.status == 404:
            raise errors.ConnectError(
                f"{self._endpoint} has no REST API: TrueNAS 26 and later speak JSON-RPC only (api_transport auto or "
                "websocket), or it is not a TrueNAS."
            )
        if page.status not in (200, 401, 403):
            raise status_error(self._endpoint, path, page.status)

    def _log_in(self) -> None:
        if not self._options.api_key and self._options.api_otp:
            raise errors.LoginError("The REST API takes no one-time code: use api_key.")
        if not self._options.api_key and not self._options.api_username:
            raise errors.LoginError("api_password needs api_username (TRUENAS_API_USERNAME).")
        self.release = Release.parse("24.10")  # the way the version itself is asked for is the same in all
        method = "system.version"
        request = route(method, (), self.release)
        try:
            status, answer = self._request(method, request, self._options.api_timeout)
        except _NotSent:
            raise errors.ConnectError(f"{self._endpoint} cannot be reached any more.") from None
        if status == 500 and self._options.api_key:  # seen on a real 25.10
            raise errors.LoginError(
                f"{self._endpoint} fails at this api_key (HTTP 500), as it does for a key that it does not know. Check "
                "that api_key belongs to this NAS and was not deleted."
            )
        version = self._result(method, (), request, status, answer)
        self.release = Release.parse(str(version))

    def _call(self, method: str, params: Sequence[Any], timeout: float) -> Any:
        request = route(method, params, self.release)
        return self._result(method, params, request, *self._request(method, request, timeout))

    def _result(self, method: str, params: Sequence[Any], request: Request, status: int, answer: Any) -> Any:
        if status < 300:
            return request.finish(answer)
        if status < 400 or status in (502, 503, 504):
            told = explain_status(self._endpoint, BASE + request.path.partition("?")[0], status)
            # The web server in front of the middleware answers so, also when the call has got through to it.
            raise errors.ConnectError(told) if status < 400 else errors.ConnectionLost(told, method)
        secrets = in_parameters(list(params)) | set(self._options.secrets)
        raise from_rest(method, status, answer, secrets, f"{request.verb} {request.resource}")

    @property
    def _headers(self) -> dict[str, str]:
        """The credentials go along with each request."""
        if self._options.api_key:
            authorization = f"Bearer {self._options.api_key}"
        else:
            account = f"{self._options.api_username}:{self._options.api_password or ''}"
            authorization = f"Basic {base64.b64encode(account.encode()).decode()}"
        return {"Authorization": authorization, "Content-Type": "application/json"}

    def _request(self, method: str, request: Request, timeout: float) -> tuple[int, Any]:
        """Send one request; raises _NotSent when there was no connection for it."""
        deadline = Deadline(timeout)
        body = None if request.body is NO_BODY else json.dumps(request.body).encode()
        sock, keep = self._connected(deadline), False
        try:
            page = http_request.request(
                sock,
                self._endpoint,
                request.verb,
                BASE + request.path,
                deadline=deadline,
                limit=ANSWER_LIMIT,
                headers=self._headers,
                body=body,
            )
        except TimeoutError:
            what = f"{method} on {self._endpoint}: no answer within {timeout:g} s (api_timeout)."
            raise errors.CallTimeout(what, method) from None
        except BufferError:
            what = f"{method}: the answer is longer than {ANSWER_LIMIT} bytes."
            raise errors.AnswerGarbled(what, method) from None
        except OSError:
            what = f"{method} on {self._endpoint}: the connection broke before the answer."
            raise errors.ConnectionLost(what, method) from None
        except (HTTPException, ValueError) as error:
            if isinstance(error, (RemoteDisconnected, IncompleteRead)):
                what = f"{method} on {self._endpoint}: the connection broke before the answer."
                raise errors.ConnectionLost(what, method) from None
            raise errors.AnswerGarbled(f"{method} on {self._endpoint}: {type(error).__name__}.", method) from None
        else:
            keep = page.reusable
            return page.status, _parse(method, page.body, page.content_type)
        finally:
            if keep:
                self._socket = sock
            else:
                sock.close()

    def _connected(self, deadline: Deadline) -> socket.socket:
        """Take the connection that was kept open, or a new one."""
        sock, self._socket = self._socket, None
        if sock and not select.select([sock], [], [], 0)[0]:
            return sock
        if sock:  # the NAS has closed it, or sends what nobody asked for
            sock.close()
        try:
            return open_socket(self._endpoint, trust_of(self._options), deadline)
        except errors.CertificateError:
            raise
        except (errors.ConnectError, TimeoutError):
            raise _NotSent from None


def _parse(method: str, content: bytes, content_type: str) -> Any:
    if "json" not in content_type:
        return content.decode(errors="replace")[:200]
    try:
        return extended_json.loads(content)
    except ValueError:
        raise errors.AnswerGarbled(f"{method}: the NAS answered with JSON that cannot be read.", method) from None
