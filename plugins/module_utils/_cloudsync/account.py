# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell whether two credentials, or one before and after a change, reach the same account. PRIVATE to the collection.

Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Field, Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN

_RENEWED = ("token", "access_key_id")
"""Fields that are replaced now and then, while the credential goes on to reach the same files."""
_HOST = re.compile(r"(?:[a-z]+://)?[^/]*", re.IGNORECASE)


def account(provider: Provider | None, values: Mapping[str, Any]) -> Hashable | None:
    """Return what credentials of one account have in common; `None` when that is not known.

    Args:
        values: The fields of the credential, as the API has them. The result can hold secrets.
    """
    if provider is None or provider.account is None:
        return None
    known = {one.name: one for one in provider.fields}
    found = [_compared(known[name], values.get(name)) for name in provider.account]
    return None if HIDDEN in found else (provider.type, *found)


def moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """Return the field by which a credential reaches another account or server than before; `None` when there is none.

    Args:
        before, after: The fields of the credential with its `type`, as the API has them.
    """
    if before["type"] not in (after["type"], HIDDEN):
        return "type"
    provider = PROVIDERS.get(after["type"])
    if provider is None or provider.account is None:
        return None
    known = {one.name: one for one in provider.fields}
    for name in provider.account:
        if name in _RENEWED:
            continue
        was, will = (_compared(known[name], values.get(name)) for values in (before, after))
        if HIDDEN not in (was, will) and was != will:
            return name
    return None


def _compared(one: Field, value: Any) -> Any:
    """A value in the form in which two that mean the same are the same; `HIDDEN` for what does not tell."""
    if one.name == "token":
        return _grant(value)
    if value is None or (value == "" and not one.required):
        value = HIDDEN if one.required else one.default
    if not isinstance(value, str) or value == HIDDEN:
        return value if isinstance(value, Hashable) else HIDDEN
    text = one.normalise(value) if one.normalise else value
    if one.normalise or one.name == "host":
        text = _HOST.sub(lambda match: match[0].lower(), text, count=1).rstrip("/")
    return text


def _grant(token: Any) -> str:
    """What stays the same of a token when its access token is refreshed."""
    try:
        fields = json.loads(token)
    except (TypeError, ValueError, RecursionError):
        return HIDDEN
    if not isinstance(fields, Mapping):
        return HIDDEN
    return str(fields.get("refresh_token") or fields.get("access_token") or HIDDEN)
