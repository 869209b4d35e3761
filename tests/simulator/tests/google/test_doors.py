# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxy, faults and admin door."""

from __future__ import annotations

import json
import socket
import stat
import time
import urllib.error
from pathlib import Path

import pytest
import requests

from simulator.fixture import SimulatedGoogle
from simulator.tests.google.harness import Rclone, albums, client_of, endpoints, fill

ALBUMS = "https://photoslibrary.googleapis.com/v1/albums"


@pytest.fixture
def caller(google: SimulatedGoogle, session: requests.Session) -> requests.Session:
    """HTTP with the token of a person who gave all scopes of Photos."""
    session.headers["Authorization"] = f"Bearer {google.door.post('/tokens')['access_token']}"
    return session


@pytest.mark.parametrize(
    "url", ["https://example.com/", "https://gmail.googleapis.com/", "https://accounts.google.com:8443/"]
)
def test_other_hosts_are_refused(google: SimulatedGoogle, session: requests.Session, url: str) -> None:
    with pytest.raises(requests.exceptions.ProxyError, match="403 Forbidden"):
        session.get(url)

    assert [(request["method"], request["status"]) for request in google.requests()] == [("CONNECT", 403)]


def test_requests_without_encryption_are_refused(google: SimulatedGoogle, session: requests.Session) -> None:
    response = session.get("http://photoslibrary.googleapis.com/v1/albums", proxies={"http": google.proxy})

    assert response.status_code == 403


def test_its_authority_is_not_trusted_by_default(session: requests.Session) -> None:
    session.verify = True
    with pytest.raises(requests.exceptions.SSLError):
        session.get(ALBUMS)


