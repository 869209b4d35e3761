# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON-RPC 2.0 over one WebSocket: calls sent at once, answers in any order, pushes in between.

PRIVATE to the collection. Knows the wire; what to do about a broken connection is decided in ``client``.
"""

from __future__ import annotations

import json
import select
import ssl
import typing as t

from ansible.module_utils.basic import missing_required_lib

from . import errors, extended_json, tls
from .error_answers import from_rpc
from .options import Endpoint
from .redaction import secrets_in
from .sockets import Deadline, GuardedSocket

try:
    import websocket as client_library
except ImportError:
    client_library = None  # type: ignore[assignment]

PATH = "/api/current"

# Limits of the middleware: JSON text of a message before and after login (characters), calls of a connection at once.
MESSAGE_LIMIT_ANONYMOUS = 8192
MESSAGE_LIMIT = 65536
OUTSTANDING_LIMIT = 20

# Ours: no answer of the API comes near it (a directory of 100 000 files is about 30 MB).
ANSWER_LIMIT = 256 << 20

_CLOSE_REASONS = {
    1003: "it takes no binary messages",
    1007: "the message was too long for a connection that is not logged in",
    1008: "it does not accept connections from this address (System > General Settings > GUI > allowed addresses)",
    1009: "the message was too long",
    1011: "its middleware failed",
}

Call = tuple[str, tuple[t.Any, ...]]

# The outcome of a call that was not sent because the connection broke before its turn.
NOT_SENT = object()


class _Broken(Exception):
    """The connection can not be used any more."""


class WebSocketConnection:
    """One connection to ``/api/current`` over a connected socket. ``on_push`` gets a push's method and parameters."""

    def __init__(self, sock: t.Any, endpoint: Endpoint, deadline: Deadline, secrets: t.Collection[str] = ()) -> None:
        if client_library is None:
            raise errors.ConnectError(missing_required_lib("websocket-client"))
        self.endpoint = endpoint
        self.logged_in = False
        self.on_push: t.Callable[[str, dict[str, t.Any]], None] = lambda method, params: None
        self._secrets = frozenset(secrets)
        self._next_id = 0
        self._usable = True
        self._tls_socket = sock if isinstance(sock, ssl.SSLSocket) else None
        self._socket = GuardedSocket(sock, deadline, ANSWER_LIMIT)
        self._websocket = client_library.WebSocket(enable_multithread=False, skip_utf8_validation=True)
        self._handshake()

    @property
    def certificate(self) -> bytes | None:
        """The NAS's certificate in DER form; None without TLS."""
        return tls.peer_certificate(self._tls_socket) if self._tls_socket else None

    def call(self, method: str, *params: t.Any, timeout: float) -> t.Any:
        """Make one call and return its result; raises what ``exchange`` would return."""
        outcome = next(iter(self.exchange([(method, params)], timeout)))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def exchange(self, calls: t.Sequence[Call], timeout: float) -> list[t.Any]:
        """Make calls at once and return their outcomes in order: a result, an error as a value, or NOT_SENT.

        ``timeout`` is the longest silence in seconds, so that calls that queue behind others are not counted as late.
        """
        outcomes: list[t.Any] = [NOT_SENT] * len(calls)
        waiting: dict[int, int] = {}  # message id -> place
        place = 0
        try:
            while place < len(calls) or waiting:
                self._socket.deadline = Deadline(timeout)
                while place < len(calls) and len(waiting) < OUTSTANDING_LIMIT:
                    self._next_id += 1
                    try:
                        text = self._encode(self._next_id, *calls[place])
                    except errors.MiddlewareError as error:
                        outcomes[place] = error
                    else:
                        waiting[self._next_id] = place
                        self._send(text)
                    place += 1
                while waiting and self._take_answer(calls, waiting, outcomes) is None:
                    pass
        except TimeoutError:
            self._settle(calls, waiting, outcomes, errors.CallTimeout, f"no answer within {timeout:g} s (api_timeout)")
        except _Broken as broken:
            self._usable = False
            self._settle(
                calls, waiting, outcomes, errors.ConnectionLost, f"the connection broke before the answer ({broken})"
            )
        except errors.ProtocolError as error:
            self._usable = False
            for index in waiting.values():
                outcomes[index] = error
        return outcomes

    def wait_for_push(self, seconds: float) -> bool:
        """Wait for one push. False when none came in time; raises ConnectionLost when none can come any more."""
        self._socket.deadline = Deadline(seconds)
        try:
            self._receive()
        except TimeoutError:
            return False
        except _Broken as broken:
            self._usable = False
            raise errors.ConnectionLost(f"The connection to {self.endpoint} broke ({broken}).", "") from None
        return True

    def alive(self) -> bool:
        """Take in what has arrived meanwhile; False when the NAS has closed the connection."""
        try:
            while self._usable and self._readable() and self.wait_for_push(1):
                pass
        except errors.MiddlewareError:
            self._usable = False
        return self._usable

    def close(self) -> None:
        """Close without waiting long for the NAS to agree."""
        self._socket.deadline = Deadline(1)
        self._socket.budget = ANSWER_LIMIT
        try:
            if self._usable:
                self._websocket.close(timeout=1)
        except (OSError, BufferError, client_library.WebSocketException):
            pass
        finally:
            self._usable = False
            self._socket.close()

    def _handshake(self) -> None:
        try:
            self._websocket.connect(
                self.endpoint.url("ws", PATH), socket=self._socket, suppress_origin=True, redirect_limit=0
            )
        except (TimeoutError, client_library.WebSocketTimeoutException):
            raise errors.ConnectError(
                f"{self.endpoint} did not finish the WebSocket handshake in time (api_timeout)."
            ) from None
        except client_library.WebSocketBadStatusException as error:
            raise errors.ConnectError(explain_status(self.endpoint, PATH, error.status_code)) from None
        except (OSError, BufferError, ValueError, IndexError, client_library.WebSocketException) as error:
            raise errors.ConnectError(
                f"{self.endpoint} does not answer the WebSocket handshake as a TrueNAS does ({type(error).__name__})."
            ) from None
        status = self._websocket.getstatus()
        if status != 101:
            raise errors.ConnectError(explain_status(self.endpoint, PATH, status or 0))

    def _encode(self, message_id: int, method: str, params: t.Sequence[t.Any]) -> str:
        message = {"jsonrpc": "2.0", "id": message_id, "method": method, "params": list(params)}
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        limit = MESSAGE_LIMIT if self.logged_in else MESSAGE_LIMIT_ANONYMOUS
        if len(text) >= limit:
            raise errors.MessageTooLarge(
                f"{method}: the call is {len(text)} characters long, a NAS takes less than {limit}. Nothing was sent."
            )
        try:
            text.encode()
        except UnicodeEncodeError:
            raise errors.MiddlewareError(
                f"{method}: a value holds bytes that are no UTF-8 text. Nothing was sent."
            ) from None
        return text

    def _send(self, text: str) -> None:
        try:
            self._websocket.send(text)
        except client_library.WebSocketTimeoutException:
            raise TimeoutError from None
        except TimeoutError:
            raise
        except (OSError, client_library.WebSocketException) as error:
            raise _Broken(_plain(error)) from None

    def _take_answer(self, calls: t.Sequence[Call], waiting: dict[int, int], outcomes: list[t.Any]) -> int | None:
        """Receive one message; if it answers a call that waits, note its outcome and return its place."""
        message = self._receive()
        if message is None:
            return None
        message_id = message.get("id")
        if message_id is None:
            error = from_rpc("JSON-RPC", message.get("error"), self._secrets)
            raise errors.ProtocolError(f"{self.endpoint} could not read a message of ours: {error}")
        place = waiting.pop(message_id, None) if isinstance(message_id, int) else None
        if place is None:  # the late answer to a call that was given up
            return None
        method, params = calls[place]
        if "result" in message:
            outcomes[place] = message["result"]
        else:
            outcomes[place] = from_rpc(method, message.get("error"), self._secrets | secrets_in(list(params)))
        return place

    def _receive(self) -> dict[str, t.Any] | None:
        """One message: an answer is returned, a push handed to ``on_push``."""
        self._socket.budget = ANSWER_LIMIT
        try:
            opcode, data = self._websocket.recv_data()
        except client_library.WebSocketTimeoutException:
            raise TimeoutError from None
        except TimeoutError:
            raise
        except BufferError:
            raise errors.ProtocolError(f"{self.endpoint} sent a message of more than {ANSWER_LIMIT} bytes.") from None
        except (OSError, ValueError, client_library.WebSocketException) as error:
            raise _Broken(_plain(error)) from None
        if opcode == client_library.ABNF.OPCODE_CLOSE:
            code = int.from_bytes(data[:2], "big") if len(data) >= 2 else 0
            raise _Broken(f"the NAS closed it: {_CLOSE_REASONS.get(code, f'code {code}')}")
        try:
            message = extended_json.loads(data)
        except ValueError:
            message = None
        if not isinstance(message, dict) or not ("method" in message or "result" in message or "error" in message):
            raise errors.ProtocolError(f"{self.endpoint} sent something that is no JSON-RPC message. Is it a TrueNAS?")
        if "method" not in message:
            return message
        if isinstance(message.get("params"), dict):
            self.on_push(message["method"], message["params"])
        return None

    def _readable(self) -> bool:
        if self._tls_socket and self._tls_socket.pending():
            return True
        return bool(select.select([self._socket], [], [], 0)[0])

    def _settle(
        self,
        calls: t.Sequence[Call],
        waiting: dict[int, int],
        outcomes: list[t.Any],
        kind: type[errors.AnswerLost],
        what: str,
    ) -> None:
        for place in waiting.values():
            method = calls[place][0]
            outcomes[place] = kind(f"{method} on {self.endpoint}: {what}.", method)


def explain_status(endpoint: Endpoint, path: str, status: int) -> str:
    """What an HTTP status other than the expected one tells of the server."""
    if status in (502, 503, 504):
        return f"{endpoint} answers, but not TrueNAS's middleware behind it (HTTP {status}): it is starting or stopped."
    if status in (301, 302, 303, 307, 308):
        return f"{endpoint} redirects {path} elsewhere (HTTP {status}): give the final address as api_url."
    return f"{endpoint} answers {path} with HTTP {status}: it is no TrueNAS, or a proxy does not let it through."


def _plain(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
