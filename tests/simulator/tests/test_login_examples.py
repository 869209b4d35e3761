# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worked examples of logging in, shape by shape."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest

from simulator.fixture import SimulatedNas, running
from simulator.nas.accounts import totp
from simulator.tests import recordings
from simulator.tests.comparing import differences
from simulator.tests.wire import Wire

EXAMPLE_KEY = "7-" + "A" * 64
EXAMPLE_TOKEN = "TpcRdQ8Uu1sVx5nSAs7TqzXs0AXL5sTAlsHnXoXNj5LVhxJ0n5QxvLxN7yU6kYrA"
EXAMPLE_CODE = "123456"

NOT_REPLAYED = {
    "HA standby": "The simulated NAS has one controller.",
    "mechanism refused at a higher assurance level": "The simulated NAS is at level 1, as every NAS is delivered.",
    "rate limited (21st anonymous call of the method from the address within 60 s)": "test_login.py reaches the limit.",
    "SCRAM, no channel binding: step 1": "test_login.py computes the worked examples of SCRAM.",
    "SCRAM, no channel binding: step 2": "test_login.py computes the worked examples of SCRAM.",
    "SCRAM, tls-server-end-point: step 1": "test_login.py computes the worked examples of SCRAM.",
    "SCRAM, tls-server-end-point: step 2": "test_login.py computes the worked examples of SCRAM.",
}
INSECURE = "valid api key over plain ws: key is revoked by the server"
AFTER_PASSWORD = "second factor given"
AFTER_LOGIN = {"generate token", "me", "logout", "mechanism_choices"}


def _examples() -> list[Any]:
    return [
        pytest.param(release, example, id=f"{release} {example['label']}")
        for release in ("25.04", "25.10", "26.0", "27.0")
        for example in recordings.load(f"examples/auth_{release}.json")
        if example["label"] not in NOT_REPLAYED
    ]


@pytest.fixture(scope="module")
def nases() -> Iterator[Callable[[str], SimulatedNas]]:
    """NASes by release, one of each that is asked for."""
    with ExitStack() as stack:
        yield cache(lambda release: stack.enter_context(running("--release", release)).nas[0])


@pytest.mark.parametrize(("release", "example"), _examples())
def test_an_example(nases: Callable[[str], SimulatedNas], release: str, example: dict[str, Any]) -> None:
    nas = nases(release)
    nas.reset()
    nas.faults(failed_login_delay=[0, 0])
    service = nas.account(
        "svc-nasops", password="pw", roles=["CLOUD_SYNC_WRITE", "FILESYSTEM_ATTRS_READ"], api_key=True
    )
    careful = nas.account("admin2fa", password="pw", roles=["CLOUD_SYNC_WRITE"], otp=True)
    nas.account("plain", password="pw")
    key_login = {"mechanism": "API_KEY_PLAIN", "username": "svc-nasops", "api_key": service["api_key"]}
    with Wire(nas) as first:
        first.log_in(nas, **key_login)
        token = first.call("auth.generate_token")
    text = json.dumps(example["request"]).replace(EXAMPLE_KEY, service["api_key"]).replace(EXAMPLE_TOKEN, token)
    request = json.loads(text.replace(EXAMPLE_CODE, totp(careful["otp_secret"])))
    with Wire(nas, "ws" if example["label"] == INSECURE else "wss") as wire:
        if example["label"] == AFTER_PASSWORD:
            wire.log_in(nas, mechanism="PASSWORD_PLAIN", username="admin2fa", password="pw")
        elif example["label"] in AFTER_LOGIN:
            wire.log_in(nas, **key_login)
        answer = wire.answer(wire.start(request["method"], *request["params"]))
    expected = example["response"]
    for name in ("result", "error"):
        if name in expected and isinstance(expected[name], dict):
            assert list(differences(_comparable(expected[name]), _comparable(answer[name]), name)) == []
        elif name in expected:
            assert type(answer[name]) is type(expected[name])


def _comparable(value: dict[str, Any]) -> dict[str, Any]:
    """Without what the examples' stand-in accounts have of their own: names, folders, numbers, roles, second factor."""
    if isinstance(value.get("user_info"), dict):
        return {**value, "user_info": _comparable(value["user_info"])}
    own = ("privilege", "two_factor_config")
    return {name: item for name, item in value.items() if not name.startswith("pw_") and name not in own}
