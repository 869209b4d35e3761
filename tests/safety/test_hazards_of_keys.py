# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How encrypted files get lost with the real rclone, without an error: by a key that is not the one they have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.tests.remotes import served

from .harness import ByHand, Play, folder, local, photo

KEY = {"encryption": True, "filename_encryption": True, "encryption_password": "right", "encryption_salt": "salt"}
PLAIN_NAMES = {**KEY, "filename_encryption": False}
WRONG = [{"encryption_password": "wrong"}, {"encryption_salt": "pepper"}, {"filename_encryption": False}]


class Cloud:
    """A WebDAV server with what a task has pushed there, encrypted; and the NAS that has pushed it."""

    def __init__(self, play: Play, by_hand: ByHand, nas: Any, stored: Path) -> None:
        self.play, self.by_hand, self.nas, self.stored = play, by_hand, nas, stored
        self.credential = by_hand.client.call("cloudsync.credentials.query")[0]["id"]
        for number in range(3):
            photo(nas, f"Trip/{number}.jpg")

    def task(self, **options: Any) -> int:
        return self.by_hand.task(self.credential, attributes={"folder": "/"}, transfer_mode="COPY", **options)

    def pushed(self, **key: Any) -> int:
        number = self.task(description="push", **key)
        assert self.by_hand.sync(number).state == "SUCCESS"
        return number

    def files(self) -> int:
        return sum(path.is_file() for path in self.stored.rglob("*"))

    def refused_to_run(self, **options: Any) -> str:
        return self.play.refused("truenas_cloudsync_run", **options)


@pytest.fixture
def cloud(play: Play, by_hand: ByHand, nas: Any, tmp_path: Path) -> Iterator[Cloud]:
    stored = tmp_path / "stored"
    stored.mkdir()
    with served("WEBDAV", stored) as access:
        fields = {name: value for name, value in access.items() if name != "type"}
        play.done("truenas_cloud_credential", name="dav", webdav=fields)
        yield Cloud(play, by_hand, nas, stored)


def empty(nas: Any) -> None:
    for path in folder(nas).rglob("*"):
        if path.is_file():
            path.unlink()


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_pull_with_another_key_brings_nothing_back(wrong, cloud, noted, nas):
    cloud.pushed(**KEY)
    empty(nas)
    number = cloud.task(description="pull", direction="PULL", **KEY | wrong)
    with noted("shown"):
        assert cloud.by_hand.sync(number).state == "SUCCESS"
        assert local(nas) == set()
    with noted("guarded"):
        message = cloud.refused_to_run(task="pull")
        assert "could not decrypt" in message
        assert "Check encryption_password" in message
        cloud.play.done("truenas_cloudsync_run", task="pull", action="dry_run")
        assert "could not decrypt" in cloud.play.warnings[-1]


def test_a_pull_with_sync_and_another_key_deletes_all(cloud, noted, nas):
    cloud.pushed(**KEY)
    number = cloud.by_hand.task(
        cloud.credential, attributes={"folder": "/"}, description="pull", direction="PULL",
        **KEY | {"encryption_password": "wrong"},
    )  # fmt: skip
    with noted("guarded"):
        message = cloud.refused_to_run(task="pull", max_deletes=3)
        assert "could not decrypt" in message
        assert len(local(nas)) == 3
    with noted("shown"):
        assert cloud.by_hand.sync(number).state == "SUCCESS"
        assert local(nas) == set()


def test_a_pull_of_which_only_a_part_can_be_decrypted(cloud, noted, nas):
    cloud.pushed(**KEY)
    photo(nas, "notes.txt")
    cloud.pushed(include=["/notes.txt"])
    empty(nas)
    number = cloud.task(description="pull", direction="PULL", **KEY)
    with noted("shown"):
        assert cloud.by_hand.sync(number).state == "SUCCESS"
        assert len(local(nas)) == 3
    with noted("guarded"):
        assert "could not decrypt 1 names at the provider with the task's key ('notes.txt')" in cloud.refused_to_run(
            task="pull"
        )


