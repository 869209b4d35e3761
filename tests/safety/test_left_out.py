# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Photos that never reach Google without a word from rclone: found before a run, and told after it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import google_photos_media as media
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.source import Source
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._google_photos_role import task_options
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._task_options import TASK_OPTIONS

from .harness import DATASET, albums, folder, photo
from .in_process import InProcess

NFC, NFD = "Z\u00fcrich", "Zu\u0308rich"


def by_role(**options):
    return task_options([{"description": "role's", "path": DATASET, **options}], "google", TASK_OPTIONS)[0]


def test_a_twin_takes_photos_out_of_their_album(hazard, noted, nas, google):
    """Which of two such names rclone ignores depends on the order in which the file system has them."""
    for name in (NFC, NFD):
        photo(nas, f"{name}/1.png", name)
    for number in range(4):
        photo(nas, f"Family/{number}.png")
    hazard.play.done("truenas_cloudsync_task", **by_role())
    dry = hazard.play.done("truenas_cloudsync_run", task="role's", action="dry_run")
    (ignored,) = (one["path"] for one in dry["left_out"])
    assert repr(ignored) in "".join(hazard.play.warnings)
    other = NFC if ignored == NFD else NFD
    shutil.rmtree(folder(nas) / other)
    hazard.play.done("truenas_cloudsync_run", task="role's")
    photo(nas, f"{other}/2.png", other)
    before = albums(google)
    assert (ignored, ["1.png"]) in before
    with noted("guarded"):
        message = hazard.play.refused("truenas_cloudsync_run", task="role's")
        assert "two names that look the same and rclone ignores one of them" in message
        assert albums(google) == before
    with noted("shown"):
        assert hazard.by_hand.sync(1).state == "SUCCESS"
        assert (ignored, ["1.png"]) not in albums(google)


def test_a_file_with_a_twin_is_told(hazard, nas):
    for name in (NFC, NFD):
        photo(nas, f"Trip/{name}.png", name)
    hazard.play.done("truenas_cloudsync_task", **by_role())
    for action in ("dry_run", "run"):
        (one,) = hazard.play.done("truenas_cloudsync_run", task="role's", action=action)["left_out"]
        assert one["path"] in (f"Trip/{NFC}.png", f"Trip/{NFD}.png")
        assert "two Unicode forms" in one["reason"]


def test_what_is_left_out_is_told_by_run_and_dry_run(hazard, nas):
    photo(nas, "Family/1.png")
    photo(nas, "Family/.DS_Store").write_bytes(b"Bud1")
    photo(nas, "Family/notes.txt").write_text("x")
    photo(nas, "Family/1.CR3").write_text("x")
    photo(nas, ".recycle/ada/2.png")
    photo(nas, "Private/3.png")
    photo(nas, "Private/secret.txt")
    (folder(nas) / "Favourites").symlink_to("Family")
    os.mkfifo(folder(nas) / "Family" / "pipe")
    hazard.play.done("truenas_cloudsync_task", **by_role(exclude=["/Private/**"]))
    wanted = {
        ".recycle/": media.SYSTEM,
        "Family/.DS_Store": media.SYSTEM,
        "Family/notes.txt": media.OTHER,
        "Family/1.CR3": media.RAW,
        "Favourites": "symbolic link",
        "Family/pipe": "neither a file nor a directory",
    }
    for action in ("dry_run", "run"):
        hazard.play.warnings.clear()
        answer = hazard.play.done("truenas_cloudsync_run", task="role's", action=action)
        assert {one["path"]: one["reason"] for one in answer["left_out"]} == wanted
        (warning,) = hazard.play.warnings
        assert "'Favourites'; set follow_symlinks: true" in warning
        assert "Private" not in warning


def test_a_dry_run_names_what_google_will_refuse(hazard, nas):
    photo(nas, "Family/1.png")
    photo(nas, "Family/.DS_Store").write_bytes(b"Bud1")
    photo(nas, "Family/empty.jpg").write_bytes(b"")
    photo(nas, "Family/notes.txt").write_text("x")
    photo(nas, "loose.png")
    hazard.play.done("truenas_cloudsync_task", **by_role(media_only=False))
    answer = hazard.play.done("truenas_cloudsync_run", task="role's", action="dry_run")
    assert {one["path"]: one["reason"] for one in answer["left_out"]} == {
        "Family/.DS_Store": media.SYSTEM_KEPT,
        "Family/empty.jpg": media.EMPTY,
        "Family/notes.txt": media.REFUSED,
        "loose.png": media.BESIDE,
    }
    (warning,) = hazard.play.warnings
    assert "media_only: true" in warning
    assert "stray_files: exclude" in warning


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("Family/.DS_Store", b"Bud1", "media_only: true"),
        ("Family/notes.txt", b"x", "media_only: true"),
        ("loose.png", None, "stray_files: exclude"),
        ("Family/empty.jpg", b"", "is empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_failing_run_names_the_file_and_what_mends_it(name, content, words, hazard, nas):
    photo(nas, "Family/1.png")
    path = photo(nas, name)
    if content is not None:
        path.write_bytes(content)
    hazard.play.done("truenas_cloudsync_task", **by_role(media_only=False))
    answer = hazard.play.run("truenas_cloudsync_run", task="role's")
    assert answer["failed"]
    assert f"the run failed at {name!r}: " in answer["msg"]
    assert words in answer["msg"]
    assert len(answer["log"].splitlines()) <= 11
    assert len(answer["msg"]) < 600


def test_the_usual_job_of_6000_photos_in_300_albums_has_nothing_to_tell(tmp_path):
    nas = InProcess("25.10", tmp_path)
    try:
        root = Path(nas.nas.datasets.root, "tank", "photos")
        for album in range(300):
            (root / f"20{album % 30:02}" / f"Trip {album}").mkdir(parents=True)
            for number in range(20):
                (root / f"20{album % 30:02}" / f"Trip {album}" / f"IMG_{number:04}.JPG").write_bytes(b"x")
        task = {**by_role(), "attributes": {"folder": "/album"}, "follow_symlinks": False}
        source = Source(task, PROVIDERS["GOOGLE_PHOTOS"])
        source.look(nas)
        assert (source.left_out, source.twins) == ([], [])
    finally:
        nas.close()


@pytest.mark.parametrize(("provider", "twins"), [("DROPBOX", [("A/B.png", "A/b.png")]), ("GOOGLE_PHOTOS", [])])
def test_names_that_differ_in_case_are_twins_where_the_provider_folds_case(provider, twins, tmp_path):
    nas = InProcess("25.10", tmp_path)
    try:
        root = Path(nas.nas.datasets.root, "tank", "photos", "A")
        root.mkdir()
        for name in ("B.png", "b.png", "c.png"):
            (root / name).write_bytes(b"x")
        task = {**by_role(), "attributes": {"folder": "/x"}, "follow_symlinks": False}
        source = Source(task, PROVIDERS[provider])
        source.look(nas)
        assert [tuple(sorted(group)) for group in source.twins] == twins
    finally:
        nas.close()
