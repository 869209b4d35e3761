# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The session keeper: a process that holds one logged-in session and passes callers' messages on.

PRIVATE to the collection. Started by `keeper`, which says what for. Ends when nobody has called for a while, when the
process is gone that it was started for, or when the session is. Looks at messages only as far as their number.
"""

from __future__ import annotations

import collections
import json
import os
import pathlib
import re
import resource
import selectors
import socket
import time
from typing import Any, cast

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.kept import keeper_wire
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import rpc_session
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.rpc_connection import (
    ANSWER_LIMIT,
    OUTSTANDING_LIMIT,
    PING_EVERY,
    Broken,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.sockets import Deadline
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.websocket import WebSocketTransport

# Seconds between two looks whether the owner is still there.
_LOOK = 1.0

# Seconds to take in what has arrived of a message; the rest is taken when it arrives.
_PATIENCE = 1.0

_CHUNK = 1 << 18

# The number of an answer stands first or last in it; next to the outermost brace it can be no other's. Long answers are
# not parsed for it.
_FIRST = re.compile(rb'\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+)\s*[,}]')
_LAST = re.compile(rb'[{,]\s*"id"\s*:\s*(\d+)\s*\}\Z')
_END = 64


def main(start: dict[str, Any], listener: socket.socket) -> None:
    """Keep a session as `start` says: `options`, `owner` (process or None), `idle` (seconds)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold the credential
    options = ConnectionOptions(**start["options"])
    keeper = _Keeper(listener, options, start["owner"], start["idle"])
    try:
        keeper.log_in()
        keeper.run()
    finally:
        keeper.end()


