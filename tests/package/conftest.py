# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as users get it: built, and installed without a network into an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from simulator.fixture import SimulatedGoogle, SimulatedNas

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
Run = Callable[..., str]


@dataclass(frozen=True)
class Installed:
    """The tarball, and the collections folder that it was installed into."""

    tarball: Path
    collections: Path

    @property
    def folder(self) -> Path:
        return self.collections / "ansible_collections/nasops/cloudsync"


def call(*words: str | Path, cwd: Path, **environment: str) -> str:
    """Run a program of the virtual environment, with nothing of this user's Ansible; returns what it prints."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE", "TRUENAS"))}
    done = subprocess.run(
        [PROGRAMS / words[0], *words[1:]],
        cwd=cwd,
        env={
            **clean,
            "ANSIBLE_HOME": str(cwd / "home"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            **environment,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{words} ends with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> Installed:
    folder = tmp_path_factory.mktemp("package")
    call("ansible-galaxy", "collection", "build", "--output-path", folder, CHECKOUT, cwd=folder)
    (tarball,) = folder.glob("nasops-cloudsync-*.tar.gz")
    collections = folder / "collections"
    call("ansible-galaxy", "collection", "install", "--offline", "-p", collections, tarball, cwd=folder)
    return Installed(tarball, collections)


@pytest.fixture
def variables(nas: SimulatedNas, google: SimulatedGoogle) -> dict[str, object]:
    """What a user gives the playbook google_photos."""
    photo = Path(nas.root, "tank/photos/Family/birthday.gif")
    photo.parent.mkdir()
    photo.write_text("GIF89a birthday", encoding="utf-8")
    return {
        "truenas_connection": {
            "api_url": nas.api_url,
            "api_username": nas.username,
            "api_key": nas.api_key,
            "ca_path": nas.ca_path,
        },
        "google_photos_client_secret_file": google.client_secret_file,
        "google_photos_token_file": google.token_file,
        "google_photos_tasks": [{"description": "Photos to Google", "path": "/mnt/tank/photos"}],
    }


@pytest.fixture
def play(installed: Installed, variables: dict[str, object], tmp_path: Path) -> Run:
    """Run a playbook of the installed collection in an empty folder; returns its output."""
    given = tmp_path / "variables.yml"
    given.write_text(yaml.safe_dump(variables), encoding="utf-8")

    def play(name: str, environment: Mapping[str, str] | None = None, **more: object) -> str:
        return call(
            "ansible-playbook",
            f"nasops.cloudsync.{name}",
            f"--extra-vars=@{given}",
            f"--extra-vars={json.dumps(more)}",
            cwd=tmp_path,
            ANSIBLE_COLLECTIONS_PATH=str(installed.collections),
            PWD=str(tmp_path),
            **(environment or {}),
        )

    return play
