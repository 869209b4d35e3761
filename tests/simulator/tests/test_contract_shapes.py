# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's models have the members that the real ones have: names, what is required, what is secret."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from simulator.nas.contract import MethodContract, contract
from simulator.nas.models import legacy
from simulator.nas.models.base import RELEASES, SECRET
from simulator.tests import recordings
from simulator.tests.shape_exceptions import MORE_IN_RESULTS, WITHOUT_SCHEMA

_TAGS = ("type", "mechanism", "response_type")
Members = dict[str, tuple[bool, bool]]  # name -> required, secret
Shapes = dict[str, Members]  # path -> members of the object there


def _ours(kind: Any, path: str = "") -> Iterator[tuple[str, Members]]:
    """The objects in one of our types."""
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if isinstance(kind, legacy.Schema):
        yield from _ours_legacy(kind, path)
    elif get_origin(kind) in (Union, types.UnionType):
        for member in get_args(kind):
            yield from _ours(member, path)
    elif get_origin(kind) is list:
        yield from _ours(get_args(kind)[0], f"{path}[]")
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        members: Members = {}
        here = path + _tag({name: info.annotation for name, info in kind.model_fields.items()})
        for name, info in kind.model_fields.items():
            secret = SECRET in info.metadata
            members[info.alias or name] = (info.is_required(), secret)
            if not secret:
                yield from _ours(info.annotation, f"{here}.{info.alias or name}")
        yield here, members


def _ours_legacy(schema: legacy.Schema, path: str) -> Iterator[tuple[str, Members]]:
    if isinstance(schema, legacy.OneOf):
        for one in schema.schemas:
            yield from _ours_legacy(one, path)
    elif isinstance(schema, legacy.List):
        yield from _ours_legacy(schema.item, f"{path}[]")
    elif isinstance(schema, legacy.Dict) and not (schema.open and schema.members):
        members = {one.name: (one.required and not schema.update, one.secret) for one in schema.members}
        for one in schema.members:
            yield from _ours_legacy(one, f"{path}.{one.name}")
        if members:
            yield path, members


def _tag(annotations: dict[str, Any]) -> str:
    for name in _TAGS:
        values = get_args(annotations.get(name))
        if get_origin(annotations.get(name)) is Literal and len(values) == 1:
            return f"<{values[0]}>"
    return ""


def _theirs(schema: Any, path: str = "") -> Iterator[tuple[str, Members]]:
    """The objects in a schema of the real server."""
    if not isinstance(schema, dict):
        return
    for member in schema.get("anyOf", []) + schema.get("oneOf", []):
        yield from _theirs(member, path)
    if "items" in schema:
        yield from _theirs(schema["items"], f"{path}[]")
    properties = schema.get("properties")
    if not properties:
        return
    tags = [properties[name]["const"] for name in _TAGS if "const" in properties.get(name, {})]
    here = f"{path}<{tags[0]}>" if tags else path
    required = schema.get("required", [])
    yield here, {name: (name in required, bool(one.get("writeOnly"))) for name, one in properties.items()}
    for name, one in properties.items():
        if not one.get("writeOnly"):
            yield from _theirs(one, f"{here}.{name}")


def _merged(found: Iterator[tuple[str, Members]]) -> Shapes:
    """Where a whole object and a selection of its members stand at one path, the strictest of both."""
    shapes: Shapes = {}
    for path, members in found:
        place = shapes.setdefault(path, {})
        for name, (required, secret) in members.items():
            old = place.get(name, (False, False))
            place[name] = (required or old[0], secret or old[1])
    return shapes


def _secrets(members: Members) -> dict[str, bool]:
    return {name: secret for name, (dummy, secret) in members.items()}


def _required(members: Members) -> set[str]:
    return {name for name, (required, dummy) in members.items() if required}


def _methods() -> list[Any]:
    found = []
    for release in RELEASES:
        for name, schema in dict(recordings.load(f"schemas/{release}.json")).items():
            found.append(pytest.param(release, name, schema, id=f"{release}-{name}"))
    return found


def _method(release: str, name: str) -> MethodContract:
    method = contract(release).method(name)
    assert method is not None, f"{release} has the method {name}"
    return method


@pytest.mark.parametrize(("release", "name", "schema"), _methods())
def test_calling(release: str, name: str, schema: dict[str, Any]) -> None:
    method = _method(release, name)
    assert list(method.param_names) == schema["param_names"]
    assert method.job == schema["job"]
    if schema["authz_required"]:
        assert set(method.roles) == set(schema["roles"])
    assert method.authentication_required == schema["auth_required"]


@pytest.mark.parametrize(("release", "name", "schema"), _methods())
def test_parameters(release: str, name: str, schema: dict[str, Any]) -> None:
    method = _method(release, name)
    for (param, spec), real in zip(method.spec.params.items(), schema["params"].get("prefixItems", []), strict=True):
        assert _merged(_ours(spec[0] if isinstance(spec, tuple) else spec, param)) == _merged(_theirs(real, param))


@pytest.mark.parametrize(("release", "name", "schema"), _methods())
def test_result(release: str, name: str, schema: dict[str, Any]) -> None:
    """No looser than the real one. Of rows, which may be selections of members, nothing is required."""
    ours = _merged(_ours(_method(release, name).spec.result))
    theirs = _merged(_theirs(schema["result"]))
    assert ours.keys() >= theirs.keys()
    has_rows = schema["crud"] in ("query", "update") or any("options" in one for one in schema["param_names"])
    for path, members in theirs.items():
        more = MORE_IN_RESULTS.get((release, name), set())
        assert _secrets(ours[path]) == _secrets(members) | dict.fromkeys(more, False), path
        if not has_rows or schema["crud"] == "get_instance":
            assert _required(ours[path]) >= _required(members), path


def test_every_method_is_one_of_the_real_server() -> None:
    for release in RELEASES:
        schemas = dict(recordings.load(f"schemas/{release}.json"))
        assert set(contract(release).names()) == set(schemas) | WITHOUT_SCHEMA
