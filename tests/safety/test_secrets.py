# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret comes out of a module's process: neither in what it prints, nor in what others can see of it.

Success is the lesser part. Servers quote what they were sent, connections break, logs hold headers.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from .harness import DATASET, ByHand, google_photos, photo
from .watching import Watched, spellings

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

    def run(self, module_name: str, /, **options: Any) -> dict[str, Any]:
        login = {"api_url": self.nas.api_url, "api_key": self.nas.api_key, "api_username": self.nas.username}
        hidden = {"_ansible_diff": True, "_ansible_verbosity": 4, "_ansible_remote_tmp": str(self.folder)}
        asked = {**login, "ca_path": self.nas.ca_path, **options, **hidden}
        command = [sys.executable, "-c", RUN]
        work = json.dumps({"name": module_name, "options": asked})
        watched = Watched(command, self.folder, stdin=work, PYTHONPATH=str(ROOT / ".cache/collections"))
        self.seen += watched.seen
        answer: dict[str, Any] = json.loads(watched.printed.splitlines()[-1])
        return answer


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
        "folder": "/album",
    }  # fmt: skip
    # The modules refuse these arguments. In the web interface, a task gets any.
    given = {"method": "cloudsync.update", "params": [1, {"args": dump}]}
    crypt = {
        "description": "crypt", "credential": "ftp", "encryption": True,
        "encryption_password": secrets["encryption password"], "encryption_salt": secrets["encryption salt"],
    }  # fmt: skip
    ftp = {"name": "ftp", "verify": "never", "ftp": {"host": "h", "user": "u", "pass": secrets["ftp password"]}}
    for name, options in (
        ("truenas_cloud_credential", credential),
        ("truenas_cloudsync_config", {"credentials": [credential, ftp], "tasks": [task, {**task, **crypt}]}),
        ("truenas_cloudsync_task", {**task, **crypt, "encryption_password": secrets["encryption salt"]}),
        ("truenas_call", given),
        ("truenas_cloudsync_run", {"task": "push", "max_deletes": -1}),
        ("truenas_call", {"method": "cloudsync.credentials.create", "params": [by_hand(secrets)]}),
        ("truenas_call", {"method": "cloudsync.credentials.query"}),
        ("truenas_cloud_credential_info", {"export": True}),
        ("truenas_cloudsync_task_info", {"export": True}),
        ("truenas_cloudsync_health_info", {}),
    ):
        answer = process.run(name, **options)
        assert not answer.get("failed"), answer
    credential = next(one for one in nas_credentials(nas) if one["name"] == "google")
    secrets["new access token"] = json.loads(credential["provider"]["token"])["access_token"]
    look()


def by_hand(secrets):
    """A credential as the API takes it."""
    return {"name": "by hand", "provider": {"type": "FTP", "host": "h", "user": "u", "pass": secrets["ftp password"]}}


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


def test_a_server_that_quotes_the_parameters_of_a_call(process, secrets, look, nas):
    method = "cloudsync.credentials.create"
    nas.faults(fail={method: {"message": f"{secrets['ftp password']} {nas.api_key}", "errno": 14}})
    assert process.run("truenas_call", method=method, params=[by_hand(secrets)])["failed"]
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


class Playbook:
    """A playbook with all that Ansible can be made to tell, in a folder of its own."""

    def __init__(self, google: Any, folder: Path) -> None:
        self.google, self.folder = google, folder

    def run(self, play: str, variables: dict[str, Any], *options: str, private: tuple[str, ...] = ()) -> str:
        """What could be seen of its run, and of what it has left. `private` are files that it was given or makes."""
        self.write("vars.json", json.dumps(variables))
        self.write("play.yml", play)
        command = ["ansible-playbook", "-vvv", "--diff", *options, "play.yml"]
        watched = Watched(
            ["env", f"--chdir={self.folder}", *command], self.folder, HOME=str(self.folder),
            NO_PROXY="127.0.0.1,localhost", ANSIBLE_COLLECTIONS_PATH=str(ROOT / ".cache/collections"),
            ANSIBLE_LOG_PATH=str(self.folder / "log"), HTTPS_PROXY=self.google.proxy,
            REQUESTS_CA_BUNDLE=self.google.ca_path,
        )  # fmt: skip
        assert watched.status == 0, watched.printed
        left = [
            file.read_text(errors="replace")
            for file in self.folder.rglob("*")
            if file.is_file() and file.name not in ("vars.json", *private)
        ]
        asked = [request["path"] + json.dumps(request.get("query", {})) for request in self.google.requests()]
        assert len(asked) > 5
        assert not [one for one in asked if "***" in one]
        return "\n".join([watched.seen, *left, *asked])

    def write(self, name: str, text: str) -> None:
        (self.folder / name).touch(mode=0o600)
        (self.folder / name).write_text(text)


@pytest.fixture
def playbook(google, tmp_path):
    return Playbook(google, tmp_path)


