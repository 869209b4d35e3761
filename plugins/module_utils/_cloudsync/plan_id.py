# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Name a plan by what it saw, and tell what has changed since. PRIVATE to the collection. Pure.

A `plan_id` may be shown, and whoever has it may try out values against it. So no secret goes into it, in no form: what
it is made from holds only whether a secret is there, and whether the plan would change it.

It is a version, a digest of everything, which decides, and short digests of each part, which only tell what differs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._options import Spec
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import (
    HIDDEN,
    public_address,
    without_marked,
    without_named,
)

_VERSION = "1"
_WHOLE = 16
_SHORT = 4


@dataclass(frozen=True)
class Part:
    """One thing that a plan saw.

    Attributes:
        title: What to call it: `task "Photos"`.
        content: What it is like, without secrets.
        on_nas: It is a record of the NAS, rather than a part of the declaration.
    """

    title: str
    content: Any
    on_nas: bool

    @property
    def key(self) -> bytes:
        return _digest([self.title, self.on_nas], _SHORT)

    @property
    def digest(self) -> bytes:
        return _digest(self.content, _SHORT)


def plan_id(parts: Iterable[Part]) -> str:
    """Return the text that names a plan that saw these parts, in any order."""
    parts = list(parts)
    whole = sorted(_digest([part.title, part.on_nas, part.content], _WHOLE) for part in parts)
    body = hashlib.sha256(b"".join(whole)).digest()[:_WHOLE] + b"".join(
        sorted(part.key + part.digest for part in parts)
    )
    return f"{_VERSION}.{base64.urlsafe_b64encode(body).decode().rstrip('=')}"


def changes(expected: str, parts: Iterable[Part]) -> list[str]:
    """Return what differs from what the plan `expected` saw, in words; nothing when it is the same.

    Raises:
        OptionError: it is not the `plan_id` of any plan.
    """
    parts = list(parts)
    whole, unmatched = _read(expected)
    if _read(plan_id(parts))[0] == whole:
        return []
    differing = []
    for part in parts:
        if unmatched[part.key, part.digest]:
            unmatched[part.key, part.digest] -= 1
        else:
            differing.append(part)
    left = Counter(key for key, _content in unmatched.elements())
    found = []
    for part in differing:
        found.append(f"{part.title} {'has changed' if left[part.key] else 'is new'} {_where(part)}")
        left[part.key] -= bool(left[part.key])
    return [*found, *_gone(left, parts)] or ["the NAS or the declaration has changed"]


def _gone(left: Counter[bytes], parts: Iterable[Part]) -> Iterable[str]:
    """What is no longer there: by name where the other side still names it."""
    for part in parts:
        other = Part(part.title, None, not part.on_nas)
        if left[other.key]:
            left[other.key] -= 1
            yield f"{part.title} is no longer {_where(other)}"
    count = sum(left.values())
    if count:
        yield f"{count} more that the plan saw {'are' if count > 1 else 'is'} no longer there, or renamed"


def _where(part: Part) -> str:
    return "on the NAS" if part.on_nas else "in the declaration"


def _read(text: str) -> tuple[bytes, Counter[tuple[bytes, bytes]]]:
    version, _dot, body = text.strip().partition(".")
    try:
        data = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if version != _VERSION or len(data) < _WHOLE or (len(data) - _WHOLE) % (2 * _SHORT):
        raise OptionError("expect_plan: this is not a plan_id. Give the plan_id that a run in check mode returned.")
    rest = data[_WHOLE:]
    pairs = (rest[start : start + 2 * _SHORT] for start in range(0, len(rest), 2 * _SHORT))
    return data[:_WHOLE], Counter((pair[:_SHORT], pair[_SHORT:]) for pair in pairs)


def _digest(value: Any, size: int) -> bytes:
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:size]


def declared(item: Mapping[str, Any], spec: Spec) -> dict[str, Any]:
    """Return the options of an item without its secrets. Of those, it has only whether they are given."""
    names = {alias: name for name, one in spec.items() for alias in one.get("aliases", ())}
    public: dict[str, Any] = {}
    for name, value in item.items():
        argument = spec.get(names.get(name, name), {})
        if value is None or name in names:
            continue
        if argument.get("no_log"):
            public[name] = HIDDEN
        elif isinstance(value, Mapping) and "options" in argument:
            public[name] = declared(value, argument["options"])
        else:
            public[name] = public_part(without_named(value))
    return public


def public_part(value: Any) -> Any:
    """Return data without what looks like a secret in its texts."""
    if isinstance(value, Mapping):
        return {str(name): public_part(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [public_part(one) for one in value]
    return without_marked(public_address(value)) if isinstance(value, str) else value
