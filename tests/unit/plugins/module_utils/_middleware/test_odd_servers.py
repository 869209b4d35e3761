# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the client makes of servers that no NAS is, and of answers that no NAS should give."""

from __future__ import annotations

import base64
import contextlib
import time
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import (
    CallTimeout,
    ConnectError,
    ConnectionLost,
    LoginError,
    MiddlewareError,
    ProtocolError,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import rpc_connection, websocket

CLOSE, PING, CONTINUATION, BINARY = 8, 9, 0, 2
MakePeer = Callable[..., Any]


def once_in(then: Callable[[Any, dict[str, Any]], None]) -> Callable[[Any], None]:
    """A handler that lets the client in and does something with the first call that is no logout."""

    def handle(wire: Any) -> None:
        wire.greet()
        wire.log_in()
        while message := wire.message():
            if message["method"] == "auth.logout":
                wire.result(message, True)
            else:
                then(wire, message)

    return handle


@pytest.mark.parametrize(
    ("status", "body", "headers", "says"),
    [
        (404, "", (), "before 25.04"),
        (502, "Bad Gateway", (), "starting or stopped"),
        (301, "", ("Location: https://other/",), "redirects"),
        (403, "", (), "HTTP 403"),
        (200, "<html>a router</html>", (), "Is it a TrueNAS"),
        (200, {"v25.10.2": 1}, (), None),
        (200, [], (), "Is it a TrueNAS"),
        (200, ["yesterday"], (), "Is it a TrueNAS"),
        (200, "x" * 100_000, (), "more than"),
    ],
)
def test_a_web_server_that_is_no_nas(
    peer: MakePeer, status: int, body: object, headers: tuple[str, ...], says: str | None
) -> None:
    def handle(wire: Any) -> None:
        wire.request()
        wire.answer(status, body, *headers)
        wire.request()

    with pytest.raises(ConnectError, match=says):
        connect(peer(handle).options(api_transport="websocket"))


def test_a_port_where_nobody_listens(peer: MakePeer) -> None:
    server = peer(lambda wire: None)
    server.stop()
    with pytest.raises(ConnectError, match=r"cannot be reached.*api_url"):
        connect(server.options())


def test_a_name_that_nobody_knows(peer: MakePeer) -> None:
    with pytest.raises(ConnectError, match=r"nas\.invalid.*resolved"):
        connect(peer(lambda wire: None).options(api_url="https://nas.invalid"))


def test_a_socket_that_is_not_there() -> None:
    with pytest.raises(ConnectError, match="api_url"):
        connect(ConnectionOptions(api_url="/nonexistent/middlewared.sock"))


@pytest.mark.parametrize("silent", ["at once", "after the versions", "at the login"])
def test_a_server_that_does_not_answer_is_given_up_in_time(peer: MakePeer, silent: str) -> None:
    def handle(wire: Any) -> None:
        wire.request()
        if silent != "at once":
            wire.answer(200, ["v25.10.2"])
            request = wire.request()
            if silent == "at the login":
                wire.upgrade(request)
        wire.sock.settimeout(20)
        while wire.sock.recv(1000):
            pass

    started = time.monotonic()
    with pytest.raises(MiddlewareError, match="api_timeout"):
        connect(peer(handle).options(api_timeout=0.5, api_transport="websocket"))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "handshake", ["HTTP/1.1 404 Not Found\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", "hello\r\n"]
)
def test_a_handshake_that_fails(peer: MakePeer, handshake: str) -> None:
    def handle(wire: Any) -> None:
        wire.request()
        wire.answer(200, ["v25.10.2"])
        wire.request()
        wire.sock.sendall(handshake.encode())

    with pytest.raises(ConnectError, match=r"127\.0\.0\.1"):
        connect(peer(handle).options(api_transport="websocket"))


