# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An export can be read back in every way that the guide tells of, with equal meaning and nothing evaluated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._export_yaml import dump

CHECKOUT = Path(__file__).resolve().parents[3]
TASKS = [
    {"description": "{{ lookup('ansible.builtin.pipe', 'touch evaluated') }}", "include": ["*.{{(?i)(jpe?g|png)}}"]},
    {"description": "P", "pre_script": "docker ps --format '{{.Names}}'\n", "exclude": ["{# no comment #}/**", "/*"]},
    {"description": "{% if true %}Q{% endif %}", "post_script": "echo {{ 1+1 }}", "transfers": 4, "enabled": False},
]
LOOKUP = "lookup('ansible.builtin.file', 'export.yml') | nasops.cloudsync.cloudsync_from_yaml"
PLAY = """
- hosts: localhost
  gather_facts: false
  {play}
  tasks:
    {include}
    - ansible.builtin.copy:
        content: "{{{{ {value} | to_json }}}}"
        dest: "{{{{ lookup('ansible.builtin.env', 'PWD') }}}}/{name}.json"
        mode: "0600"
"""
WAYS = {
    "vars_files": {"play": "vars_files: [export.yml]"},
    "include_vars": {
        "include": "- ansible.builtin.include_vars: {file: export.yml, name: found}",
        "value": "found.tasks",
    },
    "lookup": {"value": f"({LOOKUP}).tasks"},
    "lookup_in_a_variable": {"play": f'vars: {{found: "{{{{ {LOOKUP} }}}}"}}', "value": "found.tasks"},
}


@pytest.fixture
def read_back(tmp_path):
    """Play it in a folder with an export; returns what each way has read."""

    def read_back(ways, *options):
        (tmp_path / "export.yml").write_text(dump({"credentials": [], "tasks": TASKS}))
        plays = [PLAY.format(**{"play": "", "include": "", "value": "tasks", "name": way, **ways[way]}) for way in ways]
        (tmp_path / "play.yml").write_text("\n".join(plays))
        run = subprocess.run(
            [sys.executable, "-m", "ansible", "playbook", "play.yml", *options],
            env={
                **os.environ,
                "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".cache/collections"),
                "ANSIBLE_NOCOLOR": "true",
                "PWD": str(tmp_path),
            },
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout
        assert not (tmp_path / "evaluated").exists()
        return {way: json.loads((tmp_path / f"{way}.json").read_text()) for way in ways}

    return read_back


def test_in_a_playbook(read_back):
    assert read_back(WAYS) == dict.fromkeys(WAYS, TASKS)


def test_on_the_command_line(read_back):
    assert read_back({"extra_vars": {}}, "-e", "@export.yml") == {"extra_vars": TASKS}
