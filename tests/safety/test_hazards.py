# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How photos get lost with the real rclone, without an error: first by hand, then with the modules, which prevent it.

Every hazard is shown to be one. A guard against what does not happen would prove nothing.
"""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._google_photos_role import task_options
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._task_options import TASK_OPTIONS

from .harness import DATASET, albums, local, photo


def test_pull_from_a_library_that_shows_less(hazard, noted, nas):
    """A lost grant, another client, an emptied library: Google answers 200 with fewer items."""
    photo(nas, "Trip/only-here.jpg")
    pull = {"direction": "PULL"}
    with noted("guarded"):
        message = hazard.asked(**pull)
        assert "deletes every local file that the provider does not show" in message
        assert "allow_deletes: true" in message
        agreed = hazard.play.done(
            "truenas_cloudsync_task", description="by hand", credential="google", transfer_mode="SYNC", path=DATASET,
            folder="/album", allow_deletes=True, **pull,
        )  # fmt: skip
        message = hazard.refused_to_run()
        assert "would delete 1 files ('Trip/only-here.jpg')" in message
        assert "set max_deletes: 1" in message
        assert local(nas) == {"Trip/only-here.jpg"}
        hazard.by_hand.client.call("cloudsync.delete", agreed["task"]["id"])
    with noted("shown"):
        hazard.run_by_hand(**pull)
        assert local(nas) == set()


def test_a_nightly_pull_of_the_role_deletes_nothing(hazard, noted, nas):
    """Somebody turns COPY into SYNC in the web interface; cron runs it, and no module is there to guard it."""
    photo(nas, "Trip/only-here.jpg")
    pull = {"description": "nightly", "direction": "PULL", "path": DATASET}
    (options,) = task_options([pull], "google", TASK_OPTIONS)
    task = hazard.play.done("truenas_cloudsync_task", **options)["task"]["id"]
    hazard.by_hand.client.call("cloudsync.update", task, {"transfer_mode": "SYNC"})
    with noted("guarded"):
        job = hazard.by_hand.sync(task)
        assert job.state == "FAILED"
        assert "--max-delete threshold reached" in hazard.by_hand.client.job_log(job)
        assert local(nas) == {"Trip/only-here.jpg"}
    with noted("shown"):
        (lifted,) = task_options([{**pull, "allow_deletes": True}], "google", TASK_OPTIONS)
        hazard.play.done("truenas_cloudsync_task", **lifted)
        hazard.by_hand.client.call("cloudsync.update", task, {"transfer_mode": "SYNC"})
        assert hazard.by_hand.sync(task).state == "SUCCESS"
        assert local(nas) == set()


@pytest.mark.parametrize("left", [(), ("Trip",)], ids=["nothing at all", "empty directories"])
def test_push_from_an_empty_directory(left, hazard, noted, nas, google):
    """The dataset is not mounted: the directory where it would be is empty."""
    file = photo(nas, "Trip/a.jpg")
    hazard.run_by_hand()
    file.unlink()
    if not left:
        file.parent.rmdir()
    with noted("guarded"):
        message = hazard.refused_to_run()
        assert f"there is no file to push in {DATASET}" in message
        assert "Is the dataset mounted" in message
        assert "set max_deletes: 1" in message
        assert albums(google) == [("Trip", ["a.jpg"])]
    with noted("shown"):
        assert hazard.by_hand.sync(1).state == "SUCCESS"
        assert albums(google) == [("Trip", [])]


def test_push_from_a_directory_where_only_what_is_excluded_is_left(hazard, noted, nas, google):
    file = photo(nas, "Trip/a.jpg")
    (options,) = task_options(
        [{"description": "by hand", "path": DATASET, "stray_files": "exclude"}], "google", TASK_OPTIONS
    )
    task = hazard.play.done("truenas_cloudsync_task", **options)["task"]["id"]
    assert hazard.by_hand.sync(task).state == "SUCCESS"
    file.unlink()
    photo(nas, ".DS_Store")
    with noted("guarded"):
        assert "there is no file to push" in hazard.refused_to_run()
        assert albums(google) == [("Trip", ["a.jpg"])]
    with noted("shown"):
        assert hazard.by_hand.sync(task).state == "SUCCESS"
        assert albums(google) == [("Trip", [])]


def test_push_from_an_empty_directory_when_that_is_meant(hazard, nas, google):
    file = photo(nas, "Trip/a.jpg")
    hazard.run_by_hand()
    file.unlink()
    assert hazard.play.done("truenas_cloudsync_run", task="by hand", max_deletes=1)["summary"]["deleted"] == 1
    assert albums(google) == [("Trip", [])]


def test_move_of_a_photo_whose_name_is_in_the_album(hazard, noted, nas, google):
    photo(nas, "Trip/IMG_0001.jpg", "the first")
    hazard.run_by_hand()
    photo(nas, "Trip/IMG_0001.jpg", "another")
    photo(nas, "Trip/IMG_0002.jpg")
    with noted("guarded"):
        message = hazard.asked(transfer_mode="MOVE")
        assert "deletes a photo on the NAS without uploading it" in message
        assert "allow_deletes: true" in message
        task = hazard.by_hand.task(hazard.credential, transfer_mode="MOVE", description="move")
        message = hazard.play.refused("truenas_cloudsync_run", task="move")
        assert "would delete 1 local files without uploading them ('Trip/IMG_0001.jpg')" in message
        assert local(nas) == {"Trip/IMG_0001.jpg", "Trip/IMG_0002.jpg"}
    with noted("shown"):
        assert hazard.by_hand.sync(task).state == "SUCCESS"
        assert local(nas) == set()
        assert sorted(item["filename"] for item in google.library()["items"]) == ["IMG_0001.jpg", "IMG_0002.jpg"]


def test_a_task_that_gets_google_photos_instead_of_another_provider(hazard):
    """What is harmless elsewhere loses photos there."""
    made = hazard.play.done(
        "truenas_cloud_credential", name="ftp", verify="never", ftp={"host": "h", "user": "u", "pass": "p"}
    )
    task = hazard.by_hand.task(
        made["credential"]["id"], transfer_mode="MOVE", attributes={"folder": "/album"}, args="-I"
    )
    message = hazard.play.refused("truenas_cloudsync_task", id=task, credential="google")
    assert "deletes a photo on the NAS without uploading it" in message
    hazard.by_hand.client.call("cloudsync.update", task, {"transfer_mode": "COPY"})
    assert "with -I in args" in hazard.play.refused("truenas_cloudsync_task", id=task, credential="google")


def test_move_of_photos_with_names_of_their_own(hazard, nas, google):
    photo(nas, "Trip/a.jpg")
    hazard.play.done(
        "truenas_cloudsync_task", description="move", credential="google", direction="PUSH", transfer_mode="MOVE",
        path=DATASET, folder="/album", allow_deletes=True,
    )  # fmt: skip
    hazard.play.done("truenas_cloudsync_run", task="move")
    assert (local(nas), albums(google)) == (set(), [("Trip", ["a.jpg"])])


@pytest.mark.parametrize("args", ["--gphotos-read-size", "-I", "--ignore-times"])
def test_options_that_upload_again(args, hazard, noted, nas, google):
    photo(nas, "Trip/a.jpg")
    hazard.run_by_hand()
    photo(nas, "Trip/a.jpg", "changed, and of another size")
    with noted("guarded"):
        message = hazard.asked(args=f"--fast-list {args}")
        assert f"with {args} in args" in message
        assert "takes both out of the album" in message
    with noted("shown"):
        task = hazard.by_hand.task(hazard.credential, description="again", args=args)
        assert hazard.by_hand.sync(task).state == "SUCCESS"
        assert albums(google) == [("Trip", ["a.jpg", "a.jpg"])]
        assert hazard.by_hand.sync(1).state == "SUCCESS"
        assert albums(google) == [("Trip", [])]


def test_batches_that_make_rclone_crash(hazard, noted, nas, google):
    photo(nas, "Trip/a.jpg")
    with noted("guarded"):
        message = hazard.asked(args="--gphotos-batch-mode=async")
        assert "makes rclone crash" in message
    with noted("shown"):
        task = hazard.by_hand.task(hazard.credential, args="--gphotos-batch-mode=async")
        assert hazard.by_hand.sync(task).state == "FAILED"
        assert google.library()["items"] == []


@pytest.mark.parametrize("names", [True, False], ids=["names too", "contents only"])
def test_encrypted_photos(names, hazard, noted, nas, google):
    """Google looks into the files, and what is encrypted is no photo to it."""
    photo(nas, "Trip/a.jpg")
    encryption = {"encryption": True, "filename_encryption": names, "encryption_password": "pw"}
    with noted("guarded"):
        message = hazard.asked(**encryption)
        assert "encryption: Google Photos takes photos and videos only, so nothing encrypted" in message
    with noted("shown"):
        task = hazard.by_hand.task(hazard.credential, **encryption)
        assert hazard.by_hand.sync(task).state == "FAILED"
        assert google.library()["items"] == []


@pytest.mark.parametrize(
    ("name", "guard"),
    [("loose.jpg", {"stray_files": "exclude"}), ("Trip/notes.txt", {"media_only": True})],
    ids=["loose at the root", "no photo"],
)
def test_one_file_that_cannot_be_uploaded(name, guard, hazard, noted, nas, google):
    """Each run fails from then on, and, which is worse, deletes nothing any more."""
    gone = photo(nas, "Trip/a.jpg")
    photo(nas, "Trip/b.jpg")
    hazard.run_by_hand()
    gone.unlink()
    photo(nas, name).write_bytes(b"no photo")
    with noted("shown"):
        assert hazard.by_hand.sync(1).state == "FAILED"
        assert albums(google) == [("Trip", ["a.jpg", "b.jpg"])]
    with noted("guarded"):
        (options,) = task_options([{"description": "role's", "path": DATASET, **guard}], "google", TASK_OPTIONS)
        task = hazard.play.done("truenas_cloudsync_task", **options)["task"]["id"]
        assert hazard.by_hand.sync(task).state == "SUCCESS"
        assert albums(google) == [("Trip", ["b.jpg"])]
        if name == "loose.jpg":
            message = hazard.play.refused("truenas_album_directories", path=DATASET, albums=["Trip"])
            assert "loose.jpg" in message


def test_a_renamed_directory(hazard, noted, nas, google):
    file = photo(nas, "Trip/a.jpg")
    hazard.run_by_hand()
    file.parent.rename(file.parent.with_name("Voyage"))
    with noted("guarded"):
        trial = hazard.play.done("truenas_cloudsync_run", task="by hand", action="dry_run")
        assert trial["would"] == {"copy": ["Voyage/a.jpg"], "delete": ["Trip/a.jpg"]}
        assert "'Trip' is now called 'Voyage'" in hazard.play.warnings[-1]
        assert "call it 'Voyage' in Google Photos" in hazard.play.warnings[-1]
        assert "would delete 1 files" in hazard.refused_to_run(max_deletes=0)
        assert albums(google) == [("Trip", ["a.jpg"])]
    with noted("shown"):
        assert hazard.by_hand.sync(1).state == "SUCCESS"
        assert albums(google) == [("Trip", []), ("Voyage", ["a.jpg"])]


def test_one_picture_under_two_names(hazard, noted, nas, google):
    photo(nas, "A/one.jpg", "the same")
    hazard.run_by_hand()
    photo(nas, "B/two.jpg", "the same")
    assert hazard.by_hand.sync(1).state == "SUCCESS"
    assert albums(google) == [("A", ["one.jpg"]), ("B", ["one.jpg"])]
    with noted("guarded"):
        hazard.play.done("truenas_cloudsync_run", task="by hand", action="dry_run")
        assert "one and the same picture" in hazard.play.warnings[-1]
        assert "Give its copies the same name" in hazard.play.warnings[-1]
        assert "would delete 1 files" in hazard.refused_to_run(max_deletes=0)
        assert albums(google) == [("A", ["one.jpg"]), ("B", ["one.jpg"])]
    with noted("shown"):
        assert hazard.by_hand.sync(1).state == "SUCCESS"
        assert albums(google) == [("A", ["one.jpg"]), ("B", [])]


@pytest.mark.parametrize(("mode", "title"), [("SYNC", "Trip"), ("COPY", "Trip"), ("SYNC", "2025/Italy/Trip")])
def test_two_albums_of_one_title(mode, title, hazard, noted, nas, google):
    """An answer to the creation of an album was lost, and rclone made another one."""
    for name in ("a", "b", "c"):
        photo(nas, f"{title}/{name}.jpg")
    google.faults(method="POST", path="/v1/albums", drop="after")
    hazard.run_by_hand(transfer_mode=mode)
    assert [name for name, _items in albums(google)] == [title] * 2
    before = albums(google)
    with noted("guarded"):
        message = hazard.refused_to_run()
        assert f"several albums called {title!r}" in message
        assert "another name in Google Photos" in message
        assert albums(google) == before
    with noted("shown"):
        assert hazard.by_hand.sync(1).state == "SUCCESS"
        assert [name for name, _items in albums(google)] == [title] * 5


def test_a_dry_run_that_is_none(hazard, noted, nas):
    """TrueNAS puts a task's arguments behind its own --dry-run, and for rclone the last one counts."""
    photo(nas, "Trip/only-here.jpg")
    pull = {"direction": "PULL", "args": "--dry-run=false"}
    task = hazard.by_hand.task(hazard.credential, **pull)
    with noted("guarded"):
        assert "args: --dry-run is refused" in hazard.asked(allow_deletes=True, **pull)
        assert "was not started" in hazard.refused_to_run(action="dry_run")
        assert local(nas) == {"Trip/only-here.jpg"}
    with noted("shown"):
        assert hazard.by_hand.sync(task, dry_run=True).state == "SUCCESS"
        assert local(nas) == set()


def test_two_pushes_to_the_same_albums(hazard, noted, nas, google):
    """Each takes out of the albums what the other has brought."""
    photo(nas, "ann/Trip/ann.jpg")
    photo(nas, "ben/Trip/ben.jpg")
    pushes = [{"description": name, "path": f"{DATASET}/{name}"} for name in ("ann", "ben")]
    with noted("guarded"):
        with pytest.raises(OptionError, match="both push with SYNC"):
            task_options(pushes, "google", TASK_OPTIONS)
        copies = task_options([{**push, "transfer_mode": "COPY"} for push in pushes], "google", TASK_OPTIONS)
        for copy in copies:
            number = hazard.play.done("truenas_cloudsync_task", **copy)["task"]["id"]
            assert hazard.by_hand.sync(number).state == "SUCCESS"
        assert albums(google) == [("Trip", ["ann.jpg", "ben.jpg"])]
    with noted("shown"):
        for push in pushes:
            hazard.run_by_hand(**push)
        assert albums(google) == [("Trip", ["ben.jpg"])]
