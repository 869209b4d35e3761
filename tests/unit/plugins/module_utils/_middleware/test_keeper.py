# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions that outlive the task: who finds them, who does not, and how they end."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import multiprocessing
import os
import signal
import socket
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client, connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.kept import (
    keeper,
    keeper_process,
    keeper_wire,
)
from simulator.fixture import SimulatedNas, running
from simulator.nas.accounts import totp

_PATIENCE = 60  # seconds


def options(nas: SimulatedNas, **changes: Any) -> ConnectionOptions:
    known = {"api_url": nas.api_url, "ca_path": nas.ca_path, "api_username": nas.username, "api_key": nas.api_key}
    return ConnectionOptions(**{**known, "api_timeout": 10, "api_session": "keep", **changes})


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "condition not met in time"
        time.sleep(0.02)


class Room:
    """Where this test's keepers have their sockets."""

    def __init__(self, runtime: Path) -> None:
        self.directory = runtime / f"nasops-cloudsync-{os.geteuid()}"

    def sockets(self) -> list[Path]:
        return sorted(self.directory.iterdir()) if self.directory.is_dir() else []

    def processes(self) -> set[int]:
        """The processes that serve the sockets, also when their files have been removed."""
        lines = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()]
        served = {f"socket:[{line[6]}]" for line in lines if line[-1].startswith(f"{self.directory}/")}
        found = set()
        for opened in Path("/proc").glob("[0-9]*/fd/*"):
            with contextlib.suppress(OSError):
                if str(opened.readlink()) in served:
                    found.add(int(opened.parts[2]))
        return found - {os.getpid()}


@pytest.fixture
def room(
    nas: SimulatedNas, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Room]:
    runtime = tmp_path_factory.mktemp("run")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    one = Room(runtime)
    nas.faults(failed_login_delay=[0, 0])
    yield one
    for process in one.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    wait_until(lambda: not one.processes())


def release(given: ConnectionOptions) -> str:
    """What a task does, in short."""
    with connect(given) as client:
        client.call("cloudsync.query")
        return str(client.release)


def logins(nas: SimulatedNas) -> int:
    return len(nas.logins())


def test_tasks_share_one_login(nas: SimulatedNas, room: Room) -> None:
    assert {release(options(nas)) for dummy in range(30)} == {"25.10"}
    assert logins(nas) == 1
    assert len(room.processes()) == 1
    assert {call["session"] for call in nas.calls()} == {nas.logins()[0]["session"]}


def test_tasks_at_once_share_one_login(nas: SimulatedNas, room: Room) -> None:
    nas.faults(delay={"auth.login_ex": 0.3})
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        assert set(pool.map(release, [options(nas)] * 24)) == {"25.10"}
    assert logins(nas) == 1
    assert len(room.processes()) == 1


def test_many_calls_of_many_tasks_at_once(nas: SimulatedNas, room: Room) -> None:
    """Each gets its own answers, and the NAS no more calls than it takes from one connection."""

    def ask(number: int) -> None:
        with connect(options(nas)) as client:
            calls = [("cloudsync.get_instance", (number * 100 + place,)) for place in range(40)]
            for (_method, (wanted,)), outcome in zip(calls, client.call_all(calls), strict=True):
                assert f" {wanted} " in str(outcome)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    assert logins(nas) == 1


def test_long_answers_pass(nas: SimulatedNas, room: Room) -> None:
    folder = Path(nas.root) / "tank/photos"
    for number in range(2000):
        (folder / f"{number:04}-{'x' * 200}").touch()
    with connect(options(nas)) as client:
        outcomes = client.call_all([("filesystem.listdir", ("/mnt/tank/photos",))] * 4)
    assert [len(outcome) for outcome in outcomes] == [2000] * 4


