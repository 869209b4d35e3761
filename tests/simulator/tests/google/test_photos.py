# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real rclone pushes to and pulls from the simulated Photos Library API."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.fixture import SimulatedGoogle
from simulator.google.state import RCLONE_SCOPES
from simulator.tests.google.harness import MP4, Rclone, albums, endpoints, fill, png

READS = {"POST /token", "GET /v1/albums", "POST /v1/mediaItems:search"}


def test_push_makes_albums_named_in_any_script(google: SimulatedGoogle, rclone: Rclone, tmp_path: Path) -> None:
    source = fill(
        tmp_path / "photos",
        "Trip/IMG_0001.png",
        "Trip/IMG_0002.png",
        "Trip/Day 2/beach é.png",
        "Åland 日本/写真 1.png",
        "Åland 日本/Größe & Co.png",
        "Отпуск/עומר.mp4",
        'Solo/a\'b "q".png',
    )

    first = rclone("sync", str(source), "remote:/album")

    assert first.returncode == 0, first.stderr
    assert albums(google) == {
        "Trip": {"IMG_0001.png", "IMG_0002.png"},
        "Trip/Day 2": {"beach é.png"},
        "Åland 日本": {"写真 1.png", "Größe & Co.png"},
        "Отпуск": {"עומר.mp4"},
        "Solo": {'a\'b "q".png'},
    }
    assert {item["filename"]: item["mimeType"] for item in google.library()["items"]}["עומר.mp4"] == "video/mp4"
    assert rclone.stored_token()["refresh_token"] == json.loads(Path(google.token_file).read_text())["refresh_token"]

    before = len(google.requests())
    second = rclone("sync", str(source), "remote:/album")

    assert "There was nothing to transfer" in second.stderr
    assert endpoints(google)[before:] == ["GET /v1/albums"] + ["POST /v1/mediaItems:search"] * 5


def test_deleting_locally_takes_out_of_the_album_only(google: SimulatedGoogle, rclone: Rclone, tmp_path: Path) -> None:
    source = fill(tmp_path / "photos", "Trip/one.png", "Trip/two.png")
    rclone("sync", str(source), "remote:/album")
    (source / "Trip/two.png").unlink()

    result = rclone("sync", str(source), "remote:/album")

    assert "Trip/two.png: Deleted" in result.stderr
    assert albums(google) == {"Trip": {"one.png"}}
    assert {item["filename"] for item in google.library()["items"]} == {"one.png", "two.png"}
    assert endpoints(google).count("POST /v1/albums/ID:batchRemoveMediaItems") == 1


def test_what_is_no_media_is_refused_and_the_rest_created(
    google: SimulatedGoogle, rclone: Rclone, tmp_path: Path
) -> None:
    source = fill(tmp_path / "photos", "Trip/good.png", "Trip/notes.txt")
    (source / "Trip/fake.jpg").write_text("no picture at all")

    result = rclone("sync", "--retries", "1", str(source), "remote:/album")

    assert result.returncode == 1
    for name in ("notes.txt", "fake.jpg"):
        assert (
            f"Trip/{name}: Failed to copy: failed to commit batch: batch upload failed: upload failed: "
            "Failed: There was an error while trying to create this media item. (3)"
        ) in result.stderr
    assert albums(google) == {"Trip": {"good.png"}}
    created = [r["status"] for r in google.requests() if r["path"] == "/v1/mediaItems:batchCreate"]
    assert created == [207]


def test_a_file_without_bytes_is_refused_at_once(rclone: Rclone, tmp_path: Path) -> None:
    source = fill(tmp_path / "photos", "Trip/empty.png")
    (source / "Trip/empty.png").write_bytes(b"")

    result = rclone("sync", "--retries", "1", str(source), "remote:/album")

    assert result.returncode == 1
    assert "(400 INVALID_ARGUMENT)" in result.stderr


def test_a_file_at_the_root_cannot_be_uploaded(google: SimulatedGoogle, rclone: Rclone, tmp_path: Path) -> None:
    source = fill(tmp_path / "photos", "loose.png", "Trip/one.png")

    refused = rclone("sync", str(source), "remote:/album")

    assert refused.returncode == 1
    assert "loose.png: Failed to copy: can't upload files here" in refused.stderr
    assert albums(google) == {"Trip": {"one.png"}}
    assert rclone("sync", "--filter", "- /*", str(source), "remote:/album").returncode == 0


def test_long_lists_come_in_pages(google: SimulatedGoogle, rclone: Rclone, tmp_path: Path) -> None:
    source = fill(
        tmp_path / "photos", *(f"Many/{n:03}.png" for n in range(210)), *(f"A{n:02}/a.png" for n in range(51))
    )
    pushed = rclone("sync", "--transfers", "50", str(source), "remote:/album")
    assert pushed.returncode == 0, pushed.stderr
    before = len(google.requests())

    again = rclone("sync", str(source), "remote:/album")

    assert "There was nothing to transfer" in again.stderr
    requests = google.requests()[before:]
    lists = [request["query"] for request in requests if request["path"] == "/v1/albums"]
    assert [query.keys() for query in lists] == [{"pageSize"}, {"pageSize", "pageToken"}]
    assert sum(request["path"] == "/v1/mediaItems:search" for request in requests) == 51 + 3


def test_the_same_content_is_kept_once_under_its_first_name(
    google: SimulatedGoogle, rclone: Rclone, tmp_path: Path
) -> None:
    for name in ("A/first.png", "B/second.png"):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(png("same"))
        rclone("sync", str(tmp_path / "photos"), "remote:/album")

    assert albums(google) == {"A": {"first.png"}, "B": {"first.png"}}
    assert len(google.library()["items"]) == 1


