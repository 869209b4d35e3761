# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The REST API: for TrueNAS 24.10, which has no JSON-RPC, and in reserve for 25.04 and 25.10.

PRIVATE to the collection. Every request logs in anew; jobs are polled. The same interface as `RpcSession`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any, cast

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import (
    ConnectionOptions,
    Endpoint,
    normalise_fingerprint,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.error_answers import from_rest
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.redaction import secrets_in
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import Release
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import extended_json
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
    get,
    open_socket,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.tls import Trust, trust_of
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.websocket import explain_status

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from requests.auth import HTTPBasicAuth
except ImportError:
    requests = None  # type: ignore[assignment]
    HTTPAdapter = object  # type: ignore[assignment, misc]

_CHUNK = 1 << 16
_PAGE_LIMIT = 1 << 16


class _TrustAdapter(HTTPAdapter):
    """Holds requests to the connection options' idea of trust; a pin is checked before a request is sent."""

    def __init__(self, trust: Trust) -> None:
        self._trust = trust
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs["ssl_context"] = self._trust.context()
        if self._trust.cert_fingerprint:
            kwargs["assert_fingerprint"] = normalise_fingerprint(self._trust.cert_fingerprint)
        super().init_poolmanager(*args, **kwargs)

    def cert_verify(self, *_args: Any, **_kwargs: Any) -> None:
        """The context knows whom to trust; requests would add its own bundle of authorities."""


class RestSession:
    """The credentials, ready to go along with each request."""

    watching = False

    def __init__(self, options: ConnectionOptions, endpoint: Endpoint) -> None:
        """Look whether the NAS is trusted and has a REST API, before the credentials go anywhere.

        Raises:
            ConnectError, LoginError: as their names say.
        """
        if requests is None:
            raise errors.ConnectError(missing_required_lib("requests"))
        if endpoint.unix_path:
            raise errors.ConnectError(f"The REST API is not spoken on the socket {endpoint}: use https:// in api_url.")
        self._options = options
        self._endpoint = endpoint
        self._find_api()
        self._http = requests.Session()
        self._http.trust_env = False  # a .netrc or a proxy of the environment must not come in between
        self._http.verify = bool(trust_of(options).context().verify_mode)
        if not self._http.verify:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the user has asked for it
        self._http.mount("https://", _TrustAdapter(trust_of(options)))
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
            except requests.ConnectionError:
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

    def download(self, path: str, limit: int) -> bytes:
        """GET a path that a call has handed out.

        Raises:
            ConnectError: it cannot be had.
        """
        deadline = Deadline(self._options.api_timeout)
        with open_socket(self._endpoint, trust_of(self._options), deadline) as sock:
            page = get(sock, self._endpoint, path, deadline, limit)
        if page.status != 200:
            raise errors.ConnectError(explain_status(self._endpoint, path.partition("?")[0], page.status))
        return page.body

    def close(self) -> None:
        """Forget the credentials, and close the connections kept open."""
        for adapter in self._http.adapters.values():
            # Else each is closed with the last that refers to it, such as the traceback of an error that is kept.
            pools = cast(HTTPAdapter, adapter).poolmanager.pools
            for key in tuple(pools.keys()):
                pools[key].close()
        self._http.close()

    def discard(self) -> None:
        """Close a session that is of no use any more."""
        self.close()

    def _find_api(self) -> None:
        path = f"{BASE}/system/version"
        deadline = Deadline(self._options.api_timeout)
        with open_socket(self._endpoint, trust_of(self._options), deadline) as sock:
            page = get(sock, self._endpoint, path, deadline, _PAGE_LIMIT)
        if page.status == 404:
            raise errors.ConnectError(
                f"{self._endpoint} has no REST API: TrueNAS 26 and later speak JSON-RPC only (api_transport auto or "
                "websocket), or it is no TrueNAS."
            )
        if page.status not in (200, 401, 403):
            raise errors.ConnectError(explain_status(self._endpoint, path, page.status))

    def _log_in(self) -> None:
        if self._options.api_key:
            self._http.headers["Authorization"] = f"Bearer {self._options.api_key}"
        elif self._options.api_otp:
            raise errors.LoginError("The REST API takes no one-time code: use api_key.")
        else:
            if not self._options.api_username:
                raise errors.LoginError("api_password needs api_username (TRUENAS_API_USERNAME).")
            # As bytes: requests would encode texts as Latin-1.
            password = self._options.api_password or ""
            self._http.auth = HTTPBasicAuth(self._options.api_username.encode(), password.encode())
        self.release = Release.parse("24.10")  # the way the version itself is asked for is the same in all
        (version,) = self.exchange([("system.version", ())], self._options.api_timeout)
        if version is NOT_SENT:
            raise errors.ConnectError(f"{self._endpoint} cannot be reached any more.")
        if isinstance(version, Exception):
            raise version
        self.release = Release.parse(str(version))

    def _call(self, method: str, params: Sequence[Any], timeout: float) -> Any:
        request = route(method, params, self.release)
        status, answer = self._request(method, request, timeout)
        if status < 300:
            return request.finish(answer)
        if status < 400 or status in (502, 503, 504):
            told = explain_status(self._endpoint, BASE + request.path.partition("?")[0], status)
            # The web server in front of the middleware answers so, also when the call has got through to it.
            raise errors.ConnectError(told) if status < 400 else errors.ConnectionLost(told, method)
        secrets = secrets_in(list(params)) | set(self._options.secrets)
        raise from_rest(method, status, answer, secrets, f"{request.verb} {request.resource}")

    def _request(self, method: str, request: Request, timeout: float) -> tuple[int, Any]:
        """Send one request; raises requests.ConnectionError only when it was not sent."""
        deadline = Deadline(timeout)
        body = None if request.body is NO_BODY else json.dumps(request.body)
        try:
            with self._http.request(
                request.verb,
                self._endpoint.url("http", BASE + request.path),
                data=body,
                headers={"Content-Type": "application/json"},
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = bytearray()
                for chunk in response.iter_content(_CHUNK):
                    deadline.check()
                    content += chunk
                    if len(content) > ANSWER_LIMIT:
                        what = f"{method}: the answer is longer than {ANSWER_LIMIT} bytes."
                        raise errors.AnswerGarbled(what, method)
                return response.status_code, _parse(method, bytes(content), response.headers.get("Content-Type", ""))
        except (requests.Timeout, TimeoutError):
            what = f"{method} on {self._endpoint}: no answer within {timeout:g} s (api_timeout)."
            raise errors.CallTimeout(what, method) from None
        except requests.exceptions.SSLError:
            what = f"{self._endpoint} shows another certificate than a moment ago; nothing was sent to it."
            raise errors.CertificateError(what) from None
        except requests.ConnectionError as error:
            if _not_connected(error):
                raise
            what = f"{method} on {self._endpoint}: the connection broke before the answer."
            raise errors.ConnectionLost(what, method) from None
        except requests.RequestException as error:
            raise errors.AnswerGarbled(f"{method} on {self._endpoint}: {type(error).__name__}.", method) from None


def _not_connected(error: Exception) -> bool:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, urllib3.exceptions.NewConnectionError)


def _parse(method: str, content: bytes, content_type: str) -> Any:
    if "json" not in content_type:
        return content.decode(errors="replace")[:200]
    try:
        return extended_json.loads(content)
    except ValueError:
        raise errors.AnswerGarbled(f"{method}: the NAS answered with JSON that cannot be read.", method) from None