def test_only_sessions_over_tls_are_kept(nas: SimulatedNas, room: Room) -> None:
    for kind in ({"api_session": "close"}, {"api_session": None}, {"api_transport": "rest"}, {"api_url": nas.socket}):
        release(options(nas, **kind))
    assert room.processes() == set()


def test_a_nas_without_sessions_is_asked_for_one_once(room: Room) -> None:
    with running("--release", "24.10") as simulator:
        nas = simulator.nas[0]
        assert [release(options(nas)) for dummy in range(3)] == ["24.10"] * 3
        assert len(room.processes()) == 1
        assert {login["transport"] for login in nas.logins()} == {"rest"}


def test_jobs_are_followed_and_their_logs_fetched(nas: SimulatedNas, room: Room) -> None:
    seen: list[str] = []
    for dummy in range(2):
        with connect(options(nas)) as client:
            job = client.start_job("filesystem.setperm", {"path": "/mnt/tank/photos", "mode": "755"})
            final = client.follow_job(job, timeout=_PATIENCE, on_progress=lambda job: seen.append(job.state))
            assert (final.state, seen[-1]) == ("SUCCESS", "SUCCESS")
            assert isinstance(client.job_log(final), str)
    assert logins(nas) == 1
    methods = [call["method"] for call in nas.calls()]
    assert (methods.count("core.subscribe"), methods.count("core.job_download_logs")) == (1, 2)


def test_rights_are_those_of_the_account(nas: SimulatedNas, room: Room) -> None:
    account = nas.account("reader", roles=["CLOUD_SYNC_READ"], api_key=True)
    for dummy in range(2):
        with connect(options(nas, api_key=account["api_key"], api_username="reader")) as client:
            assert client.call("cloudsync.query") == []
            with pytest.raises(errors.NotAuthorized):
                client.call("cloudsync.delete", 7)
    assert logins(nas) == 1


def test_errors_carry_no_secret(nas: SimulatedNas, room: Room) -> None:
    message = f"cannot use sesame-of-the-call nor {nas.api_key}"
    nas.faults(fail={"cloudsync.credentials.create": {"message": message, "errno": 14}})
    provider = {"type": "GOOGLE_PHOTOS", "token": "sesame-of-the-call"}
    with connect(options(nas)) as client, pytest.raises(errors.CallError, match="cannot use") as caught:
        client.call("cloudsync.credentials.create", {"name": "x", "provider": provider})
    assert "sesame" not in str(caught.value)
    assert nas.api_key not in str(caught.value)


def test_each_account_has_its_own(nas: SimulatedNas, room: Room) -> None:
    nas.account("other", password="s3same-s3same", roles=["CLOUD_SYNC_READ"])
    other = options(nas, api_key=None, api_username="other", api_password="s3same-s3same")
    for dummy in range(3):
        release(options(nas))
        release(other)
    assert [login["username"] for login in nas.logins()] == [nas.username, "other"]
    assert len(room.processes()) == 2


def test_each_key_of_an_account_has_its_own(nas: SimulatedNas, room: Room) -> None:
    second = nas.account("svc", password="x-x-x-x-x", roles=["FULL_ADMIN"], api_key=True)["api_key"]
    third = nas.account("svc", api_key=True)["api_key"]
    for dummy in range(3):
        release(options(nas, api_username="svc", api_key=second))
        release(options(nas, api_username="svc", api_key=third))
    assert logins(nas) == 2


@pytest.mark.parametrize("place", [1, -1])
def test_a_wrong_credential_does_not_get_in(nas: SimulatedNas, room: Room, place: int) -> None:
    right = options(nas, api_key=None, api_password=nas.password)
    wrong = options(nas, api_key=None, api_password=nas.password[:-1] + "?")
    order = [right, wrong][::place]
    for given in order:
        with contextlib.nullcontext() if given is right else pytest.raises(errors.LoginError, match="refused"):
            release(given)
    release(right)
    assert sorted(login["outcome"] for login in nas.logins()) == ["AUTH_ERR", "SUCCESS"]
    wait_until(lambda: len(room.processes()) == 1)


