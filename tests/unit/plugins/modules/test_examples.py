# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module's EXAMPLES, run as a playbook against the simulated NAS and Google.

As a reader would run them: their variables are given, nas.example.com is the simulated NAS, and what they build upon is
made by the examples of other modules.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.fixture import SimulatedGoogle, SimulatedNas, Simulator
from simulator.google.takeout import generate
from simulator.google.visitor import Visitor

MODULES = Path(__file__).resolve().parents[4] / "plugins/modules"
TESTS = MODULES.parents[1] / "tests"

# Module -> the examples that have to be done before its own: module and place.
BEFORE = {
    "truenas_cloudsync_restore_test": [
        ("truenas_cloud_credential", 0),
        ("truenas_cloudsync_task", 0),
        ("truenas_cloudsync_run", 2),
    ],
    "truenas_cloudsync_run": [("truenas_cloud_credential", 0), ("truenas_cloudsync_task", 0)],
    "truenas_cloudsync_task": [("truenas_cloud_credential", 0)],
}
SECONDS = 120

ON_THE_NAS = ("google_takeout_import",)
"""Modules that run where the datasets are, so that their paths have to be directories here."""


def examples(module: str) -> list[dict[str, Any]]:
    """The tasks of a module's EXAMPLES."""
    tree = ast.parse((MODULES / f"{module}.py").read_text(encoding="utf-8"))
    texts = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper()
        if isinstance(node.value, ast.Constant)
    }
    return yaml.safe_load(texts["EXAMPLES"])


@pytest.fixture
def home(tmp_path: Path, google: SimulatedGoogle) -> Path:
    """The home of a person who has downloaded the client's JSON, and a project with the playbook in it."""
    (tmp_path / "group_vars/nas").mkdir(parents=True)
    (tmp_path / "Downloads").mkdir()
    for folder in ("", "Downloads"):
        (tmp_path / folder / "client_secret.json").write_bytes(Path(google.client_secret_file).read_bytes())
    # As gcloud auth application-default login keeps a person's login.
    client = json.loads(Path(google.client_secret_file).read_text(encoding="utf-8"))["installed"]
    token = google.door.post("/tokens", scopes=["https://www.googleapis.com/auth/cloud-platform"])
    login = {"type": "authorized_user", **{name: client[name] for name in ("client_id", "client_secret")}}
    login["refresh_token"] = token["refresh_token"]
    (tmp_path / "login.json").write_text(json.dumps(login), encoding="utf-8")
    (tmp_path / "vault_password").write_text("of the vault", encoding="utf-8")
    return tmp_path


@pytest.fixture
def play(simulator: Simulator, nas: SimulatedNas, google: SimulatedGoogle) -> dict[str, Any]:
    """A play without tasks, with the variables that the examples use."""
    nas.faults(rate_limit=10_000)
    client = json.loads(Path(google.client_secret_file).read_text(encoding="utf-8"))["installed"]
    token = Path(google.token_file).read_text(encoding="utf-8")
    visit = (
        f"{sys.executable} -m simulator.google.visitor --proxy {google.proxy} --ca-path {google.ca_path} --no-deliver"
    )
    return {
        "hosts": "localhost",
        "gather_facts": False,
        "vars": {
            "nas_api_key": nas.api_key,
            "google_photos_client_id": client["client_id"],
            "google_photos_client_secret": client["client_secret"],
            "google_photos_token": token,
            "nextcloud_password": "of the Nextcloud",
            "s3_secret_access_key": "of the object storage",
            "sftp_password": "of the backup server",
            "b2_key_id": "0012ab",
            "b2_application_key": "of Backblaze",
            "google": {"token": token},
            # Answers that it knows no such ping, which is no failure.
            "vault_backup_ping_url": f"{nas.api_url}/ping",
            # Of truenas_cloudsync_config in check mode, of a NAS that is as declared.
            "compared": {
                "plan_id": "0" * 64,
                "changed": False,
                "credentials": [],
                "tasks": [],
                "diff": {"before": {}, "after": {}},
            },
            # A person opens the address, agrees, and copies where the browser has ended.
            "pasted": f"{{{{ lookup('ansible.builtin.pipe', '{visit} ' ~ (begun.authorization_url | quote)) }}}}",
        },
    }


@pytest.fixture
def environment(home: Path, nas: SimulatedNas, google: SimulatedGoogle) -> dict[str, str]:
    return {
        **os.environ,
        "HOME": str(home),
        "ANSIBLE_COLLECTIONS_PATH": str(TESTS.parent / ".cache/collections"),
        "ANSIBLE_FORCE_COLOR": "0",
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0",
        "ANSIBLE_VAULT_PASSWORD_FILE": str(home / "vault_password"),
        "PYTHONPATH": str(TESTS),
        "TRUENAS_API_URL": nas.api_url,
        "TRUENAS_API_USERNAME": nas.username,
        "TRUENAS_API_KEY": nas.api_key,
        "TRUENAS_CA_PATH": nas.ca_path,
        "HTTPS_PROXY": google.proxy,
        "REQUESTS_CA_BUNDLE": google.ca_path,
        "NO_PROXY": "127.0.0.1,localhost",
        "GOOGLE_APPLICATION_CREDENTIALS": str(home / "login.json"),
    }


def run(playbook: Path, environment: dict[str, str], google: SimulatedGoogle) -> str:
    """Run it and return what it prints; whoever is asked to open an address in a browser does."""
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "--diff", playbook.name]
    process = subprocess.Popen(
        command, cwd=playbook.parent, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    with process.stdout:
        printed = "".join(_visiting(process.stdout, google))
    assert process.wait(SECONDS) == 0, printed
    return printed


def _visiting(lines: Iterator[str], google: SimulatedGoogle) -> Iterator[str]:
    for line in lines:
        yield line
        if asked := re.match(r"\s*(https://accounts\.google\.com\S+)", line):
            Visitor(google.proxy, google.ca_path).visit(asked[1])


@pytest.mark.parametrize("module", sorted(path.stem for path in MODULES.glob("*.py")))
def test_the_examples_run(
    module: str,
    play: dict[str, Any],
    environment: dict[str, str],
    home: Path,
    nas: SimulatedNas,
    google: SimulatedGoogle,
) -> None:
    before = [examples(other)[place] for other, place in BEFORE.get(module, [])]
    text = yaml.safe_dump([{**play, "tasks": before + examples(module)}], allow_unicode=True, width=1000)
    if module in ON_THE_NAS:
        for folder in ("takeout", "photos"):
            (home / "tank" / folder).mkdir(parents=True)
        generate(home / "tank/takeout", 1)
        text = text.replace("/mnt/tank", f"{home}/tank")
    if module == "truenas_cloudsync_restore_test":
        album = Path(nas.root, "tank/photos/Trip")
        album.mkdir()
        (album / "boat.gif").write_bytes(b"GIF89a of a boat")
    playbook = home / "playbook.yml"
    playbook.write_text(text.replace("https://nas.example.com", nas.api_url), encoding="utf-8")
    assert "failed=0" in run(playbook, environment, google)
