# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server of the REST API may answer, and the client bears."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import (
    AnswerGarbled,
    ConnectError,
    LoginError,
    MiddlewareError,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import rest

from .conftest import Wire

JSON = "Content-Type: application/json"


def answering(status: int, body: object, *headers: str) -> Any:
    """A handler that lets the client in and answers every other request so."""

    def handle(wire: Wire) -> None:
        while request := wire.request():
            if "/system/version" in request:
                wire.answer(200, "TrueNAS-24.10.2")
            else:
                wire.answer(status, body, *headers)

    return handle


@pytest.fixture
def called(peer):
    """Ask a server for the tasks."""

    def called(*answer: Any) -> Any:
        options = peer(answering(*answer)).options(api_transport="rest")
        with connect(options) as client:
            return client.call("cloudsync.query")

    return called


def test_a_redirect_does_not_take_the_key_elsewhere(called, peer):
    elsewhere = peer(lambda wire: wire.request())
    with pytest.raises(ConnectError, match="redirects"):
        called(307, "", f"Location: {elsewhere.api_url}/api/v2.0/cloudsync")
    assert elsewhere.connections == 0


def test_an_answer_without_end_is_cut(called, monkeypatch):
    monkeypatch.setattr(rest, "ANSWER_LIMIT", 1000)
    with pytest.raises(AnswerGarbled, match="longer than 1000 bytes"):
        called(200, ["x" * 1000])


@pytest.mark.parametrize("status", [200, 401, 403, 404, 422, 500])
@pytest.mark.parametrize("body", ["", "[" * 100_000, "9" * 5000, "{", "null", '{"message": [], "errno": "x"}', "[3]"])
def test_whatever_comes_is_a_result_or_an_error_of_ours(status, body, called):
    with contextlib.suppress(MiddlewareError):
        called(status, body, JSON)


def test_a_key_that_the_nas_does_not_know(peer):
    def handle(wire: Wire) -> None:
        while "Bearer" not in wire.request():
            wire.answer(401, "Unauthorized")
        wire.answer(500, "500 Internal Server Error", "Content-Type: text/plain")
        wire.request()

    with pytest.raises(LoginError, match=r"api_key.*does not know"):
        connect(peer(handle).options(api_transport="rest"))
