# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hides what a model marks as secret."""

from __future__ import annotations

import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from simulator.nas.models.base import SECRET

HIDDEN = "********"


def redact(annotation: Any, value: Any, *, drop_unknown: bool = False) -> Any:
    """A copy of a value with every secret replaced, whatever its type, and also when it is empty.

    :param annotation: the type that describes the value
    :param drop_unknown: leave out members that the type does not have
    """
    if get_origin(annotation) is Annotated:
        annotation, *metadata = get_args(annotation)
        return HIDDEN if SECRET in metadata else redact(annotation, value, drop_unknown=drop_unknown)
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = _member(annotation, value)
        return value if annotation is None else redact(annotation, value, drop_unknown=drop_unknown)
    if isinstance(value, list) and get_origin(annotation) is list:
        return [redact(get_args(annotation)[0], item, drop_unknown=drop_unknown) for item in value]
    if isinstance(value, dict) and isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _redact_members(annotation, value, drop_unknown)
    return value


def _redact_members(model: type[BaseModel], value: dict[str, Any], drop_unknown: bool) -> dict[str, Any]:
    fields = {info.alias or name: info for name, info in model.model_fields.items()}
    keep_rest = not drop_unknown or model.model_config.get("extra") == "allow"
    names = [name for name in fields if name in value] if drop_unknown else list(value)
    if keep_rest:
        names += [name for name in value if name not in names]
    return {
        name: value[name]
        if name not in fields
        else HIDDEN
        if SECRET in fields[name].metadata
        else redact(fields[name].annotation, value[name], drop_unknown=drop_unknown)
        for name in names
    }


def _member(union: Any, value: Any) -> Any:
    """The member of a union that describes a value, None when no member holds anything to hide in it."""
    for member in get_args(union):
        bare = get_args(member)[0] if get_origin(member) is Annotated else member
        if get_origin(bare) in (Union, types.UnionType):
            if (inner := _member(bare, value)) is not None:
                return inner
        elif (isinstance(value, list) and get_origin(bare) is list) or (isinstance(value, dict) and _fits(bare, value)):
            return member
    return None


def _fits(model: Any, value: dict[str, Any]) -> bool:
    """Whether a type is a model whose constant members (its `type`) have these values."""
    return (isinstance(model, type) and issubclass(model, BaseModel)) and all(
        value[name] in get_args(info.annotation)
        for name, info in model.model_fields.items()
        if name in value and get_origin(info.annotation) is Literal
    )
