# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to log in, what is refused, and the limit."""

from __future__ import annotations

import hashlib
import hmac
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.fixture import SimulatedNas, running
from simulator.nas.accounts import ScramVerifier, totp
from simulator.nas.listeners import channel_binding
from simulator.nas.scram import ClientFirst, ScramExchange
from simulator.tests import recordings
from simulator.tests.wire import Wire

AUTH_ERR = {"response_type": "AUTH_ERR"}
EXPIRED = {"response_type": "EXPIRED"}


@pytest.fixture(autouse=True)
def _quick_refusals(nas: SimulatedNas) -> None:
    nas.faults(failed_login_delay=[0, 0])


@pytest.fixture(scope="module")
def newer_nas() -> Iterator[SimulatedNas]:
    """A NAS that knows SCRAM."""
    with running("--release", "26.0") as simulator:
        simulator.nas[0].faults(failed_login_delay=[0, 0], rate_limit=1000)
        yield simulator.nas[0]


def _password(username: str, password: str) -> dict[str, str]:
    return {"mechanism": "PASSWORD_PLAIN", "username": username, "password": password}


def _key(username: str, api_key: str) -> dict[str, str]:
    return {"mechanism": "API_KEY_PLAIN", "username": username, "api_key": api_key}


def test_a_key_of_another_user_is_refused(nas: SimulatedNas) -> None:
    with Wire(nas) as wire:
        assert wire.log_in(nas, **_key("readonly_admin", nas.api_key)) == AUTH_ERR
        assert wire.log_in(nas)["response_type"] == "SUCCESS"
    assert [login["outcome"] for login in nas.logins()] == ["AUTH_ERR", "SUCCESS"]


def test_a_key_over_an_insecure_transport_is_revoked(nas: SimulatedNas) -> None:
    with Wire(nas, "ws") as wire:
        assert wire.log_in(nas) == EXPIRED
        assert wire.log_in(nas) == AUTH_ERR
        assert wire.log_in(nas, **_password(nas.username, nas.password))["response_type"] == "SUCCESS"
    with Wire(nas) as wire:
        assert wire.log_in(nas) == AUTH_ERR


def test_a_wrong_key_over_an_insecure_transport_revokes_nothing(nas: SimulatedNas) -> None:
    with Wire(nas, "ws") as wire:
        assert wire.log_in(nas, **_key(nas.username, nas.api_key[:-1])) == AUTH_ERR
    with Wire(nas) as wire:
        assert wire.log_in(nas)["response_type"] == "SUCCESS"


def test_expired_locked_and_powerless_accounts(nas: SimulatedNas) -> None:
    nas.account("old", password="pw", roles=["CLOUD_SYNC_READ"], expired=True)
    nas.account("shut", password="pw", roles=["CLOUD_SYNC_READ"], locked=True)
    nas.account("nobody", password="pw")
    key = nas.account("late", roles=["CLOUD_SYNC_READ"], api_key=True, api_key_expires_at={"$date": 0})["api_key"]
    with Wire(nas) as wire:
        assert wire.log_in(nas, **_password("old", "pw")) == EXPIRED
        assert wire.log_in(nas, **_password("shut", "pw")) == AUTH_ERR
        assert wire.log_in(nas, **_password("nobody", "pw")) == AUTH_ERR
        assert wire.log_in(nas, **_key("late", key)) == EXPIRED


def test_a_second_factor_may_be_tried_four_times(nas: SimulatedNas) -> None:
    account = nas.account("careful", password="pw", roles=["CLOUD_SYNC_READ"], otp=True)
    wanted = {"response_type": "OTP_REQUIRED", "username": "careful"}
    code = {"mechanism": "OTP_TOKEN", "otp_token": totp(account["otp_secret"])}
    wrong = {"mechanism": "OTP_TOKEN", "otp_token": "000000"}
    with Wire(nas) as wire:
        assert wire.error("auth.login_ex", code)["data"]["errname"] == "EINVAL"
        assert wire.log_in(nas, **_password("careful", "pw")) == wanted
        assert [wire.call("auth.login_ex", wrong) for dummy in range(4)] == [wanted, wanted, wanted, AUTH_ERR]
        assert wire.log_in(nas, **_password("careful", "pw")) == wanted
        success = wire.call("auth.login_ex_continue", {**code, "login_options": {"user_info": True}})
        assert success["user_info"]["account_attributes"] == ["LOCAL", "2FA"]
    with Wire(nas) as wire:
        assert wire.call("auth.login", "careful", "pw", code["otp_token"]) is True


