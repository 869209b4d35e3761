# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""REST, where there is such."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator.fixture import SimulatedNas, Simulator, running
from simulator.tests import recordings

TOKEN = '{"access_token": "a", "refresh_token": "r", "expiry": "2026-01-02T03:04:05Z"}'


class Client:
    """REST to one NAS with its administrator's key."""

    def __init__(self, nas: SimulatedNas) -> None:
        self._nas = nas
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = nas.ca_path

    def send(self, verb: str, path: str, authorization: str | None = None, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._nas.api_key}" if authorization is None else authorization}
        return self._session.request(verb, f"{self._nas.api_url}/api/v2.0{path}", headers=headers, timeout=30, **more)

    def close(self) -> None:
        self._session.close()


@pytest.fixture(scope="module")
def simulators() -> Iterator[Callable[[str], Simulator]]:
    """Simulators by release, one of each that is asked for."""

    with contextlib.ExitStack() as stack:
        yield cache(lambda release: stack.enter_context(running("--release", release)))


@pytest.fixture(params=["24.10", "25.04", "25.10"])
def nas(request: pytest.FixtureRequest, simulators: Callable[[str], Simulator]) -> SimulatedNas:
    one = simulators(request.param).nas[0]
    one.reset()
    one.faults(failed_login_delay=[0, 0])
    return one


@pytest.fixture
def client(nas: SimulatedNas) -> Iterator[Client]:
    one = Client(nas)
    yield one
    one.close()


def _credential(nas: SimulatedNas, name: str = "gp", **fields: str) -> dict[str, Any]:
    fields = fields or {"token": TOKEN}
    if nas.release == "24.10":
        return {"name": name, "provider": "GOOGLE_PHOTOS", "attributes": fields}
    return {"name": name, "provider": {"type": "GOOGLE_PHOTOS", **fields}}


TASK = {
    "path": "/mnt/tank/photos",
    "credentials": 1,
    "attributes": {"folder": "album"},
    "direction": "PUSH",
    "transfer_mode": "COPY",
}


def test_credentials_from_creation_to_deletion(nas: SimulatedNas, client: Client) -> None:
    created = client.send("POST", "/cloudsync/credentials", json=_credential(nas)).json()
    assert client.send("GET", "/cloudsync/credentials").json() == [created]
    assert client.send("GET", "/cloudsync/credentials/id/1").json() == created
    renamed = client.send("PUT", "/cloudsync/credentials/id/1", json={"name": "other"}).json()
    assert renamed == ({"id": 1, "name": "other"} if nas.release == "24.10" else {**created, "name": "other"})
    assert client.send("GET", "/cloudsync/credentials", params={"name__neq": "other"}).json() == []
    assert client.send("DELETE", "/cloudsync/credentials/id/1").json() is True
    assert client.send("DELETE", "/cloudsync/credentials/id/1").json() is True  # as if it had been there
    missing = client.send("GET", "/cloudsync/credentials/id/1")
    assert (missing.status_code, missing.json()) == (404, {"message": ""})


def test_a_task_and_its_run(nas: SimulatedNas, client: Client, simulators: Callable[[str], Simulator]) -> None:
    client.send("POST", "/cloudsync/credentials", json=_credential(nas))
    created = client.send("POST", "/cloudsync", json=TASK)
    assert created.status_code == 200
    stored = simulators(nas.release).door.get("/stored")[0]
    assert [credential["provider"]["type"] for credential in stored["credentials"]] == ["GOOGLE_PHOTOS"]
    assert stored["tasks"][0]["credentials"] == stored["credentials"][0]
    assert stored["tasks"][0]["path"] == TASK["path"]
    assert client.send("GET", "/cloudsync", params={"path": TASK["path"], "limit": "1"}).json() == [created.json()]
    assert client.send("PUT", "/cloudsync/id/1", json={"enabled": False}).json()["enabled"] is False
    number = client.send("POST", "/cloudsync/id/1/sync", json={"dry_run": True}).json()
    assert client.send("GET", "/core/get_jobs", params={"id": number}).json()[0]["arguments"] == [1, {"dry_run": True}]
    in_use = client.send("DELETE", "/cloudsync/credentials/id/1")
    assert (in_use.status_code, in_use.json()["errno"]) == (422, 14)
    assert client.send("DELETE", "/cloudsync/id/1").json() is True
    missing = client.send("DELETE", "/cloudsync/id/1")
    assert (missing.status_code, [row["errno"] for row in missing.json()["null"]]) == (422, [2])


def test_refused_fields_are_named(nas: SimulatedNas, client: Client) -> None:
    refused = client.send("POST", "/cloudsync/credentials", json=_credential(nas, client_id="x"))
    attribute = "attributes.token" if nas.release == "24.10" else "provider.GOOGLE_PHOTOS.token"
    assert refused.status_code == 422
    assert list(refused.json()) == [f"cloud_sync_credentials_create.{attribute}"]


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("/filesystem/listdir", {"query-filters": []}, 400, "path attribute expected."),
        ("/filesystem/listdir", {"path": "/mnt", "zz": 1}, 400, "The following attributes are not expected: zz"),
        ("/filesystem/stat", "/mnt/tank/none", 422, "Path /mnt/tank/none not found"),
        ("/cloudsync/list_buckets", 1, 422, None),
    ],
)
def test_bodies(client: Client, path: str, body: object, status: int, message: str | None) -> None:
    answer = client.send("POST", path, json=body)
    assert answer.status_code == status
    assert message is None or answer.json()["message"] == message


