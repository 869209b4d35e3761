# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    restore_jobs,
    restore_place,
    restore_verdict,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.picture_size import picture_size, same
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_patterns import regex
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.restore_sample import draw
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.restore_verdict import (
    LastRun,
    Local,
    Restored,
    changed_since,
)

TASK = {
    "path": "/mnt/tank/photos",
    "credentials": {"id": 4, "provider": {"type": "S3"}},
    "attributes": {"bucket": "b", "folder": "/up/here/", "fast_list": True},
    "transfers": 3,
    "encryption": True,
    "encryption_password": "p",
    "args": "--s3-chunk-size 16M --backup-dir /x --max-age 3d --no-check-certificate",
    "pre_script": "rm",
    "follow_symlinks": False,
    "include": [],
    "exclude": ["*.tmp"],
}


@given(
    st.dictionaries(st.text(min_size=1), st.integers(0, 50), min_size=1),
    st.one_of(st.none(), st.integers(1, 20)),
    st.one_of(st.none(), st.integers(1, 100)),
    st.one_of(st.none(), st.integers(1, 200)),
    st.integers(),
)
def test_as_many_tests_as_there_are_parts_draw_every_file_once(sizes, files, percent, max_bytes, seed):
    limits = {"files": files, "percent": percent, "max_bytes": max_bytes, "seed": seed}
    first = draw(sizes, **limits)
    samples = [draw(sizes, **limits, rotate=number) for number in range(first.parts)]
    drawn = [path for sample in samples for path in sample.paths]
    assert sorted(drawn) == sorted(path for path, size in sizes.items() if max_bytes is None or size <= max_bytes)
    assert len(drawn) + first.too_large == len(sizes)
    assert all(len(sample.paths) <= (files or len(sizes)) for sample in samples)
    assert all(sample.bytes <= (max_bytes or 50 * len(sizes)) for sample in samples)
    assert draw(sizes, **limits, rotate=first.parts) == first


def test_the_seed_decides_what_is_drawn():
    sizes = dict.fromkeys(map(str, range(1000)), 1)
    assert draw(sizes, files=10, seed=1) == draw(dict(reversed(sizes.items())), files=10, seed=1)
    assert draw(sizes, files=10, seed=1).paths != draw(sizes, files=10, seed=2).paths


@given(st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1))
def test_a_pattern_fits_its_file(name):
    path = f"a/{name}"
    (fits, *dummy) = [regex(one) for one in restore_jobs.patterns(path)]
    assert fits is None or fits.search(path)


def test_a_pattern_fits_no_other_file():
    (pattern,) = restore_jobs.patterns("a/b[1]*{x}.txt")
    assert pattern == "/a/b\\[1\\]\\*\\{x\\}.txt"
    assert restore_jobs.patterns("e\u0301 ") == ["/e\u0301?", "/é?"]


def test_many_files_are_more_than_one_message():
    paths = [f"directory/{number:0200}" for number in range(1000)]
    batches = list(restore_jobs.batches(paths))
    assert len(batches) > 1
    assert [one for batch in batches for one in batch] == [f"/{path}" for path in paths]


def test_jobs_pull_only_and_keep_only_what_connects():
    pull = restore_jobs.pull(TASK, "/mnt/tank/s", ["/a"])
    wipes = list(restore_jobs.wipes(TASK, "/mnt/tank/s"))
    for job in (pull, *wipes):
        assert (job["direction"], job["path"], job["credentials"]) == ("PULL", "/mnt/tank/s", 4)
        assert {"--s3-chunk-size=16M", "--no-check-certificate"} < set(shlex.split(job["args"]))
        assert "backup-dir" not in job["args"]
        assert "max-age" not in job["args"]
        assert "pre_script" not in job
        assert job["attributes"]["fast_list"] is False
    assert (pull["include"], pull["transfer_mode"], pull["encryption"]) == (["/a"], "COPY", True)
    assert [job["attributes"]["folder"] for job in wipes] == ["/up/here/", "/up", "/"]
    comparison = restore_jobs.comparison(TASK)
    assert (comparison["direction"], comparison["transfer_mode"]) == ("PUSH", "COPY")
    assert comparison["args"].startswith(TASK["args"])


