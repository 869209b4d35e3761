# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quotas of Google Photos, each in the words that users saw."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from simulator.fixture import SimulatedGoogle
from simulator.tests.google.harness import Rclone, albums, fill, png

API = "https://photoslibrary.googleapis.com/v1"
CONSUMER = "of service 'photoslibrary.googleapis.com' for consumer 'project_number:"
ONCE = ("--low-level-retries", "1", "--retries", "1")


@pytest.fixture
def caller(google: SimulatedGoogle, session: requests.Session) -> requests.Session:
    session.headers["Authorization"] = f"Bearer {google.door.post('/tokens')['access_token']}"
    return session


def renew(google: SimulatedGoogle, caller: requests.Session) -> None:
    """Another access token, after the clock was put forward."""
    caller.headers["Authorization"] = f"Bearer {google.door.post('/tokens')['access_token']}"


def make_album(caller: requests.Session, title: str = "Trip") -> requests.Response:
    return caller.post(f"{API}/albums", json={"album": {"title": title}})


def make_item(caller: requests.Session, content: bytes, album: str | None = None) -> requests.Response:
    token = caller.post(f"{API}/uploads", data=content).text
    item = {"simpleMediaItem": {"uploadToken": token, "fileName": "a.png"}}
    return caller.post(f"{API}/mediaItems:batchCreate", json={"newMediaItems": [item], "albumId": album})


def message(answer: requests.Response) -> str:
    error = answer.json()["error"]
    assert error["code"] == answer.status_code
    return error["message"]


def test_the_defaults_are_googles(google: SimulatedGoogle) -> None:
    settings = google.door.get("/settings")

    assert settings["requests_per_day"] == 10_000
    assert settings["media_reads_per_day"] == 75_000
    assert settings["album_items"] == 20_000
    assert settings["storage_limit"] == 15 * 1024**3
    assert settings["writes_per_minute"] is settings["concurrent_writes"] is None


def test_requests_of_a_day_and_project(google: SimulatedGoogle, caller: requests.Session) -> None:
    google.door.post("/settings", requests_per_day=3)
    caller.get(f"{API}/albums", headers={"Authorization": "Bearer nonsense"})

    answers = [caller.get(f"{API}/albums"), caller.post(f"{API}/uploads", data=b"x"), make_album(caller)]
    beyond = caller.get(f"{API}/albums")

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert beyond.json()["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert message(beyond).startswith(
        f"Quota exceeded for quota metric 'All requests' and limit 'All requests per day' {CONSUMER}"
    )
    assert [entry["count"] for entry in google.door.get("/quotas")] == [3], "what is refused does not count"


def test_each_project_has_its_own_day(google: SimulatedGoogle, caller: requests.Session) -> None:
    google.door.post("/settings", requests_per_day=1)
    google.door.post("/projects", project_id="another", services={"photoslibrary.googleapis.com": "ENABLED"})
    other = google.door.post("/clients", seed="another", project_id="another")["installed"]
    token = google.door.post("/tokens", client_id=other["client_id"])

    assert [caller.get(f"{API}/albums").status_code for dummy in range(2)] == [200, 429]
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert caller.get(f"{API}/albums", headers=headers).status_code == 200
    google.door.post("/clock", seconds=86400)
    renew(google, caller)
    assert caller.get(f"{API}/albums").status_code == 200


def test_rclone_tells_of_a_day_that_is_used_up(google: SimulatedGoogle, rclone: Rclone, tmp_path: Path) -> None:
    google.door.post("/settings", requests_per_day=4)

    result = rclone("copy", *ONCE, str(fill(tmp_path / "photos", "One/1.png", "Two/2.png")), "remote:album")

    assert result.returncode == 1
    assert "limit 'All requests per day'" in result.stderr
    assert "(429 RESOURCE_EXHAUSTED)" in result.stderr


