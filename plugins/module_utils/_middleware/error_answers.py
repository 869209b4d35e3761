# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an error answer of a NAS means: JSON-RPC errors and REST statuses to the exceptions of `errors`.

PRIVATE to the collection. Only the reason and the field errors are read; traces and frames stay behind.
"""

from __future__ import annotations

import errno as _errno
import re
from collections.abc import Collection
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors, methods
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import FieldError
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import Redactor

_INVALID_PARAMS, _UNKNOWN_METHOD, _CALL_ERROR, _TOO_MANY_CALLS = -32602, -32601, -32001, -32000
_PREFIX = re.compile(r"^\[E[A-Z0-9]+\] ")


def from_rpc(method: str, error: Any, secrets: Collection[str]) -> errors.MiddlewareError:
    """The exception for the `error` member of a JSON-RPC answer; texts in `secrets` are cut out of it."""
    if not isinstance(error, dict):
        return errors.ProtocolError(f"{method}: the NAS answered with an error that has no form.")
    code, data = error.get("code"), error.get("data")
    data = data if isinstance(data, dict) else {}
    redactor = Redactor(secrets)
    text = redactor.text(str(data.get("reason") or error.get("message") or ""))
    if code == _UNKNOWN_METHOD:
        return _unknown_method(method)
    if code == _INVALID_PARAMS:
        return _invalid(method, _rows(data.get("extra"), redactor), text)
    if code == _TOO_MANY_CALLS:
        return errors.Busy(method, text, _errno.EBUSY)
    if code == _CALL_ERROR:
        number = data.get("error")
        number = number if isinstance(number, int) else _errno.EFAULT
        return call_error(method, text, number, redactor.value(data.get("extra")), data.get("errname"))
    return errors.ProtocolError(f"{method}: the NAS refused the message itself: {text or code}")


def from_rest(method: str, status: int, body: Any, secrets: Collection[str], allow: str = "") -> errors.MiddlewareError:
    """The exception for an HTTP status of 400 and above.

    `body` is the parsed JSON, or text, or None; `allow` what a 24.10 API key's allowlist must hold for the call.
    """
    answer = Redactor(secrets).value(body)
    members = answer if isinstance(answer, dict) else {}
    message = members.get("message")
    if status == 401:
        return errors.LoginError(
            f"The NAS refused the credentials ({answer or 'Unauthorized'}). Check api_key, or api_username and "
            "api_password (accounts with two-factor login cannot use the REST API)."
        )
    if status == 403:
        advice = (
            f" TrueNAS 24.10: the API key's allowlist must hold {allow or 'this call'}. Later releases: the REST API "
            "serves full administrators only."
        )
        return errors.NotAuthorized(method, "Not authorized.", methods.role_for(method), advice)
    if status == 405 or (status == 404 and not method.endswith(".get_instance")):
        return _unknown_method(method)
    if status == 404:
        return errors.DoesNotExist(method, [(None, "No such record.", _errno.ENOENT)])
    if status == 422 and members and not isinstance(message, str):
        return _invalid(method, _rest_rows(members), "Invalid values.")
    number = members.get("errno")
    fallback = _errno.EINVAL if status in (400, 422) else _errno.EFAULT
    return call_error(method, str(message or f"HTTP status {status}"), number if isinstance(number, int) else fallback)


def call_error(
    method: str, reason: str, number: int, extra: Any = None, errname: str | None = None
) -> errors.CallError:
    """The most telling exception for an error number."""
    reason = _PREFIX.sub("", reason).strip()
    if number == errors.ENOTAUTHENTICATED:
        return errors.NotAuthenticated(method, reason, number, errname)
    if number == errors.ENOMETHOD:
        return _unknown_method(method)
    if number == _errno.EBUSY:
        return errors.Busy(method, reason, number, errname, extra)
    if number == _errno.EACCES:
        role = methods.role_for(method)
        advice = (
            f". The account lacks the role {role}: add it to its privilege (Credentials > Groups > Privileges)."
            if role
            else ". The account may not do this, or its session has expired."
        )
        return errors.NotAuthorized(method, reason, role, advice)
    return errors.CallError(method, reason, number, errname, extra)


def _unknown_method(method: str) -> errors.UnknownMethod:
    return errors.UnknownMethod(method, "this NAS has no such method", errors.ENOMETHOD, advice=" (another release?).")


def _invalid(method: str, rows: list[FieldError], text: str) -> errors.CallError:
    if any(attribute is None and number == _errno.ENOENT for attribute, _message, number in rows):
        return errors.DoesNotExist(method, rows)
    return errors.ValidationError(method, rows or [("", text, _errno.EINVAL)])


def _rows(extra: Any, redactor: Redactor) -> list[FieldError]:
    rows = extra if isinstance(extra, list) else []
    return [
        (row[0] if row[0] is None else str(row[0]), redactor.text(str(row[1])), row[2])
        for row in rows
        if isinstance(row, list) and len(row) == 3 and isinstance(row[2], int)
    ]


def _rest_rows(members: dict[str, Any]) -> list[FieldError]:
    return [
        (None if attribute == "null" else attribute, str(item.get("message")), item.get("errno", _errno.EINVAL))
        for attribute, items in members.items()
        if isinstance(items, list)
        for item in items
        if isinstance(item, dict)
    ]
