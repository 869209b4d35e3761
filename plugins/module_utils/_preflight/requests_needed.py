# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests an upload needs, and how many runs, as rclone makes them. PRIVATE to the collection. Pure.

rclone asks for the list of albums and for what is in each of those that are there, makes the albums that are missing,
and sends each file with one request. It then commits files in batches of as many as it sends at the same time, with one
request for each album in the batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import UploadRules

_RUNS = 10_000  # beyond which no count makes sense


@dataclass
class Album:
    """An album: how many files go into it, and how many are in it."""

    files: int
    present: int = 0


@dataclass(frozen=True)
class Effort:
    """What an upload takes. `runs` is `None` when a run does not get past the lists."""

    requests: int
    runs: int | None


def effort(albums: Iterable[Album], transfers: int, limit: int, rules: UploadRules) -> Effort:
    """What it takes to send all files, in runs of at most so many requests.

    Args:
        albums: In the order in which they are sent. A file without an album counts like one of an album of its own.
        transfers: How many files rclone sends at the same time, which is also how many a batch holds.
        limit: The most requests of one run.
    """
    all_albums = list(albums)
    upload = _Upload(all_albums, transfers)
    total = runs = 0
    while upload.left or not runs:
        if runs == _RUNS:
            return Effort(total, None)
        lists = _lists(all_albums, rules)
        before = upload.left
        total += lists + upload.run(limit - lists)
        runs += 1
        if upload.left and upload.left == before:
            return Effort(total, None)
    return Effort(total, runs)


def _lists(albums: Iterable[Album], rules: UploadRules) -> int:
    """The requests for the list of albums and for what is in them."""
    present = [album.present for album in albums if album.present]
    return max(1, _pages(len(present), rules.listed_albums)) + sum(_pages(one, rules.listed_items) for one in present)


def _pages(count: int, most: int) -> int:
    return -(-count // most)


class _Upload:
    def __init__(self, albums: list[Album], transfers: int) -> None:
        self.left = sum(album.files for album in albums)
        self._albums = albums
        self._transfers = max(1, transfers)

    def run(self, limit: int) -> int:
        """Send files until the limit is reached; how many requests that took."""
        spent = in_batch = 0
        for album in self._albums:
            if album.files and not album.present:
                spent += 1  # to make it
            committed = False  # whether the present batch has a file of this album
            while album.files:
                commit = 0 if committed else 1
                if spent + 1 + commit > limit:
                    return spent
                spent += 1 + commit
                committed = True
                album.files -= 1
                album.present += 1
                self.left -= 1
                in_batch += 1
                if in_batch == self._transfers:
                    in_batch, committed = 0, False
        return spent
