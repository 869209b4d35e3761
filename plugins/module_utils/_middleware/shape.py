# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validate the form of an answer before it is used. PRIVATE to the collection. Pure.

A shape is a type; a list of the one shape that all items have; a mapping of the members that have to be there, or may
be (`"name?"`); or a tuple of shapes, one of which it has. Members that a shape does not name are of no interest.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import ProtocolError

Shape: TypeAlias = "type | list[Any] | dict[str, Any] | tuple[Any, ...]"

NULL = type(None)

_WORDS = {
    dict: "an object", list: "a list", str: "a text", int: "a number", float: "a number", bool: "a boolean",
    NULL: "missing",
}  # fmt: skip


def check(method: str, answer: Any, shape: Shape) -> Any:
    """The answer, which has the shape.

    Raises:
        ProtocolError: it has not. Nothing of what it holds is in the message: it may be secret.
    """
    odd = _odd(answer, shape, "")
    if odd is None:
        return answer
    place, value = odd
    raise ProtocolError(
        f"{method}: the NAS answers in a form that nasops.cloudsync does not know: its {place.lstrip('.') or 'answer'} "
        f"is {_WORDS.get(type(value), 'a time')}. Nothing was concluded from it. If this is a TrueNAS with no "
        "proxy before it, please report it with the NAS's version."
    )


def _odd(value: Any, shape: Shape, place: str) -> tuple[str, Any] | None:
    """Where a value has not the shape, and what is there instead; None when it has."""
    if isinstance(shape, tuple):
        found = [_odd(value, one, place) for one in shape]
        return None if None in found else max(found, key=lambda odd: len(odd[0]) if odd else 0)
    if isinstance(shape, type):
        # In JSON, and in the middleware, a boolean is not a number.
        fits = isinstance(value, shape) and (shape is bool or not isinstance(value, bool))
        return None if fits else (place, value)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return place, value
        items = (_odd(item, shape[0], f"{place}[{index}]") for index, item in enumerate(value))
        return next((odd for odd in items if odd), None)
    if not isinstance(value, dict):
        return place, value
    for name, inner in shape.items():
        bare = name.rstrip("?")
        if bare == name or value.get(bare) is not None:
            odd = _odd(value.get(bare), inner, f"{place}.{bare}")
            if odd:
                return odd
    return None
