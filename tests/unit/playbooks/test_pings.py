# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A monitoring service is told once of a start and once of an end, or the person is told that it was not."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.nasops.cloudsync.plugins.action.cloudsync_ping import _send
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._ping import ping
from simulator.fixture import SimulatedNas
from simulator.tests.remotes import served

from .monitor import Monitor, monitoring
from .test_nothing_to_do import play


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    with monitoring() as monitor:
        yield monitor


def sent(url: str, signal: str = "fail", text: str = "why", timeout: int = 5) -> str | None:
    wanted = ping(url, signal, text)
    assert wanted
    return _send(wanted, ssl.create_default_context(), timeout)


def test_a_call_arrives_once(monitor: Monitor) -> None:
    assert sent(f"{monitor.url}/5ecret") is None
    assert sent(f"{monitor.url}/api/push/5ecret") is None
    assert monitor.calls == [
        ("POST", "/5ecret/fail", "why"),
        ("GET", "/api/push/5ecret?status=down&msg=why", ""),
    ]


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (404, "It answered with the status 404."),
        (500, "It answered with the status 500."),
        (302, "It answered with the status 302."),
        (307, "It answered with the status 307."),
        (0, "The connection broke (RemoteDisconnected)."),
    ],
)
def test_a_call_that_is_not_accepted_is_told_and_not_repeated(monitor: Monitor, status: int, problem: str) -> None:
    monitor.status = status
    assert sent(f"{monitor.url}/5ecret") == problem
    assert len(monitor.calls) == 1


def test_a_service_that_is_away_is_told(monitor: Monitor) -> None:
    monitor.shutdown()  # else its thread may still take the connection
    monitor.server_close()
    assert sent(f"{monitor.url}/5ecret") == "Connection refused."


def test_a_service_that_speaks_no_tls_is_told_without_its_address(monitor: Monitor) -> None:
    problem = sent(f"https://127.0.0.1:{monitor.server_port}/5ecret")
    assert problem
    assert "5ecret" not in problem
    assert monitor.calls == []


def test_a_service_that_answers_letter_by_letter_is_given_up_in_time() -> None:
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _address = server.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not done.wait(0.1):
                    connection.sendall(b"x")

        threading.Thread(target=answer, daemon=True).start()
        started = time.monotonic()
        try:
            assert sent(f"http://127.0.0.1:{server.getsockname()[1]}/5ecret", timeout=1) == "It did not answer in time."
            assert time.monotonic() - started < 5
        finally:
            done.set()


def test_no_proxy_is_asked_about_this_machine(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert sent(f"{monitor.url}/5ecret") is None


def test_a_run_has_one_start_and_one_end(monitor: Monitor, nas: SimulatedNas, tmp_path: Path) -> None:
    assert "certificate is not trusted" in str(sent(f"{nas.api_url}/5ecret"))
    nas.faults(rate_limit=10_000)
    remote = tmp_path / "remote"
    (remote / "up").mkdir(parents=True)
    Path(nas.root, "tank/photos/one").write_text("x")
    options = {
        "truenas_api_url": nas.socket,
        "truenas_api_session": "close",
        "cloudsync_run_ping_url": f"{monitor.url}/5ecret",
    }
    with served("WEBDAV", remote) as provider, connect(ConnectionOptions(api_url=nas.socket)) as client:
        credential = client.call("cloudsync.credentials.create", {"name": "DAV", "provider": provider})["id"]
        client.call("cloudsync.create", {
            "description": "Photos", "path": "/mnt/tank/photos", "credentials": credential, "direction": "PUSH",
            "transfer_mode": "COPY", "attributes": {"folder": "/up"},
        })  # fmt: skip
        status, shown = play(tmp_path, "run", "-vvv", cloudsync_tasks=["Photos"], **options)
        assert status == 0, shown
        assert [(path, body.strip()) for _method, path, body in monitor.calls] == [
            ("/5ecret/start", ""),
            ("/5ecret", "Photos: copied 1 (1 B) and deleted 0"),
        ]
        assert "5ecret" not in shown

        monitor.calls.clear()
        monitor.status = 0
        status, shown = play(tmp_path, "run", cloudsync_tasks=["Photos", "Gone"], **options)
    assert status == 2, shown
    assert [path for _method, path, _body in monitor.calls] == ["/5ecret/start", "/5ecret/fail"]
    assert "Photos: copied 0" in monitor.calls[1][2]
    assert "Gone: " in monitor.calls[1][2]
    assert "was not told of the start" in shown
    assert "was not told of the fail" in shown
