# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real `rclone authorize`, with a visitor at the consent page."""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.fixture import SimulatedGoogle
from simulator.google.visitor import Blocked, Visit, Visitor
from simulator.tests.google.harness import Rclone, client_of

LINK = "Please go to the following link: "
PORT = 53682
"""rclone listens there and nowhere else, so that one at a time can authorize on a machine."""


def wait_for_port() -> None:
    """Another test run's rclone may hold the port."""
    deadline = time.monotonic() + 60
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", PORT))
            except OSError:
                assert time.monotonic() < deadline, f"port {PORT} stays busy"
            else:
                return
        time.sleep(0.1)


@contextlib.contextmanager
def authorizing(
    rclone: Rclone, client: dict[str, Any], backend: str = "google photos"
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """rclone waiting for its code, and the link that it shows."""
    wait_for_port()
    process = rclone.start("authorize", backend, client["client_id"], client["client_secret"], "--auth-no-open-browser")
    assert process.stderr
    watchdog = threading.Timer(30, process.kill)
    watchdog.start()
    with process:
        try:
            (link,) = itertools.islice((line.partition(LINK)[2].strip() for line in process.stderr if LINK in line), 1)
            yield process, link
        finally:
            process.terminate()
            watchdog.cancel()


def authorize(rclone: Rclone, visitor: Visitor, client: dict[str, Any], **choices: Any) -> tuple[Visit, dict[str, Any]]:
    """What the visitor saw, and the token."""
    with authorizing(rclone, client) as (process, link):
        visit = visitor.visit(link, **choices)
        output, _log = process.communicate()
    assert process.returncode == 0
    return visit, json.loads(output.split("--->")[1].split("<---")[0])


def test_a_token_from_the_real_rclone_works(google: SimulatedGoogle, rclone: Rclone, visitor: Visitor) -> None:
    visit, token = authorize(rclone, visitor, client_of(google))

    assert visit.page is None or "Success" in visit.page
    assert {"access_token", "refresh_token", "expiry", "token_type"} <= token.keys()
    rclone.configure(token)
    assert rclone("mkdir", "remote:album/Neu").returncode == 0
    assert [(album["title"], album["account"]) for album in google.library()["albums"]] == [("Neu", "ada@example.com")]


def test_a_token_for_drive(google: SimulatedGoogle, rclone: Rclone, visitor: Visitor) -> None:
    google.door.post("/projects", services={"drive.googleapis.com": "ENABLED"})
    with authorizing(rclone, client_of(google), "drive") as (process, link):
        visit = visitor.visit(link)
        output, _log = process.communicate()

    assert visit.answer["scope"] == "https://www.googleapis.com/auth/drive"
    rclone.configure(json.loads(output.split("--->")[1].split("<---")[0]), type="drive")
    assert rclone("mkdir", "remote:Takeout").returncode == 0
    assert rclone("lsf", "remote:").stdout == "Takeout/\n"


def test_another_account_and_the_warning_about_unverified_apps(
    google: SimulatedGoogle, rclone: Rclone, visitor: Visitor
) -> None:
    google.door.post("/settings", unverified=True)

    _visit, token = authorize(rclone, visitor, client_of(google), account="ben@example.com")

    rclone.configure(token)
    rclone("mkdir", "remote:album/Neu")
    assert [album["account"] for album in google.library()["albums"]] == ["ben@example.com"]


def test_a_scope_that_was_not_ticked_is_not_granted(google: SimulatedGoogle, rclone: Rclone, visitor: Visitor) -> None:
    visit, token = authorize(rclone, visitor, client_of(google), untick=["appendonly"])

    assert "appendonly" not in visit.answer["scope"]
    rclone.configure(token)
    assert rclone("lsjson", "remote:album").returncode == 0
    assert "insufficient authentication scopes" in rclone("mkdir", "remote:album/Neu").stderr


def test_cancel(google: SimulatedGoogle, rclone: Rclone, visitor: Visitor) -> None:
    with authorizing(rclone, client_of(google)) as (process, link):
        visit = visitor.visit(link, cancel=True)
        _output, log = process.communicate()

    assert visit.answer["error"] == "access_denied"
    assert process.returncode == 2
    assert "No code returned by remote server: access_denied" in log


def test_a_wrong_secret_shows_only_after_the_consent(google: SimulatedGoogle, rclone: Rclone, visitor: Visitor) -> None:
    with authorizing(rclone, client_of(google) | {"client_secret": "wrong"}) as (process, link):
        visit = visitor.visit(link)
        _output, log = process.communicate()

    assert "code" in visit.answer
    assert process.returncode == 2
    assert '"invalid_client" "Unauthorized"' in log


def test_an_unknown_client_is_blocked_in_the_browser(google: SimulatedGoogle, rclone: Rclone, visitor: Visitor) -> None:
    with (
        authorizing(rclone, client_of(google) | {"client_id": "nobody"}) as (_process, link),
        pytest.raises(Blocked, match="Error 401: invalid_client"),
    ):
        visitor.visit(link)
