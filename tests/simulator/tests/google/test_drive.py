# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Google Drive, with the real rclone."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator.fixture import SimulatedGoogle
from simulator.google.state import SCOPE
from simulator.google.takeout import generate
from simulator.tests.google.harness import Rclone

FILES = "https://www.googleapis.com/drive/v3/files"
DRIVE = f"{SCOPE}drive"
SERVICE = "drive.googleapis.com"


@pytest.fixture
def drive(google: SimulatedGoogle, rclone: Rclone) -> Callable[..., Rclone]:
    """Rclone with a remote for Ada's Drive, as a NAS configures it."""
    google.door.post("/projects", services={SERVICE: "ENABLED"})

    def with_scopes(*scopes: str, **options: str) -> Rclone:
        token = google.door.post("/tokens", scopes=list(scopes) or [DRIVE])
        rclone.configure(token, **({"type": "drive", "root_folder_id": "root"} | options))
        return rclone

    return with_scopes


@pytest.fixture
def ada(google: SimulatedGoogle, session: requests.Session) -> requests.Session:
    google.door.post("/projects", services={SERVICE: "ENABLED"})
    token = google.door.post("/tokens", scopes=[DRIVE])
    session.headers["Authorization"] = f"Bearer {token['access_token']}"
    return session


def put(google: SimulatedGoogle, name: str, content: bytes = b"content", folder: str = "Takeout", **more: Any) -> None:
    google.door.post("/drive/files", folder=folder, name=name, content=base64.b64encode(content).decode(), **more)


def held(google: SimulatedGoogle) -> dict[str, Any]:
    """The files that are not in the trash, by path."""
    return {file["path"]: file for file in google.door.get("/drive") if not file["trashed"] and not file["folder"]}


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_export_is_listed_and_pulled(google: SimulatedGoogle, drive: Callable[..., Rclone], tmp_path: Path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    generate(export, 3)
    google.door.post("/drive/files", folder="Takeout", **{"from": str(export)})
    rclone = drive(f"{SCOPE}drive.readonly")

    listed = json.loads(rclone("lsjson", "--hash", "remote:Takeout").stdout)
    pulled = rclone("copy", "remote:Takeout", str(tmp_path / "inbox"))

    archives = files_below(export)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in archives.items()}
    assert {file["Name"]: file["Hashes"]["sha256"] for file in listed} == hashes
    assert {file["Name"]: file["Hashes"]["md5"] for file in listed} == {
        name: hashlib.md5(content, usedforsecurity=False).hexdigest() for name, content in archives.items()
    }
    assert pulled.returncode == 0, pulled.stderr
    assert files_below(tmp_path / "inbox") == archives
    assert "There was nothing to transfer" in rclone("copy", "remote:Takeout", str(tmp_path / "inbox")).stderr


def test_rclone_finds_the_root_without_being_told(google: SimulatedGoogle, drive: Callable[..., Rclone]) -> None:
    put(google, "a.zip")
    rclone = drive(root_folder_id="")

    assert rclone("lsf", "remote:Takeout").stdout == "a.zip\n"
    assert google.requests()[0]["path"] == "/drive/v3/files/root"


def test_a_folder_that_is_not_there(drive: Callable[..., Rclone]) -> None:
    result = drive()("lsjson", "remote:Takeout")

    assert result.returncode == 3
    assert "directory not found" in result.stderr


def test_move_puts_what_it_has_fetched_into_the_trash(
    google: SimulatedGoogle, drive: Callable[..., Rclone], tmp_path: Path
) -> None:
    put(google, "a.zip", b"a" * 1000)
    rclone = drive()

    assert rclone("move", "remote:Takeout", str(tmp_path / "inbox")).returncode == 0

    assert files_below(tmp_path / "inbox") == {"a.zip": b"a" * 1000}
    assert not held(google)
    about = json.loads(rclone("about", "--json", "remote:").stdout)
    assert about == {"total": 15 * 1024**3, "used": 1000, "trashed": 1000, "free": 15 * 1024**3 - 1000, "other": 0}
    assert rclone("cleanup", "remote:").returncode == 0
    assert json.loads(rclone("about", "--json", "remote:").stdout)["used"] == 0


def test_move_without_trash_deletes_at_once(
    google: SimulatedGoogle, drive: Callable[..., Rclone], tmp_path: Path
) -> None:
    put(google, "a.zip")

    assert drive()("move", "--drive-use-trash=false", "remote:Takeout", str(tmp_path / "inbox")).returncode == 0

    assert not [file for file in google.door.get("/drive") if not file["folder"]]


