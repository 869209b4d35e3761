# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What differs from release to release, seen through the services."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.nas.contract import contract
from simulator.nas.errors import ValidationErrors
from simulator.nas.models.base import RELEASES
from simulator.nas.models.providers import REMOTES, credential_models, remotes_in
from simulator.nas.redaction import HIDDEN
from simulator.nas.server import Nas
from simulator.nas.session import Session
from simulator.tests import recordings

Call = Callable[..., Any]
NEWER = RELEASES[1:]
_VALUES = {"integer": 1, "boolean": True}
_TOKEN = {"type": "GOOGLE_PHOTOS", "token": "t"}


@pytest.fixture
def call(tmp_path: Path) -> Callable[[str], Call]:
    """A NAS of a release; its methods are called as the middleware itself calls them."""

    def of(release: str) -> Call:
        nas = Nas(release, folder=tmp_path)
        session = Session(internal=True)
        return lambda method, *params: asyncio.run(nas.dispatcher.call(session, method, list(params), []))

    return of


def _example(field: dict[str, Any]) -> Any:
    """A value that a field of a provider takes."""
    schema = field["schema"]
    schema = schema.get("anyOf", [schema])[-1 if "const" in str(schema.get("anyOf", "")) else 0]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("format") == "uri":
        return "https://host.example/"
    return _VALUES.get(schema["type"], "text")


def _given(release: str, credential: dict[str, Any]) -> dict[str, Any]:
    if release != "24.10":
        return {"name": "c", "provider": credential}
    attributes = {name: value for name, value in credential.items() if name != "type"}
    return {"name": "c", "provider": credential["type"], "attributes": attributes}


def _providers() -> list[Any]:
    known = dict(recordings.load("schemas/providers.json"))
    return [
        pytest.param(release, name, of, id=f"{release}-{name}")
        for release in known
        for name, of in known[release].items()
    ]


@pytest.mark.parametrize(("release", "name", "provider"), _providers())
def test_a_credential_of_each_provider(
    call: Callable[[str], Call], release: str, name: str, provider: dict[str, Any]
) -> None:
    fields = provider["credential_fields"]
    required = {key: _example(field) for key, field in fields.items() if field["required"]}
    defaults = {key: field["default"] for key, field in fields.items() if "default" in field}
    nas = call(release)
    created = nas("cloudsync.credentials.create", _given(release, {"type": name, **required}))
    assert created == {"id": 1, **_given(release, {"type": name, **defaults, **required})}
    method = contract(release).method("cloudsync.credentials.get_instance")
    assert method is not None
    shown = method.redact_result(created)
    if release == "24.10":
        assert shown == {**created, "attributes": HIDDEN}
    else:
        hidden = {key: HIDDEN for key, field in fields.items() if field["secret"]}
        assert shown == {**created, "provider": {**created["provider"], **hidden}}


@pytest.mark.parametrize(("release", "name", "provider"), _providers())
def test_a_remote_as_the_nas_knows_it(release: str, name: str, provider: dict[str, Any]) -> None:
    if provider.get("no_remote_implementation"):
        assert name not in remotes_in(release)
        return
    remote = remotes_in(release)[name]
    assert remote.rclone_type == provider["rclone_type"]
    assert (remote.bucket_title is not None) == provider["buckets"]
    assert (remote.bucket_title or "Bucket") == provider["bucket_title"]
    assert remote.can_create_bucket == provider["can_create_bucket"]
    assert remote.read_only == provider["readonly"]
    assert list(remote.refreshed) == provider["refresh_credentials"]
    assert remote.oauth_page == provider["credentials_oauth"]


@pytest.mark.parametrize("release", RELEASES)
def test_providers_are_listed_by_title(call: Callable[[str], Call], release: str) -> None:
    titles = [one["title"] for one in call(release)("cloudsync.providers")]
    assert titles == sorted(titles, key=str.lower)
    assert len(titles) == len(remotes_in(release))


@pytest.mark.parametrize("release", NEWER)
def test_every_remote_has_a_credential(release: str) -> None:
    assert remotes_in(release).keys() <= credential_models(release).keys() <= REMOTES.keys()


@pytest.mark.parametrize(
    ("release", "outcome"), [("25.04", "refused"), ("25.10", "refused"), ("26.0", "kept"), ("27.0", "gone")]
)
def test_a_selection_of_nested_members(call: Callable[[str], Call], release: str, outcome: str) -> None:
    nas = call(release)
    nas("cloudsync.credentials.create", _given(release, _TOKEN))
    select: list[Any] = [[], {"select": ["id", "provider.type"]}]
    if outcome == "refused":
        with pytest.raises(ValueError, match="validation error"):
            nas("cloudsync.credentials.query", *select)
    else:
        rows = nas("cloudsync.credentials.query", *select)
        assert rows == ([{"id": 1, "provider": {"type": "GOOGLE_PHOTOS"}}] if outcome == "kept" else [])


def test_24_10_answers_an_update_with_what_was_sent(call: Callable[[str], Call]) -> None:
    nas = call("24.10")
    nas("cloudsync.credentials.create", _given("24.10", _TOKEN))
    assert nas("cloudsync.credentials.update", 1, {"name": "new"}) == {"id": 1, "name": "new"}
    stored = nas("cloudsync.credentials.get_instance", 1)
    assert (stored["name"], stored["attributes"]["token"]) == ("new", "t")


def test_24_10_names_the_attribute_that_is_missing(call: Callable[[str], Call]) -> None:
    with pytest.raises(ValidationErrors) as caught:
        call("24.10")("cloudsync.credentials.create", {"name": "x", "provider": "GOOGLE_PHOTOS", "attributes": {}})
    assert caught.value.rows == [("cloud_sync_credentials_create.attributes.token", "attribute required", 22)]


@pytest.mark.parametrize("release", ["26.0", "27.0"])
def test_newer_tasks_name_their_dataset(call: Callable[[str], Call], release: str, tmp_path: Path) -> None:
    nas = call(release)
    nas("cloudsync.credentials.create", _given(release, _TOKEN))
    (tmp_path / "mnt" / "tank" / "photos" / "Trip").mkdir(parents=True)
    task = {"credentials": 1, "direction": "PUSH", "transfer_mode": "COPY", "attributes": {"folder": "/album"}}
    places = []
    for path in ("/mnt/tank/photos/Trip", "/mnt/tank/photos", "/mnt/tank/nowhere"):
        created = nas("cloudsync.create", {**task, "path": path})
        places.append((created["dataset"], created["relative_path"]))
    assert places == [("tank/photos", "Trip"), ("tank/photos", ""), (None, None)]
