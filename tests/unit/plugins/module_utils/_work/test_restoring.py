# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restore tests on remotes served by rclone: what is damaged is found and named, and nothing else is touched."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import restore_test, restoring
from simulator.tests.remotes import served

FILES = {
    "fine.txt": b"fine" * 40,
    "cut [1].txt": b"c" * 3000,
    "deep/er/flipped.bin": os.urandom(5000),
    "Åland/gone.jpg": b"g" * 20,
    "old.txt": b"the new version",
    "Case.TXT": b"case",
    "empty": b"",
}
KEY = {"encryption": True, "encryption_password": "p", "encryption_salt": "s"}
FORMS: dict[str, dict[str, Any]] = {
    "plain": {},
    "encrypted": {**KEY, "filename_encryption": False},
    "names encrypted": {**KEY, "filename_encryption": True},
}
SCRATCH = "/mnt/tank/scratch"


class Backup:
    """A task that has pushed files to a remote.

    :ivar here: the files on this machine
    :ivar there: where they are at the remote
    """

    def __init__(self, modules: Any, kind: str, remote: Path, form: str) -> None:
        self.kind = kind
        self.remote = remote
        self.server = contextlib.ExitStack()
        self.modules = modules
        self.call = modules.client.call
        self.here = Path(modules.nas.root, "tank", "photos")
        for name, content in FILES.items():
            path = self.here / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            os.utime(path, (1_700_000_000, 1_700_000_000))
        bucket = {"bucket": "bucket"} if kind == "S3" else {}
        self.there = remote / "bucket" / "up" if bucket else remote / "up"
        self.there.mkdir(parents=True)
        fields: dict[str, Any] = {"provider": self.serve()}
        if modules.release == "24.10":
            fields = {"attributes": fields["provider"], "provider": fields["provider"].pop("type")}
        made = self.call("cloudsync.credentials.create", {"name": kind, **fields})
        self.task = {
            "description": "Photos", "path": "/mnt/tank/photos", "credentials": made["id"], "direction": "PUSH",
            "transfer_mode": "SYNC", "attributes": {"folder": "/up", **bucket}, **FORMS[form],
        }  # fmt: skip
        self.id = self.call("cloudsync.create", self.task)["id"]

    def serve(self) -> dict[str, Any]:
        """Serve the remote as it is now: a server of rclone's remembers what it has seen."""
        self.server.close()
        provider = self.server.enter_context(served(self.kind, self.remote))
        return {**provider, "region": "us-east-1"} if self.kind == "S3" else provider

    def planted(self) -> None:
        """Have it seen that something was changed at the remote."""
        credential = self.call("cloudsync.credentials.query")[0]["id"]
        self.call("cloudsync.credentials.update", credential, {"provider": self.serve()})

    def run(self) -> None:
        number = self.modules.client.start_job("cloudsync.sync", self.id)
        assert self.modules.client.follow_job(number, timeout=60).state == "SUCCESS"

    def test(self, **options: Any) -> dict[str, Any]:
        options = {"task": "Photos", "scratch": SCRATCH, "files": 50, **options}
        outcome = self.modules.run(
            restore_test.execute, restore_test.ARGUMENTS, check=options.pop("check", False), **options
        )
        returns: dict[str, Any] = outcome.returns
        return returns

    def damages(self, **options: Any) -> tuple[dict[str, str], str]:
        before = snapshot(self.here)
        with pytest.raises(Failure) as failure:
            self.test(**options)
        assert snapshot(self.here) == before
        assert left_behind(self.modules) == []
        proof = failure.value.returns["proof"]
        return {one["path"]: one["kind"] for one in proof["damages"]}, str(failure.value)


def snapshot(folder: Path) -> dict[str, tuple[bytes, float]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime) for path in files}


def left_behind(modules: Any) -> list[str]:
    scratch = Path(modules.nas.root, "tank", "scratch", "nasops-restore-test")
    return [str(path) for path in scratch.rglob("*")]


@pytest.fixture
def backup(modules_2510, tmp_path, request) -> Iterator[Backup]:
    modules_2510.nas.reset()
    modules_2510.warnings.clear()
    kind, form = getattr(request, "param", ("SFTP", "plain"))
    one = Backup(modules_2510, kind, tmp_path, form)
    with one.server:
        yield one


def at(*places: tuple[str, str]) -> Any:
    return pytest.mark.parametrize("backup", places, indirect=True, ids=[" ".join(place) for place in places])


