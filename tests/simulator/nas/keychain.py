# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods of `keychaincredential`: SSH keys, which credentials of SFTP name by their id."""

from __future__ import annotations

import errno
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from simulator.nas.errors import InstanceNotFound, ValidationError, ValidationErrors
from simulator.nas.filters import filter_list
from simulator.nas.service import Context, method
from simulator.nas.state import Row, Table

_PREFIX = "keychain_credential_create"


@method("keychaincredential.query")
async def query(ctx: Context, filters: list[Any], options: dict[str, Any]) -> Any:
    return filter_list(_table(ctx).all(), filters, options)


@method("keychaincredential.get_instance")
async def get_instance(ctx: Context, row_id: int, options: dict[str, Any]) -> Row:
    return _stored(ctx, row_id)


@method("keychaincredential.create")
async def create(ctx: Context, data: Row) -> Row:
    if _table(ctx).find(name=data["name"]) is not None:
        raise ValidationErrors([(f"{_PREFIX}.name", "Object with this name already exists", errno.EINVAL)])
    if data["type"] == "SSH_KEY_PAIR":
        data = {**data, "attributes": _completed(data["attributes"])}
    return _stored(ctx, _table(ctx).insert(data))


@method("keychaincredential.delete")
async def delete(ctx: Context, row_id: int, options: dict[str, Any]) -> None:
    _stored(ctx, row_id)
    users = [
        row
        for row in ctx.nas.store.table("cloudsync_credentials").all()
        if row["provider"]["type"] == "SFTP" and row["provider"].get("private_key") == row_id
    ]
    if users and not options["cascade"]:
        text = "This credential is used and no cascade option is specified"
        raise ValidationError("options.cascade", text, errno.EINVAL)
    for row in users:
        provider = {name: value for name, value in row["provider"].items() if name != "private_key"}
        ctx.nas.store.table("cloudsync_credentials").update(row["id"], {"provider": provider})
    _table(ctx).delete(row_id)


def _table(ctx: Context) -> Table:
    return ctx.nas.store.table("keychaincredential")


def _stored(ctx: Context, row_id: int) -> Row:
    row = _table(ctx).get(row_id)
    if row is None:
        raise InstanceNotFound(f"KeychainCredential {row_id} does not exist")
    return row


def _completed(pair: Row) -> Row:
    """A key pair with the public key that belongs to the private one."""
    private = pair["private_key"]
    if not private:
        if not pair["public_key"]:
            raise ValidationErrors([(f"{_PREFIX}.attributes.public_key", "You must specify a key", errno.EINVAL)])
        return pair
    private = f"{private.strip()}\n"
    public = _public_key(private)
    given = pair["public_key"]
    if given and given.split()[:2] != public.split()[:2]:
        text = "Private key and public key do not match"
        raise ValidationErrors([(f"{_PREFIX}.attributes.public_key", text, errno.EINVAL)])
    return {"private_key": private, "public_key": given or public}


def _public_key(private: str) -> str:
    load = (
        serialization.load_ssh_private_key
        if private.startswith("-----BEGIN OPENSSH ")
        else serialization.load_pem_private_key
    )
    try:
        public = load(private.encode(), None).public_key()
        text = public.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    except TypeError:
        problem = "Encrypted private keys are not allowed"
    except (ValueError, UnsupportedAlgorithm):
        problem = 'Load key "/tmp/key": error in libcrypto\n'
    else:
        return f"{text.decode()}\n"
    raise ValidationErrors([(f"{_PREFIX}.attributes.private_key", problem, errno.EINVAL)])
