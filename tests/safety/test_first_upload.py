# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A first upload: what the preflight foretells is what comes, with the real rclone and quotas that are kept."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_cause
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._google_photos_role import task_options
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._task_options import TASK_OPTIONS

from .harness import DATASET, albums, folder, photo

DAY = 86_400
QUOTA = 150
SHORT = "--max-duration 4s"  # so long that the machine is not what limits a run


def by_role(daily_requests=None, **options):
    task = {"description": "role's", "path": DATASET, **options}
    return task_options([task], "google", TASK_OPTIONS, daily_requests=daily_requests)[0]


def preflight(hazard, **options):
    return hazard.play.done("truenas_cloudsync_run", task="role's", action="preflight", **options)


def photos_requests(google):
    return [one for one in google.requests() if one["host"] == "photoslibrary.googleapis.com"]


def test_what_will_be_refused_is_told_before_the_first_byte(hazard, nas, google):
    for number in range(5):
        photo(nas, f"Trip/{number}.png")
    photo(nas, "Trip/empty.jpg").write_bytes(b"")
    photo(nas, "Trip/notes.txt").write_text("x")
    photo(nas, "Family/drawing.svg").write_text("<svg/>")
    photo(nas, "Family/IMG_1.heic")
    photo(nas, "Family/IMG_1.mov")
    photo(nas, "beside.png")
    photo(nas, "Private/1.png")
    (folder(nas) / "Favourites").symlink_to("Family")
    hazard.play.done("truenas_cloudsync_task", **by_role(media_only=False, exclude=["/Private/**"], stray_files="warn"))
    told = preflight(hazard)["forecast"]
    assert {one["method"] + one["path"] for one in photos_requests(google)} == {"GET/v1/albums"}
    answer = hazard.play.run("truenas_cloudsync_run", task="role's")
    assert answer["failed"]
    log = hazard.by_hand.client.job_log(hazard.by_hand.client.get_job(answer["job"]["id"]))
    assert {one["path"] for one in told["refused"]} == set(rclone_cause.failed_files(log))
    assert told["files"] == len(google.library()["items"]) == 7
    assert {one["name"]: one["files"] for one in told["albums"]} == {
        title: len(names) for title, names in albums(google)
    }
    assert told["pairs"] == [{"photo": "Family/IMG_1.heic", "video": "Family/IMG_1.mov"}]
    assert {one["path"] for one in told["left_out"]} == {"Favourites", "Private/"}


def test_requests_are_those_of_the_run(hazard, nas, google):
    for number in range(60):
        photo(nas, f"{number % 4}/{number}.png")
    hazard.play.done("truenas_cloudsync_task", **by_role())
    for come in (0, 9):
        for number in range(come):
            photo(nas, f"New/{number}.png")
        told = preflight(hazard)["forecast"]
        before = len(photos_requests(google))
        hazard.by_hand.sync(1)
        assert told["requests"] == pytest.approx(len(photos_requests(google)) - before, abs=2)
        assert told["days"] == 1
    assert preflight(hazard)["forecast"]["days"] == 0


@pytest.mark.parametrize(("count", "of", "cut"), [(250, 12, False), (150, 5, True)])
def test_days(hazard, nas, google, count, of, cut):
    """By the quota of a day, and at most twice the files in flight beyond the limit of a run."""
    google.door.post("/settings", requests_per_day=QUOTA)
    for number in range(count):
        photo(nas, f"{number % of}/{number}.png")
    hazard.play.done("truenas_cloudsync_task", **by_role(QUOTA, args=SHORT, transfers=8))
    foretold = preflight(hazard, daily_requests=QUOTA)["forecast"]["days"]
    by_hand, days = hazard.by_hand, 0
    if cut:
        job = by_hand.client.start_job("cloudsync.sync", 1, {})
        while not google.library()["items"]:
            assert not by_hand.client.get_job(job).done
        by_hand.client.call("cloudsync.abort", 1)
        assert by_hand.client.follow_job(job, timeout=60).state == "ABORTED"
        next_day(nas, google, days := days + 1)
        foretold = 1 + preflight(hazard, daily_requests=QUOTA)["forecast"]["days"]
    while len(google.library()["items"]) < count:
        job = by_hand.sync(1)
        assert job.state == "SUCCESS" or "max transfer duration reached" in job.error
        next_day(nas, google, days := days + 1)
    assert days == foretold > 1
    assert by_hand.sync(1).state == "SUCCESS"
    assert preflight(hazard)["forecast"]["files"] == 0
    library = google.library()
    assert len({one["sha256"] for one in library["items"]}) == len(library["items"]) == count
    assert len(library["albums"]) == of
    assert sum(len(names) for _title, names in albums(google)) == count
    assert all(one["count"] <= QUOTA for one in google.door.get("/quotas"))
    assert not [one for one in google.requests() if one["status"] == 429]


def next_day(nas, google, days):
    """Put both clocks forward: rclone renews its token by that of the NAS."""
    google.door.post("/clock", seconds=DAY)
    nas.faults(clock=DAY * days)


def test_a_run_that_ends_as_planned_is_no_failure(hazard, nas, google):
    for number in range(40):
        photo(nas, f"Trip/{number}.png")
    hazard.play.done(
        "truenas_cloudsync_task", **by_role(args="--tpslimit 20 --max-duration 1s --cutoff-mode soft", transfers=2)
    )
    first = hazard.play.done("truenas_cloudsync_run", task="role's")
    assert first["unfinished"]
    assert first["changed"]
    assert 0 < len(google.library()["items"]) < 40
    assert "ended as planned" in "".join(hazard.play.warnings)
    hazard.play.done("truenas_cloudsync_task", **by_role(unspecified="default"))
    assert not hazard.play.done("truenas_cloudsync_run", task="role's")["unfinished"]
    assert len(google.library()["items"]) == 40


def test_nothing_to_do_takes_the_requests_of_bare_rclone(hazard, nas, google):
    for number in range(120):
        photo(nas, f"{number % 60}/{number}.png")
    hazard.play.done("truenas_cloudsync_task", **by_role())
    hazard.play.done("truenas_cloudsync_run", task="role's")
    before = len(photos_requests(google))
    hazard.by_hand.sync(1)
    bare = len(photos_requests(google)) - before
    answer = hazard.play.done("truenas_cloudsync_run", task="role's")
    assert len(photos_requests(google)) - before - bare <= bare * 1.1
    assert not answer["changed"]
    assert answer["summary"]["transferred"] == answer["summary"]["deleted"] == 0
    assert answer["would"] is None


def test_what_else_a_run_does_is_done(hazard, nas):
    photo(nas, "Trip/1.png")
    for name in ("create_empty_src_dirs", "post_script"):
        options = by_role(**{name: True if name.startswith("create") else "true"}, unspecified="default")
        hazard.play.done("truenas_cloudsync_task", **options)
        for dummy in range(2):
            number = hazard.play.done("truenas_cloudsync_run", task="role's")["job"]["id"]
            assert hazard.by_hand.client.get_job(number).arguments == [1]
