# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON-RPC 2.0 over one connection: calls sent at once, answers in any order, pushes in between.

PRIVATE to the collection. Knows the messages; how they travel is the transport's business, and what to do about a
broken connection is decided in `client`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import Endpoint
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.error_answers import from_rpc
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import extended_json
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.sockets import Deadline
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import in_parameters

# Limits of the middleware: JSON text of a message before and after login (characters), calls of a connection at once.
MESSAGE_LIMIT_ANONYMOUS = 8192
MESSAGE_LIMIT = 65536
OUTSTANDING_LIMIT = 20

# Ours: no answer of the API comes near it (a directory of 100 000 files is about 30 MB).
ANSWER_LIMIT = 256 << 20

# Seconds of silence after which a ping is sent: the web server of TrueNAS 25.04 and 25.10 cuts a connection on which
# nothing passes for 60 s, also while a call is carried out.
PING_EVERY = 20.0

# Seconds for which what has arrived meanwhile is taken in. A NAS may send more without end.
LISTENS = 5.0

Call = tuple[str, tuple[Any, ...]]

# The outcome of a call that was not sent because the connection broke before its turn.
NOT_SENT = object()


class Broken(Exception):
    """The connection cannot be used any more."""


class Transport(Protocol):
    """What carries messages to the NAS and back."""

    def send(self, text: str, deadline: Deadline) -> None:
        """Send one message. Raises TimeoutError or Broken."""

    def receive(self, deadline: Deadline) -> bytes:
        """One message. Raises TimeoutError, Broken, or BufferError that tells of one beyond all measure."""

    def ping(self, deadline: Deadline) -> None:
        """Show that this side is alive. Raises TimeoutError or Broken."""

    def readable(self) -> bool:
        """Whether something has arrived that was not received yet."""

    def close(self, *, politely: bool) -> None:
        """Close, telling the other side if that is still possible; waits for it a second at most."""


class RpcConnection:
    """Calls over a transport. `on_push` gets a push's method and parameters; ids of calls count from `first_id`."""

    def __init__(
        self, transport: Transport, endpoint: Endpoint, secrets: Collection[str] = (), first_id: int = 1
    ) -> None:
        self.transport = transport
        self.endpoint = endpoint
        self.logged_in = False
        self.on_push: Callable[[str, dict[str, Any]], None] = lambda method, params: None
        self._secrets = frozenset(secrets)
        self._next_id = first_id
        self._usable = True

    def call(self, method: str, *params: Any, timeout: float) -> Any:
        """Make one call and return its result; raises what `exchange` would return."""
        outcome = self.exchange([(method, params)], timeout)[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def exchange(self, calls: Sequence[Call], timeout: float) -> list[Any]:
        """Make calls at once and return their outcomes in order: a result, an error as a value, or NOT_SENT.

        `timeout` is the longest silence in seconds, so that calls that queue behind others are not counted as late.
        """
        outcomes: list[Any] = [NOT_SENT for dummy in calls]
        waiting: dict[int, int] = {}  # message id -> place
        place = 0
        try:
            while place < len(calls) or waiting:
                deadline = Deadline(timeout)
                while place < len(calls) and len(waiting) < OUTSTANDING_LIMIT:
                    message_id, self._next_id = self._next_id, self._next_id + 1
                    try:
                        text = self._encode(message_id, *calls[place])
                    except errors.MiddlewareError as error:
                        outcomes[place] = error
                    else:
                        waiting[message_id] = place
                        self.transport.send(text, deadline)
                    place += 1
                while waiting and self._take_answer(calls, waiting, outcomes, deadline) is None:
                    pass
        except TimeoutError:
            self._usable = False  # it may have fallen silent for good
            self._settle(calls, waiting, outcomes, errors.CallTimeout, f"no answer within {timeout:g} s (api_timeout)")
        except Broken as broken:
            self._usable = False
            self._settle(
                calls, waiting, outcomes, errors.ConnectionLost, f"the connection broke before the answer ({broken})"
            )
        except errors.ProtocolError as error:
            self._usable = False
            for index in waiting.values():
                outcomes[index] = errors.AnswerGarbled(str(error), calls[index][0])
        return outcomes

    def wait_for_push(self, seconds: float) -> bool:
        """Wait for one push. False when none came in time; raises ConnectionLost when none can come any more."""
        try:
            self._receive(Deadline(seconds))
        except TimeoutError:
            return False
        except Broken as broken:
            self._usable = False
            raise errors.ConnectionLost(f"The connection to {self.endpoint} broke ({broken}).", "") from None
        return True

    def alive(self) -> bool:
        """Take in what has arrived meanwhile; False when the NAS has closed the connection."""
        deadline = Deadline(LISTENS)
        try:
            while self._usable and deadline.remaining and self.transport.readable() and self.wait_for_push(1):
                pass
        except errors.MiddlewareError:
            self._usable = False
        return self._usable

    def keep_alive(self) -> None:
        """Keep an idle connection from being cut. A broken one is noticed at the next call."""
        try:
            if self.alive():
                self.transport.ping(Deadline(1))
        except (Broken, TimeoutError):
            self._usable = False

    def close(self) -> None:
        """Close without waiting long for the NAS to agree."""
        self.transport.close(politely=self._usable)
        self._usable = False

    def _encode(self, message_id: int, method: str, params: Sequence[Any]) -> str:
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

    def _take_answer(
        self, calls: Sequence[Call], waiting: dict[int, int], outcomes: list[Any], deadline: Deadline
    ) -> int | None:
        """Receive one message; if it answers a call that waits, note its outcome and return its place."""
        try:
            message = self._receive(Deadline(min(PING_EVERY, deadline.check())))
        except TimeoutError:
            deadline.check()
            self.transport.ping(deadline)
            return None
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
            outcomes[place] = from_rpc(method, message.get("error"), self._secrets | in_parameters(list(params)))
        return place

    def _receive(self, deadline: Deadline) -> dict[str, Any] | None:
        """One message: an answer is returned, a push handed to `on_push`."""
        try:
            data = self.transport.receive(deadline)
        except BufferError as error:
            raise errors.ProtocolError(f"{self.endpoint} sent {error}.") from None
        try:
            message = extended_json.loads(data)
        except ValueError:
            message = None
        if not isinstance(message, dict) or not ("method" in message or "result" in message or "error" in message):
            raise errors.ProtocolError(f"{self.endpoint} sent a message that is not JSON-RPC. Is it a TrueNAS?")
        if "method" not in message:
            return message
        if isinstance(message.get("params"), dict):
            self.on_push(message["method"], message["params"])
        return None

    def _settle(
        self,
        calls: Sequence[Call],
        waiting: dict[int, int],
        outcomes: list[Any],
        kind: type[errors.AnswerLost],
        what: str,
    ) -> None:
        for place in waiting.values():
            method = calls[place][0]
            outcomes[place] = kind(f"{method} on {self.endpoint}: {what}.", method)