def test_downloads_of_a_day_and_project(google: SimulatedGoogle, rclone: Rclone, tmp_path: Path) -> None:
    rclone("copy", str(fill(tmp_path / "photos", "One/1.png", "One/2.png")), "remote:album")
    google.door.post("/settings", media_reads_per_day=1)

    result = rclone("copy", *ONCE, "--transfers", "1", "remote:album/One", str(tmp_path / "back"))

    assert len(list((tmp_path / "back").iterdir())) == 1
    assert "Error 429 (Too Many Requests)" in result.stderr
    assert {entry["kind"]: entry["count"] for entry in google.door.get("/quotas")}["media"] == 1


def test_writes_of_a_minute_and_account(google: SimulatedGoogle, caller: requests.Session) -> None:
    google.door.post("/settings", writes_per_minute=2)

    assert [make_album(caller).status_code for dummy in range(2)] == [200, 200]
    beyond = make_album(caller)

    assert message(beyond).startswith(
        "Quota exceeded for quota metric 'photoslibrary.googleapis.com/write_requests' "
        f"and limit 'WritesPerMinutePerUser' {CONSUMER}"
    )
    assert caller.get(f"{API}/albums").status_code == 200
    assert caller.post(f"{API}/uploads", data=b"x").status_code == 200
    google.door.post("/clock", seconds=61)
    assert make_album(caller).status_code == 200


def test_writes_at_the_same_time(google: SimulatedGoogle, caller: requests.Session) -> None:
    google.door.post("/settings", concurrent_writes=1)
    google.faults(method="POST", path="/v1/albums", delay_ms=500, times=None)

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda number: make_album(caller, str(number)), range(3)))

    assert sorted(answer.status_code for answer in answers) == [200, 429, 429]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert message(refused) == (
        "Quota exceeded for quota 'concurrent write request' of service 'photoslibrary.googleapis.com'."
    )
    assert make_album(caller).status_code == 200, "the others are done"


def test_the_accounts_storage(google: SimulatedGoogle, caller: requests.Session) -> None:
    google.door.post("/settings", storage_limit=len(png("one")) + 10)

    assert make_item(caller, png("one")).status_code == 200
    assert make_item(caller, png("one")).status_code == 200, "it is there already"
    full = make_item(caller, png("two"))

    assert message(full) == "The remaining storage in the user's account is not enough to perform this operation."
    assert full.json()["error"]["status"] == "INVALID_ARGUMENT"
    assert len(google.library()["items"]) == 1


def test_rclone_tells_of_storage_that_is_full(google: SimulatedGoogle, rclone: Rclone, tmp_path: Path) -> None:
    google.door.post("/settings", storage_limit=10)

    result = rclone("copy", *ONCE, str(fill(tmp_path / "photos", "One/1.png")), "remote:album")

    assert result.returncode == 1
    assert "The remaining storage in the user's account is not enough" in result.stderr
    assert albums(google) == {"One": set()}


def test_an_album_that_is_full(google: SimulatedGoogle, caller: requests.Session) -> None:
    google.door.post("/settings", album_items=1)
    album = make_album(caller).json()["id"]
    make_item(caller, png("one"), album)
    other = make_item(caller, png("two")).json()["newMediaItemResults"][0]["mediaItem"]["id"]

    refused = [
        make_item(caller, png("three"), album),
        caller.post(f"{API}/albums/{album}:batchAddMediaItems", json={"mediaItemIds": [other]}),
    ]

    assert [answer.status_code for answer in refused] == [400, 400]
    assert [len(album["items"]) for album in google.library()["albums"]] == [1]


def test_a_large_upload_hears_its_refusal(google: SimulatedGoogle, caller: requests.Session) -> None:
    google.faults(path="/v1/uploads", status=429)
    refused_by_fault = caller.post(f"{API}/uploads", data=bytes(3 * 1024 * 1024))
    google.door.post("/settings", requests_per_day=0)
    refused_by_quota = caller.post(f"{API}/uploads", data=bytes(3 * 1024 * 1024))

    assert (refused_by_fault.status_code, refused_by_quota.status_code) == (429, 429)
