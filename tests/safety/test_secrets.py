# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret comes out of a module's process: neither in what it prints, nor in what others can see of it.

Success is the lesser part. Servers quote what they were sent, connections break, logs hold headers.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from .harness import DATASET, ByHand, google_photos, photo

RUN = """
import json, sys
from ansible.module_utils.testing import patch_module_args
from importlib import import_module
asked = json.load(sys.stdin)
with patch_module_args(asked["options"]):
    import_module("ansible_collections.nasops.cloudsync.plugins.modules." + asked["name"]).main()
"""
ROOT = Path(__file__).resolve().parents[2]


class Process:
    """A module in a process of its own, as Ansible runs it on another machine, over the network with an API key."""

    def __init__(self, nas: Any, google: Any, folder: Path) -> None:
        self.nas, self.google, self.folder = nas, google, folder
        self.seen = ""

    def run(self, name: str, /, **options: Any) -> dict[str, Any]:
        login = {"api_url": self.nas.api_url, "api_key": self.nas.api_key, "api_username": self.nas.username}
        hidden = {"_ansible_diff": True, "_ansible_verbosity": 4, "_ansible_remote_tmp": str(self.folder)}
        asked = {**login, "ca_path": self.nas.ca_path, **options, **hidden}
        environment = {**os.environ, "PYTHONPATH": str(ROOT / ".cache/collections"), "TMPDIR": str(self.folder)}
        with subprocess.Popen(
            [sys.executable, "-c", RUN], env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as process:  # fmt: skip
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({"name": name, "options": asked}))
            process.stdin.close()
            while process.poll() is None:
                self._look_at(process.pid)
                time.sleep(0.02)
            printed = process.stdout.read()
        self.seen += printed
        answer: dict[str, Any] = json.loads(printed.splitlines()[-1])
        return answer

    def _look_at(self, pid: int) -> None:
        """What other users and the machine's administrator see: arguments, environment, files."""
        for what in ("cmdline", "environ"):
            try:
                self.seen += Path(f"/proc/{pid}/{what}").read_text(errors="replace")
            except OSError:
                return
        for file in self.folder.rglob("*"):
            if file.is_file() and file.stat().st_mode & 0o077:
                self.seen += file.read_text(errors="replace")


@pytest.fixture
def process(nas, google, tmp_path):
    return Process(nas, google, tmp_path)


@pytest.fixture
def secrets(nas, google):
    """Everything secret that is put in."""
    fields = google_photos(google)
    token = json.loads(fields["token"])
    return {
        "api key": nas.api_key, "api password": nas.password, "client secret": fields["client_secret"],
        "access token": token["access_token"], "refresh token": token["refresh_token"],
        "encryption password": "Encrypti0nPassword", "encryption salt": "Encrypti0nSalt", "ftp password": "FtpPassw0rd",
    }  # fmt: skip


def spellings(secret: str) -> set[str]:
    """A secret as it stands in forms, in addresses and, three ways round, in HTTP's Basic."""
    encoded = {
        base64.b64encode(b"x" * shift + secret.encode()).decode().rstrip("=")[shift * 4 // 3 + 1 : -2]
        for shift in range(3)
    }
    return {secret, quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1], *encoded}


@pytest.fixture
def look(process, secrets, count):
    """Look for every secret in all that was seen."""

    def through() -> None:
        found = [name for name, secret in secrets.items() if any(one in process.seen for one in spellings(secret))]
        count("Secrets", "put in", len(secrets))
        count("Secrets", "found", len(found))
        assert found == []

    return through


@pytest.mark.parametrize("dump", ["--dump auth,bodies", "--dump auth,bodies --use-json-log"])
def test_success(dump, process, secrets, look, nas, google):
    photo(nas, "Trip/a.jpg")
    credential = {"name": "google", "google_photos": google_photos(google)}
    task = {
        "description": "push", "credential": "google", "direction": "PUSH", "transfer_mode": "COPY", "path": DATASET,
        "folder": "/album", "args": dump,
    }  # fmt: skip
    crypt = {
        "description": "crypt", "credential": "ftp", "encryption": True,
        "encryption_password": secrets["encryption password"], "encryption_salt": secrets["encryption salt"],
    }  # fmt: skip
    ftp = {"name": "ftp", "verify": "never", "ftp": {"host": "h", "user": "u", "pass": secrets["ftp password"]}}
    for name, options in (
        ("truenas_cloud_credential", credential),
        ("truenas_cloudsync_config", {"credentials": [credential, ftp], "tasks": [task, {**task, **crypt}]}),
        ("truenas_cloudsync_task", {**task, **crypt, "encryption_password": secrets["encryption salt"]}),
        ("truenas_cloudsync_run", {"task": "push"}),
        ("truenas_cloud_credential_info", {"export": True}),
        ("truenas_cloudsync_task_info", {"export": True}),
    ):
        answer = process.run(name, **options)
        assert not answer.get("failed"), answer
    credential = next(one for one in nas_credentials(nas) if one["name"] == "google")
    secrets["new access token"] = json.loads(credential["provider"]["token"])["access_token"]
    look()


def nas_credentials(nas):
    with ByHand(nas).client as client:
        return client.call("cloudsync.credentials.query")


@pytest.mark.parametrize("method", ["cloudsync.credentials.create", "cloudsync.list_directory", "cloudsync.create"])
def test_a_server_that_quotes_what_it_knows(method, process, secrets, look, nas, google):
    quoted = " ".join(secrets.values()) + json.dumps(google_photos(google))
    nas.faults(fail={method: {"message": quoted, "errno": 14, "extra": {"excerpt": quoted}}})
    task = {
        "description": "t", "credential": "google", "direction": "PUSH", "transfer_mode": "COPY", "path": DATASET,
        "folder": "/album", "encryption_password": secrets["encryption password"],
        "encryption_salt": secrets["encryption salt"],
    }  # fmt: skip
    ftp = {"name": "ftp", "verify": "never", "ftp": {"host": "h", "user": "u", "pass": secrets["ftp password"]}}
    google_credential = {"name": "google", "google_photos": google_photos(google)}
    answer = process.run(
        "truenas_cloudsync_config", credentials=[google_credential, ftp], tasks=[task], api_password=nas.password
    )
    assert answer["failed"]
    look()


@pytest.mark.parametrize(
    "wrong",
    [{"api_key": "1-wrongKeyOfSomeLength"}, {"api_url": "https://127.0.0.1:9"}, {"ca_path": "/etc/hostname"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_login_that_fails(wrong, process, look, nas, google):
    nas.faults(failed_login_delay=[0, 0])
    answer = process.run("truenas_cloud_credential", name="google", google_photos=google_photos(google), **wrong)
    assert answer["failed"]
    look()


def test_options_that_are_refused(process, look, google):
    fields = google_photos(google)
    broken_ones = (
        fields["token"][:-5],
        {**json.loads(fields["token"]), "expiry": "tomorrow"},
        fields["token"].replace("1//", "1//%"),
    )
    for broken in broken_ones:
        answer = process.run("truenas_cloud_credential", name="google", google_photos={**fields, "token": broken})
        assert answer["failed"]
    look()
