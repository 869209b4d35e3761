# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo does, and what has to be true after each step."""

from __future__ import annotations

import itertools
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from demo import media
from demo.stage import Ansible, Disappointed, authorize, expect, get, post, simulator
from simulator.google.takeout import generate

PLAYBOOK = "nasops.cloudsync.google_photos"
DATASET = "/mnt/tank/photos"
ALBUMS = {
    "Holidays/2026": ["IMG_0001.JPG", "beach é.jpg", "пляж.png"],
    "Åland – 日本": ["写真 1.jpg", "Größe & Co.jpeg", "film.mp4"],
    "Ελλάδα": ["θάλασσα.jpg", 'the "big" one.png'],
    "عائلة": ["صورة.jpg"],
}
NO_MEDIA = ["Thumbs.db", "Holidays/2026/notes.txt", "Holidays/2026/._IMG_0001.JPG"]
NEW = ("Family", "Émilie.jpg")
VARIABLES = f"""\
google_photos_run: true
google_photos_tasks:
  - description: Photos to Google
    path: {DATASET}
    albums: [{NEW[0]}]
    stray_files: exclude
    media_only: true
    schedule: "0 3 * * *"
"""
TAKEOUT_PLAYBOOK = "nasops.cloudsync.google_takeout"
TAKEOUT_VARIABLES = """\
google_takeout_inbox: /mnt/tank/photos/takeout
google_takeout_library: /mnt/tank/library
google_takeout_unattended: true
google_takeout_quiet_minutes: 0
google_takeout_run: true
"""
_steps = itertools.count(1)


def main() -> int:
    began = time.monotonic()
    os.umask(0o077)
    try:
        with simulator() as world, tempfile.TemporaryDirectory(prefix="nasops-demo-") as folder:
            _tell(world, Path(folder))
    except Disappointed as promise:
        print(f"\nThe demo FAILED. It promises: {promise}")
        return 1
    print(f"\nAll of it took {time.monotonic() - began:.0f} seconds.")
    return 0


def _tell(world: dict[str, Any], folder: Path) -> None:
    nas, google = world["nas"][0], world["google"]
    root = Path(nas["root"], "tank/photos")
    print(f"A simulated TrueNAS {nas['release']} at {nas['api_url']}, a simulated Google, the real rclone.")

    _step("Make photos, videos and things that are neither, in folders of the dataset " + DATASET)
    files = [f"{album}/{name}" for album, names in ALBUMS.items() for name in names]
    for number, name in enumerate(files):
        media.make(root / name, number)
    for name in NO_MEDIA:
        (root / name).write_text("not a photo", encoding="utf-8")
    print("   ", "\n    ".join([*files, *NO_MEDIA]))

    _step("Get a token: rclone authorize, and somebody who agrees in the browser")
    token = authorize(google, "google photos", "GPHOTOS")
    secrets = {json.loads(token)["access_token"], json.loads(token)["refresh_token"]}
    client = json.loads(Path(google["client_secret_file"]).read_text(encoding="utf-8"))["installed"]
    ansible = Ansible(nas, folder, {*secrets, client["client_secret"], nas["api_key"], nas["password"]})
    variables = folder / "google_photos.yml"
    given = {"google_photos_client_secret_file": google["client_secret_file"], "google_photos_token": token}
    variables.write_text(VARIABLES + yaml.safe_dump(given), encoding="utf-8")
    print("    It has a refresh token, so that it lasts.")

    _step(f"ansible-playbook {PLAYBOOK}, with these variables:\n\n    " + VARIABLES.replace("\n", "\n    "))
    changed = ansible.play(PLAYBOOK, variables)
    expect(changed, "the first playbook changes something")
    expect(_library(google) == _sorted(ALBUMS), f"every photo is in its album, but there are {_library(google)}")
    expect(_count(google, "/v1/uploads") == len(files), "each photo is uploaded, and once")
    refreshed = _count(google, "/token")
    expect(refreshed > 1, "the NAS refreshes the token")

    _step("The same playbook again, after the run has refreshed the token on the NAS")
    changed = ansible.play(PLAYBOOK, variables)
    expect(changed == 0, f"the second playbook changes nothing, but {changed} tasks did")
    expect(_count(google, "/v1/uploads") == len(files), "the second run uploads nothing")
    expect(
        _count(google, "/token") == refreshed, "the refreshed token is still on the NAS, so that it serves this run too"
    )

    _step(f"A new photo in the directory that the playbook has made, {'/'.join(NEW)}, and once more")
    media.make(root.joinpath(*NEW), len(files))
    expect(ansible.play(PLAYBOOK, variables) == 1, "only the run changes something")
    albums = {**ALBUMS, NEW[0]: [NEW[1]]}
    expect(_library(google) == _sorted(albums), f"the new photo is in its album, but there are {_library(google)}")
    expect(_count(google, "/v1/uploads") == len(files) + 1, "only the new photo is uploaded")

    _bring_home(ansible, nas, google)

    _step("The result")
    _summarize(ansible, google)


