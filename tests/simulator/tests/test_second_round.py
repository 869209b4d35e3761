# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the second round of recordings showed of order, time and connections."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import websocket

from simulator.fixture import SimulatedNas, running
from simulator.tests import recordings, second_round
from simulator.tests.remotes import served
from simulator.tests.replay import Remote
from simulator.tests.wire import Message, Wire

TASK = {
    "path": "/mnt/tank/photos",
    "direction": "PUSH",
    "transfer_mode": "COPY",
    "attributes": {"folder": "/up"},
    "enabled": False,
}


@pytest.fixture(scope="module", params=second_round.RELEASES)
def some_nas(request: pytest.FixtureRequest) -> Iterator[SimulatedNas]:
    """A NAS of each recorded release."""
    with running("--release", request.param) as simulator:
        yield simulator.nas[0]


@pytest.fixture
def either(some_nas: SimulatedNas) -> SimulatedNas:
    """It, as good as new."""
    some_nas.reset()
    return some_nas


@contextlib.contextmanager
def _logged_in(nas: SimulatedNas) -> Iterator[Wire]:
    with Wire(nas) as wire:
        wire.log_in(nas)
        yield wire


def _credential(wire: Wire, provider: dict[str, Any] | None = None) -> int:
    provider = provider or {"type": "WEBDAV", "url": "http://127.0.0.1:1/", "vendor": "OTHER", "user": "u", "pass": "p"}
    number: int = wire.call("cloudsync.credentials.create", {"name": "dav", "provider": provider})["id"]
    return number


# Order


def test_tasks_made_at_once_get_ids_in_another_order(either: SimulatedNas) -> None:
    with _logged_in(either) as wire:
        credential = _credential(wire)
        sent = [
            wire.start("cloudsync.create", {**TASK, "credentials": credential, "description": str(number)})
            for number in range(10)
        ]
        answered: list[Any] = []
        while len(answered) < len(sent):
            answered.append(wire.receive()["id"])
        ids = [wire.answer(number)["result"]["id"] for number in sent]
    assert answered != sent
    assert sorted(answered) == sent
    assert ids != sorted(ids)
    assert sorted(ids) == list(range(1, 11))


def test_tasks_made_one_by_one_get_ids_in_their_order(either: SimulatedNas) -> None:
    with _logged_in(either) as wire:
        credential = _credential(wire)
        made = [wire.call("cloudsync.create", {**TASK, "credentials": credential})["id"] for dummy in range(10)]
    assert made == list(range(1, 11))


def test_a_directory_is_listed_in_no_order(either: SimulatedNas) -> None:
    for number in range(10):
        Path(either.root, "tank", "photos", f"{number}").mkdir()
    with _logged_in(either) as wire:
        names = [entry["name"] for entry in wire.call("filesystem.listdir", "/mnt/tank/photos")]
        ordered = wire.call("filesystem.listdir", "/mnt/tank/photos", [], {"order_by": ["name"], "limit": 2})
    assert names != sorted(names)
    assert sorted(names) == [str(number) for number in range(10)]
    assert [entry["name"] for entry in ordered] == ["0", "1"]


def test_links_are_followed_up_to_27(either: SimulatedNas) -> None:
    photos = Path(either.root, "tank", "photos")
    (photos / "real" / "below").mkdir(parents=True)
    (photos / "link").symlink_to("real")
    with _logged_in(either) as wire:
        assert wire.call("filesystem.stat", "/mnt/tank/photos/link")["type"] == "SYMLINK"
        few = wire.call("filesystem.listdir", "/mnt/tank/photos/link", [], {"select": ["name"]})
        assert few == [{"name": "below"}]
        if either.release == "27.0":
            refused = wire.error("filesystem.listdir", "/mnt/tank/photos/link/below")
            assert refused["data"]["reason"] == "[ELOOP] Symlinks are not permitted."
            refused = wire.error("filesystem.mkdir", {"path": "/mnt/tank/photos/link/new"})
            assert refused["data"]["errname"] == "EPERM"
        else:
            assert wire.call("filesystem.listdir", "/mnt/tank/photos/link/below") == []
            made = wire.call("filesystem.mkdir", {"path": "/mnt/tank/photos/link/new"})
            assert (made["path"], made["realpath"]) == ("/mnt/tank/photos/link/new", "/mnt/tank/photos/real/new")


# Runs


def _last_push(wire: Wire, number: int) -> Message:
    while True:
        for push in wire.pushes:
            if push["id"] == number and push["fields"]["state"] in ("FAILED", "SUCCESS", "ABORTED"):
                fields: Message = push["fields"]
                return fields
        wire.receive()


