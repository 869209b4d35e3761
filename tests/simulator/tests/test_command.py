# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command: its line of JSON, several NASes, kept state, latency, a clean end."""

from __future__ import annotations

import hashlib
import ssl
import stat
import time
from pathlib import Path

import pytest
import websocket

from simulator.fixture import SimulatedNas, Simulator, running
from simulator.tests.wire import Wire

CREDENTIAL = {"name": "kept", "provider": {"type": "GOOGLE_PHOTOS", "token": "{}"}}


def test_the_line_of_json_has_all_that_is_promised(simulator: Simulator) -> None:
    described = simulator.ready["nas"][0]
    promised = {
        "api_url",
        "socket",
        "ca_path",
        "cert_fingerprint",
        "username",
        "password",
        "api_key",
        "readonly_api_key",
        "root",
        "release",
    }
    assert promised <= set(described)
    assert {"client_secret_file", "token_file", "proxy", "ca_path", "admin"} <= set(simulator.ready["google"])
    assert simulator.ready["admin"].startswith("http://127.0.0.1:")
    assert stat.S_IMODE(Path(described["socket"]).parent.stat().st_mode) == 0o700


def test_the_fingerprint_is_that_of_the_certificate(nas: SimulatedNas) -> None:
    host, port = nas.api_url.removeprefix("https://").split(":")
    pem = ssl.get_server_certificate((host, int(port)), ca_certs=nas.ca_path)
    assert hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest() == nas.cert_fingerprint


def test_several_nases_are_apart() -> None:
    with running("--count", "2") as simulator:
        first, second = simulator.nas
        with Wire(first) as wire:
            wire.log_in(first)
            wire.call("cloudsync.credentials.create", CREDENTIAL)
        with Wire(second) as wire:
            assert wire.log_in(second, mechanism="API_KEY_PLAIN", username=first.username, api_key=first.api_key) == {
                "response_type": "AUTH_ERR"
            }
            wire.log_in(second)
            assert wire.call("cloudsync.credentials.query") == []
        assert [call["nas"] for call in simulator.door.get("/calls")].count(0) == 2


def test_state_survives_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running("--state", str(state)) as simulator:
        nas = simulator.nas[0]
        Path(nas.root, "tank", "photos", "a.jpg").write_bytes(b"a")
        with Wire(nas) as wire:
            wire.log_in(nas)
            created = wire.call("cloudsync.credentials.create", CREDENTIAL)
            wire.call("pool.dataset.create", {"name": "tank/more"})
        assert stat.S_IMODE(state.stat().st_mode) == 0o600
        key = nas.api_key
    assert not Path(nas.socket).exists()
    with running("--state", str(state)) as simulator:
        nas = simulator.nas[0]
        assert nas.api_key == key
        assert Path(nas.root, "tank", "photos", "a.jpg").read_bytes() == b"a"
        with Wire(nas) as wire:
            wire.log_in(nas)
            assert wire.call("cloudsync.credentials.query") == [created]
            assert wire.call("filesystem.stat", "/mnt/tank/more")["is_mountpoint"] is True


def test_without_a_state_file_nothing_is_left() -> None:
    with running() as simulator:
        folder = Path(simulator.nas[0].socket).parent.parent
        assert folder.is_dir()
    assert not folder.exists()


def test_latency_delays_every_message() -> None:
    with running("--latency-ms", "200") as simulator, Wire(simulator.nas[0]) as wire:
        started = time.monotonic()
        numbers = [wire.start("core.ping") for dummy in range(5)]
        for number in numbers:
            wire.answer(number)
        assert 0.2 <= time.monotonic() - started < 1  # side by side, not one after the other


def test_a_reset_makes_all_as_good_as_new(nas: SimulatedNas) -> None:
    nas.account("somebody", roles=["CLOUD_SYNC_READ"])
    Path(nas.root, "tank", "photos", "a.jpg").write_bytes(b"a")
    with Wire(nas, "ws") as wire:
        assert wire.log_in(nas) == {"response_type": "EXPIRED"}
    nas.reset()
    assert nas.calls() == nas.logins() == []
    assert list(Path(nas.root, "tank", "photos").iterdir()) == []
    with Wire(nas) as wire:
        assert wire.log_in(nas)["response_type"] == "SUCCESS"
        assert len(wire.call("privilege.query")) == 2


def test_the_journal_names_calls_and_logins(nas: SimulatedNas) -> None:
    with Wire(nas, "unix") as wire:
        wire.call("system.version")
        wire.error("cloudsync.get_instance", 1)
    calls = [(call["method"], call["transport"], call["ok"]) for call in nas.calls()]
    assert calls == [("system.version", "unix", True), ("cloudsync.get_instance", "unix", False)]
    assert len({call["session"] for call in nas.calls()}) == 1


def test_a_nas_can_refuse_connections(nas: SimulatedNas) -> None:
    nas.faults(refuse=True)
    with pytest.raises((websocket.WebSocketException, OSError)):
        Wire(nas)
    nas.faults(refuse=False)
    with Wire(nas) as wire:
        assert wire.call("core.ping") == "pong"


def test_a_dataset_can_be_locked(nas: SimulatedNas) -> None:
    nas.dataset("tank/photos", locked=True)
    with Wire(nas, "unix") as wire:
        assert wire.call("pool.dataset.get_instance", "tank/photos")["locked"] is True