def test_several_parameters_are_members_of_the_body(client: Client) -> None:
    body = {"path": "/mnt/tank", "query-options": {"select": ["name"]}}
    assert client.send("POST", "/filesystem/listdir", json=body).json() == [{"name": "photos"}]


def test_who_may_not(nas: SimulatedNas, client: Client) -> None:
    def answer(authorization: str, verb: str = "GET") -> tuple[int, str]:
        response = client.send(verb, "/cloudsync", authorization)
        return response.status_code, response.text

    wrong = base64.b64encode(f"{nas.username}:wrong".encode()).decode()
    right = base64.b64encode(f"{nas.username}:{nas.password}".encode()).decode()
    assert answer("") == (401, "401: Unauthorized")
    assert answer("Bearer 1-bogus") == (401, "Invalid API key")
    assert answer(f"Basic {wrong}") == (401, "Bad username or password")
    assert answer(f"Basic {right}")[0] == 200
    assert answer(f"Bearer {nas.readonly_api_key}", "POST") == (403, "")


def test_keys_of_24_10_may_what_their_allowlist_says(simulators: Callable[[str], Simulator]) -> None:
    nas = simulators("24.10").nas[0]
    nas.reset()
    client = Client(nas)
    allowlist = [{"method": "GET", "resource": "/cloudsync/id/{id_}"}]
    key = client.send("POST", "/api_key", json={"name": "narrow", "allowlist": allowlist}).json()["key"]
    assert client.send("GET", "/cloudsync/id/1", f"Bearer {key}").status_code == 404
    assert client.send("GET", "/cloudsync", f"Bearer {key}").status_code == 403
    assert client.send("GET", "/auth/me").status_code in (404, 422)
    client.close()


def test_newer_releases_have_no_rest(simulators: Callable[[str], Simulator]) -> None:
    client = Client(simulators("26.0").nas[0])
    assert client.send("GET", "/system/version").status_code == 404
    client.close()


def test_24_10_has_no_json_rpc(simulators: Callable[[str], Simulator]) -> None:
    nas = simulators("24.10").nas[0]
    answer = requests.get(f"{nas.api_url}/api/current", verify=nas.ca_path, timeout=30)
    assert answer.status_code == 404


# What was written down of the real server

_WITHOUT_CREDENTIAL = {"create credential"}
_WITH_TASK = {
    "delete credential in use",
    "update task",
    "delete task",
    "run task: the answer is the job number",
    "run task, dry run",
    "abort",
}
_NOT_REPLAYED = {
    "poll the job": "The job of the example has a number of its own; test_a_task_and_its_run polls one.",
    "query by description and limit": (
        "It asks for no information on locks and shows some; in the transcripts of the models `locked` is null then."
    ),
    "remote listing fails while a PULL task is created": (
        "Written from the code with a folder that rclone lists without asking Google; the recorded story of Google "
        "Photos has one that does."
    ),
}


def _examples() -> list[Any]:
    return [
        pytest.param(release, example, id=f"{release} {example['label']}")
        for example in recordings.load("examples/rest.json")
        if example["label"] not in _NOT_REPLAYED
        for release in example["versions"]
    ]


@pytest.mark.parametrize(("release", "example"), _examples())
def test_an_example(simulators: Callable[[str], Simulator], release: str, example: dict[str, Any]) -> None:
    simulator = simulators(release)
    nas = simulator.nas[0]
    nas.reset()
    nas.faults(failed_login_delay=[0, 0])
    client = Client(nas)
    _prepare(simulator, client, example["label"])
    answer = _replay(nas, client, example)
    client.close()
    expected = example["response"].get("body")
    assert answer.status_code == example["response"]["status"]
    if answer.status_code == 401:
        assert answer.text == expected
    elif answer.status_code in (200, 400, 422):
        got = _shape(answer.json())
        assert got == _shape(expected) or (expected == [] and isinstance(got, list))


def _prepare(simulator: Simulator, client: Client, label: str) -> None:
    """The state in which an example was written: a credential, and for some a task that uses it."""
    client_secret = json.loads(Path(simulator.google.client_secret_file).read_text())["installed"]
    token = Path(simulator.google.token_file).read_text()
    fields = {"client_id": client_secret["client_id"], "client_secret": client_secret["client_secret"], "token": token}
    if label not in _WITHOUT_CREDENTIAL:
        client.send("POST", "/cloudsync/credentials", json=_credential(simulator.nas[0], **fields))
    if label in _WITH_TASK:
        client.send("POST", "/cloudsync", json={**TASK, "description": "photos"})


def _replay(nas: SimulatedNas, client: Client, example: dict[str, Any]) -> requests.Response:
    request = example["request"]
    authorization = request["headers"].get("Authorization", "")
    if example["response"]["status"] == 403:
        nas.account("reader", password="pw", roles=["CLOUD_SYNC_READ"])
        authorization = "Basic " + base64.b64encode(b"reader:pw").decode()
    elif authorization.startswith("Bearer 1-A") and example["label"] != "bad key":
        authorization = f"Bearer {nas.api_key}"
    body: dict[str, Any] = {"json": request["body"]} if "body" in request else {}
    if request.get("body") == "<<not json>>":
        body = {"data": "no json"}
    return client.send(request["verb"], request["path"].removeprefix("/api/v2.0"), authorization, **body)


def _shape(value: Any) -> Any:
    """Members and types; of a list those of its first item; error numbers as they are."""
    if isinstance(value, dict):
        return {name: item if name == "errno" else _shape(item) for name, item in value.items() if name != "ID"}
    if isinstance(value, list):
        return [_shape(item) for item in value[:1]]
    return type(value).__name__
