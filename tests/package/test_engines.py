# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs Ansible at scale takes the collection: ansible-builder finds what it needs, ansible-runner runs it."""

from __future__ import annotations

import json
import re

import yaml
from guides.blocks import blocks

from .conftest import CHECKOUT, call

GUIDE = CHECKOUT / "docs/docsite/rst/guide_execution.rst"


def requirements(text: str) -> set[str]:
    return {line.split("#")[0].strip() for line in text.splitlines() if line.split("#")[0].strip()}


def test_ansible_builder_takes_the_execution_environment_of_the_guide(tmp_path):
    (file,) = [block for block in blocks(GUIDE) if block.file == "execution-environment.yml"]
    (tmp_path / "execution-environment.yml").write_text(file.text, encoding="utf-8")
    call("ansible-builder", "create", "--output-filename=Containerfile", cwd=tmp_path)
    context = tmp_path / "context"
    assert "nasops.cloudsync" in (context / "_build/requirements.yml").read_text(encoding="utf-8")
    written = (context / "Containerfile").read_text(encoding="utf-8")
    assert "ansible-galaxy collection install" in written
    assert 'PYPKG="python3"' in written  # the base image has no Python


def test_ansible_builder_finds_the_python_packages_and_no_others(installed, tmp_path):
    found = yaml.safe_load(call("ansible-builder", "introspect", installed.collections, cwd=tmp_path))
    needed = requirements((CHECKOUT / "requirements.txt").read_text(encoding="utf-8"))
    assert requirements("\n".join(found["python"])) == needed
    assert not found.get("system")


def test_ansible_runner_runs_a_playbook(installed, variables, tmp_path, google):
    for folder, name, content in (
        ("env", "envvars", {"ANSIBLE_COLLECTIONS_PATH": str(installed.collections), "ANSIBLE_NOCOLOR": "true"}),
        ("env", "extravars", {**variables, "google_photos_run": True}),
        ("inventory", "hosts.yml", {"all": {"hosts": {"nas": {"ansible_connection": "local"}}}}),
        ("project", "unused.yml", []),
    ):
        path = tmp_path / "job" / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    playbook = "--playbook=nasops.cloudsync.google_photos"
    output = call("ansible-runner", "run", tmp_path / "job", playbook, "--ident=first", cwd=tmp_path)
    assert re.search(r"nas\s+: ok=\d+\s+changed=[1-9]", output)
    assert len(google.library()["albums"]) == 1
    assert (tmp_path / "job/artifacts/first/status").read_text() == "successful"
    told = "".join(file.read_text(encoding="utf-8") for file in tmp_path.glob("job/artifacts/first/job_events/*.json"))
    assert "truenas_cloudsync_config" in told
    connection = variables["truenas_connection"]
    assert connection["api_key"] not in told
