# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may log in: users, their groups, the privileges of those groups, and API keys."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
import time
from base64 import b32decode, b32encode, b64encode
from dataclasses import dataclass, field
from typing import Any

from simulator.nas import roles
from simulator.nas.clock import Clock
from simulator.nas.state import Row, Store, Table

_ALPHABET = string.ascii_letters + string.digits
_FIRST_LOCAL_ID = 3000  # users and groups that people make
SCRAM_ITERATIONS = 500_000

# User, uid, group; what the key may do where keys belong to no user.
_DELIVERED = (
    ("truenas_admin", 950, 544, [{"method": "*", "resource": "*"}]),
    ("readonly_admin", 952, 951, [{"method": "GET", "resource": "*"}]),
)


def random_text(length: int = 64) -> str:
    """Letters and digits, as keys and tokens are made of."""
    return "".join(secrets.choice(_ALPHABET) for dummy in range(length))


def totp(secret: str, at: float | None = None) -> str:
    """The one-time code (RFC 6238, SHA-1, 6 digits, 30 s) of a base32 secret."""
    counter = int((time.time() if at is None else at) // 30)
    digest = hmac.digest(b32decode(secret), counter.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    return f"{(int.from_bytes(digest[offset : offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


@dataclass(frozen=True)
class Account:
    """A user as a session sees it."""

    username: str
    uid: int
    full_name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    two_factor: bool = False

    @property
    def full_admin(self) -> bool:
        return roles.FULL_ADMIN in self.roles


@dataclass(frozen=True)
class ScramVerifier:
    """What SCRAM-SHA-512 derives from an API key."""

    salt: bytes
    iterations: int
    client_key: bytes
    stored_key: bytes
    server_key: bytes

    @classmethod
    def of(cls, secret: str, salt: bytes) -> ScramVerifier:
        salted = hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, SCRAM_ITERATIONS)
        client_key = hmac.digest(salted, b"Client Key", "sha512")
        server_key = hmac.digest(salted, b"Server Key", "sha512")
        return cls(salt, SCRAM_ITERATIONS, client_key, hashlib.sha512(client_key).digest(), server_key)


class Accounts:
    """Users, groups, privileges and API keys.

    Passwords and keys are kept in clear (in a private file): they belong to nothing but this simulator, and its
    command prints them. What a server derives from a key costs half a second and is computed when first needed.
    """

    TABLES = ("users", "groups", "privileges", "api_keys")

    def __init__(self, store: Store, clock: Clock, *, user_keys: bool = True) -> None:
        self._store = store
        self._clock = clock
        self._user_keys = user_keys
        self._verifiers: dict[int, ScramVerifier] = {}

    @property
    def users(self) -> Table:
        return self._store.table("users")

    @property
    def groups(self) -> Table:
        return self._store.table("groups")

    @property
    def privileges(self) -> Table:
        return self._store.table("privileges")

    @property
    def keys(self) -> Table:
        return self._store.table("api_keys")

    def set_up(self) -> None:
        """Make the accounts that a NAS is delivered with, unless they are there."""
        if not self.users.all():
            self._deliver({}, {})

    def reset(self) -> None:
        """Make only the delivered accounts anew, with the passwords and keys that they were delivered with."""
        passwords = {row["username"]: row["delivered_password"] for row in self.users.all()}
        secrets_by_id = {row["id"]: row["secret"] for row in self.keys.all()}
        for table in self.TABLES:
            self._store.clear(table)
        self._verifiers.clear()
        self._deliver(passwords, secrets_by_id)

    def _deliver(self, passwords: dict[str, str], keys: dict[int, str]) -> None:
        for gid, name, builtin, role in (
            (544, "builtin_administrators", "LOCAL_ADMINISTRATOR", roles.FULL_ADMIN),
            (951, "truenas_readonly_administrators", "READONLY_ADMINISTRATOR", roles.READONLY_ADMIN),
        ):
            self.groups.insert({"gid": gid, "name": name, "builtin": True})
            self.privileges.insert(
                {
                    "builtin_name": builtin,
                    "name": builtin.replace("_", " ").title(),
                    "local_groups": [gid],
                    "ds_groups": [],
                    "roles": [role],
                    "web_shell": role == roles.FULL_ADMIN,
                }
            )
        self.add_user("root", uid=0, groups=[544], password=None)
        for number, (username, uid, gid, allowlist) in enumerate(_DELIVERED, start=1):
            password = passwords.get(username) or random_text(16)
            self.add_user(username, uid=uid, groups=[gid], password=password, delivered_password=password)
            fields = {"secret": keys[number]} if number in keys else {}
            if self._user_keys:
                self.create_key(f"{username} key", username, **fields)
            else:
                self.create_key(f"{username} key", None, allowlist=allowlist, **fields)

    def add_group(self, name: str, granted: list[str]) -> int:
        """Make a group whose members hold these roles; returns its gid."""
        gid = self._free(self.groups, "gid")
        self.groups.insert({"gid": gid, "name": name, "builtin": False})
        self.privileges.insert(
            {
                "builtin_name": None,
                "name": name,
                "local_groups": [gid],
                "ds_groups": [],
                "roles": granted,
                "web_shell": False,
            }
        )
        return gid

    def add_user(self, username: str, *, groups: list[int], uid: int | None = None, **fields: Any) -> Row:
        """Make a user.

        :param fields: `password` (random by default, None for one that can not log in with a password), `otp_secret`,
            `locked`, `expired`, `email`
        """
        row = {
            "username": username,
            "uid": self._free(self.users, "uid") if uid is None else uid,
            "full_name": username,
            "groups": groups,
            "password": random_text(16),
            "otp_secret": None,
            "locked": False,
            "expired": False,
            "delivered_password": None,
            **fields,
        }
        return {**row, "id": self.users.insert(row)}

    @staticmethod
    def _free(table: Table, name: str) -> int:
        return max([_FIRST_LOCAL_ID, *(row[name] for row in table.all())]) + 1

    @staticmethod
    def new_otp_secret() -> str:
        """A base32 secret for one-time codes."""
        return b32encode(secrets.token_bytes(20)).decode()

    def account(self, username: str) -> Account | None:
        """The user of that name with the roles that its groups give it."""
        user = self.users.find(username=username)
        return None if user is None else self._account(user)

    def account_of_uid(self, uid: int) -> Account | None:
        """The user of that number with the roles that its groups give it."""
        user = self.users.find(uid=uid)
        return None if user is None else self._account(user)

    def _account(self, user: Row) -> Account:
        granted = [
            role
            for privilege in self.privileges.all()
            if set(privilege["local_groups"]) & set(user["groups"])
            for role in privilege["roles"]
        ]
        return Account(
            user["username"], user["uid"], user["full_name"], roles.expand(granted), user["otp_secret"] is not None
        )

    def check_password(self, username: str, password: str) -> bool:
        """Whether this is the password of a user who is not locked out."""
        user = self.users.find(username=username)
        if user is None or user["password"] is None or user["locked"]:
            return False
        return hmac.compare_digest(user["password"].encode(), password.encode())

    def create_key(self, name: str, username: str | None, **fields: Any) -> Row:
        """Make an API key.

        :param fields: `expires_at` (in the middleware's form of time), `allowlist` (24.10)
        :returns: the record with the key itself as `key`
        """
        row = {
            "name": name,
            "username": username,
            "secret": random_text(),
            "salt": secrets.token_hex(16),
            "created_at": self._clock.now(),
            "expires_at": None,
            "revoked": False,
            "revoked_reason": None,
            **fields,
        }
        key_id = self.keys.insert(row)
        return {**row, "id": key_id, "key": f"{key_id}-{row['secret']}"}

    def find_key(self, key: str) -> Row | None:
        """The record of this very key, also when it has been revoked or has expired."""
        number, dummy, secret = key.partition("-")
        row = self.keys.get(int(number)) if number.isdigit() else None
        return row if row is not None and hmac.compare_digest(row["secret"].encode(), secret.encode()) else None

    def delivered_keys(self) -> list[str]:
        """The keys of the delivered accounts: one that may do everything, one that may only read."""
        return [f"{row['id']}-{row['secret']}" for row in self.keys.all()[: len(_DELIVERED)]]

    def key_expired(self, row: Row) -> bool:
        """Whether the time of an API key is over."""
        return row["expires_at"] is not None and row["expires_at"]["$date"] <= self._clock.time() * 1000

    def verifier(self, row: Row) -> ScramVerifier:
        """What SCRAM needs of a key."""
        if row["id"] not in self._verifiers:
            self._verifiers[row["id"]] = ScramVerifier.of(row["secret"], bytes.fromhex(row["salt"]))
        return self._verifiers[row["id"]]

    def key_hash(self, row: Row) -> str:
        """A key's hash in the form in which api_key.create shows it."""
        verifier = self.verifier(row)
        salt, digest = (b64encode(part).decode() for part in (verifier.salt, verifier.stored_key))
        return f"$pbkdf2-sha512${verifier.iterations}${salt}${digest}"

    def scram_material(self, row: Row) -> dict[str, Any]:
        """What api_key.create adds from 26.0, so that a client can do SCRAM without the key itself."""
        verifier = self.verifier(row)
        return {
            "iterations": verifier.iterations,
            "salt": b64encode(verifier.salt).decode(),
            "client_key": b64encode(verifier.client_key).decode(),
            "stored_key": b64encode(verifier.stored_key).decode(),
            "server_key": b64encode(verifier.server_key).decode(),
        }
