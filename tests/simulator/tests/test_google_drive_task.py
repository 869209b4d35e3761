# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A NAS pulls a Takeout export from a Drive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.fixture import SimulatedGoogle, SimulatedNas
from simulator.google.takeout import Truth, generate
from simulator.tests.wire import Wire

SCOPE = "https://www.googleapis.com/auth/"


@pytest.fixture
def wire(nas: SimulatedNas) -> Iterator[Wire]:
    with Wire(nas) as one:
        one.log_in(nas)
        yield one


@pytest.fixture
def export(google: SimulatedGoogle, tmp_path: Path) -> Truth:
    """An export that Google has put into Ada's Drive."""
    google.door.post("/projects", services={"drive.googleapis.com": "ENABLED"})
    truth = generate(tmp_path, 11)
    google.door.post("/drive/files", folder="Takeout", **{"from": str(tmp_path)})
    return truth


def credential(wire: Wire, google: SimulatedGoogle, scope: str, *, expired: bool = True) -> int:
    client = json.loads(Path(google.client_secret_file).read_text())["installed"]
    provider = {
        "type": "GOOGLE_DRIVE",
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
        "token": json.dumps(google.door.post("/tokens", scopes=[SCOPE + scope], expired=expired)),
    }
    assert wire.call("cloudsync.credentials.verify", provider)["valid"]
    created: int = wire.call("cloudsync.credentials.create", {"name": scope, "provider": provider})["id"]
    return created


def task(credential: int, **changes: Any) -> dict[str, Any]:
    given = {
        "path": "/mnt/tank/photos",
        "credentials": credential,
        "direction": "PULL",
        "transfer_mode": "COPY",
        "attributes": {"folder": "/Takeout"},
    }
    return given | changes


def run(wire: Wire, given: dict[str, Any]) -> dict[str, Any]:
    job: dict[str, Any] = wire.finished_job(wire.call("cloudsync.sync", wire.call("cloudsync.create", given)["id"]))
    return job


def pulled(nas: SimulatedNas) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(nas.root, "tank", "photos").iterdir()}


def archives(export: Truth) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in export.directory.iterdir()}


def in_drive(google: SimulatedGoogle) -> set[str]:
    return {file["path"] for file in google.door.get("/drive") if not file["trashed"] and not file["folder"]}


def test_a_copy_brings_all_archives(wire: Wire, nas: SimulatedNas, google: SimulatedGoogle, export: Truth) -> None:
    held = credential(wire, google, "drive.readonly")

    job = run(wire, task(held))

    assert job["state"] == "SUCCESS", job["error"]
    assert pulled(nas) == archives(export)
    assert in_drive(google) == {f"Takeout/{name}" for name in archives(export)}
    stored = wire.call("cloudsync.credentials.get_instance", held)["provider"]
    assert "expires_in" in json.loads(stored["token"]), "the refreshed token is written back"


def test_a_move_frees_the_drive(wire: Wire, nas: SimulatedNas, google: SimulatedGoogle, export: Truth) -> None:
    job = run(wire, task(credential(wire, google, "drive"), transfer_mode="MOVE"))

    assert job["state"] == "SUCCESS", job["error"]
    assert pulled(nas) == archives(export)
    assert not in_drive(google)


def test_a_move_with_read_access_fails_after_the_copy(
    wire: Wire, nas: SimulatedNas, google: SimulatedGoogle, export: Truth
) -> None:
    job = run(wire, task(credential(wire, google, "drive.readonly"), transfer_mode="MOVE"))

    assert job["state"] == "FAILED"
    assert pulled(nas) == archives(export)
    assert len(in_drive(google)) == len(archives(export))


def test_a_folder_that_is_not_there_yet_cannot_be_pulled(wire: Wire, google: SimulatedGoogle) -> None:
    google.door.post("/projects", services={"drive.googleapis.com": "ENABLED"})
    held = credential(wire, google, "drive.readonly")

    answer = wire.answer(wire.start("cloudsync.create", task(held)))

    assert "Directory does not exist" in json.dumps(answer["error"])