@pytest.mark.parametrize(
    "scratch",
    ["", "relative", "/mnt", "/mnt/tank", "/mnt/tank/", "/mnt/tank/../x", "/mnt/tank/.zfs/x", "/tmp/a/b", "/mnt//a/b"],  # noqa: S108
)
def test_what_is_no_directory_below_a_pool_is_refused(scratch):
    assert restore_place.spelling(scratch)


def test_a_directory_that_meets_a_task_is_refused():
    tasks = [("task A", "/mnt/tank/photos"), ("task B", "/mnt/tank/a/b/")]
    for scratch in ("/mnt/tank/photos", "/mnt/tank/photos/x", "/mnt/tank/a", "/mnt/tank/a/b/c"):
        assert restore_place.conflict(scratch, tasks)
    for scratch in ("/mnt/tank/photos2", "/mnt/tank/scratch", "/mnt/pool/photos"):
        assert restore_place.spelling(scratch) is None
        assert restore_place.conflict(scratch, tasks) is None


def test_links_are_followed():
    links = {"/mnt/tank/one": "/mnt/tank/two", "/mnt/tank/two/x": "/mnt/tank/three"}
    assert restore_place.resolved("/mnt/tank/one/x/y", links) == "/mnt/tank/three/y"
    assert restore_place.resolved("/mnt/tank/round", {"/mnt/tank/round": "/mnt/tank/round"}) == "/mnt/tank/round"


RUN = LastRun(1000, {"copied"})


@pytest.mark.parametrize(
    ("run", "path", "local", "restored", "changed"),
    [
        (None, "a", Local(1, 9, 9), None, False),
        (RUN, "a", None, None, True),
        (LastRun(restore_verdict.UNKNOWN), "a", Local(1, 9, 9), None, True),
        (RUN, "a", Local(1, 999, 999.9), None, False),
        (RUN, "a", Local(1, 5, 1001), None, True),  # moved here, or given another owner
        (RUN, "copied", Local(1, 1000.2, 1000.2), None, False),
        (RUN, "copied", Local(1, 1000.5, 1000.5), Restored("copied", 1, 1000.2), True),
        (RUN, "copied", Local(1, 5, 1000.5), Restored("copied", 1, 2), False),
        (RUN, "copied", Local(1, 1000.5, 1000.5), Restored("copied", 1, 1000), False),  # its time is cut
        (RUN, "made at once after it", Local(1, 1000.5, 1000.5), None, True),
    ],
)
def test_what_was_changed_since_the_last_run(run, path, local, restored, changed):
    assert changed_since(run, path, local, restored) is changed


@pytest.mark.parametrize(
    ("why", "key_fits", "kind"),
    [
        ("failed to authenticate decrypted block - bad password?", False, "cannot_be_decrypted"),
        ("failed to authenticate decrypted block - bad password?", True, "altered"),
        ("object not found", True, "missing"),
        ('corrupted on transfer: md5 hashes differ src "a" vs dst "b"', True, "altered"),
        ("corrupted on transfer: sizes differ src(webdav root 'up') 100 vs dst(Local /mnt/x) 7", True, "cut_short"),
        ("403 Forbidden", True, "unreadable"),
        ("permission denied", True, "unreadable"),
    ],
)
def test_why_a_file_could_not_be_copied(why, key_fits, kind):
    assert restore_verdict.reason_of_failure(why, key_fits=key_fits) == kind


def test_kinds_are_told_with_their_files():
    told = restore_verdict.told([("a", "missing"), ("b", "altered"), ("c", "missing")])
    assert told == "2 are not at the provider ('a', 'c'); 1 have other contents at the provider ('b')"


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (b"GIF89a\x02\x00\x03\x00", (2, 3)),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03", (2, 3)),
        (b"\xff\xd8\xff\xe1\0\x04ab\xff\xc0\0\x11\x08\0\x03\0\x02", (2, 3)),
        (b"BM" + bytes(16) + b"\x02\0\0\0\xfd\xff\xff\xff", (2, 3)),
        (b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\x01\0\0\x02\0\0", (2, 3)),
        (b"\xff\xd8\xff", None),
        (b"of a video", None),
        (b"", None),
    ],
)
def test_the_size_of_a_picture(head, size):
    assert picture_size(head) == size


def test_a_turned_picture_has_the_same_size():
    assert same((2, 3), (3, 2))
    assert not same((2, 3), (2, 2))