@at(
    ("S3", "plain"), ("S3", "names encrypted"), ("SFTP", "plain"), ("WEBDAV", "encrypted"), ("FTP", "plain"),
    ("FTP", "names encrypted"),
)  # fmt: skip
def test_a_healthy_backup_comes_back_and_damages_are_named(backup, tmp_path):
    backup.run()
    before = snapshot(backup.here)
    proof = backup.test()["proof"]
    assert (proof["files"], proof["bytes"]) == (len(FILES), sum(map(len, FILES.values())))
    assert (proof["damages"], proof["changed_since"]) == ([], 0)
    assert snapshot(backup.here) == before
    assert left_behind(backup.modules) == []

    there = encrypted_names(backup, tmp_path)
    there["Åland/gone.jpg"].unlink()
    os.truncate(there["cut [1].txt"], 1200)
    flip(there["deep/er/flipped.bin"])
    expected = {"Åland/gone.jpg": "missing", "cut [1].txt": "cut_short", "deep/er/flipped.bin": "altered"}
    if not backup.task.get("encryption"):
        there["old.txt"].write_bytes(b"the old one")
        os.utime(there["old.txt"], (1_600_000_000, 1_600_000_000))
        there["Case.TXT"].rename(there["Case.TXT"].with_name("case.txt"))
        expected |= {"old.txt": "old_version", "Case.TXT": "name_case"}
    backup.planted()
    found, message = backup.damages()
    assert found == expected
    assert "'Åland/gone.jpg'" in message


def encrypted_names(backup: Backup, tmp_path: Path) -> dict[str, Path]:
    """Where each file is at the remote: encrypted names tell by how long their files are."""
    if not backup.task.get("encryption"):
        return {name: backup.there / name for name in FILES}
    if not backup.task["filename_encryption"]:
        return {name: backup.there / f"{name}.bin" for name in FILES}
    lengths = {path.stat().st_size: path for path in backup.there.rglob("*") if path.is_file()}
    return {name: lengths[32 + len(content) + 16 * (len(content) > 0)] for name, content in FILES.items()}


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@at(("WEBDAV", "names encrypted"), ("S3", "encrypted"))
def test_a_wrong_key_or_place_is_named(backup, tmp_path):
    backup.run()
    everything = dict.fromkeys(FILES, "cannot_be_decrypted")
    written = set(FILES) - {"empty"}  # an empty file has nothing that a key would fit
    for wrong in ({"encryption_password": "x"}, {"encryption_salt": "x"}, {"encryption": False}):
        backup.call("cloudsync.update", backup.id, {**KEY, **wrong})
        found, message = backup.damages()
        assert {path: found[path] for path in written} == {path: everything[path] for path in written}
        assert "Compare encryption, filename_encryption" in message
    backup.call("cloudsync.update", backup.id, {**KEY, "attributes": {**backup.task["attributes"], "folder": "/other"}})
    found, message = backup.damages()
    assert (found, "('/other') is not at the provider" in message) == (dict.fromkeys(FILES, "missing"), True)
    backup.call("cloudsync.update", backup.id, {"attributes": backup.task["attributes"]})
    for path in list(backup.there.iterdir()):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    backup.planted()
    found, message = backup.damages()
    assert found == dict.fromkeys(FILES, "missing")


def test_what_was_changed_since_the_last_run_is_no_damage(backup):
    backup.run()
    started = int(backup.call("core.get_jobs", [["method", "=", "cloudsync.sync"]])[-1]["time_started"].timestamp())
    while time.time() < started + 1:
        time.sleep(0.05)
    (backup.here / "old.txt").write_bytes(b"newer")
    (backup.here / "made.txt").write_bytes(b"made")
    (backup.here / "fine.txt").rename(backup.here / "renamed.txt")
    (backup.here / "empty").touch()
    proof = backup.test()["proof"]
    assert (proof["files"], proof["changed_since"], proof["damages"]) == (len(FILES) - 2, 3, [])


def test_a_run_that_the_nas_has_forgotten_makes_no_false_alarm(backup):
    backup.run()
    number = backup.modules.client.start_job("cloudsync.sync", backup.id, {"dry_run": True})
    assert backup.modules.client.follow_job(number, timeout=60).state == "SUCCESS"
    backup.modules.nas.restart()
    (backup.here / "old.txt").write_bytes(b"newer")
    proof = backup.test()["proof"]
    assert (proof["files"], proof["changed_since"], proof["damages"]) == (len(FILES) - 1, 1, [])