def _recorded_end(release: str, name: str) -> Message:
    frames = second_round.step(release, name)["frames"]
    ends = [
        frame["<"]["params"]["fields"]
        for frame in frames
        if "params" in frame.get("<", {}) and frame["<"]["params"]["fields"]["method"] == "cloudsync.sync"
    ]
    end: Message = ends[-1]
    return end


@pytest.mark.parametrize(
    ("step", "path", "more"),
    [
        ("sync-directory-gone", "/mnt/tank/rec/gone", {}),
        ("sync-script-missing-interpreter", "/mnt/tank/photos", {"pre_script": "#!/no/such\necho"}),
    ],
)
def test_a_run_refused_before_rclone(either: SimulatedNas, step: str, path: str, more: Message) -> None:
    recorded = _recorded_end(either.release, step)
    with _logged_in(either) as wire:
        wire.call("core.subscribe", "core.get_jobs")
        task = {**TASK, "credentials": _credential(wire), "path": path, **more}
        end = _last_push(wire, wire.call("cloudsync.sync", wire.call("cloudsync.create", task)["id"]))
    for name in ("state", "progress", "error", "logs_excerpt"):
        assert end[name] == recorded[name], name
    assert end["exc_info"]["type"] == recorded["exc_info"]["type"]


def test_a_failed_run_keeps_its_percentage_and_tells_the_last_five_lines(either: SimulatedNas, tmp_path: Path) -> None:
    recorded = _recorded_end(either.release, "sync-over-1-second-failing")
    photos = Path(either.root, "tank", "photos")
    for number in range(8):
        (photos / f"{number}.jpg").write_bytes(bytes(10_000))
    (tmp_path / "up").mkdir()
    (tmp_path / "up" / "3.jpg").mkdir()  # a directory where a file is to be
    with _logged_in(either) as wire, served("WEBDAV", tmp_path) as provider:
        task = {
            **TASK,
            "credentials": _credential(wire, provider),
            "args": "--retries 1 --low-level-retries 1",
            "transfers": 1,
            "bwlimit": [{"time": "00:00", "bandwidth": 40_000}],
        }
        job = wire.finished_job(wire.call("cloudsync.sync", wire.call("cloudsync.create", task)["id"]))
    assert job["state"] == recorded["state"] == "FAILED"
    assert _without_figures(job["error"].splitlines()[:-1]) == _without_figures(recorded["error"].splitlines()[:-1])
    assert len(job["error"].splitlines()) == len(recorded["error"].splitlines()) == 5
    assert job["progress"]["percent"] == recorded["progress"]["percent"] == 100


def _without_figures(lines: list[str]) -> list[str]:
    return ["".join(char for char in line if not char.isdigit()).replace(" ", "") for line in lines]


@pytest.fixture
def deaf(tmp_path: Path) -> Iterator[Remote]:
    remote = Remote(tmp_path / "remote")
    remote.be_deaf()
    yield remote
    remote.be_gone()


def _started(wire: Wire, remote: Remote) -> tuple[int, int]:
    """A task and its run, which waits for a remote that never answers."""
    provider = {"type": "WEBDAV", "url": f"http://127.0.0.1:{remote.port}", "vendor": "OTHER", "user": "u", "pass": "p"}
    task = wire.call("cloudsync.create", {**TASK, "credentials": _credential(wire, provider)})["id"]
    number = wire.call("cloudsync.sync", task)
    while _job(wire, number)["progress"]["description"] != "Starting":
        pass
    return task, number


def _job(wire: Wire, number: int) -> Message:
    job: Message = wire.call("core.get_jobs", [["id", "=", number]])[0]
    return job


def test_an_aborted_run_goes_on_for_a_while_from_26(either: SimulatedNas, deaf: Remote) -> None:
    with _logged_in(either) as wire:
        task, number = _started(wire, deaf)
        if either.release == "27.0":
            either.faults(abort_delay=600)
            assert wire.call("cloudsync.abort", task) is True
            assert wire.call("cloudsync.abort", task) is True
            assert (_job(wire, number)["state"], _job(wire, number)["error"]) == ("RUNNING", None)
            either.restart()  # which waits for nothing
        else:
            assert wire.call("cloudsync.abort", task) is True
            assert wire.finished_job(number)["state"] == "ABORTED"
            assert wire.call("cloudsync.abort", task) is False


def test_the_delay_of_an_abort_may_be_shortened(either: SimulatedNas, deaf: Remote) -> None:
    either.faults(abort_delay=0.2)
    with _logged_in(either) as wire:
        task, number = _started(wire, deaf)
        began = time.monotonic()
        wire.call("cloudsync.delete", task)
        job = wire.finished_job(number)
    assert time.monotonic() - began >= 0.2
    assert (job["state"], job["error"], job["progress"]["percent"]) == ("ABORTED", None, 0)


# Connections