def _bring_home(ansible: Ansible, nas: dict[str, str], google: dict[str, str]) -> None:
    """The other way: what is at Google already, by Google Takeout."""
    root = Path(nas["root"], "tank")
    _step("The photos that are at Google already: Google Takeout delivers an export into Google Drive")
    post(f"{google['admin']}/projects", services={"drive.googleapis.com": "ENABLED"})
    token = authorize(google, "drive", "DRIVE", scope="drive.readonly")
    ansible.secrets |= {json.loads(token)["access_token"], json.loads(token)["refresh_token"]}
    export = ansible.folder / "export"
    export.mkdir()
    truth = generate(export, 5, items=12, parts=2)
    post(f"{google['admin']}/drive/files", folder="Takeout", **{"from": str(export)})
    print(f"    {len(truth.parts)} archives with {truth.entries} entries, and a token that may read the Drive")

    variables = ansible.folder / "google_takeout.yml"
    given = {"google_takeout_client_secret_file": google["client_secret_file"], "google_takeout_token": token}
    variables.write_text(TAKEOUT_VARIABLES + yaml.safe_dump(given), encoding="utf-8")
    root.joinpath("library").mkdir()
    shown = TAKEOUT_VARIABLES.replace("\n", "\n    ")
    _step(f"ansible-playbook {TAKEOUT_PLAYBOOK}, after which the NAS fetches and imports by itself:\n\n    {shown}")
    expect(ansible.play(TAKEOUT_PLAYBOOK, variables), "the playbook changes something")
    report = json.loads(root.joinpath("library/.nasops_takeout/report.json").read_text(encoding="utf-8"))
    (told,) = report["exports"]
    expect(told["complete"], "the report proves that the export is complete")
    expect(told["photos"] == len(truth.media), f"every photo is in the library, but there are {told['photos']}")
    print(
        f"\n    Imported by the NAS: {told['photos']} photos and videos of {told['entries']} entries; "
        f"{told['placed']} placed, {told['known']} known, {told['refused']} refused, {told['missing']} missing."
    )


def _step(title: str) -> None:
    print(f"\n{next(_steps)}. {title}\n", flush=True)


def _library(google: dict[str, str]) -> dict[str, list[str]]:
    """The albums with the names of their photos."""
    albums = get(f"{google['admin']}/library")["albums"]
    return _sorted(
        {album["title"]: [item["filename"].rpartition("/")[2] for item in album["items"]] for album in albums}
    )


def _sorted(albums: dict[str, list[str]]) -> dict[str, list[str]]:
    return {title: sorted(names) for title, names in sorted(albums.items())}


def _count(google: dict[str, str], path: str) -> int:
    """How many requests Google has had at this path."""
    return sum(request["path"] == path for request in get(f"{google['admin']}/requests"))


def _summarize(ansible: Ansible, google: dict[str, str]) -> None:
    print("    On the NAS")
    for credential in ansible.ask("nasops.cloudsync.truenas_cloud_credential_info")["credentials"]:
        print(f"      credential {credential['name']!r} ({credential['provider']['type']})")
    for task in ansible.ask("nasops.cloudsync.truenas_cloudsync_task_info")["tasks"]:
        schedule = " ".join(task["schedule"][part] for part in ("minute", "hour", "dom", "month", "dow"))
        print(f"      task {task['description']!r}: {task['direction']} {task['transfer_mode']} at {schedule}")
        print(f"        last run: {task['job']['state']}")
    print("    In the photo library")
    for title, names in _library(google).items():
        print(f"      {title}: {', '.join(names)}")
