# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The provider table against TrueNAS's own schemas: a new release, provider or field fails and says what to add."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import (
    PROVIDERS,
    RELEASES,
    Field,
    refusals,
    unsupported,
)
from simulator.tests import recordings

CONTRACT = recordings.FOLDER
TABLE = "plugins/module_utils/_cloudsync/provider_table.py"

SCHEMAS: dict[str, dict[str, Any]] = json.loads((CONTRACT / "schemas/providers.json").read_text(encoding="utf-8"))
CONTRACT_RELEASES = sorted({*SCHEMAS, *(path.stem for path in (CONTRACT / "schemas").glob("[0-9]*.json"))})
EACH = [(release, name) for release, providers in SCHEMAS.items() for name in providers]

# Models that accept the credential, though nothing in the release can use it: the table does not offer it there.
UNUSABLE = {(release, name) for release, name in EACH if SCHEMAS[release][name].get("no_remote_implementation")}


def test_every_release_of_the_contract_is_known() -> None:
    unknown = [release for release in CONTRACT_RELEASES if release not in RELEASES]
    assert not unknown, f"add {unknown} to RELEASES in plugins/module_utils/_cloudsync/provider.py"
    assert list(RELEASES) == CONTRACT_RELEASES, "RELEASES names a release of which there is no schema"


@pytest.mark.parametrize("release", CONTRACT_RELEASES)
def test_every_provider_that_a_release_takes_is_in_the_table(release: str) -> None:
    """The types are read from the method's own schema, so that a release without provider schemas fails as well."""
    methods = json.loads((CONTRACT / f"schemas/{release}.json").read_text(encoding="utf-8"))
    properties = methods["cloudsync.credentials.create"]["params"]["prefixItems"][0]["properties"]
    taken = properties["provider"].get("enum") or [
        one["properties"]["type"]["const"] for one in properties["provider"]["oneOf"]
    ]
    expected = {name for name in taken if (release, name) not in UNUSABLE}
    offered = {name for name, provider in PROVIDERS.items() if provider.known_in(release)}
    assert not expected - offered, f"{TABLE}: add {sorted(expected - offered)}, or mend `since`/`until`, for {release}"
    assert not offered - expected, f"{TABLE}: {release} does not have {sorted(offered - expected)}: set `until`"


@pytest.mark.parametrize(("release", "name"), EACH)
def test_provider_is_as_the_release_has_it(release: str, name: str) -> None:
    schema, provider = SCHEMAS[release][name], PROVIDERS[name]
    if (release, name) not in UNUSABLE:
        assert schema["title"].startswith(provider.title)  # 24.10 still says "Storj iX"
        assert provider.bucket == schema["buckets"] == ("bucket" in schema["task_attributes"])
        assert provider.read_only == schema["readonly"]
        assert set(provider.refreshed) == set(schema["refresh_credentials"])
    attributes = {key: one for key, one in schema.get("task_attributes", {}).items() if key not in ("bucket", "folder")}
    complaints = [
        *differences(f"{name}.fields", provider.fields_in(release), schema["credential_fields"], release),
        *differences(f"{name}.task_attributes", provider.task_attributes_in(release), attributes, release),
    ]
    assert not complaints, "\n".join([f"{TABLE}:", *complaints])


def differences(place: str, fields: tuple[Field, ...], schemas: dict[str, Any], release: str) -> list[str]:
    """Return what to change, a line each."""
    known = {one.name: one for one in fields}
    complaints = [f"{place}: {release} has no {name}: set `until`" for name in known if name not in schemas]
    for name, schema in schemas.items():
        wanted = facts_of_schema(schema)
        if name not in known:
            complaints.append(f"{place}: add Field({name!r}, since={release!r}) with {wanted}")
        elif (found := facts_of_field(known[name])) != wanted:
            odd = {key: (found[key], value) for key, value in wanted.items() if found[key] != value}
            complaints.append(f"{place}: {name} in {release}, (table, TrueNAS): {odd}")
    return complaints


