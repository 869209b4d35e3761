# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import google_photos_media as media
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import google_photos_uploads as uploads
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.left_out import FILTERED, LINK, LeftOut
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._preflight import forecast, pace

RULES = PROVIDERS["GOOGLE_PHOTOS"].uploads
DAILY = {"minute": "0", "hour": "0", "dom": "*", "month": "*", "dow": "*"}
TASK = {"args": "", "transfers": 16, "schedule": DAILY, "attributes": {"folder": "/album"}}
MB, GB = 1024**2, 1024**3
PACED = f"--max-duration 3s {pace.paced(225, 3)}"


def told(files, present=(), left_out=(), rules=RULES, deletes=0, **changes):
    kept = {**files, **dict.fromkeys(present, 1)}
    push = forecast.Push(
        {**TASK, **changes}, tuple(files), {}, kept, left_out, whole=True, rules=rules, deletes=deletes
    )
    return forecast.forecast(push)


@pytest.mark.parametrize(
    ("path", "size", "reason"),
    [
        ("A/1.jpg", 1, None),
        ("A/1.JPG", 200 * MB, None),
        ("A/1.jpg", 200 * MB + 1, uploads.TOO_LARGE_PHOTO),
        ("A/1.dng", 200 * MB + 1, uploads.TOO_LARGE_PHOTO),
        ("A/1.mp4", 200 * MB + 1, None),
        ("A/1.MOV", 20 * GB + 1, uploads.TOO_LARGE_VIDEO),
        ("A/1.jpg", 0, media.EMPTY),
        ("A/notes.txt", 1, media.REFUSED),
        ("A/noext", 1, media.REFUSED),
        ("A/drawing.svg", 1, media.REFUSED),
        ("A/1.ts", 1, None),
        ("1.jpg", 1, media.BESIDE),
        ("A/._1.jpg", 1, uploads.APPLE_DOUBLE),
        ("A/.1.jpg", 1, None),
        ("A/.DS_Store", 1, media.REFUSED),
        ("@eaDir/1.jpg", 1, None),
        (f"{'a' * 251}/{'b' * 251}/1.jpg", 1, uploads.LONG_TITLE),
    ],
)
def test_what_is_refused(path, size, reason):
    got = told({path: size})
    assert got["refused"] == ([{"path": path, "reason": reason}] if reason else [])
    assert got["files"] == (0 if reason else 1)


def test_an_album_that_gets_too_full():
    rules = dataclasses.replace(RULES, album_items=3)
    got = told({"A/1.jpg": 1, "A/2.jpg": 1, "B/1.jpg": 1}, present=["A/3.jpg", "A/4.jpg"], rules=rules)
    (one,) = got["refused"]
    assert one["path"] == "A/2.jpg"
    assert "holds 3 photos" in one["reason"]


def test_files_bytes_and_albums():
    got = told({"B/1.jpg": 5, "A/In it/2.jpg": 7, "A/In it/3.mp4": 1})
    assert (got["files"], got["bytes"]) == (3, 13)
    assert got["albums"] == [
        {"name": "A/In it", "files": 2, "bytes": 8}, {"name": "B", "files": 1, "bytes": 5},
    ]  # fmt: skip
    assert (got["requests"], got["days"]) == (1 + 2 + 3 + 2, 1)


@pytest.mark.parametrize(
    ("folder", "name"), [("/album/Trip", "Trip/A"), ("album", "A"), ("/album/", "A"), ("/upload", None)]
)
def test_the_album_of_a_file(folder, name):
    assert [one["name"] for one in told({"A/1.jpg": 1}, attributes={"folder": folder})["albums"]] == [name] * bool(name)


def test_days_at_the_limits_of_the_task():
    files = {f"{number % 20:02}/{number}.jpg": 1 for number in range(600)}
    assert told(files)["days"] == 1
    assert told(files, args=PACED)["days"] == 4
    assert told(files, args=PACED, schedule={**DAILY, "hour": "0,12"})["days"] == 2


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ({"dow": "1"}, 3 * 7 + 1),
        ({"dow": "mon-fri"}, 6),
        ({"dom": "1"}, 93),
        ({"dow": "1", "hour": "0,12"}, 8),
        ({"dom": "29", "month": "2"}, 3 * 1461 + 1),
        ({"dom": "31", "month": "2"}, None),
    ],
)
def test_days_on_which_a_task_does_not_run_count(changes, days):
    files = {f"{number % 20:02}/{number}.jpg": 1 for number in range(600)}
    got = told(files, args=PACED, schedule={**DAILY, **changes})
    assert got["days"] == days
    assert ("never starts" in " ".join(got["notes"])) == (days is None)
    assert told({"A/1.jpg": 1}, schedule={**DAILY, **changes})["days"] == (1 if days else None)
    assert told({}, schedule={**DAILY, **changes})["days"] == 0


