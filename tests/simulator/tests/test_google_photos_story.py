# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recorded story of Google Photos on a NAS, told again: checks, dry run, run, refresh, stray files, pull."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simulator.fixture import SimulatedGoogle, SimulatedNas
from simulator.tests import recordings
from simulator.tests.comparing import differences
from simulator.tests.wire import Wire

_JPEG = b"\xff\xd8\xff\xe0"


def _files(nas: SimulatedNas) -> None:
    photos = Path(nas.root, "tank", "photos")
    for number, name in enumerate(("Trip/one.jpg", "Åland/two.jpg")):
        path = photos / name
        path.parent.mkdir()
        path.write_bytes(_JPEG + bytes([number]) * 500)


def _stray_files(nas: SimulatedNas) -> None:
    for number in range(3):
        Path(nas.root, "tank", "photos", f"img{number}.jpg").write_bytes(bytes(2000))


def _texts(google: SimulatedGoogle) -> dict[str, str]:
    """Recorded client and tokens -> those of the simulated Google."""
    client = json.loads(Path(google.client_secret_file).read_text())["installed"]
    good = json.loads(Path(google.token_file).read_text())
    revoked = google.door.post("/tokens", account="ben@example.com", client_id=client["client_id"])
    google.door.post("/revoke", account="ben@example.com")
    return {
        "1234567890-fake.apps.googleusercontent.com": client["client_id"],
        "GOCSPX-fakesecret": client["client_secret"],
        "1//good": good["refresh_token"],
        "1//revoked": revoked["refresh_token"],
    }


def _first_of_each(wire: Wire, google: SimulatedGoogle) -> None:
    """The recording began with a credential and a task there already, and with photos in the library."""
    client = json.loads(Path(google.client_secret_file).read_text())["installed"]
    provider = {
        "type": "GOOGLE_PHOTOS",
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
        "token": json.dumps(json.loads(Path(google.token_file).read_text())),
    }
    credential = wire.call("cloudsync.credentials.create", {"name": "first", "provider": provider})
    task = {
        "path": "/mnt/tank/photos",
        "direction": "PUSH",
        "transfer_mode": "COPY",
        "attributes": {"folder": "/album"},
    }
    created = wire.call("cloudsync.create", {**task, "credentials": credential["id"]})
    job = wire.finished_job(wire.call("cloudsync.sync", created["id"]))
    assert job["state"] == "SUCCESS", job["error"]


def _by_identity(value: Any) -> Any:
    """Tokens by what does not change when they are refreshed, and whether they have been."""
    if isinstance(value, dict):
        return {name: _token(one) if name == "token" else _by_identity(one) for name, one in value.items()}
    return [_by_identity(one) for one in value] if isinstance(value, list) else value


def _token(text: str) -> tuple[str, bool]:
    token = json.loads(text)
    return token["refresh_token"], "expires_in" in token


def _steps() -> list[recordings.Step]:
    return recordings.load("recorded/25.10-google-photos.json")


def test_the_story(nas: SimulatedNas, google: SimulatedGoogle) -> None:
    _files(nas)
    texts = _texts(google)
    found = {}
    with Wire(nas) as wire:
        wire.log_in(nas)
        _first_of_each(wire, google)
        _stray_files(nas)
        job = 0
        for step in _steps():
            sent, expected = (_translated(frame, texts) for frame in step["frames"])
            request = sent[">"]
            params = [[["id", "=", job]]] if request["method"] == "core.get_jobs" else request["params"]
            answer = wire.answer(wire.start(request["method"], *params))
            if request["method"] == "cloudsync.sync":
                job = wire.finished_job(answer["result"])["id"]
            else:
                body = {name: answer[name] for name in ("result", "error") if name in answer}
                found[step["step"]] = list(differences(_by_identity(expected["<"]), _by_identity(body)))
    assert len(found) == len([step for step in _steps() if not step["step"].endswith(": start")])
    assert {name: lines for name, lines in found.items() if lines} == {}


def _translated(frame: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    text = json.dumps(frame)
    for old, new in texts.items():
        text = text.replace(old, new)
    translated: dict[str, Any] = json.loads(text)
    return translated