class _Caller:
    """One connection of a task."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        self.sock = sock
        self.number = number
        self.nonce = keeper_wire.nonce()
        self.proven = False
        self.frames = keeper_wire.Frames()
        self.outgoing: collections.deque[memoryview] = collections.deque()

    def put(self, data: bytes) -> None:
        """Send a frame as soon as the caller takes it."""
        self.outgoing += (memoryview(keeper_wire.head(data)), memoryview(data))
        self.flush()

    def flush(self) -> None:
        """Send what the caller takes at once. Raises OSError when it has gone or lets too much lie."""
        while self.outgoing:
            try:
                sent = self.sock.send(self.outgoing[0])
            except BlockingIOError:
                if sum(map(len, self.outgoing)) > 2 * ANSWER_LIMIT:
                    raise ConnectionError("the caller does not listen") from None
                return
            self.outgoing[0] = self.outgoing[0][sent:]
            if not self.outgoing[0]:
                self.outgoing.popleft()


class _Keeper:
    def __init__(self, listener: socket.socket, options: ConnectionOptions, owner: int | None, idle: float) -> None:
        self._listener = listener
        self._path = pathlib.Path(listener.getsockname())
        self._options = options
        self._owner = owner
        self._idle = idle
        self._held = keeper_wire.credential(options)
        self._session: rpc_session.RpcSession | None = None
        self._greeting: dict[str, Any] = {}
        self._selector = selectors.DefaultSelector()
        self._callers: dict[int, _Caller] = {}
        self._count = 0
        self._outstanding: set[int] = set()
        self._queue: collections.deque[tuple[int, str]] = collections.deque()
        self._watching = False
        self._retired = False

    def log_in(self) -> None:
        """Open the session; what keeps it from being opened is told to whoever calls."""
        said: list[str] = []
        try:
            self._session = rpc_session.open_session(self._options, self._options.validate(), said.append)
        except errors.MiddlewareError as error:
            self._greeting = {"error": {"kind": type(error).__name__, "message": str(error)}}
            if not isinstance(error, rpc_session.NoJsonRpc):  # which stays true; all else may be over with the next try
                self._retire()
        else:
            self._greeting = {"version": self._session.version, "said": said}
            self._websocket = cast(WebSocketTransport, self._session.connection.transport)
            self._selector.register(self._websocket, selectors.EVENT_READ)
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)

    def run(self) -> None:
        """Serve until it is time to end."""
        last_use = last_ping = time.monotonic()
        while True:
            events = self._selector.select(0 if self._retired and not self._callers else _LOOK)
            for key, mask in events:
                if key.fileobj is self._listener:
                    self._accept()
                elif isinstance(key.data, _Caller):
                    self._serve(key.data, mask)
            if self._session:
                try:
                    self._relay()
                    if time.monotonic() - last_ping > PING_EVERY:
                        last_ping = time.monotonic()
                        self._websocket.ping(Deadline(_PATIENCE))
                except (Broken, BufferError, TimeoutError):
                    return
            if self._callers:
                last_use = time.monotonic()
            elif self._retired and not events:
                return
            elif time.monotonic() - last_use > self._idle:
                self._retire()
            if not self._owner_lives():
                return

    def end(self) -> None:
        """Let go of callers and session."""
        self._retire()
        self._listener.close()
        for caller in list(self._callers.values()):
            self._drop(caller)
        if self._session:
            self._session.close()

    def _retire(self) -> None:
        """Be found by no more callers; those that have found it are served."""
        if not self._retired:
            self._retired = True
            self._path.unlink(missing_ok=True)

    def _owner_lives(self) -> bool:
        if self._owner is None:
            return True
        try:
            os.kill(self._owner, 0)
        except OSError:
            return False
        return True

    def _accept(self) -> None:
        try:
            sock, _address = self._listener.accept()
        except OSError:
            return
        if not keeper_wire.same_user(sock):
            sock.close()
            return
        sock.setblocking(False)
        self._count += 1
        caller = _Caller(sock, self._count)
        self._callers[self._count] = caller
        self._selector.register(sock, selectors.EVENT_READ, caller)
        self._put(caller, keeper_wire.message({"nonce": caller.nonce}))

    def _serve(self, caller: _Caller, mask: int) -> None:
        try:
            if mask & selectors.EVENT_READ:
                data = caller.sock.recv(_CHUNK)
                if not data:
                    raise ConnectionError("the caller has gone")
                caller.frames.feed(data)
                while (frame := caller.frames.take()) is not None:
                    self._take(caller, frame)
        except BlockingIOError:
            pass
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            self._drop(caller)
            return
        self._flush(caller)

    def _take(self, caller: _Caller, frame: bytes) -> None:
        members = json.loads(frame)
        if not caller.proven:
            self._prove(caller, members)
        elif members.get("end"):
            self._retire()
            raise ConnectionError("the caller has no more use for the session")
        elif self._session:
            number = members["id"]
            if number // keeper_wire.IDS_OF_A_CALLER != caller.number:
                raise ValueError("another caller's number")
            if members["method"] == "core.subscribe":
                self._watching = True
            self._queue.append((number, frame.decode()))

    def _prove(self, caller: _Caller, members: dict[str, Any]) -> None:
        nonces = caller.nonce, str(members["nonce"])
        if not keeper_wire.proves(members["proof"], self._held, "caller", *nonces):
            self._put(caller, keeper_wire.message({"stranger": True}))
            return
        caller.proven = True
        proof = keeper_wire.proof(self._held, "keeper", *nonces)
        greeting = {
            **self._greeting,
            "proof": proof,
            "first_id": caller.number * keeper_wire.IDS_OF_A_CALLER,
            "watching": self._watching,
        }
        self._put(caller, keeper_wire.message(greeting))
        self._greeting.pop("said", None)  # the one who waited has heard it

    def _relay(self) -> None:
        """Pass on what has arrived and what waits. Raises Broken, or BufferError for an answer beyond all measure."""
        while self._websocket.readable():
            try:
                data = self._websocket.receive(Deadline(_PATIENCE))
            except TimeoutError:
                break
            self._deliver(data)
        while self._queue and len(self._outstanding) < OUTSTANDING_LIMIT:
            number, text = self._queue.popleft()
            if number // keeper_wire.IDS_OF_A_CALLER in self._callers:
                self._outstanding.add(number)
                try:
                    self._websocket.send(text, Deadline(self._options.api_timeout))
                except TimeoutError as error:
                    raise Broken(str(error)) from None

    def _deliver(self, data: bytes) -> None:
        number = number_of(data)
        if number is None:  # a push
            callers = [caller for caller in self._callers.values() if caller.proven]
        else:
            self._outstanding.discard(number)
            caller = self._callers.get(number // keeper_wire.IDS_OF_A_CALLER)
            callers = [caller] if caller else []
        for caller in callers:
            self._put(caller, data)

    def _put(self, caller: _Caller, data: bytes) -> None:
        try:
            caller.put(data)
        except OSError:
            self._drop(caller)
            return
        self._flush(caller)

    def _flush(self, caller: _Caller) -> None:
        try:
            caller.flush()
        except OSError:
            self._drop(caller)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if caller.outgoing else 0)
        if caller.sock.fileno() >= 0 and self._selector.get_key(caller.sock).events != wanted:
            self._selector.modify(caller.sock, wanted, caller)

    def _drop(self, caller: _Caller) -> None:
        if self._callers.pop(caller.number, None):
            self._selector.unregister(caller.sock)
            caller.sock.close()


def number_of(data: bytes) -> int | None:
    """The number of the call that a message answers; None for a push."""
    found = _FIRST.match(data) or _LAST.search(data[-_END:])
    if found:
        return int(found[1])
    members = json.loads(data)
    number = members.get("id") if isinstance(members, dict) else None
    return number if isinstance(number, int) else None
