# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a page takes for granted, such as photos on the NAS, a vault, or a NAS that was set up by hand."""

from __future__ import annotations

from pathlib import Path

from guides.reader import Reader
from simulator.google.takeout import generate

PHOTOS = ("Family/birthday.gif", "Holidays/2026/beach.gif")

_VAULTS = ("google_photos.vault.yml", "google_takeout.vault.yml", "group_vars/all/vault.yml")
_SET_UP_BY_HAND = """\
- hosts: localhost
  gather_facts: false
  module_defaults:
    group/nasops.cloudsync.truenas:
      api_url: https://nas.example.com
      api_username: ansible
      api_key: "{{ vault_truenas_api_key }}"
  tasks:
    - nasops.cloudsync.truenas_cloudsync_config:
        credentials:
          - name: Archive
            verify: never
            sftp: {host: archive.example.com, user: me, password: "{{ vault_archive_password }}"}
        tasks:
          - description: Documents
            credential: Archive
            direction: PUSH
            transfer_mode: COPY
            path: /mnt/tank/photos
            folder: /documents
"""


def prepare(page: Path, reader: Reader) -> None:
    """Bring about what this page takes for granted."""
    text = page.read_text(encoding="utf-8")
    nas = reader.simulator.nas[0]
    for vault in _VAULTS:
        if vault in text:
            reader.write_vault(vault, vault_truenas_admin_api_key=nas.api_key, vault_archive_password="a password")
    if page.name == "guide_execution.rst":  # what the credential of AWX puts into the environment
        reader.environment |= {
            "TRUENAS_API_URL": nas.api_url,
            "TRUENAS_API_USERNAME": "ansible",
            "TRUENAS_API_KEY": reader.keys["home"],
            "TRUENAS_CERT_FINGERPRINT": nas.cert_fingerprint,
        }
    if "google_takeout.vault.yml" in text:
        reader.simulator.google.door.post("/projects", services={"drive.googleapis.com": "ENABLED"})
    if page.name == "guide_takeout.rst":
        Path(nas.root, "tank/library").mkdir(exist_ok=True)
        export = reader.folder / "export"
        export.mkdir()
        generate(export, 3, items=8, parts=2)
        reader.simulator.google.door.post("/drive/files", folder="Takeout", **{"from": str(export)})
    if page.name == "guide_restore.rst":
        Path(nas.root, "tank/restore-test").mkdir(exist_ok=True)
    if page.name == "guide_migration.rst":
        reader.write("by_hand.yml", reader.here(_SET_UP_BY_HAND))
        reader.play("by_hand.yml", "-e @google_photos.vault.yml")
