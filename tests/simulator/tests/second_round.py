# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stood on the server when the second round was recorded: credentials, tasks, files, remotes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from simulator.fixture import SimulatedNas
from simulator.tests import recordings, remotes
from simulator.tests.wire import Wire

RELEASES = ("25.10", "27.0")
RECORDED_PRIVATE = "-----BEGIN RSA PRIVATE KEY-----\\nEXAMPLE\\n-----END RSA PRIVATE KEY-----\\n"
RECORDED_PUBLIC = "ssh-rsa EXAMPLE"

# The last ids that had been given out before the recording began.
_LAST_IDS = {
    "25.10": {"cloudsync_credentials": 226, "cloudsync_tasks": 445, "keychaincredential": 4},
    "27.0": {"cloudsync_credentials": 127, "cloudsync_tasks": 285, "keychaincredential": 4},
}
_PORTS = {"25.10": ("28500", "28501"), "27.0": ("28700", "28701")}
# Steps that other tests look at, since they depend on time, on the order of answers, or on a connection of their own.
_ELSEWHERE = (
    "sync-over-",
    "sync-nothing-to-do",
    "dry_run-30",
    "sync-30",
    "sync-directory-gone",
    "sync-script",
    "abort-running",
    "delete-running",
    "core.job_abort",
    "pipelined-",
    "unix-",
    "listdir-limit",
)
_UNORDERED = ("listdir", "listdir-directories")


def steps(release: str) -> list[recordings.Step]:
    """The steps that are replayed one after another on one connection."""
    recorded = recordings.load(f"recorded/second-{release}.json")
    return [step for step in recorded if not step["step"].startswith(_ELSEWHERE)]


def in_one_order(name: str, answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without the order that a directory happens to have."""
    if name in _UNORDERED:
        return {**answer, "result": sorted(answer["result"], key=lambda entry: str(entry["name"]))}
    return answer


def step(release: str, name: str) -> recordings.Step:
    """One recorded step."""
    recorded = recordings.load(f"recorded/second-{release}.json")
    return next(one for one in recorded if one["step"] == name)


def write_state(release: str, path: Path) -> None:
    """A state file with which a NAS gives out the recorded ids."""
    tables = {name: {"last_id": last_id, "rows": []} for name, last_id in _LAST_IDS[release].items()}
    path.write_text(json.dumps(tables))


@dataclass
class Stage:
    """What the recorded steps find.

    Attributes:
        texts: what stands in the recordings -> what it is here
        before: step -> what happened before it without being recorded
    """

    texts: dict[str, str]
    before: dict[str, Callable[[], Any]]


@contextmanager
def staged(release: str, nas: SimulatedNas, folder: Path) -> Iterator[Stage]:
    """Make the stage on a NAS whose state file `write_state` has written."""
    private, public = _key_pair()
    keys = folder / "authorized_keys"
    keys.write_text(public)
    dav_folder, sftp_folder = folder / "dav", folder / "sftp"
    dav_folder.mkdir()
    sftp_folder.mkdir()
    access = ("--user", "u", "--pass", "p"), ("--authorized-keys", str(keys))
    with (
        remotes.port_of("WEBDAV", dav_folder, *access[0]) as dav,
        remotes.port_of("SFTP", sftp_folder, *access[1]) as sftp,
        Wire(nas) as wire,
    ):
        wire.log_in(nas)
        first = _make_records(release, wire, nas, dav)
        dav_port, sftp_port = _PORTS[release]
        yield Stage(
            {
                dav_port: str(dav),
                sftp_port: str(sftp),
                RECORDED_PRIVATE: json.dumps(private)[1:-1],
                RECORDED_PUBLIC: public.strip(),
            },
            {
                "keychain.create-key-pair": lambda: wire.call("cloudsync.delete", first + 6),
                "task.get-s3": lambda: _add_s3(release, wire),
                "task.create-nextcloud-url-without-dav-files": lambda: _add_nextcloud(wire, dav),
                "dataset.delete-with-child": lambda: _add_datasets(wire),
                "dataset.delete-recursive": lambda: None,
            },
        )


def _key_pair() -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return private.decode(), public.decode() + "\n"


def _make_records(release: str, wire: Wire, nas: SimulatedNas, port: int) -> int:
    root = Path(nas.root, "tank", "rec")
    for name in ("forty", "mirror", "err", "slow", "sftp", "s3", "nc", "ten"):
        (root / name).mkdir(parents=True)
    for number in range(3):
        (root / "sftp" / f"f0{number}.jpg").write_bytes(bytes(100))
    (root / "nc" / "f00.jpg").write_bytes(bytes(100))
    _make_files(root / "fs")
    dav = {"type": "WEBDAV", "url": f"http://127.0.0.1:{port}/", "vendor": "OTHER", "user": "u", "pass": "p"}
    credential = wire.call("cloudsync.credentials.create", {"name": "rec dav", "provider": dav})["id"]
    ids = [
        wire.call(
            "cloudsync.create",
            {
                "path": f"/mnt/tank/rec/{name}",
                "credentials": credential,
                "direction": "PUSH",
                "transfer_mode": "COPY",
                "attributes": {"folder": f"/{name}"},
                "enabled": False,
            },
        )["id"]
        for name in ("forty", "mirror", "gone", "err", "script", "slow", "slow2")
    ]
    return ids[0]


def _make_files(folder: Path) -> None:
    folder.mkdir()
    for name in ("b.txt", "a.txt"):
        (folder / name).write_text("x")
    for name in ("zeta", "Alpha", "mid", "10", "9", "ä", ".dot"):
        (folder / name).mkdir()
    (folder / "link").symlink_to("zeta")
    (folder / "flink").symlink_to("a.txt")
    (folder / "broken").symlink_to("nowhere")


def _add_s3(release: str, wire: Wire) -> None:
    port = "28502" if release == "25.10" else "28702"
    provider = {
        "type": "S3",
        "access_key_id": "AKID",
        "secret_access_key": "SECRETKEY",
        "endpoint": f"http://127.0.0.1:{port}/",
        "region": "us-east-1",
    }
    credential = wire.call("cloudsync.credentials.create", {"name": "rec s3", "provider": provider})["id"]
    wire.call(
        "cloudsync.create",
        {
            "description": "rec s3",
            "path": "/mnt/tank/rec/s3",
            "credentials": credential,
            "direction": "PUSH",
            "transfer_mode": "COPY",
            "attributes": {"bucket": "bucket1", "folder": "/a", "fast_list": True},
            "enabled": False,
        },
    )


def _add_nextcloud(wire: Wire, port: int) -> None:
    provider = {"type": "WEBDAV", "url": f"http://127.0.0.1:{port}/", "vendor": "NEXTCLOUD", "user": "u", "pass": "p"}
    wire.call("cloudsync.credentials.create", {"name": "rec nc", "provider": provider})


def _add_datasets(wire: Wire) -> None:
    for name in ("tank/recds", "tank/recds/child"):
        wire.call("pool.dataset.create", {"name": name})
