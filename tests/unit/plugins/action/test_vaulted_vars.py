# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""vaulted_vars as users run it: in a play, with the vault passwords of ansible-playbook."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.nasops.cloudsync.plugins.plugin_utils import _vaulted_file

CHECKOUT = Path(__file__).resolve().parents[4]


@pytest.fixture
def keep(tmp_path):
    """Keep variables in vars.yml; returns exit status and output."""
    (tmp_path / "one").write_text("one\n")
    (tmp_path / "two").write_text("two\n")

    def keep(variables, *arguments, passwords=("--vault-id=one@one",), hosts="localhost", **options):
        task = {"nasops.cloudsync.vaulted_vars": {"path": "vars.yml", "variables": variables, **options}}
        play = [{"hosts": hosts, "gather_facts": False, "tasks": [task]}]
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


def test_remove(keep, tmp_path):
    status, shown = keep({}, remove=["secret"])
    assert (status, "changed=0" in shown, (tmp_path / "vars.yml").exists()) == (0, True, False)
    keep({"secret": "s3cret", "other": 1})
    for changed in ("changed=1", "changed=0"):
        status, shown = keep({}, remove=["secret", "never there"])
        assert (status, changed in shown) == (0, True), shown
    assert view(tmp_path) == "---\nother: 1\n"


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


def test_a_file_keeps_its_password_unless_a_label_is_given(keep, tmp_path):
    keep({"a": "b"})
    passwords = ("--vault-id=two@two", "--vault-id=one@one")
    assert keep({"c": "d"}, passwords=passwords)[0] == 0
    assert view(tmp_path) == "---\na: b\nc: d\n"
    assert keep({"e": "f"}, passwords=passwords, vault_id="two")[0] == 0
    assert view(tmp_path, "two@two") == "---\na: b\nc: d\ne: f\n"


def test_hosts_that_write_one_file_at_once_keep_every_variable(keep, tmp_path):
    (tmp_path / "hosts").write_text("\n".join(f"h{number} ansible_connection=local" for number in range(8)))
    status, _shown = keep("{{ {inventory_hostname: 1} }}", "--inventory=hosts", "--forks=8", hosts="all")
    assert status == 0
    assert sorted(view(tmp_path).splitlines()[1:]) == [f"h{number}: 1" for number in range(8)]


def test_values_with_tags_stay_as_they_are(keep, tmp_path):
    plain = tmp_path / "vars.yml"
    plain.write_text("a: !unsafe '{{ x }}'\nb: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3132\n")
    encrypt = [sys.executable, "-m", "ansible", "vault", "encrypt", "--vault-id=one@one", "vars.yml"]
    subprocess.run(encrypt, cwd=tmp_path, capture_output=True, check=True)
    assert keep({"c": 1})[0] == 0
    assert view(tmp_path) == ("---\na: !unsafe '{{ x }}'\nb: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3132\nc: 1\n")


def test_a_text_that_looks_like_a_template_is_kept_as_text(keep, tmp_path):
    given = "{{ {'token': ['{', '{ x }', '}'] | join} }}"  # evaluates to a token that holds {{ x }}
    assert keep(given)[0] == 0
    assert view(tmp_path) == "---\ntoken: !unsafe '{{ x }}'\n"
    assert '"changed": false' in keep(given)[1]


def test_root_leaves_the_file_to_its_owner(keep, tmp_path):
    owner = 1234 if os.geteuid() == 0 else os.geteuid()  # only root can give files away
    keep({"a": "b"})
    os.chown(tmp_path / "vars.yml", owner, -1)
    assert keep({"a": "c"})[0] == 0
    assert (tmp_path / "vars.yml").stat().st_uid == owner


def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    file = tmp_path / "vars.yml"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AnsibleActionFail, match="No space left on device"):
        _vaulted_file.write(file, b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("vars.yml", b"old")]


def test_another_password(keep, tmp_path):
    keep({"a": "b"})
    status, shown = keep({"a": "c"}, passwords=("--vault-id=two@two",))
    assert status == 2
    assert "None of the vault passwords opens" in shown
    assert view(tmp_path) == "---\na: b\n"
