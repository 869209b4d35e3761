# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed collection documents itself, and its playbooks run by their names."""

from __future__ import annotations

import json
import re
import tarfile

import pytest
import yaml

from simulator.google.visitor import Visitor

from .conftest import CHECKOUT, call

UNWANTED = (".cache/", ".ci/", ".git/", ".github/", ".nox/", ".venv/", "docs/build/", "tests/bench/", "tests/output/")
VERSION = yaml.safe_load((CHECKOUT / "galaxy.yml").read_text(encoding="utf-8"))["version"]
RELEASES = yaml.safe_load((CHECKOUT / "changelogs/changelog.yaml").read_text(encoding="utf-8"))["releases"]
SIZE = 3_000_000  # bytes; Galaxy takes more, people on slow lines do not


def plugins(kind: str) -> set[str]:
    return {file.stem for file in (CHECKOUT / "plugins" / kind).glob("*.py")}


CONTENT = {
    "module": plugins("modules"),
    "filter": plugins("filter"),
    "role": {folder.name for folder in (CHECKOUT / "roles").iterdir()},
}
PLAYBOOKS = {file.stem for file in (CHECKOUT / "playbooks").glob("*.yml")}


def test_the_tarball_holds_what_is_needed_and_no_more(installed):
    with tarfile.open(installed.tarball) as tarball:
        names = tarball.getnames()
    assert installed.tarball.stat().st_size < SIZE
    assert {"README.md", "CHANGELOG.md", "LICENSE", "meta/execution-environment.yml", "requirements.txt"} <= {*names}
    assert not [name for name in names if "__pycache__" in name or ".mypy_cache" in name or name.startswith(UNWANTED)]


def test_the_version_has_its_changelog():
    if VERSION in RELEASES:
        assert RELEASES[VERSION]["changes"]["release_summary"]
    else:  # to be released: `make release` wants a fragment with a summary
        assert list((CHECKOUT / "changelogs/fragments").glob("*.yml"))


def test_the_changelog_names_everything_of_the_first_release():
    first = RELEASES["1.0.0"]
    named = {
        "module": {one["name"] for one in first["modules"]},
        "filter": {one["name"] for one in first["plugins"]["filter"]},
        "role": {one["name"] for one in first["objects"]["role"]},
    }
    assert all(named[kind] <= CONTENT[kind] for kind in CONTENT)
    assert {one["name"] for one in first["objects"]["playbook"]} <= PLAYBOOKS


@pytest.mark.parametrize("kind", CONTENT)
def test_ansible_doc_shows_everything(kind, installed, tmp_path):
    names = sorted(f"nasops.cloudsync.{name}" for name in CONTENT[kind])
    printed = call(
        "ansible-doc",
        "--json",
        f"--type={kind}",
        *names,
        cwd=tmp_path,
        ANSIBLE_COLLECTIONS_PATH=str(installed.collections),
    )
    shown = json.loads(printed)
    assert sorted(shown) == names
    for name, documentation in shown.items():
        about = documentation["entry_points"]["main"] if kind == "role" else documentation["doc"]
        assert about["short_description"], name
        assert about["version_added"] in {*RELEASES, VERSION}, name


def test_the_playbooks_run_by_their_names(play, google, tmp_path):
    first = play("google_photos", google_photos_run=True)
    assert "a run would copy 1 and delete 0" in first
    (album,) = google.library()["albums"]
    assert (album["title"], len(album["items"])) == ("Family", 1)
    assert "changed=0" in play("google_photos")
    assert "Photos to Google" in play("status")
    assert "<html" in (tmp_path / "cloudsync_status.html").read_text(encoding="utf-8")
    assert "a run would copy 0 and delete 0" in play("dry_run", cloudsync_tasks="Photos to Google")
    assert "Photos to Google: " in play("run", cloudsync_tasks="Photos to Google")
    play("export")
    assert "description: Photos to Google" in (tmp_path / "cloudsync_localhost.yml").read_text(encoding="utf-8")


def test_authorize_gets_a_token(play, google, tmp_path):
    (tmp_path / "password").write_text("correct horse", encoding="utf-8")
    environment = {
        "ANSIBLE_VAULT_PASSWORD_FILE": "password",
        "HTTPS_PROXY": google.proxy,
        "REQUESTS_CA_BUNDLE": google.ca_path,
    }
    by_hand = {"google_photos_authorize_by": "paste"}
    shown = play("authorize", environment, **by_hand)
    (address,) = re.findall(r"https://accounts\.google\.com/\S+", shown)
    answer = Visitor(google.proxy, google.ca_path).visit(address, deliver=False).address
    told = play("authorize", environment, **by_hand, google_photos_authorization_response=answer)
    assert "The token in google_photos.vault.yml works." in told
    assert (tmp_path / "google_photos.vault.yml").read_text(encoding="utf-8").startswith("$ANSIBLE_VAULT;")


def test_every_playbook_is_there(installed):
    assert {file.stem for file in (installed.folder / "playbooks").glob("*.yml")} == PLAYBOOKS