def test_a_client_that_sends_rubbish_is_let_go(google: SimulatedGoogle) -> None:
    port = int(google.proxy.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(b"CONNECT oauth2.googleapis.com:443 HTTP/1.1\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 200")
        client.sendall(b"this is no TLS handshake")
        while client.recv(100):
            pass


def test_files_are_private(google: SimulatedGoogle) -> None:
    folder = Path(google.token_file).parent
    for path in (google.client_secret_file, google.token_file, google.service_account_file):
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
    for place in (folder, Path(google.ca_path).parent, folder / "content"):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert client_of(google)["auth_uri"] == "https://accounts.google.com/o/oauth2/auth"
    assert client_of(google)["token_uri"] == "https://oauth2.googleapis.com/token"


def test_the_record_holds_no_secret(google: SimulatedGoogle, rclone: Rclone) -> None:
    rclone("lsjson", "remote:album")

    record = json.dumps(google.requests())
    secrets = rclone.stored_token() | {"secret": client_of(google)["client_secret"]}
    assert not [name for name in ("access_token", "refresh_token", "secret") if secrets[name] in record]


def test_reset_keeps_the_files_good(google: SimulatedGoogle, rclone: Rclone, tmp_path: Path) -> None:
    rclone("sync", str(fill(tmp_path / "photos", "Trip/one.png")), "remote:/album")
    google.reset()
    assert rclone("lsjson", "remote:album").returncode == 0, "the refreshed access token still holds"
    google.door.post("/revoke")
    google.reset()

    rclone.configure()
    assert rclone("lsjson", "remote:album").returncode == 0
    assert google.library() == {"albums": [], "items": []}
    assert endpoints(google) == ["POST /token", "GET /v1/albums"]


def test_a_fault_answers_as_often_as_it_is_told(google: SimulatedGoogle, caller: requests.Session) -> None:
    google.faults(host="photoslibrary.googleapis.com", method="GET", path="/v1/albums", status=429, times=2)
    google.faults(path="/v1/albums", status=503, body="<html>busy</html>")

    answers = [caller.get(ALBUMS) for dummy in range(4)]

    assert [answer.status_code for answer in answers] == [429, 429, 503, 200]
    assert answers[0].json()["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert answers[2].text == "<html>busy</html>"


def test_a_fault_with_a_rate_hits_what_goes_beyond_it(google: SimulatedGoogle, caller: requests.Session) -> None:
    google.faults(method="POST", path="/v1/a*", status=429, times=None, per={"requests": 2, "seconds": 60})

    def statuses() -> list[int]:
        return [caller.post(ALBUMS, json={"album": {"title": "Trip"}}).status_code for dummy in range(4)]

    assert statuses() == [200, 200, 429, 429]
    assert caller.get(ALBUMS).status_code == 200, "it does not match"
    refused = caller.post(ALBUMS, json={"album": {"title": "Trip"}}).json()["error"]
    assert refused["status"] == "RESOURCE_EXHAUSTED"
    assert "limit 'Write requests per minute per user'" in refused["message"]
    assert refused["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert refused["details"][0]["metadata"]["quota_limit_value"] == "2"
    google.door.post("/clock", seconds=60)
    assert statuses() == [200, 200, 429, 429], "another minute"
    assert len(google.library()["albums"]) == 4


def test_a_delay_holds_until_it_is_taken_away(google: SimulatedGoogle, caller: requests.Session) -> None:
    google.faults(path="/v1/albums", delay_ms=150, times=None)
    start = time.monotonic()
    assert caller.get(ALBUMS).json() == caller.get(ALBUMS).json() == {}
    assert time.monotonic() - start >= 0.3


def test_rclone_gets_over_broken_connections(google: SimulatedGoogle, rclone: Rclone, tmp_path: Path) -> None:
    google.faults(path="/v1/uploads", drop="before")
    google.faults(path="/v1/mediaItems:batchCreate", drop="after")

    result = rclone("sync", str(fill(tmp_path / "photos", "Trip/one.png")), "remote:/album")

    assert result.returncode == 0, result.stderr
    assert albums(google) == {"Trip": {"one.png"}}
    assert len(google.library()["items"]) == 1


def test_an_answer_lost_after_making_an_album_leaves_two(google: SimulatedGoogle, rclone: Rclone) -> None:
    google.faults(method="POST", path="/v1/albums", drop="after")

    rclone("mkdir", "remote:album/Trip")

    assert [album["title"] for album in google.library()["albums"]] == ["Trip", "Trip"]


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/settings", {"nonsense": 1}, "no such setting: nonsense"),
        ("/settings", {"testing": "yes"}, "wrong type for testing: 'yes'"),
        ("/settings", {"token_error": "nonsense"}, "token_error is one of: "),
        ("/faults", {"nonsense": 1}, "nonsense"),
        ("/faults", {"per": {"requests": 1}}, "seconds"),
        ("/faults", {"drop": "now"}, "drop is `before` or `after`"),
        ("/clock", {}, "missing or unknown: seconds"),
        ("/clients", {"seed": "a", "project_id": "none"}, "missing or unknown: none"),
    ],
)
def test_the_door_explains_mistakes(google: SimulatedGoogle, path: str, body: dict[str, object], message: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        google.door.post(path, **body)

    with caught.value as answer:
        assert answer.code == 400
        assert message in json.load(answer)["error"]


def test_what_the_api_refuses(caller: requests.Session) -> None:
    """Limits and forms that rclone keeps to, but others may not."""
    items = "https://photoslibrary.googleapis.com/v1/mediaItems"
    asked = [
        caller.get(ALBUMS, params={"pageToken": "???"}),
        caller.get(ALBUMS, params={"pageSize": "many"}),
        caller.post(ALBUMS, json={"album": {"title": "x" * 501}}),
        caller.post(ALBUMS, data=b"no JSON"),
        caller.post(f"{items}:search", json={"albumId": "a", "filters": {"includeArchivedMedia": False}}),
        caller.post(f"{items}:batchCreate", json={"newMediaItems": [{}] * 51}),
    ]
    assert [answer.json()["error"]["status"] for answer in asked] == ["INVALID_ARGUMENT"] * len(asked)
    missing = [caller.get(f"{items}/none"), caller.get(f"{ALBUMS}/none"), caller.get(f"{ALBUMS}/a/b")]
    assert [answer.json()["error"]["status"] for answer in missing] == ["NOT_FOUND"] * len(missing)
    unknown = caller.post(f"{items}:batchCreate", json={"newMediaItems": [{"simpleMediaItem": {"uploadToken": "x"}}]})
    assert (unknown.status_code, unknown.json()["newMediaItemResults"][0]["status"]["code"]) == (207, 3)
