# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The NAS's clock: what goes by it when it jumps, and what does not."""

from __future__ import annotations

import json
import time

import pytest

from simulator.fixture import SimulatedNas
from simulator.nas.accounts import totp
from simulator.nas.rclone_config import token_at
from simulator.tests.wire import Wire

DAY = 86400


@pytest.mark.parametrize("jump", [DAY, -DAY])
def test_stamps_go_by_the_clock_and_the_uptime_does_not(jump: int, nas: SimulatedNas) -> None:
    with Wire(nas) as wire:
        wire.log_in(nas)
        before = wire.call("system.info")
        nas.faults(clock=jump)
        after = wire.call("system.info")
        job = wire.finished_job(wire.call("cloudsync.sync", 0))
    for moment in (after["datetime"], job["time_started"], job["time_finished"]):
        assert abs(moment["$date"] / 1000 - time.time() - jump) < 30
    assert 0 <= after["uptime_seconds"] - before["uptime_seconds"] < 30


def test_keys_expire_by_the_clock(nas: SimulatedNas) -> None:
    ends = {"$date": int(time.time() + DAY) * 1000}
    key = nas.account("late", roles=["CLOUD_SYNC_READ"], api_key=True, api_key_expires_at=ends)["api_key"]
    login = {"mechanism": "API_KEY_PLAIN", "username": "late", "api_key": key}
    with Wire(nas) as wire:
        assert wire.call("auth.login_ex", login)["response_type"] == "SUCCESS"
        nas.faults(clock=2 * DAY)
        assert wire.call("auth.login_ex", login)["response_type"] == "EXPIRED"


def test_one_time_codes_go_by_the_clock(nas: SimulatedNas) -> None:
    account = nas.account("careful", password="pw", roles=["CLOUD_SYNC_READ"], otp=True)
    nas.faults(clock=-DAY)
    with Wire(nas) as wire:
        wire.call("auth.login_ex", {"mechanism": "PASSWORD_PLAIN", "username": "careful", "password": "pw"})
        for at, outcome in ((time.time(), "OTP_REQUIRED"), (time.time() - DAY, "SUCCESS")):
            code = totp(account["otp_secret"], at)
            answer = wire.call("auth.login_ex", {"mechanism": "OTP_TOKEN", "otp_token": code})
            assert answer["response_type"] == outcome


def test_a_token_is_as_old_to_rclone_as_to_the_nas() -> None:
    token = json.dumps({"access_token": "a", "expiry": "2026-11-22T12:00:00.123456789Z"})
    assert json.loads(token_at(token, -DAY))["expiry"].startswith("2026-11-21T12:00:00.123456")
    for odd in ('{"expiry": "0001-01-01T00:00:00Z"}', '{"expiry": 5}', '{"a": "b"}', "no token", ""):
        assert token_at(odd, DAY) == token_at(odd, -DAY) == odd
