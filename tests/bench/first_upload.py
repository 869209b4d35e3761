# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A library goes to Google Photos: what that takes by bare rclone and by the module, and what a preflight foretells."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from safety.harness import ByHand, Play, google_photos

from bench.runs import Figures
from simulator.fixture import SimulatedGoogle, SimulatedNas, running

_PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_TRANSFERS = 16
_NO_LIMIT = 10**9
_STEPS = ("first run", "nothing to do", "one photo more")


def rows(shapes: list[tuple[int, int]]) -> Iterator[tuple[str, Figures]]:
    """Each shape, a number of photos and of albums, by bare rclone and by the module."""
    for photos, albums in shapes:
        for module in (False, True):
            who = "module" if module else "bare rclone"
            for step, figures in _upload(photos, albums, module=module):
                yield f"{photos} photos in {albums} albums, {who}, {step}", figures


def _upload(photos: int, albums: int, *, module: bool) -> Iterator[tuple[str, Figures]]:
    with running() as simulator:
        nas, google = simulator.nas[0], simulator.google
        google.door.post("/settings", requests_per_day=_NO_LIMIT)
        for number in range(photos):
            _photo(nas, number, number % albums)
        play = Play(nas, api_timeout=600)
        account = {"name": "google", "google_photos": google_photos(google)}
        play.done("truenas_cloud_credential", **account)
        task = ByHand(nas).task(1, transfers=_TRANSFERS)
        for step in _STEPS:
            if step == "one photo more":
                _photo(nas, photos, 0)
            yield step, _step(play, task, google, module=module)
        _require(google, photos + 1, albums)


def _step(play: Play, task: int, google: SimulatedGoogle, *, module: bool) -> Figures:
    """One run. By the module, its preflight is made before, and its requests are not among those of the run."""
    figures: dict[str, Any] = {}
    if module:
        told = play.done("truenas_cloudsync_run", id=task, action="preflight", wait_timeout=3600)
        figures["foretold"] = told["forecast"]["requests"]
    before, started = _asked(google), time.monotonic()
    if module:
        play.done("truenas_cloudsync_run", id=task, wait_timeout=3600)
    else:
        by_hand = ByHand(play.nas)
        job = by_hand.client.follow_job(by_hand.client.start_job("cloudsync.sync", task), timeout=3600)
        if job.state != "SUCCESS":
            raise RuntimeError(f"The upload failed: {job.error}")
    return {"wall": time.monotonic() - started, "requests": _asked(google) - before, **figures}


def _asked(google: SimulatedGoogle) -> int:
    """The requests that count towards the quota."""
    return sum(one["count"] for one in google.door.get("/quotas") if one["kind"] == "requests")


def _photo(nas: SimulatedNas, number: int, album: int) -> None:
    folder = Path(nas.root) / f"tank/photos/Album {album:04}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{number:06}.jpg").write_bytes(_PHOTO + number.to_bytes(4, "big") * 16)


def _require(google: SimulatedGoogle, photos: int, albums: int) -> None:
    """Every photo is there, once, in its album."""
    library = google.library()
    present = len({one["sha256"] for one in library["items"]})
    placed = sum(len(album["items"]) for album in library["albums"])
    if not present == len(library["items"]) == placed == photos or len(library["albums"]) != albums:
        raise RuntimeError(f"{present} of {photos} photos are there, {placed} in {len(library['albums'])} albums")
