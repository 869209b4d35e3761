# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a task's arguments for rclone lose photos with the real rclone: by hand, then with the modules."""

from __future__ import annotations

import os

import pytest

from .harness import DATASET, albums, folder, local, photo

TRIP = [("Trip", ["a.jpg", "b.jpg"])]


def uploaded(hazard, nas):
    """Two photos in one album."""
    for name in ("a", "b"):
        photo(nas, f"Trip/{name}.jpg")
    hazard.run_by_hand(description="first", transfer_mode="COPY")


@pytest.mark.parametrize(
    "args",
    ["--exclude *.txt", "-f '- *.txt'", "--include *.jpg", "--exclude-if-present notes.txt"],
)
def test_a_filter_that_hides_the_only_file(args, hazard, noted, nas, google):
    """The dataset is not mounted, and at its place lies one file, which the filter keeps back."""
    uploaded(hazard, nas)
    task = hazard.play.done("truenas_cloudsync_task", **hazard.options(description="by hand", args=args))
    for name in ("a", "b"):
        (folder(nas) / "Trip" / f"{name}.jpg").unlink()
    (folder(nas) / "Trip" / "notes.txt").write_text("x")
    with noted("guarded"):
        assert "there is no file to push" in hazard.refused_to_run()
        assert albums(google) == TRIP
    with noted("shown"):
        assert hazard.by_hand.sync(task["task"]["id"]).state == "SUCCESS"
        assert albums(google) == [("Trip", [])]


@pytest.mark.parametrize("which", ["--exclude *.jpg", "--include *.png", "--exclude-if-present a.jpg"])
def test_what_is_left_out_is_deleted(which, hazard, noted, nas, google):
    uploaded(hazard, nas)
    args = f"--delete-excluded {which}"
    with noted("guarded"):
        message = hazard.asked(args=args)
        assert "args: --delete-excluded is refused: with --delete-excluded in args a SYNC deletes everything" in message
        task = hazard.by_hand.task(hazard.credential, args=args)
        assert "would delete 2 files" in hazard.refused_to_run()
        assert albums(google) == TRIP
    with noted("shown"):
        assert hazard.by_hand.sync(task).state == "SUCCESS"
        assert albums(google) == [("Trip", [])]


def test_a_word_that_turns_a_copy_into_a_sync(hazard, noted, nas, google):
    """TrueNAS puts arguments before rclone's command: the first word that is no option is the command."""
    uploaded(hazard, nas)
    photo(nas, "Trip/only-here.jpg")
    pull = {"direction": "PULL", "transfer_mode": "COPY", "args": "sync --exclude"}
    with noted("guarded"):
        assert "args: the word 'sync' is not an option" in hazard.asked(**pull)
        message = hazard.play.refused("truenas_cloudsync_config", tasks=[hazard.options(**pull)])
        assert "args: the word 'sync' is not an option" in message
        task = hazard.by_hand.task(hazard.credential, **pull)
        assert "was not started. args: the word 'sync' is not an option" in hazard.refused_to_run()
        assert "Trip/only-here.jpg" in local(nas)
    with noted("shown"):
        assert hazard.by_hand.sync(task).state == "SUCCESS"
        assert local(nas) == {"Trip/a.jpg", "Trip/b.jpg"}


def test_a_word_that_turns_a_copy_into_a_move(hazard, noted, nas, google):
    """The photo on the NAS was never uploaded: another one of its name is in the album."""
    uploaded(hazard, nas)
    photo(nas, "Trip/a.jpg", "another")
    push = {"transfer_mode": "COPY", "args": "move --exclude"}
    with noted("guarded"):
        assert "args: the word 'move' is not an option" in hazard.asked(**push)
        task = hazard.by_hand.task(hazard.credential, **push)
        assert "args: the word 'move' is not an option" in hazard.refused_to_run()
        assert local(nas) == {"Trip/a.jpg", "Trip/b.jpg"}
    with noted("shown"):
        assert hazard.by_hand.sync(task).state == "SUCCESS"
        assert local(nas) == set()


@pytest.mark.parametrize("form", ["pid", "shortfile", "date,time,microseconds"])
def test_a_log_of_another_form(form, hazard, noted, nas, google):
    """Without a look at the arguments, a MOVE would pass a dry run of which no line can be read."""
    uploaded(hazard, nas)
    pull = {"direction": "PULL", "transfer_mode": "MOVE", "args": f"--log-format {form}"}
    task = hazard.by_hand.task(hazard.credential, **pull)
    with noted("guarded"):
        assert "args: --log-format is refused" in hazard.asked(allow_deletes=True, **pull)
        assert "args: --log-format is refused" in hazard.refused_to_run()
        assert albums(google) == TRIP
    with noted("shown"):
        assert hazard.by_hand.sync(task).state == "SUCCESS"
        assert albums(google) == [("Trip", [])]


