# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's rulebook, run by ansible-rulebook against the simulated NAS, and as the guide shows it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from guides.blocks import blocks

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions

CHECKOUT = Path(__file__).resolve().parents[2]
RULEBOOK = CHECKOUT / "extensions/eda/rulebooks/cloudsync.yml"
LATER = 60  # seconds


def rules(text: str) -> list[dict]:
    (rulebook,) = yaml.safe_load(text)
    return rulebook["rules"]


@pytest.fixture
def failing_task(nas, google):
    """A function that runs a task that fails: a photo that lies loose belongs to no album."""
    client = json.loads(Path(google.client_secret_file).read_text(encoding="utf-8"))["installed"]
    provider = {
        "type": "GOOGLE_PHOTOS",
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
        "token": Path(google.token_file).read_text(encoding="utf-8"),
    }
    Path(nas.root, "tank/photos/loose.gif").write_text("GIF89a loose", encoding="utf-8")
    options = ConnectionOptions(api_url=nas.api_url, api_key=nas.api_key, ca_path=nas.ca_path)
    with connect(options) as admin:
        credential = admin.call("cloudsync.credentials.create", {"name": "photos", "provider": provider})
        task = admin.call(
            "cloudsync.create",
            {
                "description": "push",
                "credentials": credential["id"],
                "direction": "PUSH",
                "transfer_mode": "COPY",
                "path": "/mnt/tank/photos",
                "attributes": {"folder": "/album"},
            },
        )
        yield lambda: admin.follow_job(admin.start_job("cloudsync.sync", task["id"]), timeout=LATER)


@pytest.fixture
def printed(nas, tmp_path):
    """What ansible-rulebook, which runs meanwhile, has printed so far."""
    (tmp_path / "inventory.yml").write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n")
    (tmp_path / "variables.yml").write_text("cloudsync_interval: 0.2\n")
    command = ["--rulebook=nasops.cloudsync.cloudsync", "--inventory=inventory.yml", "--vars=variables.yml"]
    log = tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [Path(sys.executable).parent / "ansible-rulebook", *command],
            cwd=tmp_path,
            env={
                **os.environ,
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".cache/collections"),
                "TRUENAS_API_URL": nas.api_url,
                "TRUENAS_API_USERNAME": nas.username,
                "TRUENAS_API_KEY": nas.api_key,
                "TRUENAS_CA_PATH": nas.ca_path,
            },
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        yield lambda: log.read_text(encoding="utf-8")
        process.terminate()
        process.wait(LATER)


def until(condition, printed):
    end = time.monotonic() + LATER
    while not condition():
        assert time.monotonic() < end, printed()
        time.sleep(0.1)


def test_it_tells_of_a_run_that_fails(nas, failing_task, printed):
    until(lambda: any(call["method"] == "cloudsync.query" for call in nas.calls()), printed)
    assert failing_task().state == "FAILED"
    until(lambda: "push: files lie directly in the task's local directory" in printed(), printed)
    until(lambda: 'Cloud sync task "push" failed.' in printed(), printed)


def test_the_guide_shows_its_rules():
    (shown,) = [block for block in blocks(CHECKOUT / "docs/docsite/rst/guide_eda.rst") if block.file == "rulebook.yml"]
    assert rules(shown.text) == rules(RULEBOOK.read_text(encoding="utf-8"))
