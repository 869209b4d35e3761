# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How files get lost when a task is changed, or when what it works on is no longer what it was."""

from __future__ import annotations

import shutil

import pytest

from simulator.tests.remotes import served

from .harness import albums, folder, local, photo


@pytest.mark.parametrize(
    "change",
    [{"path": "/mnt/tank/photos/family"}, {"folder": "/media/all"}, {"exclude": []}, {"enabled": True}],
    ids=str,
)
def test_a_mirror_that_is_pointed_at_other_files(change, hazard, noted, nas):
    """Somebody has agreed to what a pull deletes in a mirror; the change makes it delete other files."""
    photo(nas, "family/only-here.jpg")
    mirror = "/mnt/tank/photos" if "exclude" in change else "/mnt/tank/photos/mirror"
    mirror = "/mnt/tank/photos/family" if change.keys() & {"folder", "enabled"} else mirror
    photo(nas, "mirror/old.jpg").unlink()
    made = hazard.play.done(
        "truenas_cloudsync_task", description="by hand", credential="google", direction="PULL", transfer_mode="SYNC",
        path=mirror, folder="/album", exclude=["/family/**"], enabled=False, allow_deletes=True,
    )["task"]["id"]  # fmt: skip
    with noted("guarded"):
        message = hazard.play.refused("truenas_cloudsync_task", description="by hand", **change)
        assert message.startswith(f"{next(iter(change))}: this change is refused: a PULL with SYNC deletes")
        assert "allow_deletes: true" in message
        assert local(nas) == {"family/only-here.jpg"}
    with noted("shown"):
        sent = {"attributes": {"folder": change["folder"]}} if "folder" in change else change
        hazard.by_hand.client.call("cloudsync.update", made, sent)
        assert hazard.by_hand.sync(made).state == "SUCCESS"
        assert local(nas) == set()


def fill(nas, album="Family", count=4):
    for number in range(count):
        photo(nas, f"{album}/{number}.jpg")


def in_albums(google):
    return sum(len(items) for _title, items in albums(google))


def a_program_leaves_a_file(nas):
    photo(nas, "Family/cover.jpg")


def a_hidden_file_is_left(nas):
    photo(nas, "lost+found/x.jpg")


def one_of_them_is_left(nas):
    photo(nas, "Family/0.jpg")


def another_dataset(nas):
    fill(nas, "Work", 5)


@pytest.mark.parametrize(
    "meanwhile", [a_program_leaves_a_file, a_hidden_file_is_left, one_of_them_is_left, another_dataset]
)
def test_a_source_that_is_not_what_it_was(meanwhile, hazard, noted, nas, google):
    """The dataset is not mounted, or another one is: some file is there, but not the photos."""
    fill(nas)
    hazard.run_by_hand()
    shutil.rmtree(folder(nas) / "Family")
    meanwhile(nas)
    with noted("guarded"):
        message = hazard.refused_to_run()
        assert "of the 4 files at the destination" in message
        assert "Is the dataset mounted" in message
        assert f"set max_deletes: {3 if meanwhile is one_of_them_is_left else 4}" in message
        assert in_albums(google) == 4
    with noted("shown"):
        assert hazard.by_hand.sync(1).state == "SUCCESS"
        assert {name for title, items in albums(google) if title == "Family" for name in items} <= {
            "0.jpg",
            "cover.jpg",
        }


def test_half_of_many_photos_are_gone(hazard, noted, nas, google):
    fill(nas, count=12)
    hazard.run_by_hand()
    for number in range(7):
        (folder(nas) / f"Family/{number}.jpg").unlink()
    with noted("guarded"):
        message = hazard.refused_to_run()
        assert "it would delete 7 of the 12 files at the destination" in message
        assert "max_delete_share: 50" in message
        assert in_albums(google) == 12
    with noted("shown"):
        assert hazard.by_hand.sync(1).state == "SUCCESS"
        assert in_albums(google) == 5


def test_a_usual_run_deletes_what_was_deleted(hazard, nas, google):
    fill(nas, count=3)
    hazard.run_by_hand()
    (folder(nas) / "Family/0.jpg").unlink()
    assert hazard.play.done("truenas_cloudsync_run", task="by hand")["summary"]["deleted"] == 1
    assert in_albums(google) == 2
    assert hazard.play.warnings == []


