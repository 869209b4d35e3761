# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Query filters and options, as every `query` method of the middleware takes them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from simulator.nas.errors import MatchNotFound

Row = dict[str, Any]
_MISSING = object()


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, wanted: value is not None and wanted is not None and compare(value, wanted)


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    "~": lambda value, wanted: value is not None and re.match(wanted, value) is not None,
    "in": lambda value, wanted: value in wanted,
    "nin": lambda value, wanted: value not in wanted,
    "rin": lambda value, wanted: value is not None and wanted in value,
    "rnin": lambda value, wanted: value is not None and wanted not in value,
    "^": lambda value, wanted: value is not None and value.startswith(wanted),
    "!^": lambda value, wanted: value is not None and not value.startswith(wanted),
    "$": lambda value, wanted: value is not None and value.endswith(wanted),
    "!$": lambda value, wanted: value is not None and not value.endswith(wanted),
}


def filter_list(rows: Iterable[Row], filters: Sequence[Any] = (), options: Row | None = None) -> Any:
    """Apply `[[name, operator, value], ...]` and `{get, count, limit, offset, order_by, select}`.

    :returns: a list of rows; one row with `get`; a number with `count`
    :raises MatchNotFound: `get` and nothing found
    :raises ValueError: a filter or an operator that does not exist
    """
    options = options or {}
    found = [row for row in rows if all(_matches(row, one) for one in filters)]
    if options.get("count"):
        return len(found)
    found = _order(found, options.get("order_by") or [])
    if offset := options.get("offset"):
        found = found[offset:]
    if limit := options.get("limit"):
        found = found[:limit]
    if select := options.get("select"):
        found = [_select(row, select) for row in found]
    if options.get("get"):
        if not found:
            raise MatchNotFound
        return found[0]
    return found


def _matches(row: Row, one: Sequence[Any]) -> bool:
    if len(one) == 2 and one[0] == "OR":
        # A member of OR is one filter, or a list of filters that must all hold.
        return any(
            all(_matches(row, part) for part in member)
            if isinstance(member[0], (list, tuple))
            else _matches(row, member)
            for member in one[1]
        )
    if len(one) != 3:
        raise ValueError(f"Invalid filter {one}")
    name, symbol, wanted = one
    value = get_path(row, name)
    if value is _MISSING:
        value = None
    if symbol.startswith("C") and symbol[1:] in _OPERATORS:
        symbol, value, wanted = symbol[1:], _casefold(value), _casefold(wanted)
    if symbol not in _OPERATORS:
        raise ValueError(f"Invalid operation: {symbol}")
    return bool(_OPERATORS[symbol](value, wanted))


def _casefold(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_casefold(item) for item in value]
    return value.casefold() if isinstance(value, str) else value


def get_path(row: Any, path: str) -> Any:
    """The value at a dotted path; a dot inside a name is written `\\.`, a list is indexed by number."""
    value = row
    for part in re.split(r"(?<!\\)\.", path):
        part = part.replace("\\.", ".")
        if isinstance(value, dict):
            value = value.get(part, _MISSING)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return _MISSING
    return value


def _order(rows: list[Row], names: Sequence[str]) -> list[Row]:
    for name in reversed(names):
        nulls_first = None
        for prefix in ("nulls_first:", "nulls_last:"):
            if name.startswith(prefix):
                name, nulls_first = name[len(prefix) :], prefix == "nulls_first:"
        reverse = name.startswith("-")
        name = name.lstrip("-")
        empty = [row for row in rows if get_path(row, name) in (None, _MISSING)]
        filled = [row for row in rows if get_path(row, name) not in (None, _MISSING)]
        filled.sort(key=lambda row: get_path(row, name), reverse=reverse)
        if nulls_first is None:
            nulls_first = not reverse
        rows = empty + filled if nulls_first else filled + empty
    return rows


def _select(row: Row, names: Sequence[Any]) -> Row:
    selected: Row = {}
    for name in names:
        path, target = (name, name) if isinstance(name, str) else name
        value = get_path(row, path)
        if value is _MISSING:
            continue
        if not isinstance(name, str):
            selected[target] = value
            continue
        *parents, last = re.split(r"(?<!\\)\.", path)
        place = selected
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last.replace("\\.", ".")] = value
    return selected