def test_no_key_logs_in_on_the_unix_socket_from_26(either: SimulatedNas) -> None:
    key = {"mechanism": "API_KEY_PLAIN", "username": either.username, "api_key": either.api_key}
    scram = {"mechanism": "SCRAM", "scram_type": "CLIENT_FIRST_MESSAGE", "rfc_str": "n,,n=truenas_admin:1,r=AAAA"}
    with Wire(either, "unix") as wire:
        assert wire.call("cloudsync.query") == []  # as root
        if either.release == "27.0":
            for data, name in ((key, "ApiKeyPamAuthenticator"), (scram, "ScramPamAuthenticator")):
                error = wire.error("auth.login_ex", data)
                assert (error["code"], error["data"]["trace"]["class"]) == (-32001, "TypeError")
                assert error["data"]["reason"].startswith("UNIX socket (pid=")
                assert error["data"]["reason"].endswith(f": unexpected origin for {name}")
        else:
            assert wire.call("auth.login_ex", key)["response_type"] == "SUCCESS"
            wrong = {**key, "api_key": f"1-{'A' * 64}"}
            assert wire.call("auth.login_ex", wrong)["response_type"] == "AUTH_ERR"
        assert wire.call("cloudsync.query") == []


def test_nginx_cuts_what_is_idle(either: SimulatedNas) -> None:
    either.faults(idle_timeout=0.5, delay={"system.version": 1.5})
    for transport in ("wss", "ws"):
        with Wire(either, transport) as wire:
            wire.log_in(either, mechanism="PASSWORD_PLAIN", username=either.username, password=either.password)
            number = wire.start("system.version")
            with pytest.raises(websocket.WebSocketConnectionClosedException):
                wire.answer(number)
    with Wire(either, "unix") as wire:  # where there is no nginx
        wire.call("system.version")


def test_a_ping_keeps_a_connection(either: SimulatedNas) -> None:
    either.faults(idle_timeout=1, delay={"system.version": 3})
    with _logged_in(either) as wire:
        number = wire.start("system.version")
        wire.socket.settimeout(0.3)
        while number not in wire.answers:
            wire.socket.ping()
            with contextlib.suppress(websocket.WebSocketTimeoutException):
                wire.receive()
        assert "result" in wire.answer(number)


def test_a_restart_may_take_a_while(either: SimulatedNas) -> None:
    context = ssl.create_default_context(cafile=either.ca_path)
    with _logged_in(either) as wire:
        either.restart(seconds=600)
        with pytest.raises((OSError, websocket.WebSocketException)):
            wire.call("core.ping")
    for url in (f"{either.api_url}/api/versions", f"{either.insecure_api_url}/api/versions"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(url, context=context if url.startswith("https") else None)
        with refused.value:
            assert (refused.value.code, b"502 Bad Gateway" in refused.value.read()) == (502, True)
    with pytest.raises(websocket.WebSocketBadStatusException, match="502"):
        Wire(either)
    with pytest.raises(FileNotFoundError), socket.socket(socket.AF_UNIX) as peer:
        peer.connect(either.socket)
    either.restart(seconds=0.1)
    deadline = time.monotonic() + 20
    while not Path(either.socket).is_socket():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    with Wire(either, "unix") as wire:
        wire.call("cloudsync.query")
    with _logged_in(either) as wire:
        assert wire.call("core.ping") == "pong"


def test_plain_http_on_the_tls_port(either: SimulatedNas) -> None:
    place = urlsplit(either.api_url)
    assert place.hostname is not None
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
    connection.request("GET", "/api/versions")
    answer = connection.getresponse()
    page = answer.read().decode()
    assert (answer.status, answer.getheader("Content-Type")) == (400, "text/html")
    recorded = (recordings.FOLDER / "recorded" / "second-25.10-rest.txt").read_text()
    assert "".join(page.split()) in "".join(recorded.split())


def _rest(nas: SimulatedNas, key: str) -> tuple[int, str]:
    request = urllib.request.Request(f"{nas.api_url}/api/v2.0/system/version")
    request.add_header("Authorization", f"Bearer {key}")
    context = ssl.create_default_context(cafile=nas.ca_path)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, context=context)
    with refused.value as answer:
        return answer.code, answer.read().decode()


def test_nginx_gives_up_a_rest_call(nas: SimulatedNas) -> None:
    nas.faults(idle_timeout=0.3, delay={"system.version": 1.5})
    status, page = _rest(nas, nas.api_key)
    assert (status, "504 Gateway Time-out" in page) == (504, True)


def test_keys_that_are_wrong_over_rest(nas: SimulatedNas) -> None:
    nas.faults(failed_login_delay=[0, 0])
    assert _rest(nas, "999-EXAMPLE") == (500, "500 Internal Server Error\n\nServer got itself in trouble")
    for key in ("1-EXAMPLE", "nokey", "abc-EXAMPLE"):
        assert _rest(nas, key) == (401, "Invalid API key")