@pytest.mark.parametrize("agreed", [{"max_deletes": 4}, {"max_deletes": -1}, {"max_delete_share": 100}], ids=str)
def test_all_of_them_may_go_when_that_is_meant(agreed, hazard, nas, google):
    fill(nas)
    hazard.run_by_hand()
    shutil.rmtree(folder(nas) / "Family")
    photo(nas, "Other/1.jpg")
    assert hazard.play.done("truenas_cloudsync_run", task="by hand", **agreed)["summary"]["deleted"] == 4


def test_no_share_at_all(hazard, nas, google):
    fill(nas)
    hazard.run_by_hand()
    (folder(nas) / "Family/0.jpg").unlink()
    assert "it would delete 1 of the 4 files" in hazard.refused_to_run(max_delete_share=0)
    assert "max_delete_share: 101 is not accepted" in hazard.refused_to_run(max_delete_share=101)


def test_a_task_with_a_limit_of_its_own_is_not_tried_out(hazard, nas, google):
    """rclone itself keeps it: also at night, when no module looks after the run."""
    fill(nas)
    hazard.run_by_hand(args="--max-delete 2")
    shutil.rmtree(folder(nas) / "Family")
    photo(nas, "Other/1.jpg")
    answer = hazard.play.run("truenas_cloudsync_run", task="by hand")
    assert "--max-delete threshold reached" in answer["msg"]
    runs = [job for job in hazard.by_hand.client.call("core.get_jobs") if job["method"] == "cloudsync.sync"]
    assert len(runs) == 2
    assert in_albums(google) == 3


def test_a_first_run_makes_no_dry_run(hazard, nas, google):
    """Where there is nothing, nothing can be deleted."""
    fill(nas)
    hazard.by_hand.task(hazard.credential)
    assert hazard.play.done("truenas_cloudsync_run", task="by hand")["summary"]["transferred"] == 4
    photo(nas, "Other/1.jpg")
    assert hazard.play.done("truenas_cloudsync_run", task="by hand")["summary"]["transferred"] == 1
    runs = [
        job["arguments"] for job in hazard.by_hand.client.call("core.get_jobs") if job["method"] == "cloudsync.sync"
    ]
    assert runs == [[1], [1, {"dry_run": True}], [1]]


def test_a_sync_deletes_what_a_move_has_brought(play, by_hand, noted, nas, tmp_path):
    """The files are then neither on the NAS nor at the provider."""
    photo(nas, "ann/ann.jpg")
    photo(nas, "ben/ben.jpg")
    paths = {"SYNC": "/mnt/tank/photos/ben", "MOVE": "/mnt/tank/photos/ann"}
    stored = tmp_path / "stored"
    stored.mkdir()
    with served("WEBDAV", stored) as access:
        fields = {name: value for name, value in access.items() if name != "type"}
        credential = play.done("truenas_cloud_credential", name="dav", webdav=fields)["credential"]["id"]
        tasks = [
            {
                "description": mode,
                "credential": "dav",
                "direction": "PUSH",
                "folder": "/x",
                "transfer_mode": mode,
                **path,
            }
            for mode, path in (("SYNC", {"path": paths["SYNC"]}), ("MOVE", {"path": paths["MOVE"]}))
        ]
        with noted("guarded"):
            message = play.refused("truenas_cloudsync_config", tasks=tasks)
            assert "the SYNC would delete what the MOVE has pushed" in message
            made = play.done("truenas_cloudsync_task", **tasks[0])["task"]["id"]
            assert "the SYNC would delete" in play.refused("truenas_cloudsync_task", **tasks[1])
            by_hand.client.call("cloudsync.delete", made)
        with noted("shown"):
            for mode in ("MOVE", "SYNC"):
                number = by_hand.task(credential, transfer_mode=mode, path=paths[mode], attributes={"folder": "/x"})
                assert by_hand.sync(number).state == "SUCCESS"
            assert [path.name for path in stored.rglob("*.jpg")] == ["ben.jpg"]
            assert local(nas) == {"ben/ben.jpg"}
