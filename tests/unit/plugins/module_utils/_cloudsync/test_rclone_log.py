# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    rclone_cause,
    rclone_log,
    run_figures,
)

STAMP = "2026/11/22 20:57:21 "


def log(*lines: str) -> str:
    levels = ("INFO", "NOTICE", "ERROR", "CRITICAL", "Failed")
    return "\n".join(STAMP + line if line.startswith(levels) else line for line in lines)


def test_a_dry_run_tells_what_it_would_copy_and_delete():
    read = rclone_log.read(
        log(
            "NOTICE: Trip/a: b.jpg: Skipped copy as --dry-run is set (size 784)",
            "NOTICE: Trip/old.jpg: Skipped delete as --dry-run is set (size 2)",
            "NOTICE: Z: Skipped remove directory as --dry-run is set",
            "NOTICE: Trip: Skipped set directory modification time as --dry-run is set (size 4Ki)",
            "NOTICE: ",
            "Transferred:   \t        784 B / 784 B, 100%, 0 B/s, ETA -",
            "Checks:                 3 / 3, 100%, Listed 9",
            "Transferred:            1 / 1, 100%",
            "Elapsed time:         1m2.5s",
        )
    )
    assert read.would_copy == ("Trip/a: b.jpg",)
    assert read.would_delete == ("Trip/old.jpg", "Z/")
    assert run_figures.summary(read, None) == {
        "transferred": 0, "bytes": 0, "checks": 3, "deleted": 0, "errors": 0, "elapsed": 62.5,
    }  # fmt: skip


def test_a_moved_file_is_copied_and_deleted():
    read = rclone_log.read(log("NOTICE: A/1.jpg: Skipped move as --dry-run is set (size 2)"))
    assert (read.would_copy, read.would_delete) == (("A/1.jpg",), ("A/1.jpg",))


def test_a_directory_moved_as_a_whole_is_not_told_file_by_file():
    line = "NOTICE: Local file system at dst: Skipped server-side directory move as --dry-run is set"
    assert rclone_log.read(log(line)).unlisted


def test_large_files_and_renamed_ones_count_as_others():
    # As rclone 1.75.2 prints it.
    read = rclone_log.read(
        log(
            "INFO  : small: Copied (new)",
            "INFO  : big.bin: Multi-thread Copied (new)",
            "INFO  : old.bin: Multi-thread Copied (replaced existing)",
            "INFO  : n: Moved (server-side) to: m",
            'INFO  : m: Renamed from "n"',
        )
    )
    assert read.copied == ("small", "big.bin", "old.bin", "m")
    assert read.transferred == 4


def test_a_file_of_a_size_that_is_not_known_counts_once():
    read = rclone_log.read(
        log(
            "INFO  : pantheon.gif: Copied (Rcat, new)",
            "INFO  : forum.gif: Copied (Rcat, new)",
            "INFO  : ",
            "Transferred:   \t         45 B / 45 B, 100%, 0 B/s, ETA -",
            "Transferred:            4 / 4, 100%",
        )
    )
    assert read.transferred == 2


def test_a_run_tells_its_last_figures():
    read = rclone_log.read(
        log(
            "INFO  : Trip/IMG_0001.jpg: Copied (new)",
            "INFO  : ",
            "Transferred:   \t    1.500 KiB / 2 KiB, 75%, 0 B/s, ETA -",
            "Transferred:            1 / 2, 50%",
            "INFO  : Trip/gone.jpg: Deleted",
            "INFO  : Trip/IMG_0002.jpg: Copied (new)",
            "INFO  : ",
            "Transferred:   \t    2.500 MiB / 2.500 MiB, 100%, 0 B/s, ETA -",
            "Errors:                 3 (retrying may help)",
            "Checks:                 7 / 7, 100%, Listed 9",
            "Deleted:                1 (files), 0 (dirs), 4 B (freed)",
            "Transferred:            2 / 2, 100%",
            "Elapsed time:         2.1s",
        )
    )
    assert run_figures.summary(read, None) == {
        "transferred": 2, "bytes": 2621440, "checks": 7, "deleted": 1, "errors": 3, "elapsed": 2.1,
    }  # fmt: skip


def test_the_first_error_is_the_cause_not_what_follows_from_it():
    read = rclone_log.read(
        log(
            'ERROR : Google Photos path "album": not deleting files as there were IO errors',
            "ERROR : Attempt 1/3 failed with 3 errors and: can't upload files here",
            'ERROR : Google Photos path "album": error reading destination root directory: couldn\'t list albums: '
            "couldn't fetch token: invalid_grant: maybe token expired?",
            "ERROR : img0.jpg: Failed to copy: can't upload files here",
        )
    )
    assert "invalid_grant" in read.cause


DRY_RUN = (
    "NOTICE: a: Skipped move as --dry-run is set (size 1)",
    "NOTICE: b: Skipped delete as --dry-run is set",
    "NOTICE: ",
    "Transferred:   \t          off / off, -, 0 B/s, ETA -",
    "Checks:                 2 / 2, 100%, Listed 11",
    "Deleted:                1 (files), 0 (dirs), 0 B (freed)",
    "Renamed:                1",
    "Transferred:            1 / 1, 100%",
    "Elapsed time:         0.0s",
    "Transferring:",
    " *                                             a: transferring",
    "",
    'INFO  : Google Photos path "album": Committing uploads - please wait...',
)


def test_a_dry_run_that_tells_all():
    assert rclone_log.read(log(*DRY_RUN)).tells_all
    assert rclone_log.read("[Pre-script] hello\n" + log(*DRY_RUN) + "\n[Post-script] bye").tells_all