@pytest.mark.parametrize(
    ("payload", "opcode", "says"),
    [
        ("not json", 1, "not JSON-RPC"),
        ("[1, 2]", 1, "not JSON-RPC"),
        ("7", 1, "not JSON-RPC"),
        ("{}", 1, "not JSON-RPC"),
        ("[" * 100_000, 1, "not JSON-RPC"),
        (b"\xff\xfe", 1, "not JSON-RPC"),
        ({"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "eh?"}}, 1, "eh"),
    ],
)
def test_an_answer_that_is_none(peer: MakePeer, payload: object, opcode: int, says: str) -> None:
    server = peer(once_in(lambda wire, message: wire.frame(payload, opcode)))
    with connect(server.options()) as client, pytest.raises(ProtocolError, match=says):
        client.call("cloudsync.delete", 1)


def test_an_answer_without_end_is_cut(peer: MakePeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "ANSWER_LIMIT", 100_000)
    server = peer(once_in(lambda wire, message: wire.result(message, "x" * 200_000)))
    with connect(server.options()) as client, pytest.raises(ProtocolError, match="more than 100000 bytes"):
        client.call("cloudsync.delete", 1)


def test_an_answer_that_trickles_in_is_given_up_in_time(peer: MakePeer) -> None:
    def trickle(wire: Any, message: dict[str, Any]) -> None:
        wire.sock.sendall(b"\x81\x7f" + (10_000).to_bytes(8, "big"))
        for dummy in range(200):
            wire.sock.sendall(b" ")
            time.sleep(0.05)

    started = time.monotonic()
    with connect(peer(once_in(trickle)).options(api_timeout=1)) as client, pytest.raises(CallTimeout, match="1 s"):
        client.call("cloudsync.delete", 1)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("code", "says"), [(1008, "allowed addresses"), (1009, "too long"), (1011, "failed"), (4321, "4321")]
)
def test_why_the_nas_closes_is_told(peer: MakePeer, code: int, says: str) -> None:
    server = peer(once_in(lambda wire, message: wire.frame(code.to_bytes(2, "big"), CLOSE)))
    with connect(server.options()) as client, pytest.raises(ConnectionLost, match=says) as caught:
        client.call("cloudsync.delete", 1)
    assert caught.value.method == "cloudsync.delete"


def test_an_address_that_is_not_let_in_is_told(peer: MakePeer) -> None:
    def handle(wire: Any) -> None:
        wire.greet()
        wire.frame((1008).to_bytes(2, "big"), CLOSE)
        while wire.message():
            pass

    with pytest.raises(MiddlewareError, match="allowed addresses"):
        connect(peer(handle).options())


def test_answers_find_their_calls_in_any_order(peer: MakePeer) -> None:
    """Backwards, in pieces, and between pushes, pings and answers that nobody waits for."""
    waiting: list[dict[str, Any]] = []

    def answer(wire: Any, message: dict[str, Any]) -> None:
        waiting.append(message)
        if len(waiting) < 5:
            return
        wire.frame({"jsonrpc": "2.0", "method": "collection_update", "params": {"collection": "x", "msg": "added"}})
        wire.frame(b"ping", PING)
        wire.frame({"jsonrpc": "2.0", "id": 999_999, "result": "late"})
        for one in reversed(waiting):
            text = f'{{"jsonrpc": "2.0", "id": {one["id"]}, "result": "{one["params"][0]}"}}'
            wire.frame(text[:10], last=False)
            wire.frame(b"", PING)
            wire.frame(text[10:], CONTINUATION)
        waiting.clear()

    with connect(peer(once_in(answer)).options()) as client:
        assert client.call_all([("x.query", (letter,)) for letter in "abcde"]) == list("abcde")


def test_more_calls_than_a_nas_takes_at_once(peer: MakePeer) -> None:
    most = 0
    held: list[dict[str, Any]] = []

    def answer(wire: Any, message: dict[str, Any]) -> None:
        nonlocal most
        held.append(message)
        most = max(most, len(held))
        if len(held) == 20 or message["params"][0] == 44:
            while held:
                one = held.pop(0)
                wire.result(one, one["params"][0])

    with connect(peer(once_in(answer)).options()) as client:
        assert client.call_all([("x.query", (number,)) for number in range(45)]) == list(range(45))
    assert most <= 20


def test_a_late_answer_is_not_taken_for_another(peer: MakePeer) -> None:
    late: list[tuple[Any, dict[str, Any]]] = []

    def answer(wire: Any, message: dict[str, Any]) -> None:
        if not late:
            late.append((wire, message))
            return
        with contextlib.suppress(OSError):  # the client has closed the first connection
            late[0][0].result(late[0][1], "late")
        wire.result(message, "right")

    server = peer(once_in(answer))
    with connect(server.options(api_timeout=0.5)) as client:
        with pytest.raises(CallTimeout, match="api_timeout"):
            client.call("cloudsync.delete", 1)
        assert client.call("cloudsync.delete", 2) == "right"
    assert server.connections == 2


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"response_type": "REDIRECT", "urls": ["https://active"]}, "standby.*https://active"),
        ({"response_type": "DENIED"}, "no privilege"),
        ({"response_type": "SOMETHING_NEW"}, "not known"),
        ({}, "not known"),
        ("yes", "not known"),
    ],
)
def test_other_answers_to_a_login(peer: MakePeer, answer: object, says: str) -> None:
    def handle(wire: Any) -> None:
        wire.greet()
        while message := wire.message():
            wire.result(message, answer)

    with pytest.raises(LoginError, match=says):
        connect(peer(handle).options())


