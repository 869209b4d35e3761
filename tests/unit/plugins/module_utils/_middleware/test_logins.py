# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging in to each release in each way, and what is said when it fails."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import (
    ConnectionOptions,
    Endpoint,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import (
    ConnectError,
    LoginError,
    NotAuthorized,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.login.login import choose
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import Release
from simulator.certs import Authority
from simulator.fixture import SimulatedNas, Simulator, running
from simulator.tests.wire import Wire

RELEASES = ("24.10", "25.04", "25.10", "26.0", "27.0")


@pytest.fixture(scope="module", params=RELEASES)
def simulated_release(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    with running("--release", request.param) as simulator:
        yield simulator


@pytest.fixture
def each(simulated_release: Simulator) -> SimulatedNas:
    """A NAS of each release in turn."""
    nas = simulated_release.nas[0]
    nas.reset()
    nas.faults(failed_login_delay=[0, 0])
    return nas


def options(nas: SimulatedNas, **changes: Any) -> ConnectionOptions:
    return ConnectionOptions(**{"api_url": nas.api_url, "ca_path": nas.ca_path, "api_timeout": 10, **changes})


def mechanisms(nas: SimulatedNas) -> set[tuple[str, str]]:
    return {(login["mechanism"], login["outcome"]) for login in nas.logins()}


def one_time_code(secret: str) -> str:
    """RFC 6238, as an authenticator shows it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time() // 30)), hashlib.sha1)
    start = digest[-1] & 0x0F
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def test_a_key_goes_by_the_strongest_way_that_the_release_has(each: SimulatedNas) -> None:
    with connect(options(each, api_key=each.api_key, api_username=each.username)) as client:
        assert str(client.release) == each.release
        assert client.call("filesystem.stat", "/mnt/tank")["type"] == "DIRECTORY"
    expected = {
        "24.10": {("Bearer", "SUCCESS")},
        "25.04": {("API_KEY_PLAIN", "SUCCESS")},
        "25.10": {("API_KEY_PLAIN", "SUCCESS")},
    }
    assert mechanisms(each) == expected.get(each.release, {("SCRAM", "SCRAM_RESPONSE")})


def test_a_key_without_its_owner(each: SimulatedNas) -> None:
    if each.release in ("26.0", "27.0"):
        with pytest.raises(LoginError, match=r"SCRAM.*api_username"):
            connect(options(each, api_key=each.api_key))
        assert not each.logins()
        return
    with connect(options(each, api_key=each.api_key)) as client:
        assert str(client.release) == each.release


def test_a_password(each: SimulatedNas) -> None:
    with connect(options(each, api_username=each.username, api_password=each.password)) as client:
        assert str(client.release) == each.release
    assert mechanisms(each) == {("Basic" if each.release == "24.10" else "PASSWORD_PLAIN", "SUCCESS")}


def test_the_socket_of_the_nas_itself(each: SimulatedNas) -> None:
    if each.release == "24.10":
        with pytest.raises(ConnectError, match=r"before 25\.04.*https"):
            connect(ConnectionOptions(api_url=each.socket))
        return
    with connect(ConnectionOptions(api_url=f"unix://{each.socket}")) as client:
        assert str(client.release) == each.release
    assert not each.logins()


def test_the_reserve_way(each: SimulatedNas) -> None:
    rest = options(each, api_key=each.api_key, api_username=each.username, api_transport="rest")
    if each.release in ("26.0", "27.0"):
        with pytest.raises(ConnectError, match="no REST API"):
            connect(rest)
        assert not each.logins()
        return
    with connect(rest) as client:
        assert str(client.release) == each.release
    assert mechanisms(each) == {("Bearer", "SUCCESS")}


def test_json_rpc_alone(each: SimulatedNas) -> None:
    rpc = options(each, api_key=each.api_key, api_username=each.username, api_transport="websocket")
    if each.release == "24.10":
        with pytest.raises(ConnectError, match="api_transport"):
            connect(rpc)
        assert not each.logins()
        return
    with connect(rpc) as client:
        assert str(client.release) == each.release


@pytest.mark.parametrize("wrong", ["key", "password", "account"])
def test_wrong_credentials(each: SimulatedNas, wrong: str) -> None:
    credentials = {
        "key": {"api_key": "1-" + "s3same" * 11, "api_username": each.username},
        "password": {"api_username": each.username, "api_password": "s3same"},
        "account": {"api_username": "nobody-here", "api_password": "s3same"},
    }[wrong]
    with pytest.raises(LoginError, match=r"refused.*Check") as caught:
        connect(options(each, **credentials))
    assert "s3same" not in str(caught.value)
    # Nothing weaker was tried after it.
    kinds = {login["mechanism"] for login in each.logins()}
    assert len(kinds) == 1


def test_a_locked_account(each: SimulatedNas) -> None:
    account = each.account("locked", password="s3same-s3same", roles=["FULL_ADMIN"], locked=True)
    with pytest.raises(LoginError, match="refused"):
        connect(options(each, api_username="locked", api_password=account["password"]))


@pytest.mark.parametrize("simulated_release", RELEASES[1:], indirect=True)
def test_an_expired_key(each: SimulatedNas) -> None:
    account = each.account(
        "old", password="x-x-x-x-x", roles=["FULL_ADMIN"], api_key=True, api_key_expires_at={"$date": 1}
    )
    with pytest.raises(LoginError, match=r"key of old has expired.*Make a new key"):
        connect(options(each, api_key=account["api_key"], api_username="old"))
    assert len({login["mechanism"] for login in each.logins()}) == 1


@pytest.mark.parametrize("simulated_release", RELEASES[1:], indirect=True)
def test_an_expired_account(each: SimulatedNas) -> None:
    account = each.account("old", password="s3same-s3same", roles=["FULL_ADMIN"])
    each.account("old", expired=True)
    with pytest.raises(LoginError, match=r"password of old has expired.*or the account has"):
        connect(options(each, api_username="old", api_password=account["password"]))


@contextlib.contextmanager
def tls_proxy(url: str, folder: Path) -> Iterator[dict[str, Any]]:
    """A reverse proxy that ends TLS and speaks plain HTTP to the NAS; yields the options that lead to it."""
    authority = Authority(folder)
    context = authority.issue(["127.0.0.1"], "proxy").server_context()
    parts = urlsplit(url)

    class Relay(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with (
                socket.create_connection((parts.hostname or "", parts.port or 0)) as behind,
                contextlib.suppress(OSError),
                context.wrap_socket(self.request, server_side=True) as front,
            ):
                back = threading.Thread(target=relay, args=(behind, front))
                back.start()
                relay(front, behind)
                back.join()

    def relay(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Relay) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield {"api_url": f"https://127.0.0.1:{server.server_address[1]}", "ca_path": str(authority.ca_path)}
        finally:
            server.shutdown()
            thread.join()


def test_a_revoked_key(nas: SimulatedNas, tmp_path: Path) -> None:
    """Behind a proxy that ends TLS, the key comes unencrypted to the NAS, which revokes it."""
    nas.faults(failed_login_delay=[0, 0])
    credentials: dict[str, Any] = {"api_key": nas.api_key, "api_username": nas.username}
    with tls_proxy(nas.insecure_api_url, tmp_path) as proxy:
        with pytest.raises(LoginError, match=r"unencrypted.*reverse proxy"):
            connect(ConnectionOptions(**proxy, **credentials))
        with pytest.raises(LoginError, match=r"revoked.*proxy"):
            connect(ConnectionOptions(**proxy, **credentials))


@pytest.mark.parametrize("simulated_release", RELEASES[1:], indirect=True)
def test_a_key_that_another_client_had_revoked(each: SimulatedNas) -> None:
    with Wire(each, "ws") as careless:
        careless.log_in(each)
    with pytest.raises(LoginError, match=r"revoked.*Check api_key"):
        connect(options(each, api_key=each.api_key, api_username=each.username))


def test_an_account_without_privileges(each: SimulatedNas) -> None:
    account = each.account("plain", password="s3same-s3same", roles=[])
    error = NotAuthorized if each.release == "24.10" else LoginError
    with pytest.raises(error, match=r"privilege|administrators"):
        connect(options(each, api_username="plain", api_password=account["password"]))


def test_a_password_needs_its_account(each: SimulatedNas) -> None:
    with pytest.raises(LoginError, match="api_username"):
        connect(options(each, api_password="s3same"))
    assert not each.logins()


def test_a_password_of_any_letters(each: SimulatedNas) -> None:
    each.account("poet", password="пароль: ünd \N{SNOWMAN}", roles=["FULL_ADMIN"])
    with connect(options(each, api_username="poet", api_password="пароль: ünd \N{SNOWMAN}")) as client:
        assert str(client.release) == each.release


def test_two_factors(each: SimulatedNas) -> None:
    if each.release == "24.10":
        with pytest.raises(LoginError, match="one-time code"):
            connect(options(each, api_username="a", api_password="b", api_otp="123456"))
        return
    account = each.account("careful", password="s3same-s3same", roles=["FULL_ADMIN"], otp=True)
    credentials = {"api_username": "careful", "api_password": account["password"]}
    with pytest.raises(LoginError, match=r"two-factor.*api_otp"):
        connect(options(each, **credentials))
    with pytest.raises(LoginError, match=r"api_otp was refused"):
        connect(options(each, **credentials, api_otp="000000"))
    with connect(options(each, **credentials, api_otp=one_time_code(account["otp_secret"]))) as client:
        assert str(client.release) == each.release


@pytest.mark.parametrize("simulated_release", ["26.0"], indirect=True)
def test_scram_does_not_fall_back_when_it_fails(each: SimulatedNas) -> None:
    with pytest.raises(LoginError, match="ends TLS"):
        connect(options(each, api_key=each.api_key[:-1] + "?", api_username=each.username))
    assert {login["mechanism"] for login in each.logins()} == {"SCRAM"}


@pytest.mark.parametrize("simulated_release", RELEASES[1:], indirect=True)
def test_the_limit_of_logins_is_waited_out(each: SimulatedNas) -> None:
    by_scram = each.release in ("26.0", "27.0")
    each.faults(rate_limit=2 if by_scram else 1, rate_limit_window=3, rate_limit_delay=[0, 0])
    said: list[str] = []
    credentials = {"api_key": each.api_key, "api_username": each.username}
    with connect(options(each, **credentials), said.append), connect(options(each, **credentials), said.append):
        assert len(said) == 1
        assert "20 logins a minute" in said[0]


@pytest.mark.parametrize("simulated_release", RELEASES[1:], indirect=True)
def test_a_limit_that_holds_on_is_told(each: SimulatedNas) -> None:
    each.faults(rate_limit=0, rate_limit_delay=[0, 0])
    with pytest.raises(LoginError, match=r"20 logins a minute.*api_timeout"):
        connect(options(each, api_key=each.api_key, api_username=each.username, api_timeout=2.5))


def test_a_session_ends_with_a_logout(each: SimulatedNas) -> None:
    with connect(options(each, api_key=each.api_key, api_username=each.username)):
        pass
    called = [call["method"] for call in each.calls()]
    if each.release == "24.10":  # every request brings the key along: there is no session
        assert set(called) == {"system.version"}
    else:
        logins = 2 if each.release in ("26.0", "27.0") else 1
        assert called == ["auth.login_ex"] * logins + ["system.version", "auth.logout"]


@pytest.mark.parametrize("simulated_release", ["24.10"], indirect=True)
def test_a_key_whose_allowlist_lacks_a_call_names_it(each: SimulatedNas) -> None:
    allowlist = [{"method": "GET", "resource": "/system/version"}, {"method": "GET", "resource": "/cloudsync"}]
    with connect(options(each, api_key=each.api_key)) as admin:
        key = admin.call("api_key.create", {"name": "narrow", "allowlist": allowlist})["key"]
    with connect(options(each, api_key=key)) as client:
        assert client.call("cloudsync.query") == []
        with pytest.raises(NotAuthorized, match=r"DELETE /cloudsync/id/\{id_\}"):
            client.call("cloudsync.delete", 7)


@pytest.mark.parametrize("simulated_release", RELEASES[3:], indirect=True)
def test_no_key_is_taken_on_the_socket_since_26(each: SimulatedNas) -> None:
    given: dict[str, Any] = {"api_key": each.api_key, "api_username": each.username}
    with pytest.raises(LoginError, match=r"api_key.*socket.*become"):
        connect(ConnectionOptions(api_url=each.socket, **given))


UNTRUSTED = Endpoint("nas", 443, tls=True)


@pytest.mark.parametrize(
    ("trust", "refused"),
    [({"validate_certs": False}, True), ({}, False), ({"validate_certs": False, "cert_fingerprint": "ab" * 32}, False)],
)
def test_a_login_that_cannot_be_bound_needs_a_trusted_certificate(trust: dict[str, Any], refused: bool) -> None:
    given = ConnectionOptions(api_url="https://nas", api_key="1-x", api_username="svc", **trust)
    way = choose(given, UNTRUSTED, Release.parse("26.0"), b"an Ed25519 certificate, which has no binding")
    with pytest.raises(LoginError, match="bound") if refused else contextlib.nullcontext():
        way.validate()
