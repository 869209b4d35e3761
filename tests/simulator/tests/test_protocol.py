# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wire: endpoints, framing, limits, subscriptions, the unix socket."""

from __future__ import annotations

import http.client
import json
import ssl

import pytest
import websocket

from simulator.fixture import SimulatedNas
from simulator.tests.wire import Wire


def _close_code(wire: Wire) -> int:
    opcode, data = wire.socket.recv_data()
    assert opcode == websocket.ABNF.OPCODE_CLOSE
    return int.from_bytes(data[:2], "big")


def test_versions_are_listed_without_login(nas: SimulatedNas) -> None:
    host, port = nas.api_url.removeprefix("https://").split(":")
    connection = http.client.HTTPSConnection(host, int(port), context=ssl.create_default_context(cafile=nas.ca_path))
    connection.request("GET", "/api/versions")
    versions = json.load(connection.getresponse())
    connection.close()
    assert versions[-1].startswith("v25.10")
    assert "v24.10" not in versions


def test_every_version_has_a_path_and_others_are_not_found(nas: SimulatedNas) -> None:
    for version in ("current", "v25.04.0", "v25.10.2"):
        with Wire(nas, path=f"/api/{version}") as wire:
            assert wire.call("core.ping") == "pong"
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        Wire(nas, path="/api/v99.0")
    assert refused.value.status_code == 404


def test_an_older_path_fills_in_defaults_which_moves_the_lock_of_a_run(nas: SimulatedNas) -> None:
    with Wire(nas, path="/api/v25.10.0") as wire:
        wire.log_in(nas)
        number = wire.call("cloudsync.sync", 9)
        assert wire.finished_job(number)["arguments"] == [9, {"dry_run": False}]


def test_a_much_older_path_lacks_methods(nas: SimulatedNas) -> None:
    with Wire(nas, path="/api/v25.04.2") as wire:
        wire.log_in(nas)
        assert wire.call("cloudsync.credentials.query") == []
        assert wire.error("cloudsync.query")["data"]["errname"] == "ENOMETHOD"


@pytest.mark.parametrize(
    ("message", "code", "number"),
    [
        ("no json", -32700, None),
        ([{"jsonrpc": "2.0", "id": 1, "method": "core.ping"}], -32700, None),
        ({"id": 1, "method": "core.ping"}, -32600, 1),
        ({"jsonrpc": "1.0", "id": 1, "method": "core.ping"}, -32600, 1),
        ({"jsonrpc": "2.0", "id": 1.5, "method": "core.ping"}, -32600, 1.5),
        ({"jsonrpc": "2.0", "id": 1}, -32600, 1),
        ({"jsonrpc": "2.0", "id": 1, "method": "core.ping", "params": {}}, -32600, 1),
        ({"jsonrpc": "2.0", "id": "x", "method": "core.pong", "params": []}, -32601, "x"),
    ],
)
def test_what_is_no_call_is_answered_with_a_code_and_without_data(
    nas: SimulatedNas, message: object, code: int, number: object
) -> None:
    with Wire(nas) as wire:
        wire.send(message)
        error = wire.answer(number)["error"]
        assert (error["code"], "data" in error) == (code, False)
        assert wire.call("core.ping") == "pong"  # the connection goes on


def test_a_notification_is_carried_out_and_not_answered(nas: SimulatedNas) -> None:
    with Wire(nas) as wire:
        wire.send({"jsonrpc": "2.0", "method": "core.ping"})
        wire.call("core.ping")
        assert not wire.answers
    assert [call["method"] for call in nas.calls()] == ["core.ping", "core.ping"]


def test_messages_may_be_larger_after_login(nas: SimulatedNas) -> None:
    with Wire(nas) as wire:
        wire.send(" " * 8193)
        assert _close_code(wire) == 1007
    with Wire(nas) as wire:
        wire.log_in(nas)
        wire.send({"jsonrpc": "2.0", "id": "large", "method": "core.ping", "padding": "x" * 60_000})
        assert wire.answer("large")["result"] == "pong"
        wire.send(" " * 65537)
        assert _close_code(wire) == 1009


