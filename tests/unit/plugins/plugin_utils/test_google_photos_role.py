# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role makes of its tasks; its filters are tried with the real rclone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import schedule
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.google_photos_media import MEDIA, PLACES
from ansible_collections.nasops.cloudsync.plugins.module_utils._preflight import pace
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._google_photos_role import (
    directories,
    problems,
    task_options,
)
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._task_options import TASK_OPTIONS
from simulator.nas.rclone_command import filters

PUSH = {"description": "Photos", "path": "/mnt/tank/photos"}


def options(**task):
    return task_options([PUSH | task], "Google Photos", TASK_OPTIONS)[0]


def directory(**task):
    return directories([PUSH | task], TASK_OPTIONS)[0]


def test_the_defaults_are_those_of_truenas_guide():
    assert options() == {
        "description": "Photos",
        "credential": "Google Photos",
        "direction": "PUSH",
        "transfer_mode": "SYNC",
        "path": "/mnt/tank/photos",
        "folder": "/album",
        "schedule": "@daily",
        "transfers": 16,
        "include": [MEDIA],
        "exclude": list(PLACES),
    }


def test_a_pull_copies_and_leaves_the_number_of_transfers_alone():
    pull = options(direction="PULL")
    assert pull["transfer_mode"] == "COPY"
    assert "transfers" not in pull


def test_what_is_given_stands():
    given = {"transfer_mode": "COPY", "folder": "/upload", "schedule": "@weekly", "transfers": 4, "credential": "Other"}
    assert options(**given, media_only=False) == {"direction": "PUSH", **PUSH, **given}


class _OmitType:
    """As ansible-core's since 2.19, which is no part of its interface."""


@pytest.mark.parametrize(
    "nothing", [None, "", _OmitType(), "__omit_place_holder__0a1b"], ids=["none", "empty", "omit object", "omit text"]
)
def test_a_part_of_a_schedule_that_is_empty_or_omitted_has_the_role_s_default(nothing):
    daily = {"minute": "0", "hour": "0", "dom": "*", "month": "*", "dow": "*"}
    assert options(schedule={}) == options(schedule=daily)
    assert options(schedule={"hour": nothing})["schedule"] == {"hour": "0"}
    assert options(schedule={"hour": nothing, "minute": 30})["schedule"] == {"hour": "0", "minute": 30}
    assert options(schedule={"minute": 30})["schedule"] == {"minute": 30}
    with pytest.raises(OptionError, match="houre is not a part of a schedule"):
        schedule.schedule(options(schedule={"houre": nothing})["schedule"])


@pytest.mark.parametrize(
    "nothing", [None, "", _OmitType(), "__omit_place_holder__0a1b"], ids=["none", "empty", "omit object", "omit text"]
)
def test_an_option_that_is_empty_or_omitted_has_the_role_s_default(nothing):
    without = {"args": "", "encryption_password": "", "encryption_salt": "", "pre_script": "", "post_script": ""}
    lists = {"include": [], "exclude": []}
    cleared = {**without, **lists} if nothing == "" else {}  # which are their defaults
    given = dict.fromkeys({*TASK_OPTIONS, "albums", "max_deletes", "media_only", "stray_files"} - PUSH.keys(), nothing)
    assert options(**given) == {**options(), **without} if nothing == "" else options()
    assert directory(**given) == directory()
    pull = options(**{**given, "direction": "PULL"})
    assert pull == {**options(direction="PULL"), **cleared, "args": "--max-delete 0"}


def test_options_count_in_their_types_however_they_are_written():
    typed = {**options(media_only=False), "enabled": True, "transfers": 8}
    assert options(enabled="yes", transfers="8", media_only="no") == typed
    assert options(direction="PULL", args=["--fast-list"])["args"] == "--fast-list --max-delete 0"
    assert directory(albums="Holidays/2026\nFamily\n")["albums"] == ["Holidays/2026", "Family"]


def test_a_task_to_be_deleted_gets_no_defaults():
    assert options(state="absent") == {**PUSH, "state": "absent"}
    assert directories([PUSH | {"state": "absent"}], TASK_OPTIONS) == []