def test_tokens(nas: SimulatedNas) -> None:
    with Wire(nas) as wire:
        wire.log_in(nas)
        once, dead = wire.call("auth.generate_token", 600, {}, True, True), wire.call("auth.generate_token", 0)
    with Wire(nas) as wire:
        assert wire.call("auth.login_with_token", once) is True
        assert wire.call("auth.logout") is True
        assert wire.error("system.version")["data"]["errname"] == "ENOTAUTHENTICATED"
        assert wire.call("auth.login_with_token", once) is False
        assert wire.call("auth.login_with_token", dead) is False


def test_roles_limit_calls_and_hide_secrets(nas: SimulatedNas) -> None:
    credential = {"name": "a", "provider": {"type": "GOOGLE_PHOTOS", "token": "{}"}}
    writer = nas.account("writer", roles=["CLOUD_SYNC_WRITE"], api_key=True)
    with Wire(nas) as wire:
        wire.log_in(nas, **_key("writer", writer["api_key"]))
        assert wire.call("cloudsync.credentials.create", credential)["provider"]["token"] == "{}"
        assert wire.error("filesystem.stat", "/mnt/tank")["data"]["errname"] == "EACCES"
    with Wire(nas) as wire:
        wire.log_in(nas, **_key("readonly_admin", nas.readonly_api_key))
        assert wire.call("cloudsync.credentials.query")[0]["provider"]["token"] == "********"
        assert wire.error("cloudsync.credentials.delete", 1)["data"]["errname"] == "EACCES"


def test_a_privilege_gives_its_groups_its_roles(nas: SimulatedNas) -> None:
    account = nas.account("later", roles=[])
    with Wire(nas) as wire:
        wire.log_in(nas)
        data = {"name": "sync", "roles": ["CLOUD_SYNC_READ"], "local_groups": [account["gid"]], "web_shell": False}
        wire.call("privilege.create", data)
        key = wire.call("api_key.create", {"name": "its key", "username": "later"})["key"]
    with Wire(nas) as wire:
        info = wire.log_in(nas, **_key("later", key))["user_info"]
        assert info["privilege"]["roles"] == {"$set": ["CLOUD_SYNC_READ"]}


def test_the_21st_anonymous_call_waits_and_is_refused(nas: SimulatedNas) -> None:
    nas.faults(rate_limit_delay=[0.2, 0.2])
    with Wire(nas) as wire:
        for dummy in range(20):
            wire.call("core.ping")
        started = time.monotonic()
        assert wire.error("core.ping")["data"]["errname"] == "EBUSY"
        assert time.monotonic() - started >= 0.2
        assert wire.log_in(nas)["response_type"] == "SUCCESS"  # each method has a window of its own
        assert wire.call("core.ping") == "pong"  # no limit after login
    with Wire(nas, "unix") as wire:
        assert wire.call("core.ping") == "pong"


def test_the_window_of_the_limit_passes(nas: SimulatedNas) -> None:
    nas.faults(rate_limit=1, rate_limit_window=0.2, rate_limit_delay=[0.2, 0.2])
    with Wire(nas) as wire:
        wire.call("core.ping")
        wire.error("core.ping")
        assert wire.call("core.ping") == "pong"


# SCRAM


def _first(username: str, key_id: int, nonce: bytes, gs2: str = "n,,") -> str:
    return f"{gs2}n={username}:{key_id},r={b64encode(nonce).decode()}"


def _final(first: str, server_first: str, secret: str, binding: bytes = b"") -> str:
    """The client's side, written from RFC 5802 with the key's secret as the password."""
    nonce, salt, iterations = (part.split("=", 1)[1] for part in server_first.split(","))
    gs2, bare = first[: first.index(",,") + 2], first[first.index(",,") + 2 :]
    without_proof = f"c={b64encode(gs2.encode() + binding).decode()},r={nonce}"
    salted = hashlib.pbkdf2_hmac("sha512", secret.encode(), b64decode(salt), int(iterations))
    client_key = hmac.digest(salted, b"Client Key", "sha512")
    message = f"{bare},{server_first},{without_proof}".encode()
    signature = hmac.digest(hashlib.sha512(client_key).digest(), message, "sha512")
    proof = bytes(a ^ b for a, b in zip(client_key, signature, strict=True))
    return f"{without_proof},p={b64encode(proof).decode()}"


