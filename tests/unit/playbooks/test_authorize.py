# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook authorize, run as people and as AWX run it. What takes a real browser is in tests/browser."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import stat
import subprocess
import sys
import termios
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from simulator.google.visitor import Visitor

CHECKOUT = Path(__file__).resolve().parents[3]
# Makes standard input the controlling terminal, as a login does.
AS_TERMINAL = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY); os.execv(sys.argv[1], sys.argv[1:])"


@pytest.fixture
def command(google, tmp_path):
    """Arguments and environment of a run, which takes the simulated Google for the real one."""
    (tmp_path / "password").write_text("correct horse\n")
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".cache/collections"),
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_VAULT_PASSWORD_FILE": str(tmp_path / "password"),
        "HTTPS_PROXY": google.proxy,
        "REQUESTS_CA_BUNDLE": google.ca_path,
        "PWD": str(tmp_path),
    }

    def command(**variables):
        arguments = ["nasops.cloudsync.authorize", "-vvv", "-e", json.dumps(variables)]
        return {"args": [sys.executable, "-m", "ansible", "playbook", *arguments], "env": environment, "cwd": tmp_path}

    return command


@pytest.fixture
def authorize(command):
    """Run it without a terminal; returns exit status and output."""

    def authorize(**variables):
        run = subprocess.run(
            **command(**variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return run.returncode, run.stdout

    return authorize


@pytest.fixture
def approve(google):
    """A person opens the address that was shown, and copies the one on which the browser ended."""

    def approve(shown):
        address = re.search(r"https://accounts\.google\.com/[^\s\"]+", shown)[0]
        return Visitor(google.proxy, google.ca_path).visit(address, deliver=False).address

    return approve


@pytest.fixture
def paste(authorize, approve, google):
    """The way of the paste flow through two processes; returns the output of both."""

    def paste(**variables):
        given = {"google_photos_authorize_by": "paste", **variables}
        status, first = authorize(**given)
        assert status == 0, first
        status, second = authorize(**given, google_photos_authorization_response=approve(first))
        assert status == 0, second
        return first + second

    return paste


def stored(folder, name="google_photos.vault.yml"):
    """The variables, as ansible-vault shows them."""
    command = [
        sys.executable,
        "-m",
        "ansible",
        "vault",
        "view",
        "--vault-password-file=password",
        name,
    ]
    return yaml.safe_load(subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout)


def test_paste_in_two_processes(authorize, approve, google, tmp_path):
    given = {
        "google_photos_authorize_by": "paste",
        "google_photos_client_secret_file": google.client_secret_file,
    }
    session = tmp_path / "google_photos.vault.yml.session"
    status, first = authorize(**given)
    assert status == 0, first
    assert session.read_text().startswith("$ANSIBLE_VAULT;")
    assert stat.S_IMODE(session.stat().st_mode) == 0o600
    answer = approve(first)

    # A wrong answer spoils nothing.
    status, shown = authorize(**given, google_photos_authorization_response="http://127.0.0.1:53682/")
    assert status == 2
    assert "not the address that the browser ended on" in shown
    assert session.exists()

    status, second = authorize(**given, google_photos_authorization_response=answer)
    assert status == 0, second
    assert not session.exists()
    variables = stored(tmp_path)
    client = json.loads(Path(google.client_secret_file).read_text())["installed"]
    assert variables["google_photos_client_id"] == client["client_id"]
    assert variables["google_photos_client_secret"] == client["client_secret"]
    token = json.loads(variables["google_photos_token"])
    for secret in (client["client_secret"], token["access_token"], token["refresh_token"]):
        assert secret not in first + shown + second

    status, third = authorize()
    assert status == 0, third
    assert "changed=0" in third


def test_a_token_for_drive_has_a_file_of_its_own(paste, authorize, google, tmp_path):
    google.door.post("/projects", services={"drive.googleapis.com": "ENABLED"})
    wanted = {"google_photos_service": "drive", "google_photos_client_secret_file": google.client_secret_file}

    paste(**wanted)

    held = stored(tmp_path, "google_takeout.vault.yml")
    names = {f"google_takeout_{name}" for name in ("client_id", "client_secret", "token", "token_expires_on")}
    assert held.keys() == names
    assert json.loads(held["google_takeout_token"])["refresh_token"]
    assert not (tmp_path / "google_photos.vault.yml").exists()
    before = len(google.requests())
    status, shown = authorize(**wanted)
    assert status == 0, shown
    assert [request["path"] for request in google.requests()[before:]] == ["/token", "/drive/v3/about"]
    assert "The token in google_takeout.vault.yml works." in shown


def test_paste_at_a_terminal(command, approve, google, tmp_path):
    ours, theirs = pty.openpty()
    run = command(google_photos_authorize_by="paste")
    run["args"] = [sys.executable, "-c", AS_TERMINAL, *run["args"]]
    process = subprocess.Popen(**run, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    terminal = Terminal(ours)
    # A typo in the path, and in the address, is told, and asked for again.
    for path, problem in {
        "nowhere.json": "nowhere.json: it is empty, or cannot be read",
        google.token_file: "is a token, and not the JSON of the OAuth client",
    }.items():
        terminal.wait_for("Path of the downloaded JSON:")
        terminal.type(path)
        terminal.wait_for(problem)
    terminal.wait_for("Path of the downloaded JSON:")
    terminal.type(google.client_secret_file)
    prompt = "Address on which the browser ended (output is hidden):"
    answer = approve(terminal.wait_for(prompt))
    terminal.wait_until_hidden()
    terminal.type(answer.partition("?")[0])
    terminal.wait_for("That is not the address that the browser ended on")
    terminal.wait_for(prompt)
    assert not (tmp_path / "google_photos.vault.yml.session").exists()  # who gives up here leaves nothing behind
    terminal.wait_until_hidden()
    terminal.type(answer)
    terminal.wait_for(None)
    os.close(ours)
    assert process.wait(30) == 0, terminal.shown
    assert answer not in terminal.shown
    assert stored(tmp_path)["google_photos_token"]


class Terminal:
    """What a person sees and types."""

    def __init__(self, descriptor: int) -> None:
        self.shown = ""
        self._descriptor = descriptor
        self._read_to = 0

    def type(self, line: str) -> None:
        """Type a line, again if need be: Ansible drops what is typed before it listens."""
        for _attempt in range(12):
            os.write(self._descriptor, f"{line}\r".encode())
            if self._look_for("TASK [", 10):
                return
        raise AssertionError(self.shown)

    def wait_for(self, words: str | None) -> str:
        """Wait for words beyond those waited for before, or for the end; returns what was shown up to them."""
        begun = self._read_to
        assert self._look_for(words, 120) or words is None, self.shown
        return self.shown[begun : self._read_to]

    def wait_until_hidden(self) -> None:
        """Wait until the terminal does not show what is typed, which Ansible sees to after it has shown the prompt."""
        deadline = time.monotonic() + 120
        while termios.tcgetattr(self._descriptor)[3] & termios.ECHO:
            assert time.monotonic() < deadline, self.shown
            self._look_for("\0", 0.05)  # reads on; no event tells of the flag

    def _look_for(self, words: str | None, patience: float) -> bool:
        deadline = time.monotonic() + patience
        while words is None or words not in self.shown[self._read_to :]:
            if not select.select([self._descriptor], [], [], max(deadline - time.monotonic(), 0))[0]:
                return False
            try:
                part = os.read(self._descriptor, 65536)
            except OSError:  # closed at the other end
                part = b""
            if not part:
                self._read_to = len(self.shown)
                return False
            self.shown += part.decode(errors="replace")
        self._read_to = self.shown.index(words, self._read_to) + len(words)
        return True


@pytest.fixture
def kept(google, tmp_path):
    """What an earlier run has stored."""
    client = json.loads(Path(google.client_secret_file).read_text())["installed"]
    variables = {
        "google_photos_client_id": client["client_id"],
        "google_photos_client_secret": client["client_secret"],
        "google_photos_token": Path(google.token_file).read_text().strip(),
        "google_photos_token_expires_on": "",
    }
    (tmp_path / "password").write_text("correct horse\n")
    vault = VaultLib([("default", VaultSecret(b"correct horse"))])
    (tmp_path / "google_photos.vault.yml").write_bytes(vault.encrypt(yaml.safe_dump(variables)))
    return variables


def test_a_dead_token_is_renewed_with_the_stored_client(kept, paste, google, tmp_path):
    google.door.post("/revoke")
    assert "refresh token is no longer valid" in paste()
    after = stored(tmp_path)
    assert after["google_photos_client_secret"] == kept["google_photos_client_secret"]
    assert after["google_photos_token"] != kept["google_photos_token"]


def test_reauthorize_makes_a_new_token(kept, paste, google, tmp_path):
    google.door.post("/settings", testing=True)
    shown = paste(google_photos_reauthorize=True)
    assert "still in Testing, so Google ends this token on" in shown
    after = stored(tmp_path)
    assert after["google_photos_token"] != kept["google_photos_token"]
    assert after["google_photos_token_expires_on"].startswith("20")


def test_what_a_new_token_would_not_mend(kept, authorize, google):
    google.door.post("/projects", services={"photoslibrary.googleapis.com": "DISABLED"})
    status, shown = authorize()
    assert status == 2
    assert "Photos Library API is not enabled" in shown
    assert "accounts.google.com" not in shown


def test_without_a_vault_password_nobody_is_sent_anywhere(command, google):
    run = command(google_photos_client_secret_file=google.client_secret_file)
    del run["env"]["ANSIBLE_VAULT_PASSWORD_FILE"]
    done = subprocess.run(**run, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no vault password to encrypt with" in done.stdout + done.stderr
    assert "oauth2.googleapis.com" not in [request["host"] for request in google.requests()]


def test_the_steps_are_shown_with_direct_links(authorize):
    status, shown = authorize(google_photos_project="my-photos")
    assert status == 2
    for page in ("apis/library/photoslibrary.googleapis.com", "auth/branding", "auth/audience", "auth/clients/create"):
        assert f"\n  https://console.cloud.google.com/{page}?project=my-photos\n" in shown
    assert "projectcreate" not in shown
    assert "There is no OAuth client" in shown


def test_every_link_of_the_steps_is_one_that_the_modules_know():
    from ansible_collections.nasops.cloudsync.plugins.module_utils._google import addresses, services

    text = (CHECKOUT / "playbooks/templates/authorize_steps.txt.j2").read_text()
    shown = set(re.findall(r"\{\{ console \}\}(/[a-z./_]+)", text))
    assert len(shown) == 6
    assert shown <= {
        urlsplit(link).path
        for service in services.SERVICES.values()
        for link in addresses.console_links(None, service).values()
    }