def test_links_are_looked_at_where_the_task_follows_them():
    assert directory(follow_symlinks="yes")["follow_symlinks"] is True
    assert directory()["follow_symlinks"] is False


@pytest.mark.parametrize("folder", ["/album", "album", "/album/", "//album/."])
def test_where_directories_become_albums_stray_files_matter(folder):
    loose = {"folder": folder, "media_only": False}
    assert options(**loose, stray_files="exclude", exclude=["*.tmp"])["exclude"] == ["*.tmp", "/*"]
    assert options(**loose, stray_files="exclude", exclude=["/*"])["exclude"] == ["/*"]
    assert "exclude" not in options(**loose)
    assert directory(folder=folder)["stray_files"] == "fail"
    assert directory(folder=folder, stray_files="warn")["stray_files"] == "warn"
    assert directory(folder=folder, stray_files="exclude")["stray_files"] == "ignore"


@pytest.mark.parametrize("task", [{"folder": "/album/Trip"}, {"folder": "/upload"}, {"direction": "PULL"}])
def test_elsewhere_files_may_lie_at_the_root(task):
    assert "/*" not in options(**task, stray_files="exclude").get("exclude", ())
    assert directory(**task, stray_files="fail")["stray_files"] == "ignore"


@pytest.mark.parametrize(
    ("task", "args"),
    [
        ({"direction": "PULL"}, "--max-delete 0"),
        ({"direction": "PULL", "args": "--fast-list "}, "--fast-list --max-delete 0"),
        ({"direction": "PULL", "args": "--max-delete=9"}, "--max-delete=9"),
        ({"direction": "PULL", "args": "--max-delete 0x9"}, "--max-delete 0x9"),
        ({"direction": "PULL", "args": "--exclude=--max-delete"}, "--exclude=--max-delete --max-delete 0"),
        ({"direction": "PULL", "max_deletes": 5, "allow_deletes": True}, "--max-delete 5"),
        ({"direction": "PULL", "allow_deletes": True}, ""),
        ({"direction": "PULL", "allow_deletes": "no"}, "--max-delete 0"),
        ({"max_deletes": 0}, "--max-delete 0"),
        ({"args": "-L"}, "-L"),
    ],
    ids=str,
)
def test_a_pull_deletes_nothing_unless_that_was_agreed_to(task, args):
    assert options(**task)["args"] == args
    assert "args" not in options()


def test_a_directory_has_the_name_of_its_task():
    rows = directories(
        [
            PUSH | {"albums": ["A", "B/C"]},
            {"name": "Other", "path": "/mnt/b", "transfer_mode": "COPY"},
            {"id": 3, "path": "/mnt/c", "transfer_mode": "COPY"},
        ],
        TASK_OPTIONS,
    )
    assert [(row["task"], row["path"], row["albums"]) for row in rows] == [
        ("Photos", "/mnt/tank/photos", ["A", "B/C"]),
        ("Other", "/mnt/b", []),
        ("number 3", "/mnt/c", []),
    ]


