# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said about wrong connection options, before anything is connected."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import connection_options
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import (
    ConnectionOptions,
    Endpoint,
    format_fingerprint,
    normalise_fingerprint,
    parse_api_url,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import (
    ConnectError,
    InsecureTransport,
    LoginError,
    MiddlewareError,
)


@pytest.mark.parametrize(
    ("api_url", "endpoint"),
    [
        ("https://nas.example.com", Endpoint("nas.example.com", 443, True)),
        ("https://nas.example.com:8443/", Endpoint("nas.example.com", 8443, True)),
        ("wss://nas.example.com/api/current", Endpoint("nas.example.com", 443, True)),
        ("HTTPS://[2001:db8::7]", Endpoint("2001:db8::7", 443, True)),
        ("http://127.0.0.1:8080", Endpoint("127.0.0.1", 8080, False)),
        ("/run/middleware/middlewared.sock", Endpoint(unix_path="/run/middleware/middlewared.sock")),
        ("unix:///srv/nas.sock", Endpoint(unix_path="/srv/nas.sock")),
    ],
)
def test_addresses(api_url: str, endpoint: Endpoint) -> None:
    assert parse_api_url(api_url) == endpoint


@pytest.mark.parametrize(
    ("api_url", "says"),
    [
        ("nas.example.com", "'nas.example.com' has no scheme. Use https://nas.example.com,"),
        ("nas:8443", "'nas:8443' has no scheme. Use https://nas:8443,"),
        ("https//nas", "'nas' has no scheme. Use https://nas,"),
        ("https:nas", "'nas' has no scheme. Use https://nas,"),
        ("ftp://nas.example.com", "scheme 'ftp' is not https. Use https://nas.example.com"),
        ("https://", "names no host"),
        ("https://nas:99999", "'nas:99999' is not a valid address"),
        ("https://'nas'", "is not a host"),
        ("https://root:hunter2@nas", "credentials. Use https://nas alone"),
        ("root:hunter2@nas:444", "credentials. Use https://nas:444 alone"),
        ("https://root:hunter2/x@nas/ui", "credentials. Use https://nas alone"),
        ("https://nas?key=hunter2", "no path, query or fragment. Use https://nas"),
        ("https://nas/ui/dashboard", "no path"),
        ("https://nas?x=1", "no path"),
        ("unix://run/middlewared.sock", "absolute path"),
    ],
)
def test_wrong_addresses_say_what_is_right(api_url: str, says: str) -> None:
    with pytest.raises(ConnectError, match=says) as caught:
        parse_api_url(api_url)
    assert "hunter2" not in str(caught.value)


def test_without_an_address_the_socket_of_the_machine_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "middlewared.sock"
    with pytest.raises(ConnectError, match=r"api_url.*TRUENAS_API_URL"):
        parse_api_url(None, str(path))
    path.touch()
    assert parse_api_url(None, str(path)) == Endpoint(unix_path=str(path))


@pytest.mark.parametrize("secret", [{"api_key": "1-secret"}, {"api_username": "root", "api_password": "secret"}])
@pytest.mark.parametrize("scheme", ["http", "ws"])
def test_nothing_goes_unencrypted_to_another_machine(scheme: str, secret: dict[str, Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        port = listener.getsockname()[1]
        # A name is another machine to the rule, wherever it leads: only loopback itself is known to be safe.
        with pytest.raises(InsecureTransport, match="https://") as caught:
            connect(ConnectionOptions(api_url=f"{scheme}://{socket.gethostname()}:{port}", **secret))
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "[::1]"])
def test_loopback_needs_no_encryption_on_a_nas_only(host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = ConnectionOptions(api_url=f"http://{host}:8080", api_key="1-key")
    with pytest.raises(InsecureTransport, match=r"forwarded port.*https://"):
        options.validate()
    (tmp_path / "middlewared.sock").touch()
    monkeypatch.setattr(connection_options, "ON_BOX_SOCKET", str(tmp_path / "middlewared.sock"))
    assert options.validate().loopback


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"api_url": "https://nas"}, LoginError, "api_key"),
        ({"api_url": "https://nas", "api_key": "1-k", "api_timeout": 0}, ConnectError, "api_timeout"),
        ({"api_url": "https://nas", "api_key": "1-k\n"}, LoginError, "line end"),
        ({"api_url": "https://nas", "api_key": "1-ключ"}, LoginError, "character"),
        ({"api_url": "https://nas", "api_key": '"1-k"'}, LoginError, "api_key .*quotation mark"),
        ({"api_url": "https://nas", "api_key": "'1-k"}, LoginError, "api_key .*quotation mark"),
        ({"api_url": "https://nas", "api_username": "u", "api_password": "p\n"}, LoginError, "api_password .*line end"),
        ({"api_url": "https://nas", "api_username": "u", "api_password": "p\r"}, LoginError, "api_password .*line end"),
        ({"api_url": "https://nas", "api_username": "u\n", "api_key": "1-k"}, LoginError, "api_username .*line end"),
        ({"api_url": "https://nas", "api_password": "p", "api_otp": "1\n"}, LoginError, "api_otp .*line end"),
        ({"api_url": "https://nas", "api_key": "1-k", "cert_fingerprint": "ab:cd"}, ConnectError, "SHA-256"),
        ({"api_url": "http://localhost", "api_key": "1-k", "cert_fingerprint": "ab" * 32}, ConnectError, "TLS"),
    ],
)
def test_options_that_do_not_go_together(options: dict[str, object], error: type[MiddlewareError], says: str) -> None:
    with pytest.raises(error, match=says):
        ConnectionOptions(**options).validate()  # type: ignore[arg-type]


def test_a_socket_needs_no_credentials() -> None:
    assert ConnectionOptions(api_url="/run/middlewared.sock").validate().unix_path == "/run/middlewared.sock"


def test_secrets_do_not_show() -> None:
    options = ConnectionOptions(api_url="https://nas", api_key="1-sesame", api_password="sesame", api_otp="sesame")
    assert "sesame" not in repr(options)


@given(
    st.binary(min_size=32, max_size=32),
    st.sampled_from(["", "SHA256 Fingerprint=", "sha256:", "sha-256 "]),
    st.booleans(),
)
def test_every_spelling_of_a_fingerprint_is_the_same(digest: bytes, prefix: str, upper: bool) -> None:
    shown = format_fingerprint(digest.hex())
    assert normalise_fingerprint(prefix + (shown if upper else shown.lower())) == digest.hex()
    assert normalise_fingerprint(digest.hex()) == digest.hex()


@given(st.text(alphabet="0123456789abcdefABCDEF:g", max_size=80).filter(lambda text: len(text.replace(":", "")) != 64))
def test_anything_else_is_no_fingerprint(text: str) -> None:
    with pytest.raises(ConnectError, match="SHA-256"):
        normalise_fingerprint(text)