def _scram(wire: Wire, kind: str, text: str) -> Any:
    return wire.call("auth.login_ex", {"mechanism": "SCRAM", "scram_type": kind, "rfc_str": text})


@pytest.mark.parametrize("bound", [False, True])
def test_a_key_logs_in_by_scram(newer_nas: SimulatedNas, bound: bool) -> None:
    binding = channel_binding(Path(newer_nas.ca_path).with_name("nas.pem").read_bytes()) if bound else b""
    number, dummy, secret = newer_nas.api_key.partition("-")
    first = _first(newer_nas.username, int(number), bytes(32), "p=tls-server-end-point,," if bound else "n,,")
    with Wire(newer_nas) as wire:
        answer = _scram(wire, "CLIENT_FIRST_MESSAGE", first)
        assert (answer["scram_type"], answer["user_info"]) == ("SERVER_FIRST_RESPONSE", None)
        final = _final(first, answer["rfc_str"], secret, binding)
        answer = _scram(wire, "CLIENT_FINAL_MESSAGE", final)
        assert answer["scram_type"] == "SERVER_FINAL_RESPONSE"
        assert answer["user_info"]["account_attributes"] == ["LOCAL", "API_KEY", "SYS_ADMIN", "API_KEY", "SCRAM"]
        assert wire.call("system.version").startswith("TrueNAS-26")


@pytest.mark.parametrize("transport", ["wss", "ws"])
def test_wrong_proofs_and_bindings_are_refused(newer_nas: SimulatedNas, transport: str) -> None:
    number, dummy, secret = newer_nas.api_key.partition("-")
    with Wire(newer_nas, transport) as wire:
        first = _first(newer_nas.username, int(number), bytes(32))
        answer = _scram(wire, "CLIENT_FIRST_MESSAGE", first)
        assert _scram(wire, "CLIENT_FINAL_MESSAGE", _final(first, answer["rfc_str"], "wrong")) == AUTH_ERR
        bound = _first(newer_nas.username, int(number), bytes(32), "p=tls-server-end-point,,")
        answer = _scram(wire, "CLIENT_FIRST_MESSAGE", bound)
        if transport == "wss":
            final = _final(bound, answer["rfc_str"], secret, b"of another certificate")
            answer = _scram(wire, "CLIENT_FINAL_MESSAGE", final)
        assert answer == AUTH_ERR


def test_an_account_without_roles_is_denied_by_newer_releases(newer_nas: SimulatedNas) -> None:
    newer_nas.account("nobody", password="pw")
    with Wire(newer_nas) as wire:
        assert wire.log_in(newer_nas, **_password("nobody", "pw")) == {"response_type": "DENIED"}
        assert wire.call("auth.mechanism_choices")[-1] == "SCRAM"


def test_the_worked_examples_of_scram(monkeypatch: pytest.MonkeyPatch) -> None:
    examples = [e for e in recordings.load("examples/auth_26.0.json") if "secrets_used" in e]
    firsts = [e for e in recordings.load("examples/auth_26.0.json") if "step 1" in e["label"]]
    assert len(examples) == len(firsts) == 2
    for step_1, step_2 in zip(firsts, examples, strict=True):
        secrets = step_2["secrets_used"]
        server_first = step_1["response"]["result"]["rfc_str"]
        nonce = b64decode(server_first.split(",")[0].removeprefix("r="))
        monkeypatch.setattr("simulator.nas.scram.secrets.token_bytes", lambda count, nonce=nonce: nonce[-count:])
        verifier = ScramVerifier.of(secrets["api_key"].partition("-")[2], b64decode(secrets["salt_b64"]))
        first = ClientFirst.parse(step_1["request"]["params"][0]["rfc_str"])
        exchange = ScramExchange(first, verifier, bytes.fromhex(secrets["channel_binding_hex"] or ""))
        assert exchange.server_first == server_first
        assert exchange.finish(step_2["request"]["params"][0]["rfc_str"]) == step_2["response"]["result"]["rfc_str"]