def test_with_read_access_a_move_copies_and_cannot_delete(
    google: SimulatedGoogle, drive: Callable[..., Rclone], tmp_path: Path
) -> None:
    put(google, "a.zip")

    result = drive(f"{SCOPE}drive.readonly")("move", "remote:Takeout", str(tmp_path / "inbox"))

    assert result.returncode == 1
    assert files_below(tmp_path / "inbox") == {"a.zip": b"content"}
    assert "Couldn't delete" in result.stderr
    assert "insufficientPermissions" in result.stderr
    assert set(held(google)) == {"Takeout/a.zip"}


def test_a_file_that_is_shared_to_read_cannot_be_deleted(
    google: SimulatedGoogle, drive: Callable[..., Rclone], tmp_path: Path
) -> None:
    put(google, "a.zip", folder="", account="ben@example.com", readers=["ada@example.com"])

    result = drive(shared_with_me="true")("move", "remote:", str(tmp_path / "inbox"))

    assert files_below(tmp_path / "inbox") == {"a.zip": b"content"}
    assert "insufficientFilePermissions" in result.stderr
    assert set(held(google)) == {"a.zip"}


def test_the_scope_of_own_files_does_not_see_an_export(google: SimulatedGoogle, drive: Callable[..., Rclone]) -> None:
    put(google, "a.zip")

    assert drive(f"{SCOPE}drive.file")("lsf", "remote:").stdout == ""
    assert drive(f"{SCOPE}drive.metadata.readonly")("lsf", "remote:").stdout == "Takeout/\n"
    assert "insufficientPermissions" in drive(f"{SCOPE}drive.metadata.readonly")("cat", "remote:Takeout/a.zip").stderr


def test_a_token_for_photos_is_refused(drive: Callable[..., Rclone]) -> None:
    result = drive(f"{SCOPE}photoslibrary.appendonly")("lsf", "remote:")

    assert result.returncode == 1
    assert "Request had insufficient authentication scopes." in result.stderr


def test_the_api_must_be_enabled(google: SimulatedGoogle, drive: Callable[..., Rclone]) -> None:
    rclone = drive()
    google.door.post("/projects", services={SERVICE: "DISABLED"})

    result = rclone("lsf", "remote:")

    assert result.returncode == 1
    assert "Google Drive API has not been used in project" in result.stderr
    assert "accessNotConfigured" in result.stderr


def test_files_are_pushed_small_and_large(
    google: SimulatedGoogle, drive: Callable[..., Rclone], tmp_path: Path
) -> None:
    source = tmp_path / "source"
    (source / "sub").mkdir(parents=True)
    (source / 'it\'s \\ "small".bin').write_bytes(os.urandom(1000))
    (source / "empty").touch()
    (source / "sub" / "large.bin").write_bytes(os.urandom(9 * 1024 * 1024 + 1))
    rclone = drive()

    first = rclone("sync", str(source), "remote:Up", "--drive-chunk-size", "256k")
    (source / "empty").write_bytes(b"no longer")
    second = rclone("sync", str(source), "remote:Up")

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert {path: file["sha256"] for path, file in held(google).items()} == {
        f"Up/{name}": hashlib.sha256(content).hexdigest() for name, content in files_below(source).items()
    }
    assert rclone("check", str(source), "remote:Up").returncode == 0
    assert "There was nothing to transfer" in rclone("sync", str(source), "remote:Up").stderr


def test_server_side_copies_and_moves(google: SimulatedGoogle, drive: Callable[..., Rclone]) -> None:
    put(google, "a.zip", folder="One")
    rclone = drive()

    assert rclone("copyto", "remote:One/a.zip", "remote:Two/b.zip").returncode == 0
    assert rclone("moveto", "remote:One/a.zip", "remote:Two/c.zip").returncode == 0

    assert set(held(google)) == {"Two/b.zip", "Two/c.zip"}


def test_two_files_may_have_one_name(google: SimulatedGoogle, drive: Callable[..., Rclone], tmp_path: Path) -> None:
    put(google, "a.zip", b"one")
    put(google, "a.zip", b"two")

    result = drive()("copy", "remote:Takeout", str(tmp_path / "inbox"))

    assert "Duplicate object found in source" in result.stderr
    assert len(held(google)) == 1, "by path"
    assert len([file for file in google.door.get("/drive") if file["path"] == "Takeout/a.zip"]) == 2