@pytest.mark.parametrize(
    ("task", "problem"),
    [
        ({"albmus": []}, "google_photos_tasks: Photos: albmus is not an option of a task. Do you mean albums?"),
        ({"zzz": 1}, "google_photos_tasks: Photos: zzz is not an option of a task. There are albums, allow_deletes, "),
        (
            {"stray_files": "skip"},
            "google_photos_tasks: Photos: stray_files: 'skip' is not one of fail, exclude",
        ),
        ({"direction": "PULL", "albums": ["A"]}, "google_photos_tasks: Photos: albums are made for a PUSH."),
        ({"max_deletes": "²"}, "google_photos_tasks: Photos: max_deletes: '²' is not a whole number."),
        (
            {"transfer_mode": "sync"},
            "google_photos_tasks: Photos: transfer_mode: 'sync' is not one of COPY, SYNC, MOVE. Do",
        ),
        ({"albums": "A,B"}, "google_photos_tasks: Photos: albums: 'A,B' is one text with a comma"),
        ({"max_deletes": -1}, "google_photos_tasks: Photos: max_deletes -1 is not a number of files. Give 0 or more."),
        (
            {"direction": "PULL", "args": "--max-delete -1"},
            "google_photos_tasks: Photos: args: --max-delete is refused: -1 is not a limit.",
        ),
        (
            {"direction": "PULL", "args": "sync --exclude --max-delete --suffix"},
            "google_photos_tasks: Photos: args: the word 'sync' is not an option",
        ),
        ({"direction": "PULL", "args": "--suffix"}, "google_photos_tasks: Photos: args: --suffix has no value"),
        ({"args": "--min-size 1"}, "google_photos_tasks: Photos: args: --min-size is refused: Google Photos tells no"),
        ({"args": "--no-check-dest"}, "google_photos_tasks: Photos: args: --no-check-dest is refused: rclone cannot"),
        (
            {"args": "--include *.jpg", "include": ["/x/**"]},
            "google_photos_tasks: Photos: args: --include is refused: rclone reads it before the task's include",
        ),
        (
            {"args": "--include *.jpg", "exclude": ["/x"]},
            "google_photos_tasks: Photos: args: --include is refused: rclone reads it before",
        ),
        (
            {"max_deletes": 1, "args": "--max-delete 2"},
            "google_photos_tasks: Photos: max_deletes and --max-delete in args",
        ),
        (
            {"media_only": True, "include": ["*.jpg"]},
            "google_photos_tasks: Photos: media_only and include do not ",
        ),
    ],
)
def test_a_problem_names_the_task_and_the_option(task, problem):
    (found,) = problems([PUSH, PUSH | task][1:], TASK_OPTIONS)
    assert found.startswith(problem)
    with pytest.raises(OptionError, match="google_photos_tasks: Photos: "):
        task_options([PUSH | task], "Google Photos", TASK_OPTIONS)
    with pytest.raises(OptionError, match="google_photos_tasks: Photos: "):
        directories([PUSH | task], TASK_OPTIONS)


@pytest.mark.parametrize("task", [{}, {"description": None}, {"name": ""}])
def test_a_task_without_a_description_is_named_by_its_number(task):
    (found,) = problems([{"path": "/mnt/tank/photos", **task}], TASK_OPTIONS)
    assert found.startswith("google_photos_tasks: number 1: description is required.")
    assert problems([{"id": 4, "path": "/mnt/tank/photos"}], TASK_OPTIONS) == []


def test_all_problems_are_told_at_once():
    wrong = [PUSH | {"a_b_c": 1, "x_y_z": 2}, {"path": "/mnt/tank/more", "stray_files": "no", "enabled": False}]
    assert [text.split(": ")[1] for text in problems(wrong, TASK_OPTIONS)] == ["Photos", "Photos", "number 2"]
    assert problems([PUSH | {"media_only": "no", "include": ["*.jpg"]}], TASK_OPTIONS) == []


@pytest.mark.parametrize(
    ("other", "wrong"),
    [
        ({}, True),
        ({"folder": "album/Trip/"}, True),
        ({"folder": "/album/Trip", "transfer_mode": "COPY"}, False),
        ({"direction": "PULL", "transfer_mode": "COPY"}, False),
        ({"enabled": False}, False),
        ({"state": "absent"}, False),
        ({"credential": "of another account"}, False),
        ({"allow_deletes": True}, False),
        ({"enabled": "no"}, False),
        ({"enabled": "yes"}, True),
        ({"enabled": "True"}, True),
        ({"transfer_mode": "MOVE"}, True),
        ({"credential": "Google Photos"}, True),
        ({"include": ["/Trip/**"]}, True),
        ({"exclude": [".DS_Store"]}, True),
        ({"media_only": True}, True),
        ({"allow_deletes": "false"}, True),
        ({"folder": "/albums"}, False),
    ],
    ids=str,
)
def test_two_syncs_into_the_same_albums_are_refused(other, wrong):
    found = problems([PUSH, PUSH | {"description": "More photos"} | other], TASK_OPTIONS, "Google Photos")
    assert bool(found) is wrong
    if wrong:
        assert "SYNC" in found[0]
        assert "allow_deletes: true" in found[0]


def test_syncs_with_filters_that_share_nothing():
    ann, ben = ({"description": name, "include": [f"/{name}/**"]} for name in ("ann", "ben"))
    assert problems([PUSH | ann, PUSH | ben], TASK_OPTIONS) == []


