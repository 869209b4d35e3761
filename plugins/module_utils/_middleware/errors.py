# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exceptions of the connection to a NAS: every message says what failed, where, and how to fix it.

PRIVATE to the collection. No message ever holds a stack frame of the server (frames repeat a call's parameters, secrets
included): `error_answers` picks the reason and the field errors out of an answer and nothing else.
"""

from __future__ import annotations

import errno as _errno
from collections.abc import Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import FieldError, Job

# Numbers that TrueNAS adds to the system's own (ErrnoMixin of its API client).
ENOMETHOD = 201
ENOTAUTHENTICATED = 207


def errno_name(number: int) -> str:
    """`2` -> `ENOENT`; TrueNAS's own numbers by their own names."""
    own = {ENOMETHOD: "ENOMETHOD", ENOTAUTHENTICATED: "ENOTAUTHENTICATED"}
    return own.get(number) or _errno.errorcode.get(number, str(number))


class MiddlewareError(Exception):
    """Anything that goes wrong between the collection and a NAS."""


class ConnectError(MiddlewareError):
    """The NAS cannot be reached, or the server that answers is not a TrueNAS that the collection supports."""


class NotReady(ConnectError):
    """The NAS's web server answers, but its middleware does not yet: it is starting."""


class CertificateError(ConnectError):
    """The NAS's certificate is not the one asked for, or cannot be trusted."""


class InsecureTransport(ConnectError):
    """The connection would send credentials in the clear to another machine. Raised before anything is sent."""


class LoginError(MiddlewareError):
    """The NAS refused the login, or the given options cannot log in."""


class ProtocolError(MiddlewareError):
    """The NAS answered something that is not its own protocol."""


class MessageTooLarge(MiddlewareError):
    """A call that the NAS would answer by closing the connection. Raised before anything is sent."""


class ReadOnly(MiddlewareError):
    """A call that would write, start or delete something, of a client that may only read. Nothing was sent."""


class AnswerLost(MiddlewareError):
    """A call was sent and its answer never came: a write may or may not have happened. Settle it by reading."""

    def __init__(self, message: str, method: str) -> None:
        super().__init__(message)
        self.method = method


class ConnectionLost(AnswerLost):
    """The connection broke before the answer came."""


class CallTimeout(AnswerLost):
    """No answer within `api_timeout`."""


class AnswerGarbled(AnswerLost, ProtocolError):
    """What came while the answer was waited for is not the NAS's own protocol."""


class CallError(MiddlewareError):
    """The NAS refused or failed a call.

    `reason` is the NAS's own text without its `[ERRNAME]` prefix, `extra` whatever the NAS adds to it
    (a failed listing of a remote: `{"excerpt": the cause in one line}`). Both are redacted.
    """

    def __init__(
        self, method: str, reason: str, errno: int, errname: str | None = None, extra: Any = None, advice: str = ""
    ) -> None:
        super().__init__(f"{method}: {reason}{advice}")
        self.method = method
        self.reason = reason
        self.errno = errno
        self.errname = errname or errno_name(errno)
        self.extra = extra


class ValidationError(CallError):
    """The NAS refused values; `fields` holds a row for each."""

    def __init__(self, method: str, fields: Sequence[FieldError]) -> None:
        self.fields = list(fields)
        reason = "; ".join(f"{attribute}: {message}" if attribute else message for attribute, message, _no in fields)
        super().__init__(method, reason, _errno.EINVAL)


class DoesNotExist(ValidationError):
    """The record that the call names does not exist (a row without attribute and with errno 2)."""


class NotAuthorized(CallError):
    """The account may not make this call. `role` is the role that it lacks, where known."""

    def __init__(self, method: str, reason: str, role: str | None, advice: str) -> None:
        super().__init__(method, reason, _errno.EACCES, advice=advice)
        self.role = role


class NotAuthenticated(CallError):
    """The session is not, or no longer, logged in."""


class Busy(CallError):
    """The NAS refuses for now: a rate limit, too many calls at once, or a job of somebody else in the queue."""


class UnknownMethod(CallError):
    """The NAS's release, or the transport in use, does not have the method."""


class JobError(MiddlewareError):
    """A job cannot be followed to its end. `job` is the last that was seen of it."""

    def __init__(self, message: str, job: Job | None) -> None:
        super().__init__(message)
        self.job = job


class JobTimeout(JobError):
    """The job was still going on when the time was up. It goes on."""


class JobUnreachable(JobError):
    """The NAS that runs the job cannot be asked any more. The job may go on."""


class JobVanished(JobError):
    """The NAS no longer knows the job: its middleware was restarted, or a thousand later jobs pushed it out."""
