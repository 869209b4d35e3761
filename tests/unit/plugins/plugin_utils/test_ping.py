# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._ping import Ping, ping

HC = "https://hc-ping.com/5ecret"
KUMA = "https://kuma.example.com/api/push/5ecret?status=up&msg=OK&ping="


@pytest.mark.parametrize(
    ("url", "signal", "called"),
    [
        (HC, "start", f"{HC}/start"),
        (HC, "success", HC),
        (f"{HC}/", "fail", f"{HC}/fail"),
        ("https://hc-ping.com/5ecret/photos?create=1", "fail", "https://hc-ping.com/5ecret/photos/fail?create=1"),
    ],
)
def test_healthchecks_is_told_by_the_end_of_the_path(url, signal, called):
    assert ping(url, signal, "so ü") == Ping(called, "so ü".encode())


@pytest.mark.parametrize(
    ("signal", "text", "called"),
    [
        ("success", "", "https://kuma.example.com/api/push/5ecret?status=up&msg=OK"),
        ("fail", "", "https://kuma.example.com/api/push/5ecret?status=down&msg=failed"),
        ("fail", "a&b\n=ü", "https://kuma.example.com/api/push/5ecret?status=down&msg=a%26b+%3D%C3%BC"),
    ],
)
def test_uptime_kuma_is_told_by_the_query(signal, text, called):
    assert ping(KUMA, signal, text) == Ping(called)


def test_uptime_kuma_knows_no_start():
    assert ping(KUMA, "start") is None


def test_the_style_can_be_given():
    assert ping("https://x.example.com/mine?a=&b=1", "success", style="uptime_kuma") == Ping(
        "https://x.example.com/mine?a=&b=1&status=up&msg=OK"
    )
    assert ping(KUMA, "success", style="healthchecks") == Ping(KUMA, b"")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "127.9.9.9", "[::1]:8000"])
def test_http_is_for_this_machine_and_then_asks_no_proxy(host):
    assert ping(f"http://{host}/5ecret", "success") == Ping(f"http://{host}/5ecret", b"", direct=True)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://hc-ping.com/5ecret", "Only https"),
        ("http://localhost.example.com/5ecret", "Only https"),
        ("http://192.0.2.1/5ecret", "Only https"),
        ("ftp://127.0.0.1/5ecret", "Only https"),
        ("file:///5ecret", "not an address"),
        ("hc-ping.com/5ecret", "not an address"),
        ("", "not an address"),
        ("https://", "not an address"),
        ("https://hc-ping.com/5ecret\n", "not an address"),
        ("https://hc-ping.com/5ecret X", "not an address"),
        ("https://hc-ping.com/5ecret\r\nX: y", "not an address"),
        ("https://hc-ping.com:5ecret/", "not an address"),
        ("https://[5ecret/", "not an address"),
        ("https://me:5ecret@hc-ping.com/", "user name"),
        ("https://hc-ping.com/#5ecret", "#"),
    ],
)
def test_another_address_is_refused_and_not_shown(url, problem):
    with pytest.raises(OptionError, match=problem) as caught:
        ping(url, "success")
    assert str(caught.value).startswith("url: ")
    assert "5ecret" not in str(caught.value)


@given(st.text(), st.sampled_from(["success", "fail"]))
def test_whatever_the_text_is_it_can_be_sent_and_stays_a_text(text, signal):
    told = ping(KUMA, signal, text)
    assert told
    assert told.url.isascii()
    assert [name for name, _value in parse_qsl(urlsplit(told.url).query)] == ["status", "msg"]
    assert len(told.url) < 4000
    sent = ping(HC, signal, text * 500)
    assert sent
    assert sent.body is not None
    assert len(sent.body) <= 10_000
