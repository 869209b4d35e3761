# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How calls look in REST, also against recorded and constructed exchanges where these lie."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import UnknownMethod
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import Release
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.rest_routes import (
    BASE,
    NO_BODY,
    route,
)
from simulator.tests import recordings

CONTRACT = recordings.FOLDER
OLD, MIDDLE, NEW = Release.parse("24.10"), Release.parse("25.04"), Release.parse("25.10")


@pytest.mark.parametrize(
    ("method", "params", "release", "verb", "path", "body"),
    [
        ("cloudsync.query", [], NEW, "GET", "/cloudsync", NO_BODY),
        ("cloudsync.get_instance", [7], NEW, "GET", "/cloudsync/id/7", NO_BODY),
        ("cloudsync.credentials.create", [{"name": "a"}], NEW, "POST", "/cloudsync/credentials", {"name": "a"}),
        ("cloudsync.credentials.update", [7, {"name": "a"}], NEW, "PUT", "/cloudsync/credentials/id/7", {"name": "a"}),
        ("cloudsync.delete", [7], NEW, "DELETE", "/cloudsync/id/7", NO_BODY),
        ("pool.dataset.get_instance", ["tank/my photos"], NEW, "GET", "/pool/dataset/id/tank%2Fmy%20photos", NO_BODY),
        ("cloudsync.sync", [7], NEW, "POST", "/cloudsync/id/7/sync", NO_BODY),
        ("cloudsync.sync", [7, {"dry_run": True}], NEW, "POST", "/cloudsync/id/7/sync", {"dry_run": True}),
        ("cloudsync.abort", [7], NEW, "POST", "/cloudsync/id/7/abort", NO_BODY),
        ("cloudsync.restore", [7, {"path": "/mnt/a"}], MIDDLE, "POST", "/cloudsync/id/7/restore", {"path": "/mnt/a"}),
        ("cloudsync.restore", [7, {}], NEW, "POST", "/cloudsync/restore", {"id": 7, "opts": {}}),
        ("filesystem.stat", ["/mnt/tank"], NEW, "POST", "/filesystem/stat", "/mnt/tank"),
        ("filesystem.listdir", ["/mnt"], NEW, "POST", "/filesystem/listdir", {"path": "/mnt"}),
        (
            "filesystem.listdir",
            ["/a", [], {}],
            NEW,
            "POST",
            "/filesystem/listdir",
            {"path": "/a", "query_filters": [], "query_options": {}},
        ),
        ("filesystem.listdir", ["/a", []], OLD, "POST", "/filesystem/listdir", {"path": "/a", "query-filters": []}),
        ("system.version", [], OLD, "GET", "/system/version", NO_BODY),
        ("core.get_jobs", [[["id", "=", 9]]], OLD, "GET", "/core/get_jobs?id=9", NO_BODY),
        ("cloudsync.list_buckets", [3], NEW, "POST", "/cloudsync/list_buckets", 3),
    ],
)
def test_requests(method: str, params: list[Any], release: Release, verb: str, path: str, body: Any) -> None:
    request = route(method, params, release)
    assert (request.verb, request.path, request.body) == (verb, path, body)


@pytest.mark.parametrize(
    ("method", "params"),
    [("auth.me", []), ("auth.login_ex", [{}]), ("core.subscribe", ["x"]), ("core.set_options", [{}]), ("a.b", [1, 2])],
)
def test_what_rest_does_not_have(method: str, params: list[Any]) -> None:
    with pytest.raises(UnknownMethod):
        route(method, params, NEW)


@given(
    st.from_regex(r"[a-z_.]{1,12}", fullmatch=True),
    st.sampled_from(["=", "!=", "in", "^"]),
    st.integers() | st.booleans() | st.none() | st.text(max_size=8) | st.sampled_from(["True", "null", "12", "1e3"]),
)
def test_only_what_the_query_string_keeps_as_it_is_goes_into_it(field: str, name: str, value: Any) -> None:
    query = urlsplit(route("x.query", [[[field, name, value]]], NEW).path).query
    if not query:
        return
    assert name == "="
    assert "__" not in field
    assert field not in ("limit", "offset", "count", "sort")
    assert parse_qsl(query, keep_blank_values=True) == [(field, str(value))]
    if isinstance(value, str):
        assert value.lower() not in ("true", "false", "null", "none")
        assert not value[:1].isdigit()
    else:
        assert isinstance(value, int)
        assert not isinstance(value, bool)


@given(st.text(min_size=1))
def test_a_record_of_any_name_is_one_part_of_the_path(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    part = route("pool.dataset.delete", [name], NEW).path.removeprefix("/pool/dataset/id/")
    assert "/" not in part
    assert unquote(part) == name


def test_filters_are_carried_out_on_what_comes_back() -> None:
    request = route("x.query", [[["name", "=", "007"]], {"get": True, "extra": {"properties": []}}], NEW)
    assert request.path == "/x?extra.properties=%5B%5D"
    assert request.finish([{"name": 7}, {"name": "007"}]) == {"name": "007"}


def call_of(example: dict[str, Any]) -> tuple[str, list[Any]] | None:
    """The call that an example's request stands for, where the collection makes such calls."""
    verb, path, body = (example["request"].get(part) for part in ("verb", "path", "body"))
    address, _mark, query = path.removeprefix(BASE).partition("?")
    service, _id, rest = address.strip("/").partition("/id/")
    record, _slash, action = rest.partition("/")
    service = service.replace("/", ".")
    tail = [] if body is None else [body]
    if action:
        return f"{service}.{action}", [int(record), *tail]
    if record:
        name = {"GET": "get_instance", "PUT": "update", "DELETE": "delete"}[verb]
        return f"{service}.{name}", [int(record), *tail]
    if query or not example["request"]["headers"]:
        return None
    if service in ("cloudsync", "cloudsync.credentials"):
        return (f"{service}.query", []) if verb == "GET" else (f"{service}.create", tail)
    return None if service == "filesystem.listdir" else (service, tail)


def test_the_constructed_exchanges() -> None:
    path = CONTRACT / "examples" / "rest.json"
    compared = 0
    for example in json.loads(path.read_text(encoding="utf-8")):
        call = call_of(example)
        if not call:
            continue
        for release in example["versions"]:
            request = route(*call, Release.parse(release))
            sent = example["request"]
            assert (request.verb, BASE + request.path) == (sent["verb"], sent["path"]), example["label"]
            assert (None if request.body is NO_BODY else request.body) == sent.get("body"), example["label"]
            compared += 1
    assert compared > 50


def test_what_an_allowlist_must_hold() -> None:
    assert route("cloudsync.sync", [7], OLD).resource == "/cloudsync/id/{id_}/sync"
    assert route("core.get_jobs", [[["id", "=", 7]]], OLD).resource == "/core/get_jobs"
