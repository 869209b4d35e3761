# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the other rooms ask the provider table.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import (
    RELEASES,
    Field,
    Provider,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_rules import plain_line
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_table import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import public_address

__all__ = (
    "PROVIDERS",
    "RELEASES",
    "Field",
    "Provider",
    "argument_hints",
    "argument_spec",
    "public",
    "refusals",
    "task_attribute_spec",
    "unsupported",
)


def argument_spec() -> dict[str, dict[str, Any]]:
    """Return the module options for credentials: one dict option for each provider, with its fields as suboptions."""
    return {
        provider.option: {"type": "dict", "options": {one.name: _argument(one) for one in provider.fields}}
        for provider in PROVIDERS.values()
    }


def argument_hints() -> dict[str, str]:
    """Return what to give for fields whose type does not tell it, by `OPTION.FIELD`."""
    return {
        f"{provider.option}.{one.name}": one.hint
        for provider in PROVIDERS.values()
        for one in provider.fields
        if one.hint is not None
    }


def task_attribute_spec(provider: Provider, release: str) -> dict[str, dict[str, Any]]:
    """Return the argument spec of what a task's `attributes` may hold, beside folder and bucket, in `release`."""
    return {one.name: _argument(one) for one in provider.task_attributes_in(release)}


def _argument(one: Field) -> dict[str, Any]:
    argument: dict[str, Any] = {"type": one.type, "no_log": one.secret}
    if one.required and not one.nullable:
        argument["required"] = True
    if one.choices:
        argument["choices"] = list(one.choices)
    if one.aliases:
        argument["aliases"] = list(one.aliases)
    return argument


def unsupported(provider: Provider, given: Iterable[str], release: str) -> str | None:
    """Say which option `release` does not know, or return `None`.

    `given` names the credential's fields that were given.
    """
    if not provider.known_in(release):
        return f"{provider.option}: TrueNAS {release} has no cloud sync with {provider.title}; {_lifetime(provider)}."
    for one in provider.fields:
        if one.name in given and not one.known_in(release):
            return f"{provider.option}.{one.name}: TrueNAS {release} does not know this option; {_lifetime(one)}."
    return None


def _lifetime(thing: Field | Provider) -> str:
    if thing.until is None:
        return f"it came with {thing.since}"
    return f"{thing.until} was the last release that had it"


def refusals(option: str, fields: Iterable[Field], values: Mapping[str, Any]) -> list[str]:
    """Say what is wrong with `values`, one message each, naming the option and, unless it is secret, the value.

    `option` is the option that holds the values. `fields` are those of the NAS's release.
    """
    messages = []
    for one in fields:
        value = values.get(one.name)
        if value is None:
            continue
        wanted = plain_line(value) if one.type == "str" else None
        if not wanted and one.refuse:
            wanted = one.refuse(value)
        if not wanted and one.type == "str" and not one.secret and (flaw := names.mistyped(value)):
            wanted = f"{flaw}, so it is not what is meant. Type it anew"
        if one.choices and value not in one.choices:
            wanted = "must be one of " + ", ".join(repr(choice) for choice in one.choices)
        if wanted:
            shown = "the value" if one.secret else repr(_shown(value))
            messages.append(f"{option}.{one.name}: {shown} {wanted}.")
    return messages


def public(provider: Provider, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a credential that may be shown: no secrets, and addresses without those in them."""
    return {one.name: _shown(values[one.name]) for one in provider.fields if one.name in values and not one.secret}


def _shown(value: Any) -> Any:
    return public_address(value) if isinstance(value, str) else value