def test_other_trust_is_another_session(nas: SimulatedNas, room: Room) -> None:
    release(options(nas, ca_path=None, validate_certs=False))
    with pytest.raises(errors.CertificateError):
        release(options(nas, ca_path=None))
    with pytest.raises(errors.CertificateError, match="pinned"):
        release(options(nas, cert_fingerprint="ab" * 32))
    release(options(nas, ca_path=None, cert_fingerprint=nas.cert_fingerprint))
    assert logins(nas) == 2


def test_a_one_time_code_serves_all_tasks(nas: SimulatedNas, room: Room) -> None:
    account = nas.account("careful", password="s3same-s3same", roles=["FULL_ADMIN"], otp=True)
    careful = {"api_key": None, "api_username": "careful", "api_password": account["password"]}
    code = totp(account["otp_secret"])
    for dummy in range(3):
        release(options(nas, **careful, api_otp=code))
    assert [login["mechanism"] for login in nas.logins()] == ["PASSWORD_PLAIN", "OTP_TOKEN"]


def test_nothing_tells_the_secret(nas: SimulatedNas, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUENAS_API_KEY", nas.api_key)
    release(options(nas))
    (process,) = room.processes()
    folder = Path("/proc", str(process))
    for name in ("cmdline", "environ"):
        assert nas.api_key.encode() not in (folder / name).read_bytes()
    (path,) = room.sockets()
    assert path.is_socket()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    limit = (folder / "limits").read_text().partition("Max core file size")[2].split()
    assert limit[:2] == ["0", "0"]
    targets = {str(one.readlink()) for one in (folder / "fd").iterdir()}
    assert {target for target in targets if target.startswith("/")} == {"/dev/null"}


def test_a_directory_open_to_others_is_not_used(nas: SimulatedNas, room: Room) -> None:
    room.directory.mkdir()
    room.directory.chmod(0o755)
    said: list[str] = []
    with connect(options(nas), said.append) as client:
        assert client.call("cloudsync.query") == []
    assert (room.processes(), logins(nas)) == (set(), 1)
    assert "open to other accounts" in said[0]


def test_a_directory_of_somebody_else_is_not_used(nas: SimulatedNas, room: Room) -> None:
    if os.geteuid() != 0:  # only root can give a directory away; the root of the file system will do for the others
        with pytest.raises(keeper._NoKeeper, match="somebody else"):
            keeper._checked_private(Path("/"))
        return
    room.directory.mkdir(mode=0o700)
    os.chown(room.directory, 65534, 65534)
    said: list[str] = []
    with connect(options(nas), said.append) as client:
        assert client.call("cloudsync.query") == []
    assert room.processes() == set()
    assert "somebody else" in said[0]


def test_another_place_where_the_first_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_RUNTIME_DIR", "")
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    with tempfile.TemporaryDirectory() as short:  # a socket's path must be
        monkeypatch.setattr("tempfile.gettempdir", lambda: short)
        assert keeper.private_directory().parent == Path(short)


def test_a_link_is_not_followed(nas: SimulatedNas, room: Room, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    room.directory.symlink_to(tmp_path)
    release(options(nas))
    assert (room.processes(), list(tmp_path.iterdir())) == (set(), [])


def test_a_false_keeper_learns_nothing(nas: SimulatedNas, room: Room) -> None:
    """Who does not hold the credential is left alone, and the task goes on with another keeper."""
    given = options(nas)
    directory = keeper.private_directory()
    path = directory / f"{keeper_wire.name(given, given.validate(), keeper.owner())}-0"
    with socket.socket(socket.AF_UNIX) as listener, concurrent.futures.ThreadPoolExecutor(1) as pool:
        listener.bind(str(path))
        listener.listen()

        def lie() -> bytes:
            sock, _address = listener.accept()
            with sock:
                for answer in ({"nonce": "00"}, {"proof": "00", "first_id": 0, "version": "TrueNAS-25.10"}):
                    data = json.dumps(answer).encode()
                    sock.sendall(keeper_wire.head(data) + data)
                return b"".join(iter(lambda: sock.recv(4096), b""))

        heard = pool.submit(lie)
        assert release(given) == "25.10"
        assert nas.api_key.encode() not in heard.result(_PATIENCE)
    assert len(room.processes()) == 1


def test_a_killed_keeper_is_replaced(nas: SimulatedNas, room: Room) -> None:
    release(options(nas))
    for process in room.processes():
        os.kill(process, signal.SIGKILL)
    wait_until(lambda: not room.processes())
    assert release(options(nas)) == "25.10"
    assert logins(nas) == 2
    assert len(room.sockets()) == 1


def test_old_sockets_of_killed_keepers_are_removed(nas: SimulatedNas, room: Room) -> None:
    release(options(nas))
    (alive,) = room.sockets()
    dead = room.directory / "0123456789abcdef-0"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(dead))
    for path in (alive, dead):
        os.utime(path, (0, 0))
    release(options(nas, api_username=None))
    assert alive in room.sockets()
    assert dead not in room.sockets()
    assert len(room.sockets()) == 2


def test_a_keeper_killed_under_a_task(nas: SimulatedNas, room: Room) -> None:
    with connect(options(nas)) as client:
        for process in room.processes():
            os.kill(process, signal.SIGKILL)
        wait_until(lambda: not room.processes())
        assert client.call("cloudsync.query") == []
    assert logins(nas) == 2


def test_a_keeper_that_does_not_start(nas: SimulatedNas, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "_BOOTSTRAP", "raise SystemExit(1)")
    said: list[str] = []
    with connect(options(nas), said.append) as client:
        assert client.call("cloudsync.query") == []
    assert "does not start" in said[0]
    assert logins(nas) == 1


def test_a_keeper_that_crashes_at_its_start(nas: SimulatedNas, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "_BOOTSTRAP", "import sys; sys.stdin.read()")
    said: list[str] = []
    with connect(options(nas), said.append) as client:
        assert client.call("cloudsync.query") == []
    assert "ended unexpectedly" in said[0]


def test_a_restarted_nas_is_not_noticed(nas: SimulatedNas, room: Room) -> None:
    with connect(options(nas)) as client:
        nas.restart()
        assert client.call("cloudsync.query") == []
        nas.restart()
        wait_until(lambda: not room.processes())  # what is sent before it ends is lost with it
        account = {"name": "x", "provider": {"type": "FTP", "host": "h", "port": 21, "user": "u", "pass": "p"}}
        made = client.call("cloudsync.credentials.create", account)
        assert client.call("cloudsync.credentials.query", [], {"count": True}) == 1
        nas.restart()
    assert release(options(nas)) == "25.10"
    assert made["name"] == "x"
    wait_until(lambda: len(room.processes()) == 1)


def test_a_write_whose_answer_was_lost_is_not_repeated(nas: SimulatedNas, room: Room) -> None:
    nas.faults(drop_after={"cloudsync.credentials.create": True})
    account = {"name": "x", "provider": {"type": "FTP", "host": "h", "port": 21, "user": "u", "pass": "p"}}
    with connect(options(nas)) as client:
        with pytest.raises(errors.ConnectionLost):
            client.call("cloudsync.credentials.create", account)
        assert client.call("cloudsync.credentials.query", [], {"count": True}) == 1


def test_a_session_that_the_nas_has_ended_is_replaced(nas: SimulatedNas, room: Room) -> None:
    with connect(options(nas)) as client:
        client.call("auth.logout")  # as an administrator may do from elsewhere
        assert client.call("cloudsync.query") == []
        assert release(options(nas)) == "25.10"
    assert logins(nas) == 2
    wait_until(lambda: len(room.processes()) == 1)


def test_nobody_waits_again_at_a_session_that_is_silent(nas: SimulatedNas, room: Room) -> None:
    nas.faults(delay={"cloudsync.query": 5})
    with connect(options(nas, api_timeout=1)) as client:
        with pytest.raises(errors.CallTimeout):
            client.call("cloudsync.query")
        assert client.call("core.ping") == "pong"
    assert logins(nas) == 3  # the read was made again on a second session, which fell silent too
    wait_until(lambda: len(room.processes()) == 1)


def test_it_ends_when_nobody_calls(nas: SimulatedNas, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "IDLE", 0.1)
    release(options(nas))
    wait_until(lambda: not room.processes())
    assert room.sockets() == []
    assert nas.calls()[-1]["method"] == "auth.logout"


def test_it_stays_while_a_task_is_there(nas: SimulatedNas, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "IDLE", 0.1)
    with connect(options(nas)) as client:
        nas.faults(delay={"cloudsync.query": 1.5})
        assert client.call("cloudsync.query") == []
    assert logins(nas) == 1


def _play(given: ConnectionOptions, done: Any) -> None:
    """As Ansible does: each task in a process of its own, all made by one."""
    context = multiprocessing.get_context("fork")
    for dummy in range(3):
        worker = context.Process(target=release, args=(given,))
        worker.start()
        worker.join()
    done.set()
    time.sleep(_PATIENCE)


def test_it_ends_with_the_play(nas: SimulatedNas, room: Room) -> None:
    context = multiprocessing.get_context("fork")
    done = context.Event()
    plays = [context.Process(target=_play, args=(options(nas), done)) for dummy in range(2)]
    plays[0].start()
    assert done.wait(_PATIENCE)
    assert len(room.processes()) == 1
    assert logins(nas) == 1
    done.clear()
    plays[1].start()
    assert done.wait(_PATIENCE)
    assert len(room.processes()) == 2  # plays share nothing
    for play in plays:
        play.kill()
        play.join()
    wait_until(lambda: not room.processes())
    assert room.sockets() == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('{"jsonrpc": "2.0", "id": 7, "result": {"id": 8}}', 7),
        ('{"jsonrpc":"2.0","result":[{"id": 8}],"id":7}', 7),
        ('{"id": 7, "error": {"id": 8}, "jsonrpc": "2.0"}', 7),
        ('{"jsonrpc": "2.0", "result": "{\\"id\\": 8}", "id": 7 }', 7),
        ('{"result": 1, "id": 7, "jsonrpc": "2.0"}', 7),
        ('{"jsonrpc": "2.0", "method": "collection_update", "params": {"fields": {"a": 1, "id": 8}}}', None),
        ('{"jsonrpc": "2.0", "method": "collection_update", "params": {"msg": ",\\"id\\": 8}"}}', None),
        ('{"jsonrpc": "2.0", "error": {}, "id": null}', None),
    ],
)
def test_the_number_of_an_answer(text: str, number: int | None) -> None:
    assert keeper_process.number_of(text.encode()) == number


def test_frames_come_in_pieces() -> None:
    frames = keeper_wire.Frames()
    taken = []
    for byte in b"".join(keeper_wire.head(data) + data for data in (b"", b"one", b"two" * 100)):
        frames.feed(bytes([byte]))
        while (frame := frames.take()) is not None:
            taken.append(frame)
    assert taken == [b"", b"one", b"two" * 100]


def test_a_client_that_is_kept_is_a_client(nas: SimulatedNas, room: Room) -> None:
    with connect(options(nas)) as client:
        assert isinstance(client, Client)
        outcomes = client.call_all([("a.b", ()), ("core.ping", ()), ("filesystem.stat", ("x" * 70_000,))])
    assert [type(outcome) for outcome in outcomes] == [errors.UnknownMethod, str, errors.MessageTooLarge]
