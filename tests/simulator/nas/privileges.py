# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods of `privilege` and `api_key`."""

from __future__ import annotations

import errno
from typing import Any

from simulator.nas.errors import CallError, ValidationErrors
from simulator.nas.filters import filter_list
from simulator.nas.roles import ROLES
from simulator.nas.service import Context, method
from simulator.nas.state import Row


@method("privilege.query")
async def privilege_query(ctx: Context, filters: list[Any], options: dict[str, Any]) -> Any:
    return filter_list([_privilege(ctx, row) for row in ctx.nas.accounts.privileges.all()], filters, options)


@method("privilege.create")
async def privilege_create(ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
    accounts = ctx.nas.accounts
    rows: list[tuple[str | None, str, int]] = []
    if accounts.privileges.find(name=data["name"]):
        rows.append(("privilege_create.name", "Object with this name already exists", errno.EINVAL))
    for number, gid in enumerate(data["local_groups"]):
        if accounts.groups.find(gid=gid) is None:
            text = (
                f"{gid}: local group does not exist. This error may be addressed by either re-creating the missing "
                "group with the specified group id or removing this entry from the privilege."
            )
            rows.append((f"privilege_create.local_groups.{number}", text, errno.EINVAL))
    for number, role in enumerate(data["roles"]):
        if role not in ROLES:
            rows.append((f"privilege_create.roles.{number}", "Invalid role", errno.EINVAL))
    if rows:
        raise ValidationErrors(rows)
    row = {"builtin_name": None, **data}
    return _privilege(ctx, {**row, "id": accounts.privileges.insert(row)})


@method("api_key.create")
async def api_key_create(ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
    accounts = ctx.nas.accounts
    if not ctx.nas.features.user_keys:
        row = accounts.create_key(data["name"], None, allowlist=data["allowlist"])
        return {name: row[name] for name in ("id", "name", "created_at", "allowlist", "key")}
    user = accounts.users.find(username=data["username"])
    if user is None:
        raise ValidationErrors([("api_key_create", "User does not exist.", errno.EINVAL)])
    own = ctx.session.user is not None and ctx.session.user.username == user["username"]
    if not own and not ctx.session.has_role("API_KEY_WRITE"):
        raise CallError("Keys of other users are made only with the role API_KEY_WRITE", errno.EACCES)
    row = accounts.create_key(data["name"], user["username"], expires_at=data["expires_at"])
    entry = {
        "id": row["id"],
        "name": row["name"],
        "username": row["username"],
        "user_identifier": user["id"] if ctx.nas.features.numeric_user_ids else str(user["id"]),
        "created_at": row["created_at"],
        "expires_at": row["expires_at"],
        "local": True,
        "revoked": False,
        "key": row["key"],
    }
    if ctx.nas.features.revoked_reasons:
        entry["revoked_reason"] = None
    if ctx.nas.features.scram:
        return {**entry, **accounts.scram_material(row)}
    return {**entry, "keyhash": accounts.key_hash(row)}


def _privilege(ctx: Context, row: Row) -> dict[str, Any]:
    entry = {
        "id": row["id"],
        "builtin_name": row["builtin_name"],
        "name": row["name"],
        "local_groups": [_group(ctx, gid) for gid in row["local_groups"]],
        "ds_groups": [],
        "roles": row["roles"],
        "web_shell": row["web_shell"],
    }
    return entry if ctx.nas.features.user_keys else {**entry, "allowlist": row.get("allowlist", [])}


def _group(ctx: Context, gid: int) -> dict[str, Any]:
    row = ctx.nas.accounts.groups.find(gid=gid)
    if row is None:
        return {"gid": gid, "sid": None, "group": None}
    users = [user["id"] for user in ctx.nas.accounts.users.all() if gid in user["groups"]]
    entry = {
        "id": row["id"],
        "gid": gid,
        "name": row["name"],
        "group": row["name"],
        "builtin": row["builtin"],
        "local": True,
        "sid": None,
        "roles": [],
        "smb": False,
        "sudo_commands": [],
        "sudo_commands_nopasswd": [],
        "users": users,
    }
    if ctx.nas.features.mapped_groups:
        entry["userns_idmap"] = None
    if ctx.nas.features.immutable_groups:
        return {**entry, "immutable": row["builtin"]}
    return {**entry, "id_type_both": False}