def test_check_mode_names_the_sample_and_its_cost(backup):
    backup.run()
    calls = backup.modules.nas.calls()
    returns = backup.test(check=True, files=3, seed=7)
    (sample,) = returns["samples"]
    assert (sample["files"], len(sample["paths"])) == (3, 3)
    assert sample["bytes"] == sum(len(FILES[path]) for path in sample["paths"])
    methods = {call["method"] for call in backup.modules.nas.calls()[len(calls) :]}
    assert methods <= {"cloudsync.query", "filesystem.stat", "filesystem.listdir"}
    assert backup.test(files=3, seed=7)["samples"] == [sample]


@pytest.mark.parametrize(
    ("scratch", "message"),
    [
        ("/mnt/tank/photos/inner", "is inside the path of task"),
        ("/mnt/tank/link/inner", "leads through a symbolic link"),
        ("/mnt/tank/used", "is not empty: it holds 'mine'"),
        ("/mnt/tank/mine", "holds the path of task"),
        ("/mnt/tank/file", "cannot be used"),
    ],
)
def test_a_place_where_something_of_others_is_is_refused(backup, scratch, message):
    tank = backup.here.parent
    (tank / "link").symlink_to("photos")
    (tank / "used").mkdir()
    (tank / "used" / "mine").write_text("mine")
    (tank / "file").touch()
    (tank / "mine" / "deep").mkdir(parents=True)
    if scratch == "/mnt/tank/mine":
        backup.call("cloudsync.create", {**backup.task, "description": "Other", "path": "/mnt/tank/mine/deep"})
    before = snapshot(tank)
    with pytest.raises(Failure, match=message):
        backup.test(scratch=scratch)
    assert snapshot(tank) == before


def test_what_a_test_has_left_is_deleted_by_the_next(backup):
    backup.run()
    backup.test(keep=True)
    kept = Path(backup.modules.nas.root, "tank", "scratch", "nasops-restore-test", str(backup.id))
    assert {str(path.relative_to(kept)) for path in kept.rglob("*") if path.is_file()} == set(FILES)
    backup.test(files=1)
    assert left_behind(backup.modules) == []


def test_nothing_is_left_of_a_test_that_is_broken_off(backup, monkeypatch):
    backup.run()

    def broken(*dummy_args: Any, **dummy_options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(restoring.Restoring, "_find", broken)
    with pytest.raises(KeyboardInterrupt):
        backup.test()
    assert left_behind(backup.modules) == []


def test_what_was_restored_is_deleted_though_the_connection_breaks(backup):
    backup.run()
    backup.modules.nas.faults(cut_at={"frame": 1, "when": "before", "of": "--delete-excluded"})
    assert backup.test()["proof"]["damages"] == []
    assert backup.modules.nas.present_faults()["cut_at"] is None
    assert left_behind(backup.modules) == []
    assert backup.modules.warnings == []


@at(("S3", "plain"))
def test_checksums_are_compared_without_a_download(backup):
    backup.run()
    proof = backup.test(level="checksum", scratch=None)["proof"]
    assert (proof["files"], proof["level"]) == (len(FILES), "checksum")
    (backup.there / "Åland" / "gone.jpg").unlink()
    os.truncate(backup.there / "cut [1].txt", 1200)
    flip(backup.there / "deep" / "er" / "flipped.bin")
    backup.planted()
    found, dummy = backup.damages(level="checksum", scratch=None)
    assert found == {"Åland/gone.jpg": "missing", "cut [1].txt": "cut_short", "deep/er/flipped.bin": "altered"}


@at(("WEBDAV", "plain"), ("S3", "encrypted"), ("FTP", "plain"))
def test_checksums_that_prove_nothing_are_refused(backup):
    backup.run()
    with pytest.raises(Failure, match="level: checksum proves nothing"):
        backup.test(level="checksum", scratch=None)


def test_all_tasks_are_tested_and_those_that_keep_no_copy_are_not(backup):
    backup.run()
    backup.call("cloudsync.create", {**backup.task, "description": "Moves", "transfer_mode": "MOVE"})
    with pytest.raises(Failure, match="it moves its files to the provider"):
        backup.test(task="Moves")
    assert [proof["task"] for proof in backup.test(task=None, all=True, files=2)["proofs"]] == ["Photos"]


@pytest.mark.parametrize("release", ["24.10", "27.0"])
def test_it_works_with_the_oldest_and_the_newest_release(release, modules_of, tmp_path):
    with modules_of(release) as modules:
        one = Backup(modules, "WEBDAV", tmp_path, "names encrypted")
        with one.server:
            one.run()
            proof = one.test()["proof"]
    assert (proof["files"], proof["damages"]) == (len(FILES), [])
