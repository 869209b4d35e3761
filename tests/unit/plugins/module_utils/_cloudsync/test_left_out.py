# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import google_photos_media as media
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import left_out, rclone_cause
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.left_out import LINK, SPECIAL, TWIN, LeftOut

# As rclone 1.75.2 prints it.
LOG = """\
2026/11/30 18:41:04 NOTICE: Family/link: Can't follow symlink without -L/--copy-links
2026/11/30 18:41:04 NOTICE: Z\u00fcrich: Duplicate directory found in source - ignoring
2026/11/30 18:41:04 NOTICE: A/fifo: Can't transfer non file/directory
2026/11/30 18:41:04 NOTICE: A/e\u0301.png: Duplicate object found in source - ignoring
2026/11/30 18:41:04 NOTICE: A/e\u0301.png: Duplicate object found in source - ignoring
2026/11/30 18:41:04 NOTICE: A/1.png: Skipped copy as --dry-run is set (size 1)
2026/11/30 18:41:04 INFO  : x: Can't follow symlink without -L/--copy-links
Transferred:   	         21 B / 21 B, 100%, 0 B/s, ETA -
"""
FAILED = """\
2026/11/30 18:41:04 ERROR : Google Photos path "album": sync batch commit: failed to commit batch length 4: upload failed: Failed: There was an error while trying to create this media item. (3)
2026/11/30 18:41:04 ERROR : Family/.DS_Store: Failed to copy: failed to commit batch: There was an error while trying to create this media item. (3)
2026/11/30 18:41:04 ERROR : Attempt 1/3 failed with 3 errors and: upload failed
2026/11/30 18:41:05 ERROR : Family/.DS_Store: Failed to copy: failed to commit batch: There was an error while trying to create this media item. (3)
2026/11/30 18:41:05 ERROR : a: b: Failed to copy: can't upload files here
2026/11/30 18:41:05 ERROR : Attempt 2/3 failed with 3 errors and: upload failed
2026/11/30 18:41:06 INFO  : There was nothing to transfer
Errors:                 3 (retrying may help)
"""  # noqa: E501


def test_what_rclone_leaves_out_is_read_from_its_log():
    assert left_out.from_log(LOG) == [
        LeftOut("Family/link", LINK),
        LeftOut("Z\u00fcrich", TWIN),
        LeftOut("A/fifo", SPECIAL),
        LeftOut("A/e\u0301.png", TWIN),
    ]
    assert left_out.from_log("") == []


PULLED = """\
2026/11/30 18:41:04 ERROR : a//b.jpg: Entry doesn't belong in directory "a" (contains subdir) - ignoring
2026/11/30 18:41:04 NOTICE: Plan: Skipping unexportable google document "application/vnd.google-apps.form". Use x
2026/11/30 18:41:04 NOTICE: A/1.png: Duplicate object found in source - ignoring
2026/11/30 18:41:04 NOTICE: B/1.png: Duplicate object found in destination - ignoring
2026/11/30 18:41:04 ERROR : C/1.png: Failed to copy: no space left on device
"""


def test_what_a_pull_leaves_out_at_the_provider():
    found = left_out.from_log(PULLED, pulls=True)
    assert found == [
        LeftOut("a//b.jpg", left_out.ODD),
        LeftOut("Plan", left_out.UNEXPORTED),
        LeftOut("A/1.png", TWIN),
    ]
    assert left_out.warning(found, {}, pulls=True).startswith("At the provider, some files do not reach the NAS: 1 (")
    assert left_out.from_log(PULLED) == [LeftOut("A/1.png", TWIN)]


def test_what_is_left_out_is_not_why_a_run_failed():
    assert rclone_cause.reason(PULLED.split("\n")) == "C/1.png: Failed to copy: no space left on device"


def test_each_path_is_told_once_and_in_order():
    found = left_out.merged(
        [LeftOut("b", LINK), LeftOut("d/", "x")], [LeftOut("a", "x"), LeftOut("b", "y"), LeftOut("d", "y")]
    )
    assert [(one.path, one.reason) for one in found] == [("a", "x"), ("b", LINK), ("d/", "x")]


def test_one_warning_tells_the_reasons_the_first_names_and_what_to_do():
    found = [LeftOut(f"A/{number}.txt", "no photo") for number in range(7)] + [LeftOut("Favourites", LINK)]
    told = left_out.warning(found, {"no photo": "set media_only: true"})
    assert "7 (no photo): 'A/0.txt', 'A/1.txt', 'A/2.txt', ...; set media_only: true." in told
    assert "1 (symbolic link): 'Favourites'; set follow_symlinks: true" in told
    assert left_out.warning([], {}) is None


@pytest.mark.parametrize(
    ("path", "size", "filtered", "unfiltered"),
    [
        ("A/1.jpg", 1, None, None),
        ("A/1.WEBM", 1, None, None),
        ("A/1.MP", None, None, None),
        ("A/empty.jpg", 0, None, media.EMPTY),
        ("A/notes.txt", 1, media.OTHER, media.REFUSED),
        ("A/README", 1, media.OTHER, media.REFUSED),
        ("A/1.CR3", 1, media.RAW, None),
        ("A/1.dng", 1, media.RAW, None),
        ("A/1.jxl", 1, media.LIKE_MEDIA, None),
        ("A/.DS_Store", 1, media.SYSTEM, media.SYSTEM_KEPT),
        ("A/._1.jpg", 1, media.SYSTEM, media.SYSTEM_KEPT),
        ("A/@eaDir/1.jpg", 1, media.SYSTEM, media.SYSTEM_KEPT),
        ("A/$recycle.bin/1.jpg", 1, media.SYSTEM, media.SYSTEM_KEPT),
        ("loose.jpg", 1, None, media.BESIDE),
    ],
)
def test_why_a_file_does_not_get_to_google_photos(path, size, filtered, unfiltered):
    assert media.reason(path, size, "/album", kept=False) == filtered
    assert media.reason(path, size, "album/", kept=True) == unfiltered
    assert unfiltered in (None, *media.ADVICE)


def test_files_at_the_root_have_an_album_where_the_folder_is_one():
    assert media.reason("loose.jpg", 1, "/album/Trip", kept=True) is None
    assert media.reason("loose.jpg", 1, "/upload", kept=True) is None


def test_the_files_that_failed_are_found_with_their_reason():
    assert list(rclone_cause.failed_files(FAILED)) == ["Family/.DS_Store", "a: b"]
    assert rclone_cause.failed_files(FAILED)["a: b"] == "can't upload files here"


def test_of_a_log_each_error_is_kept_once():
    lines = rclone_cause.excerpt(FAILED).split("\n")
    assert len(lines) == 3
    assert lines[-1].endswith("a: b: Failed to copy: can't upload files here")
    many = "\n".join(f"ERROR : {number}.txt: Failed to copy: x" for number in range(100))
    assert rclone_cause.excerpt(many).split("\n")[5] == "... 90 more lines ..."
    assert rclone_cause.excerpt("no line of rclone's") == "no line of rclone's"


def test_a_file_that_arrives_damaged_is_among_the_failed():
    why = "corrupted on transfer: sizes differ src(webdav root 'up') 100 vs dst(Local file system at /mnt/a) 0"
    log = f"ERROR : a b.feb2e428.partial: {why}\nERROR : Attempt 1/2 failed with 1 errors and: {why}\n"
    assert rclone_cause.failed_files(log) == {"a b": why}