def test_a_nas_that_does_not_know_the_key_is_found_out(peer: MakePeer) -> None:
    def handle(wire: Any) -> None:
        wire.greet("v25.10.2", "v26.0.0")
        while message := wire.message():
            nonce = base64.b64decode(message["params"][0]["rfc_str"].rpartition("r=")[2].partition(",")[0])
            texts = {
                "CLIENT_FIRST_MESSAGE": f"r={base64.b64encode(nonce + bytes(32)).decode()},s=c2FsdHNhbHQ=,i=50000",
                "CLIENT_FINAL_MESSAGE": f"v={base64.b64encode(bytes(64)).decode()}",
            }
            text = texts[message["params"][0]["scram_type"]]
            wire.result(message, {"response_type": "SCRAM_RESPONSE", "rfc_str": text, "user_info": {}})

    with pytest.raises(LoginError, match="did not prove"):
        connect(peer(handle).options(api_key="7-sesame"))


def test_a_nas_that_wants_another_way_of_logging_in(peer: MakePeer) -> None:
    def handle(wire: Any) -> None:
        wire.greet()
        while message := wire.message():
            data = {"error": 95, "errname": "EOPNOTSUPP", "reason": "[EOPNOTSUPP] not at this level", "extra": None}
            wire.frame({"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32001, "message": "x", "data": data}})

    with pytest.raises(LoginError, match="api_otp"):
        connect(peer(handle).options())


def silent_at_first(answers: object) -> tuple[list[str], Callable[[Any], None]]:
    """Methods that were asked, and a handler whose first connection falls silent after the login."""
    asked: list[str] = []
    connections: list[Any] = []

    def handle(wire: Any) -> None:
        connections.append(wire)
        wire.greet()
        wire.log_in()
        while message := wire.message():
            asked.append(message["method"])
            if len(connections) > 1:
                wire.result(message, answers)

    return asked, handle


def test_a_read_on_a_silent_connection_is_made_again_on_a_new_one(peer: MakePeer) -> None:
    asked, handle = silent_at_first([])
    server = peer(handle)
    with connect(server.options(api_timeout=1)) as client:
        assert client.call("cloudsync.query") == []
    assert (server.connections, asked.count("cloudsync.query")) == (2, 2)


def test_a_write_on_a_silent_connection_is_not_made_again(peer: MakePeer) -> None:
    asked, handle = silent_at_first({"id": 1})
    server = peer(handle)
    with connect(server.options(api_timeout=1)) as client:
        with pytest.raises(CallTimeout):
            client.call("cloudsync.create", {})
        assert client.call("cloudsync.query") == {"id": 1}  # the silent connection is not asked again
    assert (server.connections, asked.count("cloudsync.create")) == (2, 1)


def test_a_silent_connection_is_pinged_while_a_call_is_carried_out(
    peer: MakePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rpc_connection, "PING_EVERY", 0.1)
    pings: list[int] = []

    def slow(wire: Any, message: dict[str, Any]) -> None:
        end = time.monotonic() + 0.5
        wire.sock.settimeout(0.5)
        while time.monotonic() < end and wire.frame_of_client():
            pass
        wire.sock.settimeout(None)
        pings.append(wire.pings)
        wire.result(message, "done")

    with connect(peer(once_in(slow)).options(api_timeout=5)) as client:
        assert client.call("cloudsync.credentials.verify", {}) == "done"
    assert pings[0] >= 2


class Flood:
    """A connection on which the NAS says something at every moment, and never what is waited for."""

    def send(self, text: str, deadline: Any) -> None:
        """Nothing is read."""

    def receive(self, deadline: Any) -> bytes:
        deadline.check()
        return b'{"jsonrpc": "2.0", "method": "collection_update", "params": {}}'

    def ping(self, deadline: Any) -> None:
        """Nothing is read."""

    def readable(self) -> bool:
        return True

    def close(self, *, politely: bool) -> None:
        """There is nothing to close."""


def test_pushes_without_end_are_not_listened_to_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rpc_connection, "LISTENS", 0.2)
    endpoint = ConnectionOptions(api_url="https://nas", api_key="1-x").validate()
    connection = rpc_connection.RpcConnection(Flood(), endpoint)
    assert connection.alive()
    with pytest.raises(CallTimeout, match="api_timeout"):
        connection.call("cloudsync.query", timeout=0.2)


def test_an_idle_session_is_kept_alive(peer: MakePeer) -> None:
    pings: list[int] = []

    def then(wire: Any, message: dict[str, Any]) -> None:
        pings.append(wire.pings)
        wire.result(message, "done")

    with connect(peer(once_in(then)).options()) as client:
        client.keep_alive()
        assert client.call("cloudsync.query") == "done"
    assert pings == [1]


def test_a_middleware_that_is_starting_is_waited_for(peer: MakePeer) -> None:
    said: list[str] = []
    tries: list[Any] = []

    def handle(wire: Any) -> None:
        tries.append(wire)
        if len(tries) < 3:
            wire.request()
            wire.answer(502, "Bad Gateway")
        else:
            once_in(lambda wire, message: wire.result(message, "done"))(wire)

    with connect(peer(handle).options(api_timeout=10), said.append) as client:
        assert client.call("cloudsync.query") == "done"
    assert len(said) == 1
    assert "starting or stopped. Waiting up to" in said[0]