def test_syncs_into_albums_of_their_own():
    assert problems([PUSH | {"folder": "/album/A"}, PUSH | {"folder": "/album/AB"}], TASK_OPTIONS) == []


def passes(folder: Path, **task) -> set[str]:
    """The files that the real rclone would transfer, with the filter file that a NAS makes of the task's options."""
    task = {"include": [], "exclude": [], **options(**task)}
    rules = folder / "rules"
    rules.write_text(filters(task, is_pool=False), encoding="utf-8")
    rclone = shutil.which("rclone", path=str(Path(sys.executable).parent))
    assert rclone, "rclone is not in the environment of the tests"
    command = [
        rclone,
        "--config",
        "/dev/null",
        "--filter-from",
        str(rules),
        "lsf",
        "-R",
        "--files-only",
        str(folder / "root"),
    ]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines())


@pytest.fixture
def dataset(tmp_path):
    """Makes a folder of files with these names."""

    def make(*names):
        for name in names:
            file = tmp_path / "root" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        return tmp_path

    return make


def test_rclone_passes_over_stray_files_only(dataset):
    folder = dataset("loose.jpg", "noext", ".hidden", "Trip/a.jpg", "Trip/Day 2/b.png", "Åland/写真.jpg")
    assert passes(folder, stray_files="exclude", media_only=False) == {
        "Trip/a.jpg",
        "Trip/Day 2/b.png",
        "Åland/写真.jpg",
    }
    assert len(passes(folder, media_only=False)) == 6


# What Google says it takes, beside other spellings of the same, and what has the content of it.
PHOTOS = ["avif", "bmp", "gif", "heic", "heif", "ico", "jpg", "jpeg", "jpe", "jfif", "png", "tif", "tiff", "webp"]
VIDEOS = [
    "3gp",
    "3g2",
    "asf",
    "avi",
    "divx",
    "m2t",
    "m2ts",
    "m4v",
    "mkv",
    "mmv",
    "mod",
    "mov",
    "mp",
    "mp4",
    "mpg",
    "mpeg",
    "mts",
    "tod",
    "webm",
    "wmv",
]
NOT_MEDIA = (
    "a.txt",
    "jpg",
    "a.jpg.xmp",
    "a.jpgx",
    "a.xjpg",
    ".DS_Store",
    "._a.jpg",
    "Thumbs.db",
    "a.dng",
    "a.svg",
    ".trashed-1-x.png",
    "desktop.ini",
    ".nomedia",
    ".pending-1-a.jpg",
)
PLACES_OF_SYSTEMS = (
    ".recycle/ada/Family",
    "@eaDir/a.png",
    "#recycle",
    ".thumbnails",
    ".Trash-1000/files",
    ".stfolder",
    ".stversions",
    "lost+found",
    "$RECYCLE.BIN/S-1",
    "$Recycle.Bin",
    "System Volume Information",
    ".@__thumb",
    "@__thumb",
    ".AppleDouble",
    ".fseventsd",
    ".Spotlight-V100",
    ".TemporaryItems",
    ".snapshot/daily",
    "#snapshot",
    "@Recycle",
    "Photos Library.photoslibrary/resources",
    "Catalog Previews.lrdata/1",
)
PLACES_OF_PEOPLE = (
    "lost and found",
    "recycle",
    "eaDir",
    "a.b",
    "#1",
    "@home",
    "$5 shots",
    "Temporary",
    "thumbnails",
    "System",
    "~",
)


