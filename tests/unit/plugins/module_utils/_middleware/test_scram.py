# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SCRAM against worked examples of the server's side, and its guards."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import LoginError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.login.scram import ScramClient, saslprep
from simulator.tests import recordings

CONTRACT = recordings.FOLDER / "examples"
NONCE = bytes(range(32))
KEY = "7-" + "B" * 64


def server_first(nonce: bytes, salt: bytes = b"salt" * 4, iterations: int = 50_000) -> str:
    return f"r={base64.b64encode(nonce).decode()},s={base64.b64encode(salt).decode()},i={iterations}"


def server_final(client_first: str, first: str, client_final: str, salt: bytes, iterations: int) -> str | None:
    """The server's part by RFC 5802: None for a wrong proof."""
    salted = hashlib.pbkdf2_hmac("sha512", KEY.partition("-")[2].encode(), salt, iterations)
    stored = hashlib.sha512(hmac.digest(salted, b"Client Key", "sha512")).digest()
    without_proof, _comma, proof = client_final.rpartition(",p=")
    message = ",".join([client_first.split(",", 2)[2], first, without_proof]).encode()
    signature = hmac.digest(stored, message, "sha512")
    client_key = bytes(a ^ b for a, b in zip(base64.b64decode(proof), signature, strict=True))
    if hashlib.sha512(client_key).digest() != stored:
        return None
    server_key = hmac.digest(salted, b"Server Key", "sha512")
    return "v=" + base64.b64encode(hmac.digest(server_key, message, "sha512")).decode()


@given(st.binary(min_size=1, max_size=40), st.binary(min_size=8, max_size=16), st.none() | st.binary(max_size=64))
@settings(max_examples=10, deadline=None)
def test_a_server_that_follows_the_rfc_is_convinced_and_convinces(
    rest: bytes, salt: bytes, binding: bytes | None
) -> None:
    client = ScramClient("svc", KEY, NONCE, binding)
    first = server_first(NONCE + rest, salt)
    final = client.final(first)
    header = base64.b64decode(final.partition(",")[0].removeprefix("c="))
    assert header == (b"n,," if binding is None else b"p=tls-server-end-point,," + binding)
    signature = server_final(client.first, first, final, salt, 50_000)
    assert signature is not None
    client.check(signature)


@pytest.mark.parametrize("release", ["26.0", "27.0"])
def test_the_examples_of_the_servers_own_code(release: str) -> None:
    path = CONTRACT / f"auth_{release}.json"
    steps = [entry for entry in json.loads(path.read_text()) if entry["label"].startswith("SCRAM,")]
    assert len(steps) == 4
    for one, two in zip(steps[::2], steps[1::2], strict=True):
        wire = [step[side] for step in (one, two) for side in ("request", "response")]
        sent_first, answer, sent_final, verdict = (
            (frame["params"][0] if "params" in frame else frame["result"])["rfc_str"] for frame in wire
        )
        binding = two["secrets_used"]["channel_binding_hex"]
        client = ScramClient(
            "svc-nasops",
            two["secrets_used"]["api_key"],
            base64.b64decode(sent_first.rpartition("r=")[2]),
            bytes.fromhex(binding) if binding else None,
        )
        assert client.first == sent_first
        assert client.final(answer) == sent_final
        client.check(verdict)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "r=,s=,i=",
        "r=***,s=c2FsdA==,i=50000",
        server_first(bytes(32) + b"other"),
        server_first(NONCE),
        server_first(NONCE + b"x", iterations=49_999),
        server_first(NONCE + b"x", iterations=5_000_001),
        server_first(NONCE + b"x", iterations=10**15),
    ],
)
def test_a_first_message_that_a_client_must_not_answer(answer: str) -> None:
    with pytest.raises(LoginError):
        ScramClient("svc", KEY, NONCE).final(answer)


@pytest.mark.parametrize("verdict", ["", "v=", "v=AAAA", "e=invalid-proof"])
def test_a_server_that_does_not_know_the_key_is_found_out(verdict: str) -> None:
    client = ScramClient("svc", KEY, NONCE)
    client.final(server_first(NONCE + b"x"))
    with pytest.raises(LoginError, match=r"prove|read"):
        client.check(verdict)


@pytest.mark.parametrize("key", ["", "7", "-secret", "7-", "abc-def"])
def test_a_key_in_another_form(key: str) -> None:
    with pytest.raises(LoginError, match="NUMBER-TEXT"):
        ScramClient("svc", key, NONCE)


def test_names() -> None:
    assert saslprep("sv\u00adc\u00a0nas") == "svc nas"
    assert saslprep("ﬁle") == "file"
    for name in ("", "a,b", "a=b", "a\x00b", "a\nb"):
        with pytest.raises(LoginError, match="api_username"):
            saslprep(name)