def test_more_files_than_a_page(google: SimulatedGoogle, drive: Callable[..., Rclone], tmp_path: Path) -> None:
    source = tmp_path / "many"
    source.mkdir()
    for number in range(1100):
        (source / f"{number:04d}.zip").write_bytes(b"same")
    google.door.post("/drive/files", folder="Takeout", **{"from": str(source)})

    listed = drive()("lsf", "remote:Takeout").stdout.splitlines()

    assert sorted(listed) == sorted(path.name for path in source.iterdir())


def test_a_large_file_comes_in_ranges(google: SimulatedGoogle, drive: Callable[..., Rclone], tmp_path: Path) -> None:
    content = os.urandom(3 * 1024 * 1024)
    (tmp_path / "large").write_bytes(content)
    google.door.post("/drive/files", folder="Takeout", **{"from": str(tmp_path / "large")})

    options = ("--multi-thread-cutoff", "1M", "--multi-thread-chunk-size", "1M", "--multi-thread-streams", "2")
    result = drive()("copy", *options, "remote:Takeout", str(tmp_path / "inbox"))

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "inbox" / "large").read_bytes() == content
    ranges = {request["headers"].get("Range") for request in google.requests() if "alt" in request["query"]}
    assert "bytes=1048576-2097151" in ranges


def test_storage_that_is_full(google: SimulatedGoogle, drive: Callable[..., Rclone], tmp_path: Path) -> None:
    google.door.post("/settings", storage_limit=1000)
    (tmp_path / "large.bin").write_bytes(bytes(1001))

    result = drive()("copyto", str(tmp_path / "large.bin"), "remote:large.bin", "--low-level-retries", "1")

    assert result.returncode == 1
    assert "The user's Drive storage quota has been exceeded., storageQuotaExceeded" in result.stderr
    assert not held(google)


def test_what_was_downloaded_today_is_counted(
    google: SimulatedGoogle, drive: Callable[..., Rclone], tmp_path: Path
) -> None:
    put(google, "a.zip", bytes(600))
    google.door.post("/settings", drive_download_bytes=1000)
    rclone = drive()
    once = ("--low-level-retries", "1", "--retries", "1")

    assert rclone("copy", *once, "remote:Takeout", str(tmp_path / "one")).returncode == 0
    second = rclone("copy", *once, "remote:Takeout", str(tmp_path / "two"))
    google.door.post("/clock", seconds=86400)
    drive()  # the access token has expired
    third = rclone("copy", *once, "remote:Takeout", str(tmp_path / "three"))

    assert second.returncode == 1
    assert "downloadQuotaExceeded" in second.stderr
    assert third.returncode == 0, third.stderr


def test_a_file_taken_for_malware(google: SimulatedGoogle, drive: Callable[..., Rclone], tmp_path: Path) -> None:
    put(google, "a.zip", abusive=True)
    rclone = drive()

    refused = rclone("copy", "--retries", "1", "remote:Takeout", str(tmp_path / "one"))
    taken = rclone("copy", "--drive-acknowledge-abuse", "remote:Takeout", str(tmp_path / "two"))

    assert refused.returncode == 1
    assert "drive-acknowledge-abuse" in refused.stderr
    assert taken.returncode == 0, taken.stderr


@pytest.mark.parametrize("reason", ["userRateLimitExceeded", "rateLimitExceeded", "backendError"])
def test_rclone_tries_again_when_there_is_too_much(
    google: SimulatedGoogle, drive: Callable[..., Rclone], reason: str
) -> None:
    put(google, "a.zip")
    google.faults(host="www.googleapis.com", reason=reason)

    assert drive()("lsf", "remote:Takeout").stdout == "a.zip\n"


def test_shared_drives(google: SimulatedGoogle, drive: Callable[..., Rclone], tmp_path: Path) -> None:
    shared = google.door.post("/drive/drives", name="Family", members=["ada@example.com"])
    other = google.door.post("/drive/drives", name="Others", members=["ben@example.com"])
    google.door.post("/drive/files", drive_id=shared["id"], name="a.zip", content="eA==")
    rclone = drive()

    assert [entry["name"] for entry in json.loads(rclone("backend", "drives", "remote:").stdout)] == ["Family"]
    assert rclone("lsf", "remote:").stdout == ""
    rclone = drive(team_drive=shared["id"], root_folder_id="")
    assert rclone("lsf", "remote:").stdout == "a.zip\n"
    (tmp_path / "b.zip").write_bytes(b"b")
    assert rclone("copy", str(tmp_path / "b.zip"), "remote:sub").returncode == 0
    assert set(held(google)) == {"a.zip", "sub/b.zip"}
    assert drive(team_drive=other["id"], root_folder_id="")("lsf", "remote:").returncode == 1


