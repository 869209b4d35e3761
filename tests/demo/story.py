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
from demo.stage import Ansible, Disappointed, authorize, expect, get, simulator

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
    token = authorize(google)
    secrets = {json.loads(token)["access_token"], json.loads(token)["refresh_token"]}
    client = json.loads(Path(google["client_secret_file"]).read_text(encoding="utf-8"))["installed"]
    ansible = Ansible(nas, folder, {*secrets, client["client_secret"], nas["api_key"], nas["password"]})
    variables = folder / "google_photos.yml"
    given = {"google_photos_client_secret_file": google["client_secret_file"], "google_photos_token": token}
    variables.write_text(VARIABLES + yaml.safe_dump(given), encoding="utf-8")
    print("    It has a refresh token, so that it lasts.")

    _step(f"ansible-playbook {PLAYBOOK}, which shall bring this about:\n\n    " + VARIABLES.replace("\n", "\n    "))
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

    _step("What stands now")
    _summarize(ansible, google)


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