@pytest.mark.parametrize(
    "line",
    [
        "Transferred:            2 / 2, 100%",
        "Renamed:                2",
        "Deleted:                2 (files), 0 (dirs), 0 B (freed)",
        "[25651] NOTICE: d: Skipped move as --dry-run is set",
        "operations/operations.go:2674: NOTICE: d: Skipped move as --dry-run is set",
        "2026/11/30 18:01:56.123456 NOTICE: d: Skipped move as --dry-run is set",
        '{"level":"notice","msg":"Skipped move as --dry-run is set","object":"d"}',
        "... 5 more lines ...",
    ],
)
def test_a_dry_run_that_does_not_tell_all(line):
    """A count is more than what is listed, or a line has a form of its own."""
    assert not rclone_log.read(log(*DRY_RUN) + "\n" + line).tells_all


def test_a_dry_run_with_a_directory_for_what_is_replaced():
    read = rclone_log.read(
        log(
            "NOTICE: a: Skipped move to a.bak as --dry-run is set (size 0)",
            "NOTICE: a: Skipped copy as --dry-run is set (size 3)",
            "NOTICE: gone: Skipped move into backup dir as --dry-run is set (size 5)",
            "NOTICE: ",
            "Deleted:                1 (files), 0 (dirs), 5 B (freed)",
            "Renamed:                1",
            "Transferred:            1 / 1, 100%",
            "Elapsed time:         0.0s",
        )
    )
    assert (read.would_copy, read.would_delete, read.tells_all) == (("a",), ("gone",), True)


FATAL = "ERROR : Fatal error received - not attempting retries"


@pytest.mark.parametrize(
    ("lines", "cause"),
    [
        ([FATAL, "NOTICE: Failed to sync: can't use --backup-dir"], "can't use --backup-dir"),
        ([FATAL, "CRITICAL: Failed to move with 2 errors: last error was: no"], "no"),
        ([FATAL, "Failed to copy: from an older rclone"], "from an older rclone"),
        (["NOTICE: Fatal error: unknown flag: --x"], "unknown flag: --x"),
        (["ERROR : Attempt 3/3 failed with 1 errors and: x", "NOTICE: Failed to sync: x"], "x"),
        (["ERROR : Can't retry any of the errors - not attempting retries", "NOTICE: Failed to sync: x"], "x"),
        (["ERROR : a.jpg: first", "ERROR : b.jpg: second", "NOTICE: Failed to sync: last"], "a.jpg: first"),
        (["CRITICAL: Failed to create file system for x: y"], "Failed to create file system for x: y"),
        (["NOTICE: Config file not found", "INFO  : a: Copied (new)"], ""),
        (["ERROR : "], ""),
    ],
)
def test_the_cause(lines, cause):
    assert rclone_log.read(log(*lines)).cause == cause


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("Checks:  6 / 6, 100%, Listed 138\nElapsed time: 0.5s\n\nDataset is locked", "Dataset is locked"),
        ("Errors:  1 (retrying may help)\n2026/11/30 17:49:01 NOTICE: Failed to sync: no\n", "no"),
        ("Checks:  0 / 0\nrclone failed with exit code 7", "rclone failed with exit code 7"),
        ("rclone failed with exit code 7\nDataset is locked", "Dataset is locked"),
        ("[EFAULT] 2026/11/30 17:49:01 ERROR : a: no\nmore", "a: no"),
        ("2026/11/30 17:49:01 NOTICE: a: Can't follow symlink\nChecks:  0 / 0", ""),
        ("[EFAULT] Dataset is locked", "[EFAULT] Dataset is locked"),
        ("", ""),
    ],
)
def test_the_cause_in_the_error_of_a_job(error, cause):
    assert rclone_cause.cause(error) == cause


def test_an_excerpt_is_known_to_be_incomplete():
    assert not rclone_log.read(log("INFO  : a: Copied (new)", "... 6 more lines ...")).complete
    assert rclone_log.read("").complete


@given(st.text())
def test_any_text_can_be_read(text):
    rclone_log.read(text)
    rclone_cause.cause(text)


def test_what_a_log_that_is_cut_would_delete_is_counted_by_rclone():
    block = "Checks: 90 / 90, 100%\nDeleted: 60 (files), 0 (dirs), 1 KiB (freed)\nElapsed time: 1.2s\n"
    listed = "NOTICE: a.jpg: Skipped delete as --dry-run is set (size 1)\n"
    cut = rclone_log.read(f"{listed}... 70 more lines ...\n{listed}{block}")
    assert (cut.files_to_delete, cut.checks, cut.has_figures, cut.tells_all) == (60, 90, True, False)
    assert rclone_log.read(listed).files_to_delete == 1
    assert not rclone_log.read(listed).has_figures


def test_sizes_of_a_dry_run():
    log = (
        "2026/01/31 03:00:02 NOTICE: A/1: 2.jpg: Skipped copy as --dry-run is set (size 784)\n"
        "2026/01/31 03:00:02 NOTICE: A/2.jpg: Skipped copy as --dry-run is set (size 19.531Ki)\n"
        "2026/01/31 03:00:02 NOTICE: A/3.jpg: Skipped copy as --dry-run is set (size -1)\n"
        "2026/01/31 03:00:02 NOTICE: A/4.jpg: Skipped delete as --dry-run is set (size 1)\n"
    )
    assert rclone_log.would_copy_sizes(log) == {"A/1: 2.jpg": 784, "A/2.jpg": 20000, "A/3.jpg": None}
