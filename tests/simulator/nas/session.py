# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection's state: where it comes from, who is logged in, what it asked for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from simulator.nas.accounts import Account


@dataclass(frozen=True)
class Origin:
    """Where a connection comes from.

    :param transport: `wss`, `ws`, `unix` or `rest`
    :param secure: encrypted, or on the NAS itself
    :param pid, uid, gid: the peer's process, user and group on the unix socket
    """

    address: str
    transport: str
    secure: bool
    pid: int | None = None
    uid: int | None = None
    gid: int | None = None

    def __str__(self) -> str:
        if self.uid is None:
            return self.address
        return f"UNIX socket (pid={self.pid} uid={self.uid} gid={self.gid})"


@dataclass(frozen=True)
class Login:
    """How a session logged in.

    :param account: None for a free-standing key of 24.10, which may do whatever its allowlist let through
    :param kind: the middleware's name, for example LOGIN_PASSWORD, API_KEY, TOKEN, UNIX_SOCKET
    :param attributes: what the way of logging in adds to the account's attributes
    """

    account: Account | None
    kind: str
    at: dict[str, Any]
    login_id: str
    api_key: dict[str, Any] | None
    attributes: tuple[str, ...]


class Session:
    """A connection, or the middleware itself when it is `internal`."""

    def __init__(self, origin: Origin | None = None, *, internal: bool = False) -> None:
        self.id = str(uuid.uuid4())
        self.origin = origin
        self.internal = internal
        self.login: Login | None = None
        self.legacy_jobs = True
        self.pending_login: Any = None  # a password that waits for its code, or a SCRAM exchange

    @property
    def user(self) -> Account | None:
        """The account that is logged in."""
        return self.login.account if self.login else None

    @property
    def authenticated(self) -> bool:
        return self.internal or self.login is not None

    @property
    def full_admin(self) -> bool:
        if self.login is None:
            return self.internal
        return self.login.account is None or self.login.account.full_admin

    def has_role(self, role: str) -> bool:
        """Whether the account holds a role, or may everything."""
        return self.full_admin or (self.user is not None and role in self.user.roles)

    def log_in(
        self,
        account: Account | None,
        kind: str,
        at: dict[str, Any],
        api_key: dict[str, Any] | None = None,
        attributes: tuple[str, ...] = (),
    ) -> None:
        self.login = Login(account, kind, at, str(uuid.uuid4()), api_key, attributes)
        self.pending_login = None

    def log_out(self) -> None:
        self.login = None
        self.pending_login = None

    def credentials(self) -> dict[str, Any] | None:
        """The session as job objects name it."""
        if self.login is None:
            return None
        data: dict[str, Any] = {}
        if self.login.account is not None:
            data = {
                "username": self.login.account.username,
                "login_id": self.login.login_id,
                "login_at": self.login.at,
            }
        if self.login.api_key is not None:
            data["api_key"] = {"id": self.login.api_key["id"], "name": self.login.api_key["name"]}
        return {"type": self.login.kind, "data": data}
