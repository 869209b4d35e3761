# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook rekey: every file can be read with a key that is known, wherever it is cut."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.nas.rclone_run import binary
from simulator.tests.remotes import served

from .harness import DATASET, ByHand, Play, folder, photo

CHECKOUT = Path(__file__).resolve().parents[2]
FORMER = {"encryption_password": "S3cr3t of before", "encryption_salt": "S3cr3t salt of before"}
NEW = {"encryption_password": "S3cr3t of now", "encryption_salt": "S3cr3t salt of now"}
CUT = """\
import os
from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_NAME = "cut"

    def v2_runner_on_ok(self, result):
        if result._task.get_name() == os.environ.get("CUT_AFTER"):
            os._exit(99)
"""
STEPS = (
    "Keep the former key in a disabled task that pulls",
    "Create a task that pushes to the new folder with the new key",
    "Push with the new key",
    "Create a task that reads back",
    "Read all files back",
    "Switch the task to the new folder and the new key",
    "Delete the tasks that have pushed and read back",
    "Create a disabled task with the former key that pushes the files of the NAS",
    "Point the task at the empty directory",
    "Remove what was pushed with the former key",
)


class Rekey:
    """A NAS with an encrypted task that has run, and the playbook for it."""

    def __init__(self, play: Play, by_hand: ByHand, nas: Any, stored: Path, tmp_path: Path) -> None:
        self.play, self.by_hand, self.nas, self.stored, self.tmp_path = play, by_hand, nas, stored, tmp_path
        self.files = {f"Trip/{number}.jpg" for number in range(3)} | {"Åland – 日本/a b.jpg"}
        for name in self.files:
            photo(nas, name)
        Path(nas.root, "tank", "scratch").mkdir(exist_ok=True)
        credential = by_hand.client.call("cloudsync.credentials.query")[0]["id"]
        self.task = by_hand.task(
            credential, description="Docs", transfer_mode="SYNC", attributes={"folder": "/docs"}, exclude=["*.tmp"],
            encryption=True, filename_encryption=True, **FORMER,
        )  # fmt: skip
        assert by_hand.sync(self.task).state == "SUCCESS"
        (tmp_path / "callbacks").mkdir()
        (tmp_path / "callbacks" / "cut.py").write_text(CUT)

    def playbook(self, cut_after: str = "", **variables: Any) -> tuple[int, str]:
        given = {
            "truenas_connection": {
                "api_url": self.nas.api_url, "api_key": self.nas.api_key, "api_username": self.nas.username,
                "ca_path": self.nas.ca_path,
            },
            "cloudsync_rekey_task": "Docs", "cloudsync_rekey_folder": "/docs-2",
            "cloudsync_rekey_scratch": "/mnt/tank/scratch",
            "cloudsync_rekey_password": NEW["encryption_password"], "cloudsync_rekey_salt": NEW["encryption_salt"],
            **variables,
        }  # fmt: skip
        path = self.tmp_path / "variables.json"
        path.write_text(json.dumps(given))
        run = subprocess.run(
            [sys.executable, "-m", "ansible", "playbook", "nasops.cloudsync.rekey", "-e", f"@{path}"],
            env={
                **os.environ,
                "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".cache/collections"),
                "ANSIBLE_CALLBACK_PLUGINS": str(self.tmp_path / "callbacks"),
                "ANSIBLE_CALLBACKS_ENABLED": "cut",
                "ANSIBLE_NOCOLOR": "true",
                "CUT_AFTER": cut_after,
            },
            cwd=self.tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        for secret in (*FORMER.values(), *NEW.values()):
            assert secret not in run.stdout
        return run.returncode, run.stdout

    def readable(self, place: str, key: dict[str, str]) -> set[str]:
        """The files of a folder that can be read whole with a key, by rclone alone."""
        obscured = {
            name: subprocess.run(
                [binary(), "obscure", value], check=True, capture_output=True, text=True
            ).stdout.strip()
            for name, value in key.items()
        }
        config = self.tmp_path / "rclone.conf"
        config.write_text(
            f"[crypt]\ntype = crypt\nremote = {self.stored}{place}\nfilename_encryption = standard\n"
            f"password = {obscured['encryption_password']}\npassword2 = {obscured['encryption_salt']}\n"
        )
        command = [binary(), "--config", str(config)]
        listed = subprocess.run(
            [*command, "lsf", "-R", "--files-only", "crypt:"], check=False, capture_output=True, text=True
        )
        names = listed.stdout.splitlines()
        found = set()
        for name in names:
            read = subprocess.run([*command, "cat", f"crypt:{name}"], check=False, capture_output=True)
            if read.returncode == 0 and read.stdout == (folder(self.nas) / name).read_bytes():
                found.add(name)
        return found

    def tasks(self) -> dict[str, Any]:
        return {one["description"]: one for one in self.by_hand.client.call("cloudsync.query")}

    def keys_of_the_nas(self) -> list[tuple[str, dict[str, str]]]:
        """Folder and key of each task on the NAS."""
        return [(one["attributes"]["folder"], {name: one[name] for name in FORMER}) for one in self.tasks().values()]

    def every_file_is_readable(self) -> None:
        whole = [place for place, key in self.keys_of_the_nas() if self.readable(place, key) == self.files]
        assert whole
        # The task itself works with a folder of which it has the key.
        task = self.tasks()["Docs"]
        assert task["attributes"]["folder"] in whole


@pytest.fixture
def rekey(play: Play, by_hand: ByHand, nas: Any, tmp_path: Path) -> Iterator[Rekey]:
    stored = tmp_path / "stored"
    stored.mkdir()
    with served("WEBDAV", stored) as access:
        fields = {name: value for name, value in access.items() if name != "type"}
        play.done("truenas_cloud_credential", name="dav", webdav=fields)
        yield Rekey(play, by_hand, nas, stored, tmp_path)


def test_a_task_gets_another_key_and_the_former_files_stay(rekey):
    status, shown = rekey.playbook()
    assert status == 0, shown
    assert rekey.readable("/docs", FORMER) == rekey.readable("/docs-2", NEW) == rekey.files
    tasks = rekey.tasks()
    assert set(tasks) == {"Docs", "Docs (former key)"}
    task, former = tasks["Docs"], tasks["Docs (former key)"]
    assert task["attributes"]["folder"] == "/docs-2"
    assert (task["transfer_mode"], task["exclude"], task["enabled"]) == ("SYNC", ["*.tmp"], True)
    assert (former["direction"], former["enabled"]) == ("PULL", False)
    assert {name: former[name] for name in FORMER} == FORMER
    status, shown = rekey.playbook(cloudsync_rekey_remove_former=True)
    assert status == 0, shown
    assert set(rekey.tasks()) == {"Docs"}
    assert rekey.readable("/docs", FORMER) == set()
    assert rekey.readable("/docs-2", NEW) == rekey.files
    status, shown = rekey.playbook(cloudsync_rekey_remove_former=True)
    assert (status, "changed=0" in shown) == (0, True), shown
    assert rekey.play.done("truenas_cloudsync_run", task="Docs")["summary"]["transferred"] == 0


def test_cut_after_each_step_in_turn(rekey, count):
    """Each run goes on where the one before was cut, and is cut one step later."""
    for step in STEPS:
        status, shown = rekey.playbook(cut_after=step, cloudsync_rekey_remove_former=True)
        assert status == 99, shown
        rekey.every_file_is_readable()
        count("Rekey", "cut, every file readable")
    status, shown = rekey.playbook(cloudsync_rekey_remove_former=True)
    assert status == 0, shown
    assert rekey.readable("/docs-2", NEW) == rekey.files
    assert rekey.readable("/docs", FORMER) == set()
    assert set(rekey.tasks()) == {"Docs"}


def test_files_that_are_at_the_provider_only_are_not_removed(rekey):
    (folder(rekey.nas) / "Trip/0.jpg").unlink()
    rekey.by_hand.client.call("cloudsync.update", rekey.task, {"transfer_mode": "COPY"})
    status, shown = rekey.playbook(cloudsync_rekey_remove_former=True)
    assert status != 0
    assert "1 files were pushed with the former key and are no longer on the NAS (Trip/0.jpg)" in " ".join(
        shown.split()
    )
    photo(rekey.nas, "Trip/0.jpg")
    assert rekey.readable("/docs", FORMER) == rekey.files


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"cloudsync_rekey_folder": "docs/"}, "is, holds or is within /docs"),
        ({"cloudsync_rekey_scratch": f"{DATASET}/x"}, "is, holds or is within /mnt/tank/photos"),
        ({"cloudsync_rekey_task": "Other"}, "there is no one task Other"),
        ({"cloudsync_rekey_password": "********"}, "what is shown in the place of a secret"),
    ],
    ids=str,
)
def test_what_cannot_work_is_refused(variables, words, rekey):
    before = rekey.tasks()
    status, shown = rekey.playbook(**variables)
    assert status != 0
    assert words in " ".join(shown.split()), shown
    assert rekey.tasks()["Docs"]["encryption_password"] == before["Docs"]["encryption_password"]
    assert rekey.readable("/docs", FORMER) == rekey.files