def test_binary_messages_are_refused(nas: SimulatedNas) -> None:
    with Wire(nas) as wire:
        wire.socket.send_binary(b"{}")
        assert _close_code(wire) == 1003


def test_the_21st_outstanding_call_is_refused(nas: SimulatedNas) -> None:
    nas.faults(delay={"core.ping": 1})
    with Wire(nas) as wire:
        wire.log_in(nas)
        numbers = [wire.start("core.ping") for dummy in range(21)]
        assert wire.answer(numbers[-1])["error"]["code"] == -32000
        assert {wire.answer(number)["result"] for number in numbers[:-1]} == {"pong"}


def test_the_peer_of_the_unix_socket_is_logged_in(nas: SimulatedNas) -> None:
    with Wire(nas, "unix") as wire:
        assert wire.call("auth.me")["pw_name"] == "root"
        wire.call("cloudsync.credentials.query")


def test_error_traces_repeat_parameters_where_the_release_does_so(nas: SimulatedNas) -> None:
    with Wire(nas) as wire:
        wire.log_in(nas)
        secret = {"type": "GOOGLE_PHOTOS", "token": "a very secret token", "bogus": 1}
        error = wire.error("cloudsync.credentials.create", {"name": "x", "provider": secret})
        assert "a very secret token" in json.dumps(error["data"]["trace"]["frames"])
        assert "a very secret token" not in error["data"]["reason"]


def test_changes_of_records_are_pushed_to_subscribers(nas: SimulatedNas) -> None:
    with Wire(nas) as listener, Wire(nas) as writer:
        listener.log_in(nas)
        subscription = listener.call("core.subscribe", "cloudsync.credentials.query")
        writer.log_in(nas)
        provider = {"type": "GOOGLE_PHOTOS", "token": "{}"}
        number = writer.call("cloudsync.credentials.create", {"name": "pushed", "provider": provider})["id"]
        while not listener.pushes:
            listener.receive()
        push = listener.pushes[0]
        assert (push["msg"], push["collection"], push["id"]) == ("added", "cloudsync.credentials.query", number)
        listener.call("core.unsubscribe", subscription)
        writer.call("cloudsync.credentials.delete", number)
        listener.call("core.ping")
        assert len(listener.pushes) == 1


def test_a_restart_breaks_connections_and_begins_job_ids_anew(nas: SimulatedNas) -> None:
    with Wire(nas) as wire:
        wire.log_in(nas)
        wire.call("core.job_wait", 1)
        nas.restart()
        with pytest.raises((websocket.WebSocketException, OSError)):
            wire.call("core.ping")
    with Wire(nas) as wire:
        wire.log_in(nas)
        assert wire.call("core.get_jobs") == []


def test_a_connection_can_be_cut_after_a_call_was_carried_out(nas: SimulatedNas) -> None:
    nas.faults(drop_after={"cloudsync.credentials.create": True})
    with Wire(nas) as wire:
        wire.log_in(nas)
        with pytest.raises((websocket.WebSocketException, OSError)):
            wire.call("cloudsync.credentials.create", {"name": "a", "provider": {"type": "BOX", "token": "{}"}})
    with Wire(nas) as wire:
        wire.log_in(nas)
        assert [row["name"] for row in wire.call("cloudsync.credentials.query")] == ["a"]


def test_a_call_can_be_made_to_fail_so_many_times(nas: SimulatedNas) -> None:
    nas.faults(fail={"system.version": {"message": "Not now", "errno": 16, "times": 1}})
    with Wire(nas) as wire:
        wire.log_in(nas)
        assert wire.error("system.version")["data"]["errname"] == "EBUSY"
        assert wire.call("system.version").startswith("TrueNAS-25.10")
