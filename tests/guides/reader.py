# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reader who does what a page shows: writes its files, types its commands, and compares what comes out."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from guides.blocks import Block, Command
from simulator.fixture import SimulatedNas, Simulator

CHECKOUT = Path(__file__).resolve().parents[2]
COLLECTIONS = CHECKOUT / ".cache/collections"
PROGRAMS = Path(sys.executable).parent
PASSWORD = "correct horse"
ROLES = ("CLOUD_SYNC_WRITE", "FILESYSTEM_ATTRS_READ", "FILESYSTEM_DATA_WRITE")
"""What the guide on least privilege gives the account of every other page."""
DRIVE = "https://www.googleapis.com/auth/drive.readonly"
NASES = {"home": 0, "cabin": 1}
"""The NASes of the inventories, by their place in the simulator."""

_ADDRESS = re.compile(r"nas([\w-]*)\.example\.com")
_TYPED = ("ansible", "ansible-doc", "ansible-inventory", "ansible-playbook", "molecule")
"""Programs whose commands are run. What the others do is seen elsewhere: see `_SEEN_ELSEWHERE`."""
_SEEN_ELSEWHERE = {
    "ansible-builder": "tests/package",
    "ansible-galaxy": "tests/package",
    "ansible-rulebook": "tests/eda",
    "ansible-runner": "tests/package",
    "ansible-vault": "reader.py writes the same vault",
    "cd": "the reader is there",
    "curl": "the simulator's own tests",
    "export": "the reader's environment",
    "git": "CI works from a clone",
    "install": "the reader's password file",
    "make": "CI",
    "mkdir": "reader.py makes folders",
    "openssl": "the modules' tests of cert_fingerprint",
    "pip": "the virtual environment",
    "python": "the simulator's own tests",
    "python3": "the virtual environment",
    "source": "the virtual environment",
    "ssh": "the integration target on_the_nas",
}


@dataclass
class Reader:
    """Works in a folder of its own, with the simulator for a NAS and for Google."""

    folder: Path
    simulator: Simulator
    played: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)

    def begin(self, photos: Iterable[str]) -> None:
        """A fresh NAS with photos in its dataset and an account for Ansible, and the reader's vault."""
        self.simulator.google.reset()
        for nas in self.simulator.nas:
            nas.reset()
            nas.faults(rate_limit=10_000)
            Path(nas.root, "tank/documents").mkdir(exist_ok=True)
            for name in photos:
                photo = Path(nas.root, "tank/photos", name)
                photo.parent.mkdir(parents=True, exist_ok=True)
                photo.write_text(f"GIF89a {name}", encoding="utf-8")
        self.keys = {name: self._key(self.simulator.nas[place]) for name, place in NASES.items()}
        self.write(".authorities", "".join(Path(nas.ca_path).read_text(encoding="ascii") for nas in self.simulator.nas))
        self.write(".password", PASSWORD)
        self.write(".gcloud", json.dumps(self._google_login()))
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("TRUENAS_")} | {
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_VAULT_PASSWORD_FILE": str(self.folder / ".password"),
            "GOOGLE_APPLICATION_CREDENTIALS": str(self.folder / ".gcloud"),
            "HTTPS_PROXY": self.simulator.google.proxy,
            "NO_PROXY": "127.0.0.1",
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "PWD": str(self.folder),
            "REQUESTS_CA_BUNDLE": self.simulator.google.ca_path,
            "TRUENAS_CA_PATH": str(self.folder / ".authorities"),
        }

    def _google_login(self) -> dict[str, str]:
        """What `gcloud auth application-default login` leaves."""
        scope = "https://www.googleapis.com/auth/cloud-platform"
        token = self.simulator.google.door.post("/tokens", scopes=[scope])
        return {**self._client(), "type": "authorized_user", "refresh_token": token["refresh_token"]}

    def _client(self) -> dict[str, str]:
        file = Path(self.simulator.google.client_secret_file)
        client: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))["installed"]
        return client

    @staticmethod
    def _key(nas: SimulatedNas) -> str:
        if nas.release == "24.10":  # keys belong to no account there
            return nas.api_key
        key: str = nas.account("ansible", roles=list(ROLES), api_key=True)["api_key"]
        return key

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        path = self.folder / name.lstrip("/")  # a place on the reader's machine
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)

    def write_vault(self, name: str, **more: Any) -> None:
        """Write what the playbook authorize stores, and the NASes' keys, as ansible-vault encrypts it."""
        client = self._client()
        role = Path(name).name.split(".")[0]
        if role == "google_takeout":
            token = json.dumps(self.simulator.google.door.post("/tokens", scopes=[DRIVE]))
        else:
            role, token = "google_photos", Path(self.simulator.google.token_file).read_text(encoding="utf-8")
        self.write(
            name,
            yaml.safe_dump(
                {
                    f"{role}_client_id": client["client_id"],
                    f"{role}_client_secret": client["client_secret"],
                    f"{role}_token": token,
                    "vault_truenas_api_key": self.keys["home"],
                    "vault_truenas_api_keys": self.keys,
                    **more,
                }
            ),
        )
        self._run(["ansible-vault", "encrypt", name])

    def here(self, text: str) -> str:
        """The page's text with the simulator's addresses for those of the page."""
        text = text.replace("my-photos-2026", self._client()["project_id"])
        text = text.replace("~/.ansible/collections", str(COLLECTIONS))
        return _ADDRESS.sub(lambda found: self._address(found[1].lstrip("-")), text)

    def _address(self, name: str) -> str:
        return self.simulator.nas[NASES.get(name, 0)].api_url.removeprefix("https://")

    def do(self, block: Block) -> None:
        """Write the block's file, or type its commands."""
        if block.file:
            self.write(block.file, self.here(block.text))
        for command in block.commands:
            self.type(command)

    def type(self, command: Command) -> None:
        """Type a command; it must succeed, and print the lines that the page shows."""
        words = shlex.split(self.here(command.line))
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words.pop(0)  # a variable for this command
        if words[0] not in _TYPED:
            assert words[0] in _SEEN_ELSEWHERE, f"no test types {command.line!r}"
            return
        printed = self._run(words)
        self.played += [word for word in words if word.endswith(".yml")]
        if words[0] == "molecule":
            self.played += [str(file.relative_to(self.folder)) for file in self.folder.glob("molecule/*/*.yml")]
        flat = " ".join(printed.split())
        for line in command.output:
            shown = " ".join(self.here(line).split())
            assert shown == "..." or shown in flat, f"{command.line!r} does not print {shown!r}, but:\n{printed}"

    def play(self, playbook: str, options: str = "") -> None:
        """Run a playbook for which the page shows no command of its own."""
        self.type(Command(f"ansible-playbook {playbook} {options}"))

    def _run(self, words: list[str]) -> str:
        done = subprocess.run(
            [PROGRAMS / words[0], *words[1:]],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{shlex.join(words)} ends with {done.returncode}:\n{done.stdout}"
        return done.stdout