@pytest.mark.parametrize("schedule", [{**DAILY, "hour": ""}, {**DAILY, "minute": "*"}])
@pytest.mark.parametrize("args", ["", "--tpslimit 0.001 --max-duration 1s", PACED])
@pytest.mark.parametrize("daily", [1, None])
def test_whatever_a_task_has_there_is_a_forecast(schedule, args, daily):
    task = {**TASK, "args": args, "schedule": schedule}
    push = forecast.Push(task, ("A/1.jpg",), {}, {}, (), whole=True, rules=RULES, daily_requests=daily)
    got = forecast.forecast(push)
    assert got["requests"] >= 1
    assert got["days"] is None or got["days"] >= 1
    assert forecast.summary(got).startswith("1 file to go into 1 album")


def test_nothing_to_do():
    got = told({}, present=["A/1.jpg"])
    assert (got["files"], got["bytes"], got["requests"], got["days"]) == (0, 0, 2, 0)
    assert forecast.summary(got) == "0 files (0 B) to go."


def test_each_photo_that_leaves_an_album_is_a_request():
    assert told({}, present=["A/1.jpg"], deletes=7)["requests"] == 2 + 7
    assert told({}, present=["A/1.jpg"], deletes=7)["days"] == 1
    assert told({}, present=["A/1.jpg"], deletes=500, args=PACED)["days"] == 3


def test_an_account_that_may_not_look_into_directories():
    push = forecast.Push(TASK, ("A/1.jpg", "A/2.jpg"), {"A/1.jpg": 3, "A/2.jpg": 0}, {}, (), whole=True, rules=RULES)
    got = forecast.forecast(push)
    assert (got["files"], got["bytes"], [one["path"] for one in got["refused"]]) == (1, 3, ["A/2.jpg"])


def test_pairs():
    paths = ["A/IMG_1.HEIC", "A/IMG_1.mov", "B/IMG_1.mov", "A/PXL_2.MP.jpg", "A/PXL_2.MP", "A/2.jpg", "A/2.mkv"]
    got = told(dict.fromkeys(paths, 1))["pairs"]
    assert got == [
        {"photo": "A/IMG_1.HEIC", "video": "A/IMG_1.mov"}, {"photo": "A/PXL_2.MP.jpg", "video": "A/PXL_2.MP"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"A/1.cr3": 1}, "1 raw photos may be refused"),
        ({"A/1.ts": 1}, "1 files may be refused"),
        ({"A/1.heic": 1}, "1 HEIC photos"),
        ({"A/1.jpg": 9, "B/1 (1).jpg": 9}, "1 files look like copies of others ('B/1 (1).jpg')"),
        ({"A/1.jpg": 9, "B/1 (1).jpg": 8}, None),
        ({"A/1.jpg": 9, "B/1.jpg": 9}, None),
    ],
)
def test_notes(files, words):
    notes = " ".join(told(files)["notes"])
    assert words in notes if words else "copies" not in notes


def test_what_is_left_out_stays_apart_from_what_is_refused():
    left_out = [LeftOut("A/link", LINK), LeftOut("A/notes.txt", media.REFUSED), LeftOut("B/", FILTERED)]
    got = told({"A/1.jpg": 1, "A/notes.txt": 1}, left_out=left_out)
    assert [one["path"] for one in got["left_out"]] == ["A/link", "B/"]
    words = forecast.summary(got)
    assert "1 file will be refused: 1 (no photo or video, which Google Photos refuses), such as 'A/notes.txt'" in words
    assert "2 left out: 1 (left out by the task's own filters), such as 'B/'; 1 (symbolic link)" in words


def test_another_provider():
    got = told({"A/1.txt": 0, "2.jpg": 3}, rules=None)
    assert (got["files"], got["bytes"], got["requests"], got["days"], got["refused"]) == (2, 3, None, None, [])
    assert (got["albums"], got["pairs"], got["notes"]) == ([], [], [])
