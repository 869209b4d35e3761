# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook `kit`: what it wrote restores everything with rclone alone, when there is no NAS any more."""

from __future__ import annotations

import contextlib
import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client, connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from simulator.fixture import SimulatedNas, running
from simulator.nas.rclone_run import binary
from simulator.tests.remotes import PASSWORD, port_of, served

from .test_nothing_to_do import play

ENCRYPTION = {"encryption": True, "encryption_password": "Crypt-W0rd one", "encryption_salt": "Salt-W0rd two"}
KIT = "cloudsync_kit_localhost.vault"


def view(folder: Path) -> str:
    command = [sys.executable, "-m", "ansible", "vault", "view", "--vault-password-file=vault", KIT]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def write(folder: Path, nas: SimulatedNas, *options: str, **variables: Any) -> tuple[int, str]:
    given = {"truenas_api_url": nas.socket, "truenas_api_session": "close", **variables}
    return play(folder, "kit", "-vvv", "--diff", "--vault-password-file=vault", *options, **given)


def push(client: Client, root: Path, name: str, provider: dict[str, Any], **members: Any) -> bytes:
    """Make a task, run it, and return what it has pushed."""
    content = f"{name} {'ä' * 1000}".encode()
    source = root / "tank/photos" / name / "Ordner ü"
    source.mkdir(parents=True)
    (source / "photo 'a'.jpg").write_bytes(content)
    credential = client.call("cloudsync.credentials.create", {"name": name, "provider": provider})["id"]
    bucket = {"bucket": "bucket"} if provider["type"] == "S3" else {}
    task = client.call("cloudsync.create", {
        "description": name, "path": f"/mnt/tank/photos/{name}", "credentials": credential, "direction": "PUSH",
        "transfer_mode": "SYNC", "attributes": {"folder": "/it's", **bucket}, **members,
    })["id"]  # fmt: skip
    assert client.follow_job(client.start_job("cloudsync.sync", task), timeout=60).state == "SUCCESS"
    return content


def key_pair() -> tuple[str, str]:
    key = ed25519.Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return private.decode(), public.decode()


def test_rclone_alone_restores_from_it(tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("VaultW0rd")
    private, public = key_pair()
    (tmp_path / "keys").write_text(public)
    kinds = ("S3", "WEBDAV", "SFTP", "KEY")
    for kind in kinds:
        (tmp_path / kind / ("bucket" if kind == "S3" else "") / "it's").mkdir(parents=True)
    pushed = {}
    with contextlib.ExitStack() as servers:
        remotes = {kind: servers.enter_context(served(kind, tmp_path / kind)) for kind in kinds[:3]}
        access = ("--user", "user", "--authorized-keys", str(tmp_path / "keys"))
        port = servers.enter_context(port_of("SFTP", tmp_path / "KEY", *access))
        with running("--release", "25.10") as simulator:
            nas = simulator.nas[0]
            with connect(ConnectionOptions(api_url=nas.socket)) as client:
                pair = {"name": "Pair", "type": "SSH_KEY_PAIR", "attributes": {"private_key": private}}
                number = client.call("keychaincredential.create", pair)["id"]
                server = {"type": "SFTP", "host": "127.0.0.1", "port": port, "user": "user"}
                remotes["KEY"] = {**server, "pass": "", "private_key": number}
                encrypted = {"WEBDAV": {**ENCRYPTION, "filename_encryption": True}, "KEY": ENCRYPTION}
                for kind in kinds:
                    pushed[kind] = push(client, Path(nas.root), kind, remotes[kind], **encrypted.get(kind, {}))
            status, shown = write(tmp_path, nas)
            again, shown_again = write(tmp_path, nas)
        kit = view(tmp_path)
        (tmp_path / "rclone.conf").write_text(kit)
        commands = [line[1:].strip() for line in kit.splitlines() if line.startswith("#     rclone ")]
        program = "\n".join(["set -e", f'rclone() {{ "{binary()}" "$@"; }}', *commands])
        subprocess.run(["/bin/bash", "-c", program], cwd=tmp_path, capture_output=True, check=True)
    restored = {path.read_bytes(): path.relative_to(tmp_path / "restored").parts[1:] for path in
                (tmp_path / "restored").rglob("*") if path.is_file()}  # fmt: skip
    assert restored == dict.fromkeys(pushed.values(), ("Ordner ü", "photo 'a'.jpg"))
    assert not list((tmp_path / "WEBDAV").rglob("*photo*"))
    assert (status, "changed=1" in shown) == (0, True), shown
    assert f"{KIT} is written." in shown
    assert f"{KIT} is up to date." in shown_again
    assert (again, "changed=0" in shown_again) == (0, True), shown_again
    record = (tmp_path / "cloudsync_kit_localhost.json").read_text()
    assert [one["description"] for one in json.loads(record)["kit"]["tasks"]] == list(kinds)
    assert stat.S_IMODE((tmp_path / KIT).stat().st_mode) == 0o600
    assert (tmp_path / KIT).read_text().startswith("$ANSIBLE_VAULT;1.1;AES256\n")
    secrets = [PASSWORD, "Crypt-W0rd", "Salt-W0rd", "BEGIN OPENSSH", *private.splitlines()[1:3]]
    secrets += [line.partition(" = ")[2] for line in kit.splitlines() if line.startswith(("pass", "key_pem"))]
    assert [one for one in secrets if one in shown + shown_again + record] == []


@pytest.fixture
def stored(nas: SimulatedNas, tmp_path: Path) -> SimulatedNas:
    """A NAS with a task whose credential is a secret."""
    nas.faults(rate_limit=10_000)
    (tmp_path / "vault").write_text("VaultW0rd")
    provider = {"type": "HTTP", "url": "http://127.0.0.1:9/"}
    with connect(ConnectionOptions(api_url=nas.socket)) as client:
        credential = client.call("cloudsync.credentials.create", {"name": "Web", "provider": provider})["id"]
        client.call("cloudsync.create", {
            "description": "Web", "path": "/mnt/tank/photos", "credentials": credential, "direction": "PULL",
            "transfer_mode": "COPY", "attributes": {"folder": ""},
        })  # fmt: skip
    return nas


def test_an_account_that_sees_no_secrets(stored: SimulatedNas, tmp_path: Path) -> None:
    reader = {"url": stored.api_url, "username": "readonly_admin", "key": stored.readonly_api_key}
    given = {f"truenas_api_{name}": value for name, value in reader.items()}
    status, shown = write(tmp_path, stored, **given, truenas_ca_path=stored.ca_path)
    assert (status, (tmp_path / KIT).exists()) == (2, False)
    assert "The NAS hides the credential" in shown
    assert "CLOUD_SYNC_WRITE" in shown


def test_check_mode_writes_nothing_and_another_file_is_kept(stored: SimulatedNas, tmp_path: Path) -> None:
    status, shown = write(tmp_path, stored, "--check")
    assert (status, "changed=1" in shown, (tmp_path / KIT).exists()) == (0, True, False)
    assert not (tmp_path / "cloudsync_kit_localhost.json").exists()
    vault = VaultLib([("default", VaultSecret(b"VaultW0rd"))])
    before = vault.encrypt(b"---\nsecret: kept\n")
    (tmp_path / KIT).write_bytes(before)
    status, shown = write(tmp_path, stored)
    assert (status, (tmp_path / KIT).read_bytes()) == (2, before)
    assert "holds something else than a kit" in shown