def test_places_that_a_system_has_made_are_left_out(dataset):
    wanted = {f"{place}/a.png" for place in PLACES_OF_PEOPLE}
    inner = [f"{above}{place}/a.png" for place in PLACES_OF_SYSTEMS for above in ("", "Family/")]
    assert passes(dataset(*wanted, *inner)) == wanted


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ({"exclude": ["- /Private/**"]}, "exclude: '- /Private/**' can never match"),
        ({"include": ["/mnt/tank/photos/Family/**"]}, "include: '/mnt/tank/photos/Family/**' can never match"),
        ({"args": "--exclude /mnt/tank/photos/Private/**"}, "args: --exclude is refused: '/mnt/tank/photos/Priv"),
        ({"albums": ["/mnt/tank/photos/Family"]}, "albums: '/mnt/tank/photos/Family' is a path of the NAS"),
        ({"albums": ["Relatives "]}, "albums: 'Relatives ' is not a name for an album"),
        ({"albums": ["Family", "2026/.hidden"]}, "albums: '2026/.hidden' would never be pushed"),
    ],
)
def test_names_and_filters_that_cannot_be_meant_are_refused(task, words):
    (problem,) = problems([PUSH | task], TASK_OPTIONS)
    assert problem.startswith("google_photos_tasks: Photos: ")
    assert words in problem
    assert problems([PUSH | {"albums": [".hidden"], "media_only": False}], TASK_OPTIONS) == []


def test_filters_of_one_s_own_go_before_those_of_the_role():
    assert options(exclude=["/Private/**"])["exclude"] == ["/Private/**", *PLACES]
    assert "include" not in options(direction="PULL")
    own = options(include=["*.jpg"])
    assert own["include"] == ["*.jpg"]
    assert "exclude" not in own
    off = options(media_only=False, exclude=["x"])
    assert "include" not in off
    assert off["exclude"] == ["x"]


def test_rclone_lets_media_through_in_any_case(dataset):
    spelt = [(name, spelling) for name in PHOTOS + VIDEOS for spelling in (name, name.upper(), name.capitalize())]
    media = {f"Trip/{name}.{spelling}" for name, spelling in spelt}
    others = {f"Trip/{name}" for name in NOT_MEDIA}
    assert passes(dataset(*media, *others, "loose.jpg"), media_only=True) == media | {"loose.jpg"}
    assert passes(dataset()) == media | {"loose.jpg"}
    assert passes(dataset(), media_only=True, stray_files="exclude", exclude=["*.GIF"]) == media - {"Trip/gif.GIF"}


def test_the_media_filter_is_one_pattern():
    assert options(media_only=True)["include"] == [MEDIA]
    assert options(media_only=True, exclude=["x"])["exclude"] == ["x", *PLACES]


def paced(*tasks, daily=10_000):
    return [one.get("args", "") for one in task_options(tasks, "Google Photos", TASK_OPTIONS, daily_requests=daily)]


def test_a_first_upload_gets_limits_that_go_away_again():
    (args,) = paced(PUSH)
    assert pace.limit(args) == pytest.approx(8500, abs=10)
    assert args.endswith("--low-level-retries 3")
    assert "args" not in options()


def test_tasks_share_the_requests_of_a_day():
    pull = {"description": "Back", "path": "/mnt/tank/back", "direction": "PULL"}
    hourly = PUSH | {"description": "Scans", "transfer_mode": "COPY", "schedule": "@hourly"}
    both = paced(PUSH, hourly, pull, PUSH | {"description": "old", "state": "absent"})
    assert [pace.limit(args) for args in both[:2]] == [
        pytest.approx(8500 // 3, abs=10),
        pytest.approx(8500 // 3 // 24, abs=2),
    ]
    assert both[2:] == ["--max-delete 0", ""]


def test_the_limits_come_behind_the_task_s_own_arguments():
    (args,) = paced(PUSH | {"args": "--checkers 2", "max_deletes": 3})
    assert args.startswith("--checkers 2 --max-delete 3 --max-duration 6000s --tpslimit 1.4")


@pytest.mark.parametrize(
    ("task", "daily", "words"),
    [
        ({"args": "--tpslimit=2"}, 10_000, "args: --tpslimit and google_photos_initial_upload both set it"),
        ({"args": "--low-level-retries 1"}, 10_000, "args: --low-level-retries and google_photos_initial_upload"),
        ({"schedule": "@hourly"}, 500, "google_photos_daily_requests: 500 requests a day are too few"),
    ],
)
def test_a_first_upload_that_cannot_be_paced_is_refused(task, daily, words):
    (problem,) = problems([PUSH | task], TASK_OPTIONS, daily_requests=daily)
    assert words in problem
    with pytest.raises(OptionError, match="google_photos_"):
        paced(PUSH | task, daily=daily)
