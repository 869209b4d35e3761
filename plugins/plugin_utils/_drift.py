# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How NASes differ from what is declared, field by field, in words. PRIVATE to the collection. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import SHOWN_NEW_SECRET

IN_SYNC, DRIFT, NOT_COMPARED = "in sync", "drift", "not compared"
_KINDS = {"credentials": "credential", "tasks": "task"}
_ABSENT = object()


def drift(result: Mapping[str, Any], host: str) -> dict[str, Any]:
    """How one NAS differs from what is declared.

    Args:
        result: What `truenas_cloudsync_config` returned in check mode, or the failure to reach the NAS.
        host: Its name in the inventory.
    """
    compared = result.get("plan_id") is not None
    changes = list(_changes(result)) if compared else []
    failures = [{"item": one["item"], "words": one["msg"]} for one in result.get("failures") or ()] if compared else []
    unlisted = list(result.get("unlisted") or ()) if compared else []
    return {
        "host": host,
        "state": NOT_COMPARED if not compared else DRIFT if changes or failures or unlisted else IN_SYNC,
        "problem": None if compared else str(result.get("msg") or "The NAS gave no answer."),
        "changes": changes,
        "failures": failures,
        "unlisted": unlisted,
    }


def _changes(result: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    found = result.get("diff") or {}
    before, after = found.get("before") or {}, found.get("after") or {}
    for kind, title in _KINDS.items():
        on_nas, declared = before.get(kind) or {}, after.get(kind) or {}
        for name in [*on_nas, *(one for one in declared if one not in on_nas)]:
            change = {"kind": title, "name": name, "fields": []}
            if name not in declared:
                yield {**change, "action": "delete", "words": "is on the NAS, and declared absent"}
            elif name not in on_nas:
                yield {**change, "action": "create", "words": "is declared, and is not on the NAS"}
            else:
                fields = list(_fields(on_nas[name], declared[name]))
                yield {**change, "action": "update", "words": "differs", "fields": fields}


def _fields(before: Mapping[str, Any], after: Mapping[str, Any], path: str = "") -> Iterator[dict[str, Any]]:
    for name in [*before, *(one for one in after if one not in before)]:
        was, will = before.get(name, _ABSENT), after.get(name, _ABSENT)
        if was == will:
            continue
        if isinstance(was, Mapping) and isinstance(will, Mapping) and name != "credential":
            yield from _fields(was, will, f"{path}{name}.")
            continue
        field = f"{path}{name}"
        if will == SHOWN_NEW_SECRET:
            where = "not on the NAS" if was is _ABSENT else "another secret on the NAS than declared"
            yield {"field": field, "words": f"{field}: {where}"}
            continue
        if name == "credential":
            was, will = (one.get("name") if isinstance(one, Mapping) else one for one in (was, will))
        told = {side: value for side, value in (("on_nas", was), ("declared", will)) if value is not _ABSENT}
        words = f"{field}: {_value(was)} on the NAS, {_value(will)} declared"
        yield {"field": field, **told, "words": words}


def _value(value: Any) -> str:
    if value is _ABSENT or value is None or value in ("", [], {}):
        return "none"
    if isinstance(value, str):
        return value if value.isprintable() else json.dumps(value)  # a further line would look like one of the report
    return json.dumps(value, ensure_ascii=False)


def details(one: Mapping[str, Any]) -> Iterator[str]:
    """The drift of one NAS in lines, without its state.

    Args:
        one: What `drift` returned.
    """
    if one["problem"]:
        yield one["problem"]
    for change in one["changes"]:
        yield f"{change['kind']} {change['name']!r} {change['words']}"
        yield from (f"  {field['words']}" for field in change["fields"])
    yield from (f"{failure['item']}: {failure['words']}" for failure in one["failures"])
    yield from (
        f"task {task['description']!r} (id {task['id']}, credential {task['credential']!r}) is on the NAS, and "
        "declared nowhere"
        for task in one["unlisted"]
    )


def table(hosts: Sequence[Mapping[str, Any]]) -> str:
    """The drift of several NASes, with a last line that counts.

    Args:
        hosts: What `drift` returned for each.
    """
    lines = []
    for one in hosts:
        lines.append(f"{one['host']}: {one['state'].upper()}")
        lines.extend(f"  {line}" for line in details(one))
    states = [one["state"] for one in hosts]
    counted = ", ".join(f"{states.count(state)} {state}" for state in (IN_SYNC, DRIFT, NOT_COMPARED) if state in states)
    return "\n".join([*lines, "", f"{len(hosts)} NAS{'' if len(hosts) == 1 else 'es'}: {counted}."])
