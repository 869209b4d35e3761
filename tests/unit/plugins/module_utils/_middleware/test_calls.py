# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls to a NAS: answers, errors, and what a broken connection leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client, connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from simulator.fixture import SimulatedNas

TOKEN = '{"access_token": "ya29.sesame", "refresh_token": "1//open-sesame", "expiry": "2026-01-01T00:00:00Z"}'


def options(nas: SimulatedNas, **changes: Any) -> ConnectionOptions:
    known = {"api_url": nas.api_url, "ca_path": nas.ca_path, "api_username": nas.username, "api_key": nas.api_key}
    return ConnectionOptions(**{**known, "api_timeout": 5, **changes})


@pytest.fixture(params=["websocket", "rest"])
def client(request: pytest.FixtureRequest, nas: SimulatedNas) -> Iterator[Client]:
    """A client by each transport."""
    with connect(options(nas, api_transport=request.param)) as one:
        yield one


@pytest.fixture
def rpc(nas: SimulatedNas) -> Iterator[Client]:
    """A client by JSON-RPC."""
    with connect(options(nas)) as one:
        yield one


def count(nas: SimulatedNas, method: str) -> int:
    return sum(call["method"] == method for call in nas.calls())


def create(client: Client, name: str, **fields: str) -> dict[str, Any]:
    """A credential for Google Photos."""
    provider = {"type": "GOOGLE_PHOTOS", "token": TOKEN, **fields}
    return client.call("cloudsync.credentials.create", {"name": name, "provider": provider})


def test_a_record_from_its_making_to_its_end(client: Client) -> None:
    made = create(client, "photos 100%/ü?&#")
    assert client.call("cloudsync.credentials.get_instance", made["id"]) == made
    renamed = client.call("cloudsync.credentials.update", made["id"], {"name": "albums"})
    assert renamed == {**made, "name": "albums"}
    assert client.call("cloudsync.credentials.query", [["name", "=", "albums"]], {"get": True}) == renamed
    assert client.call("cloudsync.credentials.delete", made["id"]) is True
    assert client.call("cloudsync.credentials.query", [["name", "=", "albums"]]) == []


@pytest.mark.parametrize("name", ["007", "true", "null", "a&limit=1", "ünï", "1e3", " 5"])
def test_a_name_is_found_whatever_it_looks_like(client: Client, name: str) -> None:
    create(client, name)
    create(client, "other")
    (found,) = client.call("cloudsync.credentials.query", [["name", "=", name]])
    assert found["name"] == name


def test_a_dataset_has_a_slash_in_its_name(client: Client) -> None:
    assert client.call("pool.dataset.get_instance", "tank/photos")["mountpoint"] == "/mnt/tank/photos"
    query = [["id", "=", "tank/photos"]], {"extra": {"retrieve_children": False, "properties": []}}
    assert [row["id"] for row in client.call("pool.dataset.query", *query)] == ["tank/photos"]


def test_methods_of_several_parameters(client: Client, nas: SimulatedNas) -> None:
    (Path(nas.root) / "tank/photos/a.jpg").touch()
    rows = client.call("filesystem.listdir", "/mnt/tank/photos", [["type", "=", "FILE"]], {"select": ["name"]})
    assert rows == [{"name": "a.jpg"}]


@pytest.mark.parametrize(
    ("method", "params", "kind", "says"),
    [
        ("cloudsync.get_instance", [99], errors.DoesNotExist, None),
        ("cloudsync.update", [99, {}], errors.DoesNotExist, "99 does not exist"),
        ("cloudsync.delete", [99], errors.DoesNotExist, "99 does not exist"),
        ("cloudsync.create", [{"path": 1}], errors.ValidationError, "cloud_sync_create.path"),
        ("filesystem.stat", ["/mnt/tank/none"], errors.CallError, "not found"),
        ("cloudsync.frobnicate", [], errors.UnknownMethod, "no such method"),
        ("cloudsync.query", [[["id", "=", 99]], {"get": True}], errors.CallError, None),
    ],
)
def test_errors_are_told_apart(
    client: Client, method: str, params: list[Any], kind: type[errors.CallError], says: str | None
) -> None:
    with pytest.raises(kind, match=says) as caught:
        client.call(method, *params)
    assert caught.value.__class__ is kind
    assert caught.value.method == method


def test_errors_of_the_system_carry_its_number(client: Client) -> None:
    with pytest.raises(errors.CallError) as caught:
        client.call("filesystem.stat", "/mnt/tank/none")
    assert (caught.value.errno, caught.value.errname) == (2, "ENOENT")


def test_a_record_in_use_names_its_user(client: Client) -> None:
    made = create(client, "used")
    task = {"path": "/mnt/tank/photos", "credentials": made["id"], "direction": "PUSH", "transfer_mode": "COPY"}
    client.call("cloudsync.create", {**task, "description": "nightly", "attributes": {"folder": "/album"}})
    with pytest.raises(errors.CallError, match="nightly"):
        client.call("cloudsync.credentials.delete", made["id"])


def test_a_missing_right_names_its_role(nas: SimulatedNas) -> None:
    account = nas.account("reader", roles=["CLOUD_SYNC_READ"], api_key=True)
    with connect(options(nas, api_key=account["api_key"], api_username="reader")) as client:
        assert client.call("cloudsync.credentials.query") == []
        with pytest.raises(errors.NotAuthorized, match="CLOUD_SYNC_WRITE") as caught:
            create(client, "x")
    assert caught.value.role == "CLOUD_SYNC_WRITE"


