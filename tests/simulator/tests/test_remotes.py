# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real files go to real remotes and come back, through the NAS and the real rclone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.fixture import SimulatedNas
from simulator.tests.remotes import served
from simulator.tests.wire import Message, Wire

WRITABLE = ("WEBDAV", "SFTP", "FTP", "S3")
ENCRYPTION = {"encryption": True, "filename_encryption": True, "encryption_password": "p", "encryption_salt": "s"}


@pytest.fixture
def wire(nas: SimulatedNas) -> Iterator[Wire]:
    with Wire(nas) as one:
        one.log_in(nas)
        yield one


@pytest.fixture
def photos(nas: SimulatedNas) -> Path:
    """The dataset, with a file."""
    folder = Path(nas.root, "tank", "photos")
    (folder / "Trip").mkdir()
    (folder / "Trip" / "one.jpg").write_bytes(b"one")
    return folder


def _attributes(kind: str, folder: str) -> dict[str, str]:
    return {"folder": folder} | ({"bucket": "bucket"} if kind == "S3" else {})


def _task(wire: Wire, kind: str, credential: int, **fields: Any) -> Message:
    given = {"path": "/mnt/tank/photos", "transfer_mode": "SYNC", "attributes": _attributes(kind, "/up")}
    return wire.call("cloudsync.create", {**given, "credentials": credential, **fields})


def _run(wire: Wire, task: Message) -> Message:
    job = wire.finished_job(wire.call("cloudsync.sync", task["id"]))
    assert job["state"] == "SUCCESS", job["error"]
    return job


@pytest.mark.parametrize("more", [{}, ENCRYPTION], ids=["plain", "encrypted"])
@pytest.mark.parametrize("kind", WRITABLE)
def test_there_and_back(wire: Wire, nas: SimulatedNas, photos: Path, tmp_path: Path, kind: str, more: Message) -> None:
    root = tmp_path / "bucket" if kind == "S3" else tmp_path
    root.mkdir(exist_ok=True)
    (Path(nas.root, "tank", "back")).mkdir()
    with served(kind, tmp_path) as provider:
        credential = wire.call("cloudsync.credentials.create", {"name": kind, "provider": provider})["id"]
        assert wire.call("cloudsync.credentials.verify", provider)["valid"]
        _run(wire, _task(wire, kind, credential, direction="PUSH", **more))
        names = [path.name for path in (root / "up").rglob("*")]
        assert ("one.jpg" in names) != bool(more)
        _run(wire, _task(wire, kind, credential, direction="PULL", path="/mnt/tank/back", **more))
    assert Path(nas.root, "tank", "back", "Trip", "one.jpg").read_bytes() == b"one"


def test_a_read_only_remote_gives_and_does_not_take(wire: Wire, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "up").mkdir()
    (tmp_path / "up" / "two.jpg").write_bytes(b"two")
    with served("HTTP", tmp_path) as provider:
        credential = wire.call("cloudsync.credentials.create", {"name": "http", "provider": provider})["id"]
        _run(wire, _task(wire, "HTTP", credential, direction="PULL", transfer_mode="COPY"))
        assert (photos / "two.jpg").read_bytes() == b"two"
        refused = _refused(wire, credential)
    assert refused == [["cloud_sync_create.direction", "This remote is read-only", 22]]


def _refused(wire: Wire, credential: int) -> Any:
    task = {"path": "/mnt/tank/photos", "transfer_mode": "COPY", "direction": "PUSH", "attributes": {"folder": "up"}}
    return wire.error("cloudsync.create", {**task, "credentials": credential})["data"]["extra"]


@pytest.mark.parametrize("kind", WRITABLE)
def test_a_wrong_password_is_no_valid_credential(wire: Wire, tmp_path: Path, kind: str) -> None:
    with served(kind, tmp_path) as provider:
        secret = "secret_access_key" if kind == "S3" else "pass"
        answer = wire.call("cloudsync.credentials.verify", {**provider, secret: "wrong"})
    assert not answer["valid"]
    assert answer["excerpt"] in answer["error"]


def test_buckets_and_their_region(wire: Wire, tmp_path: Path) -> None:
    (tmp_path / "bucket").mkdir()
    with served("S3", tmp_path) as provider:
        credential = wire.call("cloudsync.credentials.create", {"name": "s3", "provider": provider})["id"]
        assert [one["Name"] for one in wire.call("cloudsync.list_buckets", credential)] == ["bucket"]
        task = _task(wire, "S3", credential, direction="PUSH")
    # The NAS has asked the provider, and keeps what it heard.
    assert task["attributes"] == {
        "bucket": "bucket",
        "folder": "/up",
        "fast_list": False,
        "region": "us-east-1",
        "encryption": None,
        "storage_class": "",
    }


def test_a_folder_to_pull_from_must_be_there(wire: Wire, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with served("WEBDAV", tmp_path) as provider:
        credential = wire.call("cloudsync.credentials.create", {"name": "dav", "provider": provider})["id"]
        task = {"path": "/mnt/tank/photos", "credentials": credential, "direction": "PULL", "transfer_mode": "COPY"}
        for folder in ("/nowhere", "file"):
            rows = wire.error("cloudsync.create", {**task, "attributes": {"folder": folder}})["data"]["extra"]
            assert rows == [["cloud_sync_create.attributes.folder", "Directory does not exist", 22]]
        created = wire.call("cloudsync.create", {**task, "attributes": {"folder": "/folder/"}})
    # The provider is gone now, and so no field of the task can be changed.
    error = wire.error("cloudsync.update", created["id"], {"enabled": False})
    assert error["code"] == -32001
    assert "connection refused" in error["data"]["extra"]["excerpt"]


def test_encrypted_names_are_listed_with_what_they_mean(wire: Wire, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "up").mkdir()
    (tmp_path / "up" / "plain").mkdir()
    with served("WEBDAV", tmp_path) as provider:
        credential = wire.call("cloudsync.credentials.create", {"name": "dav", "provider": provider})["id"]
        _run(wire, _task(wire, "WEBDAV", credential, direction="PUSH", transfer_mode="COPY", **ENCRYPTION))
        asked = {"credentials": credential, "attributes": {"folder": "/up"}, **ENCRYPTION}
        listed = wire.call("cloudsync.list_directory", asked)
    assert sorted(one.get("Decrypted", one["Name"]) for one in listed) == ["Trip", "plain"]
