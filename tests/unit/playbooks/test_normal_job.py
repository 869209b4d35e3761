# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The normal job of the role raises no alarm, and a no-op costs one login and four round trips."""

from __future__ import annotations

from pathlib import Path

from simulator.fixture import SimulatedGoogle, SimulatedNas
from simulator.tests.google.harness import png

from .test_nothing_to_do import play

ALBUMS = ["Trip", "Zürich", "Family/2024"]


def test_it_warns_of_nothing_and_a_no_op_costs_four_round_trips(tmp_path, nas: SimulatedNas, google: SimulatedGoogle):
    for album in ALBUMS:
        folder = Path(nas.root, "tank/photos", album)
        folder.mkdir(parents=True)
        (folder / "one.png").write_bytes(png(album))
    variables = {
        "truenas_api_url": nas.api_url,
        "truenas_ca_path": nas.ca_path,
        "truenas_api_username": nas.username,
        "truenas_api_key": nas.api_key,
        "google_photos_client_secret_file": google.client_secret_file,
        "google_photos_token_file": google.token_file,
        "google_photos_tasks": [{"description": "Photos", "path": "/mnt/tank/photos", "albums": ALBUMS}],
    }
    status, shown = play(tmp_path, "google_photos", google_photos_run=True, **variables)
    assert status == 0, shown
    assert "WARNING" not in shown
    assert sum(len(album["items"]) for album in google.library()["albums"]) == len(ALBUMS)
    calls, logins = len(nas.calls()), len(nas.logins())
    status, shown = play(tmp_path, "google_photos", **variables)
    assert "changed=0" in shown
    assert "WARNING" not in shown
    assert status == 0
    assert len(nas.logins()) == logins + 1
    asked = [call["method"] for call in nas.calls()[calls:] if call["method"] != "auth.logout"]
    # In four round trips: the two queries go out together, and so do the looks at the directories.
    assert sorted(set(asked)) == [
        "auth.login_ex",
        "cloudsync.credentials.query",
        "cloudsync.query",
        "filesystem.listdir",
        "filesystem.stat",
        "system.version",
    ]
    assert max(map(asked.count, asked)) <= len(ALBUMS)
