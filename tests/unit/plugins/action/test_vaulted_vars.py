# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""vaulted_vars as users run it: in a play, with the vault passwords of ansible-playbook."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[4]


@pytest.fixture
def keep(tmp_path):
    """Keep variables in vars.yml; returns exit status and output."""
    (tmp_path / "one").write_text("one\n")
    (tmp_path / "two").write_text("two\n")

    def keep(variables, *arguments, passwords=("--vault-id=one@one",), **options):
        task = {"nasops.cloudsync.vaulted_vars": {"path": "vars.yml", "variables": variables, **options}}
        play = [{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]
        (tmp_path / "play.yml").write_text(json.dumps(play))
        environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".cache/collections"),
            "ANSIBLE_NOCOLOR": "true",
        }
        run = subprocess.run(
            [sys.executable, "-m", "ansible", "playbook", "play.yml", "-vvv", *passwords, *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return run.returncode, run.stdout + run.stderr

    return keep


def view(folder, password="one@one"):
    command = [sys.executable, "-m", "ansible", "vault", "view", f"--vault-id={password}", "vars.yml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_write_keep_and_add(keep, tmp_path):
    file = tmp_path / "vars.yml"
    status, shown = keep({"secret": "s3cret ü", "list": [1, {"a": None}]}, "--check")
    assert (status, "changed=1" in shown, file.exists()) == (0, True, False)
    status, shown = keep({"secret": "s3cret ü", "list": [1, {"a": None}]})
    assert (status, "changed=1" in shown) == (0, True)
    assert "s3cret" not in shown
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().startswith("$ANSIBLE_VAULT;1.2;AES256;one\n")
    assert view(tmp_path) == "---\nsecret: s3cret ü\nlist:\n- 1\n- a: null\n"
    before = file.read_bytes()
    status, shown = keep({"list": [1, {"a": None}]})
    assert (status, "changed=0" in shown, file.read_bytes()) == (0, True, before)
    status, shown = keep({"more": True})
    assert (status, "changed=1" in shown) == (0, True)
    assert view(tmp_path).endswith("more: true\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "play.yml", "two", "vars.yml"]


def test_a_file_that_others_may_read_is_a_change(keep, tmp_path):
    keep({"a": "b"})
    file = tmp_path / "vars.yml"
    file.chmod(0o644)
    status, shown = keep({"a": "b"})
    assert (status, "changed=1" in shown) == (0, True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_label_chooses_the_password(keep, tmp_path):
    status, _shown = keep({"a": "b"}, passwords=("--vault-id=one@one", "--vault-id=two@two"), vault_id="two")
    assert status == 0
    assert view(tmp_path, "two@two") == "---\na: b\n"


@pytest.mark.parametrize(
    ("content", "passwords", "options", "words"),
    [
        (None, (), {}, "no vault password to encrypt with"),
        (None, ("--vault-id=one@one",), {"vault_id": "three"}, "No vault password has the label three"),
        ("a: b\n", ("--vault-id=one@one",), {}, "is not encrypted"),
        (None, ("--vault-id=one@one",), {"path": "no/such/folder"}, "Cannot write"),
    ],
)
def test_refusals(keep, tmp_path, content, passwords, options, words):
    if content is not None:
        (tmp_path / "vars.yml").write_text(content)
    status, shown = keep({"a": "s3cret"}, passwords=passwords, **options)
    assert status == 2
    assert words in shown
    assert "s3cret" not in shown


def test_another_password(keep, tmp_path):
    keep({"a": "b"})
    status, shown = keep({"a": "c"}, passwords=("--vault-id=two@two",))
    assert status == 2
    assert "None of the vault passwords opens" in shown
    assert view(tmp_path) == "---\na: b\n"
