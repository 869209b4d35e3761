# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The loopback end of the OAuth flow: waits on 127.0.0.1 for the browser to come back.

PRIVATE to the collection.
"""

from __future__ import annotations

import hmac
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from ansible_collections.nasops.cloudsync.plugins.module_utils._google.addresses import LOOPBACK
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._listener import page

_NEIGHBOURS = 20  # ports tried after the wanted one
_PATIENCE = 120  # seconds that a browser's request is held while the answer is put to use
_DELIVERY = 5  # seconds that the closing page may take to the browser


class NoPort(Exception):
    """None of the ports is free. The message names them."""


class Listener:
    """Serves until one request carries the right state; every other request is answered and forgotten.

    The browser that brings the answer gets its page only at close(), so that the page can tell the truth about what
    came of it.
    """

    def __init__(self, port: int) -> None:
        self._server = _bind(port)
        self._changed = threading.Condition()
        self._state = ""
        self._answer: str | None = None
        self._page: str | None = None
        self._delivered = threading.Event()
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)

    @property
    def port(self) -> int:
        """The port that it got: the wanted one, or the next free one."""
        return self._server.server_address[1]

    def __enter__(self) -> Listener:
        self._server.listener = self
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(page.interrupted())

    def wait(self, state: str, timeout: float) -> str | None:
        """The address that the browser came back to, or None after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        with self._changed:
            self._state = state
            while self._answer is None:
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self._changed.wait(left)
            return self._answer

    def close(self, closing_page: str) -> None:
        """Give the waiting browser its page and stop. Only the first call counts."""
        with self._changed:
            if self._page is not None:
                return
            self._page = closing_page
            self._changed.notify_all()
            answered = self._answer is not None
        if answered:
            self._delivered.wait(_DELIVERY)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve(self, path: str) -> tuple[int, str]:
        """Status and page for one GET request; holds the right one until close()."""
        query = parse_qs(urlsplit(path).query)
        if urlsplit(path).path != "/" or "state" not in query:
            return 404, page.not_found()
        with self._changed:
            if not self._state or not hmac.compare_digest(query["state"][0].encode(), self._state.encode()):
                return 400, page.other_attempt()
            if self._answer is not None:
                return 409, page.second_answer()
            self._answer = f"http://{LOOPBACK}:{self.port}{path}"
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._page is not None, _PATIENCE)
            return 200, self._page or page.interrupted()

    def delivered(self, status: int) -> None:
        """The page for one request is on its way."""
        if status == 200:
            self._delivered.set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # browsers open connections ahead of need, and leave them idle
    allow_reuse_address = True  # an earlier attempt's closed connections do not keep the port
    allow_reuse_port = False  # but two listeners on one port would steal each other's answers
    listener: Listener


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "nasops.cloudsync"
    sys_version = ""
    timeout = 30  # seconds, for a connection that says nothing

    def do_GET(self) -> None:
        listener = self.server.listener
        status, text = listener.serve(self.path)
        body = text.encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")  # the address holds the code
            self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the browser has gone; its answer still counts
        finally:
            listener.delivered(status)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silent: the request line holds the code."""


def _bind(port: int) -> _Server:
    last = min(port + _NEIGHBOURS, 65535)
    for candidate in range(port, last + 1):
        try:
            return _Server((LOOPBACK, candidate), _Handler)
        except OSError:
            continue
    raise NoPort(f"No free port on {LOOPBACK} from {port} to {last}. Give another one with the option 'port'")