def test_secrets_that_an_error_repeats_are_cut_out(client: Client, nas: SimulatedNas) -> None:
    message = f"cannot parse {TOKEN} of GOCSPX-sesame for {nas.api_key}"
    nas.faults(fail={"cloudsync.credentials.create": {"message": message, "errno": 14, "extra": {"excerpt": message}}})
    with pytest.raises(errors.CallError, match="cannot parse") as caught:
        create(client, "x", client_secret="GOCSPX-sesame")
    said = f"{caught.value!r} {caught.value.__dict__}"
    assert "sesame" not in said
    assert nas.api_key not in said


def test_many_calls_at_once(client: Client) -> None:
    outcomes = client.call_all(
        [("cloudsync.query", ()), ("cloudsync.get_instance", (99,)), ("a.b", ()), *[("system.version", ())] * 60]
    )
    assert outcomes[0] == []
    assert outcomes[1].__class__ is errors.DoesNotExist
    assert outcomes[2].__class__ is errors.UnknownMethod
    assert set(outcomes[3:]) == {"TrueNAS-25.10.2"}
    assert client.call_all([]) == []


def test_a_message_that_is_too_long_does_not_leave(rpc: Client, nas: SimulatedNas) -> None:
    with pytest.raises(errors.MessageTooLarge, match=r"characters.*65536"):
        create(rpc, "x", client_secret="x" * 65_536)
    outcomes = rpc.call_all([("core.ping", ()), ("filesystem.stat", ("x" * 70_000,)), ("core.ping", ())])
    assert (outcomes[0], outcomes[1].__class__, outcomes[2]) == ("pong", errors.MessageTooLarge, "pong")
    assert count(nas, "cloudsync.credentials.create") == count(nas, "filesystem.stat") == 0
    assert count(nas, "auth.login_ex") == 1


def test_text_that_is_none(rpc: Client) -> None:
    with pytest.raises(errors.MiddlewareError, match="UTF-8"):
        rpc.call("filesystem.stat", "/mnt/tank/\udcff")
    assert rpc.call("core.ping") == "pong"


def test_a_read_is_made_again_when_its_answer_was_lost(rpc: Client, nas: SimulatedNas) -> None:
    nas.faults(drop_after={"cloudsync.query": True})
    assert rpc.call("cloudsync.query") == []
    assert count(nas, "cloudsync.query") == 2


def test_a_write_is_not(rpc: Client, nas: SimulatedNas) -> None:
    nas.faults(drop_after={"filesystem.mkdir": True})
    with pytest.raises(errors.ConnectionLost) as caught:
        rpc.call("filesystem.mkdir", {"path": "/mnt/tank/photos/album"})
    assert caught.value.method == "filesystem.mkdir"
    assert count(nas, "filesystem.mkdir") == 1
    # How it went is settled by reading, over a new session.
    assert rpc.call("filesystem.stat", "/mnt/tank/photos/album")["type"] == "DIRECTORY"


def test_what_is_lost_among_many(rpc: Client, nas: SimulatedNas) -> None:
    nas.faults(drop_after={"filesystem.mkdir": True}, delay={"system.info": 0.3})
    outcomes = rpc.call_all(
        [("system.info", ()), ("filesystem.mkdir", ({"path": "/mnt/tank/photos/a"},)), *[("system.version", ())] * 30]
    )
    assert outcomes[0]["version"] == "TrueNAS-25.10.2"
    assert outcomes[1].__class__ is errors.ConnectionLost
    assert set(outcomes[2:]) == {"TrueNAS-25.10.2"}
    assert count(nas, "filesystem.mkdir") == 1


def test_a_restart_between_two_calls_is_not_noticed(rpc: Client, nas: SimulatedNas) -> None:
    nas.restart()
    assert create(rpc, "after")["name"] == "after"
    assert count(nas, "cloudsync.credentials.create") == 1


def test_a_nas_that_does_not_come_back(rpc: Client, nas: SimulatedNas) -> None:
    nas.faults(refuse=True)
    nas.restart()
    with pytest.raises(errors.ConnectError):
        rpc.call("cloudsync.query")
    nas.faults(refuse=False)
    assert rpc.call("cloudsync.query") == []


@pytest.mark.parametrize("transport", ["websocket", "rest"])
def test_an_answer_that_takes_too_long(nas: SimulatedNas, transport: str) -> None:
    nas.faults(delay={"filesystem.mkdir": 2})
    with (
        connect(options(nas, api_timeout=0.5, api_transport=transport)) as client,
        pytest.raises(errors.CallTimeout, match=r"filesystem\.mkdir.*api_timeout") as caught,
    ):
        client.call("filesystem.mkdir", {"path": "/mnt/tank/photos/slow"})
    assert caught.value.method == "filesystem.mkdir"


def test_rest_asks_again_where_it_only_reads(nas: SimulatedNas) -> None:
    with connect(options(nas, api_transport="rest")) as client:
        nas.faults(refuse=True)
        with pytest.raises(errors.MiddlewareError):
            client.call("cloudsync.query")
        with pytest.raises(errors.MiddlewareError):
            client.call("filesystem.mkdir", {"path": "/mnt/tank/photos/never"})
        nas.faults(refuse=False)
        assert client.call("cloudsync.query") == []
    assert count(nas, "filesystem.mkdir") <= 1