def facts_of_schema(schema: dict[str, Any]) -> dict[str, Any]:
    branches = schema["schema"].get("anyOf", [schema["schema"]])
    types = {kind for branch in branches for kind in [branch.get("type", "string")] for kind in listed(kind)}
    choices = [choice for branch in branches for choice in branch.get("enum", [])]
    return {
        "type": (types - {"null"}).pop(),
        "nullable": "null" in types or None in choices,
        "choices": {choice for choice in choices if choice is not None},
        "required": schema["required"],
        "hidden": schema.get("secret", False),
        "default": schema.get("default", "absent"),
    }


def facts_of_field(one: Field) -> dict[str, Any]:
    stays_absent = one.required or (one.default is None and not one.nullable)
    return {
        "type": {"bool": "boolean", "int": "integer"}.get(one.type, "string"),
        "nullable": one.nullable,
        "choices": set(one.choices),
        "required": one.required,
        "hidden": one.hidden,
        "default": "absent" if stays_absent else one.default,
    }


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


PROBES: dict[str, list[Any]] = {
    "string": ["", "x", "Ä", "a_b", "a.B-1", "http://nas.example/", "https://nas.example/", "ftp://nas.example/", "{}"],
    "integer": [-1, 0, 1, 3, 4, 5, 149, 150, 65535],
    "boolean": [True, False],
}


@pytest.mark.parametrize(("release", "name"), EACH)
def test_what_the_release_refuses_is_refused_before_any_call(release: str, name: str) -> None:
    schema, provider = SCHEMAS[release][name], PROVIDERS[name]
    pairs = (
        (provider.fields_in(release), schema["credential_fields"]),
        (provider.task_attributes_in(release), schema.get("task_attributes", {})),
    )
    for fields, schemas in pairs:
        for one in fields:
            for probe in PROBES[facts_of_field(one)["type"]]:
                if not accepts(schemas[one.name]["schema"], probe):
                    assert refusals("option", [one], {one.name: probe}), f"{one.name} takes {probe!r}"


def accepts(schema: dict[str, Any], value: Any) -> bool:
    """Tell whether a JSON schema accepts a value of the right type."""
    if "anyOf" in schema:
        return any(accepts(branch, value) for branch in schema["anyOf"])
    return all(
        (
            schema.get("type") != "null",
            value in schema.get("enum", [value]),
            value == schema.get("const", value),
            not isinstance(value, str) or len(value) >= schema.get("minLength", 0),
            not isinstance(value, str) or re.search(schema.get("pattern", ""), value),
            not isinstance(value, int) or schema.get("minimum", value) <= value <= schema.get("maximum", value),
        )
    )


@pytest.mark.parametrize("path", sorted((CONTRACT / "examples").glob("vectors_*.json")), ids=lambda path: path.stem)
def test_values_with_the_table_s_defaults_are_what_the_release_stores(path: Path) -> None:
    release = path.stem.removeprefix("vectors_")
    compared = 0
    for vector in json.loads(path.read_text(encoding="utf-8")).values():
        if vector["method"] != "cloudsync.credentials.create" or not vector["accepted"]:
            continue
        (given,), (stored,) = vector["params"], vector["accepted"]
        provider = PROVIDERS[given["provider"]["type"]]
        if (release, provider.type) in UNUSABLE:
            continue
        fields = provider.fields_in(release)
        # `pass_` is a spelling that 27.0 lets through and the collection does not use.
        values = {name.rstrip("_"): value for name, value in given["provider"].items() if name != "type"}
        assert unsupported(provider, values, release) is None
        assert refusals(provider.option, fields, values) == []
        defaults = {one.name: facts_of_field(one)["default"] for one in fields}
        filled = {name: default for name, default in defaults.items() if default != "absent"}
        normal = {one.name: one.normalise(values[one.name]) for one in fields if one.normalise and one.name in values}
        assert {"type": provider.type, **filled, **values, **normal} == stored["provider"]
        compared += 1
    assert compared >= 5
