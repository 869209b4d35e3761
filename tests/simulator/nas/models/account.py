# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API keys, privileges and the keychain, from 25.04."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from simulator.nas.models.base import (
    Date,
    Model,
    NonEmpty,
    Secret,
    Text,
    at_least,
    listed,
    long_text,
    model,
    one_of,
    secret,
)
from simulator.nas.models.methods import Spec, get_instance_params, query_params, query_result

KeyName = Annotated[str, Field(min_length=1, max_length=200)]


class AllowRule(Model):
    method: Literal["GET", "POST", "PUT", "DELETE", "CALL", "SUBSCRIBE", "*"]
    resource: NonEmpty


class UnmappedGroup(Model):
    gid: int | None
    sid: Text | None
    group: None


class SSHCredentials(Model):
    host: Text
    port: int = 22
    username: Text = "root"
    private_key: int
    remote_host_key: Text
    connect_timeout: int = 10


def account_methods(release: str) -> dict[str, Spec]:
    """`api_key.create`, `privilege.*`, `keychaincredential.*` of 25.04 and later."""
    privilege = privilege_entry(release)
    create = model(
        "PrivilegeCreate",
        name=NonEmpty,
        local_groups=(list[int], []),
        ds_groups=(list[int | Text], []),
        roles=(list[Text], []),
        web_shell=bool,
    )
    keychain = _keychain(release)
    rows: dict[str, Any] = {"crud": "query", "result_name": "QueryResult"}
    return {
        "api_key.create": _api_key_create(release),
        "privilege.create": Spec({"privilege_create": create}, privilege, roles=("PRIVILEGE_WRITE",), crud="create"),
        "privilege.query": Spec(query_params(release), query_result(release, privilege), ("PRIVILEGE_READ",), **rows),
        "keychaincredential.query": Spec(
            query_params(release),
            query_result(release, keychain),
            ("KEYCHAIN_CREDENTIAL_READ",),
            "KEYCHAIN_CREDENTIAL_WRITE",
            **rows,
        ),
        **_keychain_methods(release, keychain),
    }


def _api_key_create(release: str) -> Spec:
    # The default was there in 25.10 only, and left it with 25.10.5.
    name: Any = (KeyName, "nobody") if release == "25.10" else KeyName
    params = model("ApiKeyCreate", name=name, username=Text, expires_at=(Date | None, None))
    fields: dict[str, Any] = {
        "id": int,
        "name": name,
        "user_identifier": int | Text,
        "username": Text | None,
        "created_at": Date,
        "expires_at": (Date | None, None),
        "local": bool,
        "revoked": bool,
        "key": Text,
    }
    if at_least(release, "25.10"):
        fields["revoked_reason"] = Text | None
    if at_least(release, "26.0"):
        fields |= {"client_key": Text, "iterations": int}
        fields |= dict.fromkeys(("salt", "server_key", "stored_key"), Secret[Text])
    else:
        fields["keyhash"] = Secret[Text]
    entry = model("ApiKeyEntryWithKey", **fields)
    return Spec({"api_key_create": params}, entry, roles=("API_KEY_WRITE", "READONLY_ADMIN"), crud="create")


def privilege_entry(release: str) -> type[BaseModel]:
    """A privilege as it is answered."""
    more: dict[str, Any] = {"immutable" if at_least(release, "25.10") else "id_type_both": bool}
    if at_least(release, "25.04"):
        more["userns_idmap"] = (Literal["DIRECT"] | Annotated[int, Field(ge=1, le=4294967294)] | None, None)
    group = model(
        "GroupEntry",
        id=int,
        gid=int,
        name=NonEmpty,
        builtin=bool,
        sudo_commands=(list[NonEmpty], []),
        sudo_commands_nopasswd=(list[NonEmpty], []),
        smb=(bool, True),
        group=NonEmpty,
        local=bool,
        sid=Text | None,
        roles=list[Text],
        users=(list[int], []),
        **more,
    )
    groups = listed(one_of(group, UnmappedGroup))
    return model(
        "PrivilegeEntry",
        id=int,
        builtin_name=Text | None,
        name=NonEmpty,
        local_groups=groups,
        ds_groups=groups,
        roles=(list[Text], []),
        web_shell=bool,
    )


def _keychain_methods(release: str, entry: type[BaseModel]) -> dict[str, Spec]:
    secrets_role = "KEYCHAIN_CREDENTIAL_WRITE"
    write: dict[str, Any] = {"roles": (secrets_role,), "secrets_role": secrets_role}
    pair = model("KeychainCredentialCreateSSHKeyPairEntry", name=NonEmpty, type=Literal["SSH_KEY_PAIR"],
                 attributes=secret(_key_pair(release)))  # fmt: skip
    login = model("KeychainCredentialCreateSSHCredentialsEntry", name=NonEmpty, type=Literal["SSH_CREDENTIALS"],
                  attributes=secret(SSHCredentials))  # fmt: skip
    options = model("KeychainCredentialDeleteOptions", cascade=(bool, False))
    return {
        "keychaincredential.get_instance": Spec(
            get_instance_params(release), entry, ("KEYCHAIN_CREDENTIAL_READ",), secrets_role, crud="get_instance"
        ),
        "keychaincredential.create": Spec(
            {"keychain_credential_create": one_of(pair, login)}, entry, crud="create", **write
        ),
        "keychaincredential.delete": Spec({"id": int, "options": (options, {})}, None, crud="delete", **write),
    }


def _key_pair(release: str) -> type[BaseModel]:
    long = long_text(release)
    return model("SSHKeyPair", private_key=(long | None, None), public_key=(long | None, None))


def _keychain(release: str) -> type[BaseModel]:
    pair = _key_pair(release)
    return model(
        "KeychainCredentialEntry",
        id=int,
        name=NonEmpty,
        type=Literal["SSH_KEY_PAIR", "SSH_CREDENTIALS"],
        attributes=secret(one_of(pair, SSHCredentials)),
    )
