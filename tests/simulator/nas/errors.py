# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a middleware method may raise, and the error numbers that go over the wire."""

from __future__ import annotations

import errno as _errno

ENOMETHOD = 201
ENOTAUTHENTICATED = 207

# The middleware has numbers of its own above those of the operating system.
_PRIVATE_ERRNOS = {
    201: "ENOMETHOD",
    202: "ESERVICESTARTFAILURE",
    203: "EALERTCHECKERUNAVAILABLE",
    204: "EREMOTENODEERROR",
    205: "EDATASETISLOCKED",
    206: "EINVALIDRRDTIMESTAMP",
    207: "ENOTAUTHENTICATED",
    208: "ESSLCERTVERIFICATIONERROR",
}


def errname(errno: int) -> str:
    """The symbolic name of an error number, `EUNKNOWN` when it has none."""
    return _PRIVATE_ERRNOS.get(errno) or _errno.errorcode.get(errno, "EUNKNOWN")


class CallError(Exception):
    """A call that failed for a reason of its own; answered as -32001."""

    def __init__(self, message: str, errno: int = _errno.EFAULT, extra: object = None) -> None:
        super().__init__(message, errno, extra)
        self.message = message
        self.errno = errno
        self.extra = extra

    def __str__(self) -> str:
        return f"[{errname(self.errno)}] {self.message}"

    def __repr__(self) -> str:
        number = "" if self.errno == _errno.EFAULT else f", {self.errno}"
        return f"{type(self).__name__}({self.message!r}{number})"


class ValidationErrors(Exception):
    """Parameters that were refused; answered as -32602.

    :param rows: (attribute or None, message, errno) of everything that was found wrong
    """

    def __init__(self, rows: list[tuple[str | None, str, int]]) -> None:
        super().__init__(rows)
        self.rows = rows

    def __str__(self) -> str:
        return "".join(f"[{errname(errno)}] {attribute}: {message}\n" for attribute, message, errno in self.rows)

    def __repr__(self) -> str:
        rows = ", ".join(f"ValidationError({a!r}, {m!r}, {e!r})" for a, m, e in self.rows)
        return f"{type(self).__name__}([{rows}])"


class ValidationError(ValidationErrors):
    """One parameter that was refused, said as such."""

    def __init__(self, attribute: str, message: str, errno: int) -> None:
        super().__init__([(attribute, message, errno)])

    def __str__(self) -> str:
        return super().__str__().rstrip("\n")

    def __repr__(self) -> str:
        attribute, message, errno = self.rows[0]
        return f"{type(self).__name__}({attribute!r}, {message!r}, {errno!r})"


class InstanceNotFound(ValidationErrors):
    """A record that does not exist, which the middleware answers as a validation error without an attribute."""

    def __init__(self, message: str) -> None:
        super().__init__([(None, message, _errno.ENOENT)])

    def __str__(self) -> str:
        return super().__str__().rstrip("\n")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.rows[0][1]!r})"


class MatchNotFound(Exception):
    """A query with `get` that found nothing; an ordinary exception to the middleware, so the answer is its repr."""
