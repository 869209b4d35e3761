# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start a job that takes a file: the file goes to the NAS over HTTPS, as a form of two parts.

PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib
import http.client
import json
from collections.abc import Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import (
    ConnectionOptions,
    Endpoint,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import http_request
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.sockets import (
    Deadline,
    open_socket,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.tls import trust_of
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.websocket import status_error

PATH = "/_upload"
_LIMIT = 1 << 16


def upload(
    options: ConnectionOptions, endpoint: Endpoint, authorization: str, method: str, params: Sequence[Any], data: bytes
) -> int:
    """Send a file and return the number of the job that takes it.

    Args:
        authorization: The header's value. It is sent over TLS only.

    Raises:
        InsecureTransport: The connection has no TLS.
        ConnectError, CallError: The file was not taken.
        ConnectionLost, CallTimeout: Whether it was taken is not known.
    """
    if not endpoint.tls:
        raise errors.InsecureTransport(
            f"{method}: a file is uploaded over HTTPS only, and {endpoint} has none. Give https:// in api_url."
        )
    kind, body = _form(method, params, data)
    deadline = Deadline(options.api_timeout)
    with open_socket(endpoint, trust_of(options), deadline) as sock:
        headers = {"Authorization": authorization, "Content-Type": kind}
        try:
            page = http_request.request(
                sock, endpoint, "POST", PATH, deadline=deadline, limit=_LIMIT, headers=headers, body=body
            )
        except TimeoutError:
            what = f"{method} on {endpoint}: no answer within {deadline.seconds:g} s (api_timeout)."
            raise errors.CallTimeout(what, method) from None
        except (OSError, http.client.HTTPException, BufferError):
            what = f"{method} on {endpoint}: the connection broke before the answer."
            raise errors.ConnectionLost(what, method) from None
    return _job(endpoint, method, page)


def _form(method: str, params: Sequence[Any], data: bytes) -> tuple[str, bytes]:
    """Return the content type and the body of the form; the boundary cannot occur in the file."""
    boundary = f"nasops-{hashlib.sha256(data).hexdigest()[:48]}"
    call = json.dumps({"method": method, "params": list(params)}).encode()
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
    lines = (
        (part % ("data", "")).encode(), call, b"\r\n",
        (part % ("file", '; filename="file"')).encode(), data, f"\r\n--{boundary}--\r\n".encode(),
    )  # fmt: skip
    return f"multipart/form-data; boundary={boundary}", b"".join(lines)


def _job(endpoint: Endpoint, method: str, page: http_request.Page) -> int:
    if page.status in (401, 403):
        # The login itself has worked before, so it is the account that may not.
        raise errors.NotAuthorized(
            method,
            "the NAS refuses the upload",
            "FULL_ADMIN",
            ". The account needs full administrator rights, and no second factor where it logs in with a password.",
        )
    if page.status in (412, 422, 500):
        raise errors.CallError(method, "the NAS does not take the file", 22, advice=f" (HTTP {page.status}).")
    if page.status != 200:
        raise status_error(endpoint, PATH, page.status)
    try:
        number = json.loads(page.body)["job_id"]
    except (ValueError, TypeError, KeyError):
        number = None
    if not isinstance(number, int):
        raise errors.ProtocolError(f"{method}: the NAS answered the upload with no number of a job.")
    return number
