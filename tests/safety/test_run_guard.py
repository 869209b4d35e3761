# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dry run that guards a run cannot be fooled: by arguments, by another task's job, by a log that ends early."""

from __future__ import annotations

import pytest

from .harness import DATASET, google_photos, local, photo


@pytest.fixture
def pull(play, by_hand, google, nas):
    """A task that would delete a local file, as Google has nothing."""
    play.done("truenas_cloud_credential", name="google", google_photos=google_photos(google))
    credential = by_hand.client.call("cloudsync.credentials.query")[0]["id"]
    photo(nas, "only-here.jpg")

    def make(**changes):
        return by_hand.task(credential, direction="PULL", description="pull", **changes)

    return make


@pytest.mark.parametrize("args", ["--use-json-log", "--log-file=/dev/null", "--stats 0", "--log-format=shortfile"])
def test_arguments_that_change_the_log_do_not_open_the_guard(args, pull, play, nas):
    pull(args=args)
    message = play.refused("truenas_cloudsync_run", task="pull")
    assert f"was not started. args: {args.replace('=', ' ').split()[0]} is refused: it changes where or how" in message
    assert local(nas) == {"only-here.jpg"}


@pytest.mark.parametrize("args", ["--dry-run=false", "-vn=false", "--stats 1s --dry-run=0"])
@pytest.mark.parametrize("action", ["run", "dry_run"])
def test_arguments_do_not_turn_a_dry_run_into_a_run(action, args, pull, play, nas):
    """They stand behind TrueNAS's own --dry-run, and for rclone the last one counts."""
    task = pull(args=args)
    for limit in ({}, {"max_deletes": -1}):
        message = play.refused("truenas_cloudsync_run", id=task, action=action, **limit)
        assert "it would turn the dry runs" in message
    assert "is refused" in play.refused("truenas_cloudsync_task", id=task, args=args, allow_deletes=True)
    assert local(nas) == {"only-here.jpg"}


def test_the_dry_run_of_a_task_with_such_arguments_is_followed_by_no_run(pull, play, by_hand, nas):
    task = pull(args="--log-format pid")
    number = by_hand.client.start_job("cloudsync.sync", task, {"dry_run": True})
    assert "args: --log-format is refused" in play.refused("truenas_cloudsync_run", id=task, job=number, max_deletes=5)
    assert "args: --log-format is refused" in str(play.run("truenas_cloudsync_run", id=task, check=True)["msg"])
    assert local(nas) == {"only-here.jpg"}


def test_a_name_that_looks_like_the_end_of_a_line_is_counted(pull, play, nas):
    photo(nas, "a\u2028b.jpg")
    photo(nas, "c: Skipped copy as --dry-run is set (size 1).jpg")
    pull()
    assert "it would delete 3 files" in play.refused("truenas_cloudsync_run", task="pull", max_deletes=2)
    assert len(local(nas)) == 3


def test_the_guard_reads_the_log_of_its_own_task(pull, play, by_hand, nas):
    """TrueNAS lets all dry runs share one lock, and answers a third with the number of the one that waits."""
    harmless = by_hand.task(1, description="harmless", transfer_mode="COPY")
    slow = by_hand.task(1, description="slow", transfer_mode="COPY", pre_script="#!/bin/sh\nsleep 1\n")
    pull()
    running, waiting = (by_hand.client.start_job("cloudsync.sync", one, {"dry_run": True}) for one in (slow, harmless))
    assert "it would delete 1 files ('only-here.jpg')" in play.refused("truenas_cloudsync_run", task="pull")
    assert local(nas) == {"only-here.jpg"}
    assert by_hand.client.get_job(waiting).arguments[0] == harmless
    assert by_hand.client.get_job(running).done


def test_a_dry_run_tells_of_its_own_task(pull, play, by_hand, nas):
    harmless = by_hand.task(1, description="harmless", transfer_mode="COPY")
    slow = by_hand.task(1, description="slow", transfer_mode="COPY", pre_script="#!/bin/sh\nsleep 1\n")
    pull()
    for one in (slow, harmless):
        by_hand.client.start_job("cloudsync.sync", one, {"dry_run": True})
    answer = play.done("truenas_cloudsync_run", task="pull", action="dry_run")
    assert answer["would"]["delete"] == ["only-here.jpg"]


def test_a_dry_run_of_before_allows_no_run_now(pull, play, nas):
    pull()
    photo(nas, "only-here.jpg").unlink()
    harmless = play.done("truenas_cloudsync_run", task="pull", action="dry_run")
    assert harmless["would"]["delete"] == []
    photo(nas, "only-here.jpg")
    message = play.refused("truenas_cloudsync_run", task="pull", job=harmless["job"]["id"])
    assert "it would delete 1 files ('only-here.jpg')" in message
    assert local(nas) == {"only-here.jpg"}


@pytest.mark.parametrize("action", ["run", "dry_run"])
def test_a_run_whose_start_was_not_answered_is_found_and_not_started_again(action, play, by_hand, google, nas):
    play.done("truenas_cloud_credential", name="google", google_photos=google_photos(google))
    by_hand.task(1, description="push", transfer_mode="COPY", path=DATASET)
    photo(nas, "Trip/a.jpg")
    nas.faults(drop_after={"cloudsync.sync": True})
    answer = play.done("truenas_cloudsync_run", task="push", action=action)
    assert answer["job"]["state"] == "SUCCESS"
    assert sum(call["method"] == "cloudsync.sync" for call in nas.calls()) == 1


def test_a_run_whose_start_never_arrived_is_not_started_again(play, by_hand, google, nas):
    play.done("truenas_cloud_credential", name="google", google_photos=google_photos(google))
    by_hand.task(1, description="push", transfer_mode="COPY", path=DATASET)
    nas.faults(cut_at={"frame": 1, "when": "before", "of": "cloudsync.sync"})
    message = play.refused("truenas_cloudsync_run", task="push")
    assert "was not started" in message
    assert [job for job in by_hand.client.call("core.get_jobs") if job["method"] == "cloudsync.sync"] == []
