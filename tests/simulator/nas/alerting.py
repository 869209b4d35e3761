# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods that say who is told of alerts: `mail.*`, `alertservice.*`, `alertclasses.*`. Nothing is sent.

As delivered, one service would send mail to the local administrators, but no mail server is set.
"""

from __future__ import annotations

from typing import Any

from simulator.nas.errors import InstanceNotFound
from simulator.nas.filters import filter_list
from simulator.nas.models.base import at_least
from simulator.nas.roles import FULL_ADMIN
from simulator.nas.service import Context, method
from simulator.nas.state import Row, Table

_MAIL = {
    "fromemail": "",
    "fromname": "",
    "outgoingserver": "",
    "port": 25,
    "security": "PLAIN",
    "smtp": False,
    "user": None,
    "pass": None,
    "oauth": None,
}
_SERVICE = {"name": "E-Mail", "type": "Mail", "attributes": {"email": ""}, "level": "WARNING", "enabled": True}


@method("mail.config")
async def mail_config(ctx: Context) -> Row:
    return _one(ctx, "mail", _MAIL)


@method("mail.update")
async def mail_update(ctx: Context, data: Row) -> Row:
    return _changed(ctx, "mail", _MAIL, data)


@method("mail.local_administrator_email")
async def local_administrator_email(ctx: Context) -> str | None:
    for user in ctx.nas.accounts.users.all():
        account = ctx.nas.accounts.account(user["username"])
        if account is not None and FULL_ADMIN in account.roles and user.get("email"):
            return str(user["email"])
    return None


@method("alertservice.query")
async def service_query(ctx: Context, filters: list[Any], options: Row) -> Any:
    _one(ctx, "alertservice", _SERVICE)
    rows = [_service(ctx, row) for row in ctx.nas.store.table("alertservice").all()]
    return filter_list(rows, filters, options)


@method("alertservice.update")
async def service_update(ctx: Context, row_id: int, data: Row) -> Row:
    _one(ctx, "alertservice", _SERVICE)
    table = ctx.nas.store.table("alertservice")
    if table.get(row_id) is None:
        raise InstanceNotFound(f"AlertService {row_id} does not exist")
    kind = {"type": data["attributes"]["type"]} if "type" in data.get("attributes", {}) else {}
    table.update(row_id, {**data, **kind})
    row = table.get(row_id)
    assert row is not None
    return _service(ctx, row)


@method("alertclasses.config")
async def classes_config(ctx: Context) -> Row:
    return _one(ctx, "alertclasses", {"classes": {}})


@method("alertclasses.update")
async def classes_update(ctx: Context, data: Row) -> Row:
    return _changed(ctx, "alertclasses", {"classes": {}}, data)


def _one(ctx: Context, name: str, delivered: Row) -> Row:
    """The first record of a table, which is made when it is first asked for."""
    table: Table = ctx.nas.store.table(name)
    if not table.all():
        table.insert(delivered)
    return table.all()[0]


def _changed(ctx: Context, name: str, delivered: Row, data: Row) -> Row:
    ctx.nas.store.table(name).update(_one(ctx, name, delivered)["id"], data)
    return _one(ctx, name, delivered)


def _service(ctx: Context, row: Row) -> Row:
    row = {**row, "type__title": "Email" if row["type"] == "Mail" else row["type"]}
    if at_least(ctx.nas.features.number, "25.04"):
        kind = row.pop("type")
        row["attributes"] = {**row["attributes"], "type": kind}
    return row
