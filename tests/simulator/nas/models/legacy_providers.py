# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Providers in the older schema language: credentials in 24.10, task attributes in 24.10 and 25.04."""

from __future__ import annotations

from functools import cache
from types import NoneType
from typing import Any, get_args

from simulator.nas.models.base import ABSENT
from simulator.nas.models.legacy import Bool, Dict, Int, Schema, Str
from simulator.nas.models.providers import (
    LONG,
    OLD_STORAGE_CLASSES,
    REMOTES,
    REQUIRED,
    AzureAccount,
    F,
    NonEmpty,
    StorageClass,
    UrlOrEmpty,
    fields_in,
)

_LIMITS = {"B2": (5, None), "DROPBOX": (5, 149)}


@cache
def credential_schema(provider_type: str) -> Dict:
    """A credential's attributes in 24.10, all of them secret; texts may be empty there."""
    fields = fields_in("24.10", REMOTES[provider_type].credential)
    members = tuple(_schema(name, field, secret=True, bounded=False) for name, field in fields.items())
    return Dict("attributes", required=True, members=members)


@cache
def attributes_schema(release: str, provider_type: str) -> Dict:
    """A task's attributes in 24.10 and 25.04."""
    members = []
    for name, field in fields_in(release, REMOTES[provider_type].attributes).items():
        schema = _schema(name, field)
        if isinstance(schema, Int) and provider_type in _LIMITS:
            schema.least, schema.most = _LIMITS[provider_type]
        if field.type is StorageClass and release == "24.10":
            schema.choices = OLD_STORAGE_CLASSES
        members.append(schema)
    return Dict("attributes", members=tuple(members))


def credentials_schema(provider_type: str) -> list[dict[str, Any]]:
    """How 24.10 lists the fields of a provider's credential."""
    return [_described(member) for member in credential_schema(provider_type).members]


def task_schema(release: str, provider_type: str) -> list[dict[str, Any]]:
    """How 24.10 and 25.04 list the attributes of a provider's tasks, bucket and folder aside."""
    members = attributes_schema(release, provider_type).members
    listed = [member for member in members if member.name not in ("bucket", "folder")]
    return [_described(member) for member in sorted(listed, key=lambda member: member.name == "fast_list")]


def _schema(name: str, field: F, *, secret: bool = False, bounded: bool = True) -> Schema:
    has_default = field.default is not REQUIRED and field.old_default
    common: dict[str, Any] = {
        "required": field.default is REQUIRED and field.old_default,
        "default": field.default if has_default else ABSENT,
        "secret": secret,
    }
    if field.type is LONG:
        return Str(name, **common, max_length=2**31 - 1)
    if field.type is bool:
        return Bool(name, **common)
    choices = None if field.type is UrlOrEmpty else _choices(field.type)
    if field.type is int or int in get_args(field.type) or (choices and all(isinstance(one, int) for one in choices)):
        return Int(name, **common, choices=choices)
    if field.type is AzureAccount:
        return Str(name, **common, pattern=r"^[a-z0-9\-.]+$")
    common["null"] = choices is not None and None in choices
    return Str(name, **common, choices=choices, empty=not (bounded and field.type is NonEmpty))


def _choices(annotation: Any) -> tuple[Any, ...] | None:
    """The values of a literal; the null of an optional one is no value in the older language."""
    found: list[Any] = []
    for one in get_args(annotation):
        if isinstance(one, (str, int, NoneType)):
            found.append(one)
        elif getattr(one, "__origin__", None) is not None and one is not NoneType:
            found += [inner for inner in get_args(one) if isinstance(inner, (str, int))]
    return tuple(found) or None if any(isinstance(one, (str, int)) for one in found) else None


def _described(member: Schema) -> dict[str, Any]:
    kind = "boolean" if isinstance(member, Bool) else "integer" if isinstance(member, Int) else "string"
    schema: dict[str, Any] = {"_name_": member.name, "_required_": member.required}
    schema["type"] = [kind, "null"] if member.null else kind
    if member.default is not ABSENT:
        schema["default"] = member.default
    if member.choices is not None:
        schema["enum"] = list(member.choices)
    return {"property": member.name, "schema": schema}