def test_pull_brings_the_bytes_back(google: SimulatedGoogle, rclone: Rclone, tmp_path: Path) -> None:
    source = fill(tmp_path / "photos", "Trip/one.png", "Filme/äh.mp4")
    rclone("sync", str(source), "remote:/album")

    pulled = rclone("sync", "remote:/album", str(tmp_path / "back"))

    assert pulled.returncode == 0, pulled.stderr
    assert (tmp_path / "back/Trip/one.png").read_bytes() == png("Trip/one.png")
    assert (tmp_path / "back/Filme/äh.mp4").read_bytes() == MP4
    by_month = rclone("lsf", "--gphotos-start-year", "2020", "-R", "remote:media/by-month")
    assert "one.png" in by_month.stdout


def test_an_app_sees_only_what_it_made(google: SimulatedGoogle, rclone: Rclone, tmp_path: Path) -> None:
    rclone("sync", str(fill(tmp_path / "photos", "Trip/one.png")), "remote:/album")
    google.door.post("/projects", project_id="another-project", services={"photoslibrary.googleapis.com": "ENABLED"})
    other = google.door.post("/clients", project_id="another-project", seed="other")["installed"]
    token = google.door.post("/tokens", client_id=other["client_id"])

    rclone.configure(token, client_id=other["client_id"], client_secret=other["client_secret"])

    assert json.loads(rclone("lsjson", "remote:album").stdout) == []


def test_a_dry_run_only_reads(google: SimulatedGoogle, rclone: Rclone, tmp_path: Path) -> None:
    result = rclone("sync", "--dry-run", str(fill(tmp_path / "photos", "Trip/one.png")), "remote:/album")

    assert result.returncode == 0
    assert set(endpoints(google)) <= READS


def test_shared_albums_are_gone(rclone: Rclone) -> None:
    result = rclone("lsjson", "remote:shared-album")
    assert result.returncode == 1
    assert "403 PERMISSION_DENIED" in result.stderr


@pytest.mark.parametrize(
    ("scope", "arguments", "message"),
    [
        ("readonly.appcreateddata", ["mkdir", "remote:album/New"], "couldn't create album"),
        ("appendonly", ["lsjson", "remote:album"], "couldn't list albums"),
    ],
)
def test_each_method_wants_its_scope(
    google: SimulatedGoogle, rclone: Rclone, scope: str, arguments: list[str], message: str
) -> None:
    scopes = [name for name in RCLONE_SCOPES if name.endswith(scope)]
    rclone.configure(google.door.post("/tokens", scopes=scopes))

    result = rclone(*arguments)

    assert result.returncode == 1
    assert f"{message}: Request had insufficient authentication scopes. (403 PERMISSION_DENIED)" in result.stderr


def test_a_disabled_api_is_named(google: SimulatedGoogle, rclone: Rclone) -> None:
    google.door.post("/projects", services={"photoslibrary.googleapis.com": "DISABLED"})

    result = rclone("lsjson", "remote:album")

    assert result.returncode == 1
    assert "it is disabled" in result.stderr
    assert "(403 PERMISSION_DENIED)" in result.stderr


def test_a_revoked_token(google: SimulatedGoogle, rclone: Rclone) -> None:
    assert google.door.post("/revoke") == {"revoked": 1}

    result = rclone("lsjson", "remote:album")

    assert result.returncode == 1
    assert "couldn't fetch token: invalid_grant: maybe token expired?" in result.stderr
    assert [request["basic"] for request in google.requests()] == [True, False], "Go tries both ways to log in"


def test_a_wrong_client_secret(google: SimulatedGoogle, rclone: Rclone) -> None:
    rclone.configure(client_secret="wrong")

    result = rclone("lsjson", "remote:album")

    assert result.returncode == 1
    assert "couldn't fetch token: invalid_client" in result.stderr
    assert [request["status"] for request in google.requests()] == [401, 401]


def test_a_refresh_token_belongs_to_its_client(google: SimulatedGoogle, rclone: Rclone) -> None:
    other = google.door.post("/clients", seed="other")["installed"]
    rclone.configure(client_id=other["client_id"], client_secret=other["client_secret"])

    assert "unauthorized_client" in rclone("lsjson", "remote:album").stderr


def test_an_expired_access_token_is_refreshed_and_kept(google: SimulatedGoogle, rclone: Rclone) -> None:
    before = rclone.stored_token()

    assert rclone("lsjson", "remote:album").returncode == 0
    assert rclone("lsjson", "remote:album").returncode == 0

    after = rclone.stored_token()
    assert after["refresh_token"] == before["refresh_token"]
    assert after["access_token"] != before["access_token"]
    assert endpoints(google) == ["POST /token", "GET /v1/albums", "GET /v1/albums"]


def test_a_dead_access_token_that_looks_alive(google: SimulatedGoogle, rclone: Rclone) -> None:
    rclone.configure(google.door.post("/tokens"))
    google.door.post("/clock", seconds=4000)

    result = rclone("lsjson", "remote:album")

    assert "(401 UNAUTHENTICATED)" in result.stderr
    assert endpoints(google) == ["GET /v1/albums"]


def test_user_info_and_disconnect(google: SimulatedGoogle, rclone: Rclone) -> None:
    assert "Ada Example" in rclone("config", "userinfo", "remote:").stdout
    assert rclone("config", "disconnect", "remote:").returncode == 0

    google.door.post("/clock", seconds=4000)
    assert google.door.post("/revoke") == {"revoked": 0}
