# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook `restore_test` keeps what was proven, draws other files the next time, and fails on damages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from simulator.tests.remotes import served

CHECKOUT = Path(__file__).resolve().parents[3]
NAME = "{{ lookup('ansible.builtin.pipe', 'touch evaluated') }}"


@pytest.fixture
def there(nas, tmp_path):
    """Where the two files of a task are at its remote."""
    nas.faults(rate_limit=10_000)
    remote = tmp_path / "remote"
    (remote / "up").mkdir(parents=True)
    for name in (NAME, "fine"):
        Path(nas.root, "tank/photos", name).write_text(name)
    with served("WEBDAV", remote) as provider, connect(ConnectionOptions(api_url=nas.socket)) as client:
        credential = client.call("cloudsync.credentials.create", {"name": "DAV", "provider": provider})["id"]
        task = client.call("cloudsync.create", {
            "description": "Photos", "path": "/mnt/tank/photos", "credentials": credential, "direction": "PUSH",
            "transfer_mode": "SYNC", "attributes": {"folder": "/up"},
        })["id"]  # fmt: skip
        assert client.follow_job(client.start_job("cloudsync.sync", task), timeout=60).state == "SUCCESS"
        yield remote / "up"


def test_it_keeps_what_was_proven(there, nas, tmp_path):
    def play(*options: str) -> int:
        done = subprocess.run(
            [sys.executable, "-m", "ansible", "playbook", "nasops.cloudsync.restore_test", *options,
             "-e", "cloudsync_restore_scratch=/mnt/tank/scratch", "-e", "cloudsync_restore_files=1"],
            env={
                **os.environ, "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".cache/collections"), "PWD": str(tmp_path),
                "TRUENAS_API_URL": nas.socket, "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
                "ANSIBLE_LOCALHOST_WARNING": "false",
            },
            cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        assert not (tmp_path / "evaluated").exists()
        return done.returncode

    (there / NAME).write_text("x" * len(NAME))
    failed = [play() != 0, play() != 0]
    kept = json.loads((tmp_path / "cloudsync_proofs_localhost.json").read_text())
    assert sorted(failed) == [False, True]
    assert kept["tests"] == 2
    (proof,) = kept["proofs"]
    assert proof["damages"] == ([{"path": NAME, "kind": "altered"}] if failed[1] else [])