def test_without_fields_little_is_shown(google: SimulatedGoogle, ada: requests.Session) -> None:
    put(google, "a.zip")

    answer = ada.get(FILES, params={"q": "name contains 'a.'"}).json()

    assert [set(file) for file in answer["files"]] == [{"kind", "id", "name", "mimeType"}]
    picked = ada.get(FILES, params={"fields": "files(name,capabilities/canEdit)", "q": "name = 'a.zip'"}).json()
    assert picked == {"files": [{"name": "a.zip", "capabilities": {"canEdit": True}}]}


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("name = 'it\\'s \\\\ here'", {"it's \\ here"}),
        ("name != 'b.zip' and not mimeType = 'application/vnd.google-apps.folder'", {"a.zip", "it's \\ here"}),
        ("(name = 'a.zip' or name='b.zip') and trashed=false", {"a.zip", "b.zip"}),
        ("'root' in parents", {"Takeout"}),
        ("trashed = true", set()),
        ("sharedWithMe", set()),
    ],
)
def test_queries(google: SimulatedGoogle, ada: requests.Session, q: str, names: set[str]) -> None:
    for name in ("a.zip", "b.zip", "it's \\ here"):
        put(google, name)

    assert {file["name"] for file in ada.get(FILES, params={"q": q}).json()["files"]} == names


def test_what_the_api_refuses(google: SimulatedGoogle, ada: requests.Session) -> None:
    put(google, "a.zip")
    ben = google.door.post("/tokens", account="ben@example.com", scopes=[DRIVE])
    file_id = ada.get(FILES, params={"q": "name='a.zip'"}).json()["files"][0]["id"]
    asked = {
        "invalid": ada.get(FILES, params={"q": "name like 'x'"}),
        "notFound": ada.get(f"{FILES}/{file_id}", headers={"Authorization": f"Bearer {ben['access_token']}"}),
        "authError": ada.get(FILES, headers={"Authorization": "Bearer nonsense"}),
        "badRequest": ada.post(FILES, data=b"no JSON"),
        "required": ada.get("https://www.googleapis.com/drive/v3/about"),
        "cannotAddParent": ada.patch(f"{FILES}/{file_id}", params={"addParents": "root"}, json={}),
    }

    assert {reason: answer.json()["error"]["errors"][0]["reason"] for reason, answer in asked.items()} == {
        reason: reason for reason in asked
    }


def test_a_session_goes_on_where_it_was(google: SimulatedGoogle, ada: requests.Session) -> None:
    content = os.urandom(300 * 1024)
    uploads = "https://www.googleapis.com/upload/drive/v3/files"
    begun = ada.post(uploads, params={"uploadType": "resumable"}, json={"name": "slow.bin"})
    place, total = begun.headers["Location"], len(content)

    first = ada.put(place, data=content[:262144], headers={"Content-Range": f"bytes 0-262143/{total}"})
    state = ada.put(place, headers={"Content-Range": f"bytes */{total}"})
    last = ada.put(place, data=content[262144:], headers={"Content-Range": f"bytes 262144-{total - 1}/{total}"})

    assert (first.status_code, state.status_code, last.status_code) == (308, 308, 200)
    assert state.headers["Range"] == "bytes=0-262143"
    assert held(google)["slow.bin"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_photos_and_drive_share_their_storage(google: SimulatedGoogle, ada: requests.Session) -> None:
    put(google, "a.zip", bytes(100))
    token = google.door.post("/tokens")["access_token"]
    photos = "https://photoslibrary.googleapis.com/v1"
    headers = {"Authorization": f"Bearer {token}"}
    upload = ada.post(f"{photos}/uploads", data=b"\xff\xd8\xff" + bytes(97), headers=headers).text
    item = {"simpleMediaItem": {"uploadToken": upload, "fileName": "a.jpg"}}
    ada.post(f"{photos}/mediaItems:batchCreate", json={"newMediaItems": [item]}, headers=headers)

    about = ada.get("https://www.googleapis.com/drive/v3/about", params={"fields": "storageQuota"}).json()

    assert about["storageQuota"]["usage"] == "200"
    assert about["storageQuota"]["usageInDrive"] == "100"