@pytest.mark.parametrize("args", ["--include *.jpg", "--filter '+ *.jpg'"])
def test_a_pattern_that_comes_before_what_the_task_leaves_out(args, hazard, noted, nas, google):
    photo(nas, "Private/secret.jpg")
    task = {"exclude": ["/Private/**"], "args": args}
    with noted("guarded"):
        assert "would transfer files that exclude keeps back" in hazard.asked(**task)
    with noted("shown"):
        hazard.run_by_hand(**task)
        assert albums(google) == [("Private", ["secret.jpg"])]


@pytest.mark.parametrize("args", ["--min-size 1b", "--min-age 30d", "--no-check-dest"])
def test_photos_that_are_uploaded_at_every_run(args, hazard, noted, nas, google):
    for name in ("a", "b"):
        os.utime(photo(nas, f"Trip/{name}.jpg"), (1_500_000_000, 1_500_000_000))
    push = {"transfer_mode": "COPY", "args": args}
    with noted("guarded"):
        assert "uploaded again at every run" in hazard.asked(**push)
    with noted("shown"):
        task = hazard.by_hand.task(hazard.credential, **push)
        for dummy in range(2):
            job = hazard.by_hand.sync(task)
            assert job.state == "SUCCESS", job.error
            assert hazard.by_hand.client.job_log(job).count(": Copied (") == 2


@pytest.mark.parametrize("args", ["--suffix .bak", "--backup-dir remote:old", "--copy-dest remote:album/x"])
def test_what_google_photos_cannot_do(args, hazard, nas):
    photo(nas, "Trip/a.jpg")
    assert "Google Photos can neither move nor copy files itself" in hazard.asked(args=args)
    job = hazard.by_hand.sync(hazard.by_hand.task(hazard.credential, args=args))
    assert job.state == "FAILED"


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ("--suffix .bak", "can't use --backup-dir on a remote which doesn't support server-side move or copy"),
        ("--no-check-dest", "can't use --no-check-dest with sync: use copy instead"),
        (
            "--delete-before --delete-after",
            "Only one of --delete-before, --delete-during or --delete-after can be used",
        ),
    ],
)
def test_the_reason_of_rclone_is_told(args, reason, hazard, nas):
    """The lines of errors say nothing here; the last line does."""
    photo(nas, "Trip/a.jpg")
    hazard.by_hand.task(hazard.credential, args=args)
    assert f"the run failed: {reason}" in hazard.refused_to_run(max_deletes=-1)


def test_names_that_are_changed_on_the_way(hazard, noted, nas, google):
    """Google keeps the first name of a photo that it has already."""
    uploaded(hazard, nas)
    args = "--name-transform file,prefix=x"
    with noted("guarded"):
        assert "args: --name-transform is refused" in hazard.asked(args=args)
        task = hazard.by_hand.task(hazard.credential, args=args)
        assert "would delete 2 files" in hazard.refused_to_run()
        assert albums(google) == TRIP
    with noted("shown"):
        assert hazard.by_hand.sync(task).state == "SUCCESS"
        assert albums(google) == [("Trip", [])]


def test_arguments_that_are_on_the_nas_already(hazard, nas):
    """They decide on every run, whatever else is changed; a task that is switched off does no harm."""
    task = hazard.by_hand.task(hazard.credential, args="--fast-list sync --exclude", transfer_mode="COPY")
    change = {"id": task, "schedule": {"hour": "3"}}
    message = hazard.play.refused("truenas_cloudsync_task", **change)
    assert "args: the word 'sync' is not an option" in message
    assert "The task on the NAS has these arguments: give args to change them." in message
    assert hazard.play.done("truenas_cloudsync_task", id=task, enabled=False)["changed"]
    assert "args: the word" in hazard.play.refused("truenas_cloudsync_task", id=task, enabled=True)
    assert hazard.play.done("truenas_cloudsync_task", id=task, args="--fast-list", enabled=True)["changed"]


def test_a_run_without_any_guard_takes_all_but_what_makes_a_dry_run_none(hazard, nas, google):
    photo(nas, "Trip/a.jpg")
    hazard.by_hand.task(hazard.credential, args="--log-format pid", path=DATASET)
    assert hazard.play.done("truenas_cloudsync_run", task="by hand", max_deletes=-1)["job"]["state"] == "SUCCESS"
    assert albums(google) == [("Trip", ["a.jpg"])]