PLAY = """
- hosts: localhost
  gather_facts: false
  module_defaults:
    group/nasops.cloudsync.truenas: "{{ connection }}"
  vars_files: [vars.json]
  vars:
    google_photos_tasks: [{description: push, path: /mnt/tank/photos, albums: [Trip]}]
    google_photos_run: true
    google_photos_check_token: true
  tasks:
    - include_role: {name: nasops.cloudsync.google_photos, apply: {check_mode: true}}
    - include_role: {name: nasops.cloudsync.google_photos}
    - block: [include_role: {name: nasops.cloudsync.google_photos}]
      vars: {google_photos_token: "{{ dead_token }}", truenas_in_worker: false}
      rescue: [nasops.cloudsync.show_text: {text: The token is dead}]
    - block: [include_role: {name: nasops.cloudsync.google_photos}]
      vars: {google_photos_token: "{{ dead_token }}", truenas_in_worker: false, google_photos_check_token: false}
      rescue: [nasops.cloudsync.show_text: {text: The token is refused}]
    - block: [include_role: {name: nasops.cloudsync.google_photos}]
      module_defaults:
        group/nasops.cloudsync.truenas: "{{ connection | combine({'api_key': wrong_key}) }}"
      rescue: [nasops.cloudsync.show_text: {text: The key is wrong}]
    - nasops.cloudsync.vaulted_vars: {path: "{{ folder }}/kept.yml", variables: {token: "{{ google_photos_token }}"}}
    - include_role: {name: nasops.cloudsync.google_photos}
      vars: {google_photos_state: absent, truenas_in_worker: false}
    - nasops.cloudsync.show_text: {text: This is the end}
"""


def test_the_role(process, secrets, look, nas, google, playbook, tmp_path):
    """Besides what can be seen: what the NAS and Google were asked."""
    photo(nas, "Trip/a.jpg")
    nas.faults(failed_login_delay=[0, 0])
    dead = google.door.post("/tokens", account="ben@example.com", expired=False)
    google.door.post("/revoke", account="ben@example.com")
    fields = google_photos(google)
    secrets |= {"dead token": dead["refresh_token"], "wrong key": "1-ofAnotherNasOfSomeLength", "vault": "VaultW0rd"}
    given = {
        "connection": {
            "api_url": nas.api_url, "api_key": nas.api_key, "api_username": nas.username, "ca_path": nas.ca_path,
        },
        "dead_token": json.dumps(dead), "wrong_key": secrets["wrong key"], "folder": str(tmp_path),
        **{f"google_photos_{name}": value for name, value in fields.items()},
    }  # fmt: skip
    playbook.write("vault", secrets["vault"])
    process.seen += playbook.run(PLAY, given, "--vault-password-file=vault", private=("vault",))
    assert "rescued=3" in (tmp_path / "log").read_text()
    process.seen += json.dumps([nas.calls(), nas.logins()])
    look()


# From the address to the token, with a person in between; then again, in vain. What is secret is kept for the look.
TOKEN_PLAY = """
- hosts: localhost
  gather_facts: false
  vars_files: [vars.json]
  module_defaults:
    nasops.cloudsync.google_photos_token: {client_secret_file: "{{ client_secret_file }}"}
  tasks:
    - nasops.cloudsync.google_photos_token: {action: start}
      register: begun
    - command:
        argv:
          - "{{ python }}"
          - -m
          - simulator.google.visitor
          - "{{ begun.authorization_url }}"
          - --proxy={{ proxy }}
          - --ca-path={{ ca_path }}
          - --no-deliver
        chdir: "{{ tests }}"
      no_log: true
      register: browser
    - nasops.cloudsync.google_photos_token: &finish
        action: finish
        session: "{{ begun.session }}"
        authorization_response: "{{ browser.stdout }}"
      check_mode: true
    - nasops.cloudsync.google_photos_token: *finish
      register: made
    - nasops.cloudsync.google_photos_token: *finish
      register: vain
      failed_when: vain is not failed
    - nasops.cloudsync.google_photos_token: {<<: *finish, session: "{{ begun.session[:-9] }}"}
      register: vain
      failed_when: vain is not failed
    - nasops.cloudsync.google_photos_token: {action: listen, timeout: 1}
      register: vain
      failed_when: vain is not failed
    - nasops.cloudsync.google_photos_token: {action: check, token: "{{ made.token }}"}
      register: checked
    - nasops.cloudsync.google_photos_token: {action: check, token: "{{ made.token[:-9] }}"}
    - nasops.cloudsync.google_photos_api: {project: simulated-nas-photos, service_account_file: "{{ key_file }}"}
    - nasops.cloudsync.google_photos_api: {project: somebody-elses, service_account_file: "{{ key_file }}"}
      register: vain
      failed_when: vain is not failed
    - copy:
        content: "{{ [begun.session, browser.stdout, made.token, checked.token] | to_json }}"
        dest: "{{ folder }}/secret.json"
        mode: "0600"
      no_log: true
"""


def test_the_making_of_a_token(process, secrets, look, google, playbook, tmp_path):
    """The session, its verifier, the browser's code, both tokens, and the key of a service account."""
    given = {
        "client_secret_file": google.client_secret_file, "key_file": google.service_account_file,
        "proxy": google.proxy, "ca_path": google.ca_path, "folder": str(tmp_path), "python": sys.executable,
        "tests": str(ROOT / "tests"),
    }  # fmt: skip
    process.seen += playbook.run(TOKEN_PLAY, given, private=("secret.json",))
    session, address, made, checked = json.loads((tmp_path / "secret.json").read_text())
    key = json.loads(Path(google.service_account_file).read_text())["private_key"].split("\n")
    secrets |= {
        "session": session,
        "code verifier": json.loads(base64.urlsafe_b64decode(session))["code_verifier"],
        "code": dict(parse_qsl(urlsplit(address).query))["code"],
        "new refresh token": json.loads(made)["refresh_token"],
        "new access token": json.loads(made)["access_token"],
        "refreshed access token": json.loads(checked)["access_token"],
        "private key": key[len(key) // 2],
    }
    assert all(len(secret) > 20 for secret in list(secrets.values())[-7:])
    look()
