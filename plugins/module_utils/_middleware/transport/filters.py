# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API's query filters and options, carried out here: REST can express only the simplest of them.

PRIVATE to the collection. A member that a record lacks counts as null, and only equality and membership hold for null.
"""

from __future__ import annotations

import errno
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import CallError

Row = dict[str, Any]

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "~": lambda value, wanted: re.match(wanted, value) is not None,
    "in": lambda value, wanted: value in wanted,
    "nin": lambda value, wanted: value not in wanted,
    "rin": lambda value, wanted: wanted in value,
    "rnin": lambda value, wanted: wanted not in value,
    "^": lambda value, wanted: value.startswith(wanted),
    "!^": lambda value, wanted: not value.startswith(wanted),
    "$": lambda value, wanted: value.endswith(wanted),
    "!$": lambda value, wanted: not value.endswith(wanted),
}
_FIT_FOR_NULL = ("=", "!=", "in", "nin")


def filter_rows(method: str, rows: Sequence[Row], filters: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """What a query with these filters and options answers for these rows.

    Raises:
        CallError: a filter that cannot be understood, or `get` without a match.
    """
    try:
        found = [row for row in rows if all(_matches(row, one) for one in filters)]
        for name in reversed(options.get("order_by") or []):
            field = name.lstrip("-")
            found.sort(key=lambda row: _sort_key(_value(row, field)), reverse=name.startswith("-"))
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise CallError(method, f"a query filter cannot be carried out ({error})", errno.EINVAL) from None
    if options.get("count"):
        return len(found)
    start = options.get("offset") or 0
    end = start + options["limit"] if options.get("limit") else None
    found = [_select(row, options.get("select") or []) for row in found[start:end]]
    if not options.get("get"):
        return found
    if not found:
        raise CallError(method, "no record matches", errno.EINVAL)
    return found[0]


def _matches(row: Row, one: Sequence[Any]) -> bool:
    if one[0] == "OR":
        return any(all(_matches(row, part) for part in _branch(branch)) for branch in one[1])
    field, name, wanted = one
    if name not in _OPERATORS:
        raise ValueError(f"operator {name}")
    value = _value(row, field)
    if value is None and name not in _FIT_FOR_NULL:
        return False
    return bool(_OPERATORS[name](value, wanted))


def _branch(branch: Sequence[Any]) -> Sequence[Any]:
    return branch if isinstance(branch[0], (list, tuple)) else [branch]


def _value(row: Any, field: str) -> Any:
    for part in field.split("."):
        row = row.get(part) if isinstance(row, dict) else None
    return row


def _sort_key(value: Any) -> tuple[bool, Any]:
    return (value is not None, "" if value is None else value)


def _select(row: Row, names: Sequence[str]) -> Row:
    return {name: row[name] for name in names if name in row} if names else row
