# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._google.addresses import LOOPBACK
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import Problem
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._listener import page
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._listener.server import Listener, NoPort

STATE = "the-right-state"
ANSWER = f"/?state={STATE}&code=4/0Aexample"


@pytest.fixture
def listener():
    with Listener(0) as listener:
        yield listener


@pytest.fixture
def browser(listener):
    """GETs in threads of their own, as a browser's tabs are; each gives status, page and headers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def get(path):
        try:
            response = opener.open(f"http://{LOOPBACK}:{listener.port}{path}", timeout=10)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return response.status, response.read().decode(), response.headers

    with ThreadPoolExecutor() as tabs:
        yield lambda path: tabs.submit(get, path)


@pytest.fixture
def waiting(listener):
    """What wait() will return."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(listener.wait, STATE, 10)
        listener.close(page.interrupted())


def answer(listener, browser, waiting, path=ANSWER):
    """Send the right answer, once the listener expects it; returns the tab that sent it."""
    while True:
        tab = browser(path)
        try:
            status, _text, _headers = tab.result(0.2)
        except TimeoutError:
            return tab  # held until close()
        assert status == 400  # wait() has not been called yet


def test_the_page_tells_what_came_of_it(listener, browser, waiting):
    tab = answer(listener, browser, waiting)
    assert waiting.result(10) == f"http://{LOOPBACK}:{listener.port}{ANSWER}"
    assert not tab.done()
    listener.close(page.failed(Problem("invalid_grant", "The code is <spent>", "https://example.com/?a=1&b=2")))
    status, text, headers = tab.result(10)
    assert status == 200
    assert "The code is &lt;spent&gt;" in text
    assert 'href="https://example.com/?a=1&amp;b=2"' in text
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_refusal_is_an_answer_too(listener, browser, waiting):
    answer(listener, browser, waiting, f"/?error=access_denied&state={STATE}")
    assert "error=access_denied" in waiting.result(10)


@pytest.mark.parametrize(
    ("stray", "status"),
    [
        ("/favicon.ico", 404),
        ("/", 404),
        ("/robots.txt?state=the-right-state", 404),
        ("/?code=4/0Aexample", 404),
        ("/?state=wrong&code=4/0Aexample", 400),
        ("/?state=&code=4/0Aexample", 404),
        ("/?state=%FF%00&code=4/0Aexample", 400),
    ],
)
def test_stray_requests_do_not_end_it(listener, browser, waiting, stray, status):
    assert browser(stray).result(10)[0] == status
    assert not waiting.done()
    answer(listener, browser, waiting)
    assert waiting.result(10).endswith(ANSWER)


def test_an_idle_connection_does_not_block_it(listener, browser, waiting):
    with socket.create_connection((LOOPBACK, listener.port)):
        tab = answer(listener, browser, waiting)
        waiting.result(10)
        listener.close(page.done())
        assert tab.result(10)[0] == 200


def test_the_first_answer_counts(listener, browser, waiting):
    first = answer(listener, browser, waiting)
    status, text, _headers = browser(ANSWER.replace("example", "second")).result(10)
    assert status == 409
    assert "already has the answer" in text
    assert waiting.result(10).endswith(ANSWER)
    listener.close(page.done())
    assert "Google Photos is connected" in first.result(10)[1]


def test_nobody_comes(listener):
    assert listener.wait(STATE, 0.05) is None


def test_leaving_early_is_told(listener, browser, waiting):
    tab = answer(listener, browser, waiting)
    waiting.result(10)
    listener.__exit__(None, None, None)
    assert "has stopped waiting" in tab.result(10)[1]


def test_it_listens_on_loopback_only(listener):
    assert listener._server.server_address[0] == "127.0.0.1"


def test_a_busy_port():
    with Listener(0) as first, Listener(first.port) as second:
        assert first.port < second.port <= first.port + 20


def test_no_port_at_all(monkeypatch):
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 65535))
        taken.listen()
        with pytest.raises(NoPort, match="65535"):
            Listener(65535)


def test_the_code_is_not_logged(listener, browser, waiting, capfd):
    answer(listener, browser, waiting)
    waiting.result(10)
    listener.close(page.done())
    shown = capfd.readouterr()
    assert "code=" not in shown.out + shown.err
