# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A playbook that lacks what it works on says so, names the variable, and fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.fixture import SimulatedNas

CHECKOUT = Path(__file__).resolve().parents[3]


def play(folder: Path, playbook: str, *options: str, **variables: object) -> tuple[int, str]:
    """Run a playbook of the collection without an inventory; the exit status and what it shows."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRUENAS_", "ANSIBLE_"))}
    environment = {
        **kept,
        "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".cache/collections"),
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "PWD": str(folder),
    }
    command = [
        sys.executable,
        "-m",
        "ansible",
        "playbook",
        f"nasops.cloudsync.{playbook}",
        "-e",
        json.dumps(variables),
        *options,
    ]
    run = subprocess.run(
        command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("playbook", "variables", "named"),
    [
        ("run", {}, ["No task to run is declared for localhost", "cloudsync_tasks", "google_photos_tasks"]),
        ("dry_run", {"cloudsync_tasks": ""}, ["No task to dry-run is declared for localhost", "cloudsync_tasks"]),
        (
            "run",
            {"google_photos_task": []},
            ["google_photos_task is not a variable", "Do you mean google_photos_tasks?"],
        ),
        ("google_photos", {}, ["nothing to set up for localhost", "google_photos_tasks is not set"]),
        ("google_photos", {"google_photo_tasks": []}, ["Do you mean google_photos_tasks?"]),
        ("restore_test", {}, ["No directory to restore to is set for localhost", "cloudsync_restore_scratch"]),
        ("export", {}, ["No address of a NAS", "truenas_api_url", "TRUENAS_API_URL"]),
        ("status", {}, ["No address of a NAS", "truenas_api_url", "TRUENAS_API_URL"]),
    ],
)
def test_without_what_it_works_on(tmp_path, playbook, variables, named):
    status, shown = play(tmp_path, playbook, **variables)
    assert status != 0, shown
    assert [word for word in named if word not in shown] == [], shown


def test_the_connection_comes_from_variables_of_the_host(tmp_path, nas: SimulatedNas):
    options = {
        "api_url": f"{nas.api_url}\n",
        "api_key": nas.api_key,
        "api_username": nas.username,
        "ca_path": nas.ca_path,
    }
    variables = {f"truenas_{name}": value for name, value in options.items()}
    status, shown = play(tmp_path, "export", **variables, truenas_api_session="close")
    assert status == 0, shown
    assert (tmp_path / "cloudsync_localhost.yml").exists()
    status, shown = play(tmp_path, "export", **{**variables, "truenas_api_timeout": "soon"})
    assert status != 0
    assert "truenas_api_timeout: 'soon' is not a whole number" in shown
    assert nas.api_key not in shown
