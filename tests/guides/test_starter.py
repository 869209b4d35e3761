# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The starter kit works as it is, once it has the addresses, fingerprints and secrets of two NASes."""

from __future__ import annotations

import re

import pytest
import yaml

from guides import prerequisites
from guides.blocks import Command
from guides.reader import CHECKOUT, NASES, Reader
from simulator.fixture import running

STARTER = CHECKOUT / "examples/starter"


@pytest.fixture
def reader(tmp_path):
    with running("--count", "2") as simulator:
        reader = Reader(tmp_path, simulator)
        reader.begin(prerequisites.PHOTOS)
        del reader.environment["TRUENAS_CA_PATH"]  # the fingerprints have to be enough
        for file in STARTER.rglob("*"):
            if file.is_file():
                reader.write(str(file.relative_to(STARTER)), reader.here(file.read_text(encoding="utf-8")))
        yield reader


def test_it_applies_to_both_nases(reader):
    inventory = (reader.folder / "inventory.yml").read_text(encoding="utf-8")
    for number, nas in enumerate(reader.simulator.nas, start=1):
        inventory, found = re.subn(rf'"(00:){{31}}0{number}"', f'"{nas.cert_fingerprint}"', inventory)
        assert found == 1
    reader.write("inventory.yml", inventory)
    reader.write_vault("group_vars/all/vault.yml")
    reader.type(Command("ansible-playbook site.yml --syntax-check"))
    reader.type(Command("ansible-playbook site.yml -e google_photos_dry_run=false", ("cabin : ok=", "home : ok=")))
    reader.type(Command("ansible-playbook nasops.cloudsync.status", ("Photos to Google",)))


def test_the_vault_has_a_key_for_each_host():
    example = yaml.safe_load((STARTER / "group_vars/all/vault.yml.example").read_text(encoding="utf-8"))
    inventory = yaml.safe_load((STARTER / "inventory.yml").read_text(encoding="utf-8"))
    assert set(example["vault_truenas_api_keys"]) == set(inventory["all"]["hosts"]) == set(NASES)


def test_nothing_in_it_is_a_secret_file():
    assert not {file.name for file in STARTER.rglob("*")} & {"vault.yml", ".vault-password"}