@pytest.mark.parametrize("mode", ["COPY", "SYNC", "MOVE"])
@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_push_with_another_key_uploads_everything_again(wrong, mode, cloud, noted, nas):
    number = cloud.pushed(**KEY)
    cloud.by_hand.client.call("cloudsync.update", number, {**wrong, "transfer_mode": mode})
    with noted("guarded"):
        message = cloud.refused_to_run(id=number)
        assert "cannot decrypt" in message or "could not decrypt" in message
        assert "again" in message
        assert cloud.files() == 3
    with noted("shown"):
        assert cloud.by_hand.sync(number).state == "SUCCESS"
        assert cloud.files() == 6


def test_a_push_with_encryption_to_what_was_pushed_without(cloud, noted, nas):
    photo(nas, "loose.jpg")
    number = cloud.pushed()
    cloud.by_hand.client.call("cloudsync.update", number, PLAIN_NAMES)
    with noted("guarded"):
        assert "names that the task's key cannot decrypt ('loose.jpg')" in cloud.refused_to_run(id=number)
    with noted("shown"):
        assert cloud.by_hand.sync(number).state == "SUCCESS"
        assert cloud.files() == 8


def test_a_key_that_changes_under_names_that_are_not_encrypted(cloud, noted, nas):
    """Neither a dry run nor --checksum sees it: some files then need one key, some the other."""
    number = cloud.pushed(**PLAIN_NAMES)
    with noted("guarded"):
        message = cloud.play.refused("truenas_cloudsync_task", id=number, encryption_password="second")
        assert "some files need the former key and some the new one" in message
    with noted("shown"):
        cloud.by_hand.client.call("cloudsync.update", number, {"encryption_password": "second"})
        photo(nas, "Trip/new.jpg")
        assert cloud.by_hand.sync(number).state == "SUCCESS"
        for password in ("right", "second"):
            empty(nas)
            pull = cloud.task(
                description=f"pull {password}", direction="PULL", **PLAIN_NAMES | {"encryption_password": password}
            )
            assert cloud.by_hand.sync(pull).state == "FAILED"
            assert len(local(nas)) < 4


def test_a_pull_that_does_not_decrypt(cloud, noted, nas):
    cloud.pushed(**PLAIN_NAMES)
    empty(nas)
    cloud.task(description="pull", direction="PULL")
    with noted("shown"), noted("guarded"):
        cloud.play.done("truenas_cloudsync_run", task="pull")
        assert local(nas) == {"Trip/0.jpg.bin", "Trip/1.jpg.bin", "Trip/2.jpg.bin"}
        assert "look encrypted by rclone" in cloud.play.warnings[-1]


def test_the_asterisks_that_a_nas_shows_become_the_key(cloud, noted):
    number = cloud.task(description="push", **KEY)
    with noted("guarded"):
        message = cloud.play.refused("truenas_cloudsync_task", id=number, encryption_password="********")
        assert "what is shown in the place of a secret" in message
    with noted("shown"):
        cloud.by_hand.client.call("cloudsync.update", number, {"encryption_password": "********"})
        assert cloud.by_hand.client.call("cloudsync.get_instance", number)["encryption_password"] == "********"


@pytest.mark.parametrize("mode", ["COPY", "SYNC", "MOVE"])
@pytest.mark.parametrize("key", [KEY, PLAIN_NAMES, {}], ids=["names", "contents", "none"])
def test_the_right_key_works_without_a_word(key, mode, cloud, nas):
    number = cloud.pushed(**key)
    cloud.by_hand.client.call("cloudsync.update", number, {"transfer_mode": mode})
    photo(nas, "Trip/new.jpg")
    cloud.play.done("truenas_cloudsync_run", id=number)
    assert cloud.files() == 4
    empty(nas)
    cloud.task(description="pull", direction="PULL", **key)
    assert cloud.play.done("truenas_cloudsync_run", task="pull")["summary"]["transferred"] == 4
    assert cloud.play.warnings == []
