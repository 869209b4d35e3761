# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restore a sample of a task's files and compare their contents. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    crypt_names,
    names,
    picture_size,
    rclone_cause,
    rclone_errors,
    rclone_log,
    restore_jobs,
    restore_verdict,
    task_form,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_meanings import NETWORK
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.restore_sample import Sample
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.restore_verdict import Local, Restored
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import files, one_time_jobs
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.one_time_jobs import OneTimeJobs
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.tested_task import TestedTask

_NOT_THERE = re.compile(r"directory not found|does not exist|NoSuchBucket", re.IGNORECASE)
_NO_ROOM = re.compile(r"no space left|quota exceeded|read-only file system", re.IGNORECASE)
_ROUNDED = 0.999  # rclone tells sizes to a thousandth

Stat = Mapping[str, Any]


class Restoring:
    """The restore of one sample.

    Args:
        place: The directory to restore to, which is empty.

    Attributes:
        proven, bytes: How many files came back as they are, and how long these are.
        changed: The files of which nothing can be said, as they were changed here since the last run.
        damages: The kinds of damage, by the paths.
        hint: What the damages have in common; may be empty.
    """

    def __init__(self, client: Client, jobs: OneTimeJobs, task: TestedTask, sample: Sample, place: str) -> None:
        self._client = client
        self._jobs = jobs
        self._task = task
        self._paths = sample.paths
        self._place = place
        self._failed: dict[str, str] = {}
        self._log = ""
        self._found: dict[str, Restored] = {}
        self.proven = self.bytes = 0
        self.changed: list[str] = []
        self.damages: dict[str, str] = {}
        self.hint = ""

    def run(self) -> None:
        """Restore, compare, and name what is damaged.

        Raises:
            Failure: the test could not be made.
            MiddlewareError: likewise.
        """
        last_run = self._task.last_run()
        for batch in restore_jobs.batches(self._paths):
            self._restore(batch)
        self._find()
        here = dict(zip(self._paths, files.stats(self._client, self._task.root, self._paths), strict=True))
        for path in self._paths:
            kind = self._judge(path, here[path], last_run)
            if kind == restore_verdict.CHANGED:
                self.changed.append(path)
            elif kind:
                self.damages[path] = kind
        self._look_closer(here)

    def _restore(self, patterns: Sequence[str]) -> None:
        job, log = self._jobs.run(restore_jobs.pull(self._task.entry, self._place, patterns))
        self._log += log
        if job.state == "SUCCESS":
            return
        if job.state == "ABORTED":
            raise Failure(f"{self._task.title}: the restore test was aborted on the NAS before it had finished.")
        failed = rclone_cause.failed_files(log)
        for why in failed.values() or [one_time_jobs.cause(job, log)]:
            if _NO_ROOM.search(why) or any(re.search(pattern, why, re.IGNORECASE) for pattern, dummy in NETWORK):
                raise self._not_made(why)
        if not failed and not self._lacks_folder(job, log):
            raise self._not_made(one_time_jobs.cause(job, log))
        self._failed |= failed

    def _lacks_folder(self, job: Job, log: str) -> bool:
        told = any((attribute or "").endswith("attributes.folder") for attribute, dummy, dummy_errno in job.fields)
        if told or _NOT_THERE.search(one_time_jobs.cause(job, log)):
            self.hint = f"The task's folder ({self._task.entry['attributes'].get('folder')!r}) is not at the provider."
            return True
        return False

    def _not_made(self, why: str) -> Failure:
        values = task_form.named_values(self._task.entry)
        return Failure(
            f"{self._task.title}: the restore test could not be made, which tells nothing about the files: "
            f"{rclone_errors.explain(why, self._task.provider, values)}"
        )

    def _find(self) -> None:
        """Find what came back, be its name in another Unicode form or in another case."""
        tree = files.Tree(self._client, self._place)
        if not tree.whole:
            raise Failure(f"{self._task.title}: what came back is in more directories than can be compared.")
        came = dict(zip(tree.sizes, files.stats(self._client, self._place, tree.sizes), strict=True))
        exact = {names.normal(path): path for path in came}
        folded = {names.normal(path).casefold(): path for path in came}
        for path in self._paths:
            name = names.normal(path)
            there = exact.get(name) or folded.get(name.casefold())
            stat = came.get(there or "")
            if there and stat:
                self._found[path] = Restored(there, stat["size"], stat["mtime"])

    def _judge(self, path: str, stat: Stat | None, last_run: restore_verdict.LastRun | None) -> str | None:
        restored = self._found.get(path)
        local = Local(stat["size"], stat["mtime"], max(stat["mtime"], stat["ctime"])) if stat else None
        changed = restore_verdict.changed_since(last_run, path, local, restored)
        if path in self._failed:
            return restore_verdict.reason_of_failure(
                self._failed[path], key_fits=any(one.size for one in self._found.values())
            )
        if restored is None or local is None or stat is None:
            return restore_verdict.CHANGED if changed or local is None else restore_verdict.MISSING
        if not self._has_name(path, restored):
            return restore_verdict.CHANGED if changed else restore_verdict.NAME_CASE
        if self._task.provider and self._task.provider.converts:
            return self._judge_converted(path, stat, restored, changed=changed)
        if changed and restored.size != local.size:
            return restore_verdict.CHANGED
        return self._compare(path, stat, local, restored, changed=changed)

    def _has_name(self, path: str, restored: Restored) -> bool:
        if self._task.provider and self._task.provider.folds_case:
            return True
        return names.same(path, restored.path)

    def _compare(self, path: str, stat: Stat, local: Local, restored: Restored, *, changed: bool) -> str | None:
        there = files.read(self._client, f"{self._place}/{restored.path}", restored.size)
        here = self._read_here(path, stat, restored.size)
        if here is None:
            return restore_verdict.CHANGED
        if restored.size == local.size and here.sum == there.sum:
            self._prove(local)
            return None
        # It may have been written between the look at it and the reading.
        if changed or not files.unchanged(self._client, f"{self._task.root}/{path}", stat):
            return restore_verdict.CHANGED
        return restore_verdict.difference(local, restored, lambda: here.beginning == there.sum)

    def _judge_converted(self, path: str, stat: Stat, restored: Restored, *, changed: bool) -> str | None:
        """A provider that keeps pictures and not files: one came back, can be read, and has its size."""
        there = files.read(self._client, f"{self._place}/{restored.path}", restored.size)
        here = self._read_here(path, stat, 0)
        if here is None:
            return restore_verdict.CHANGED
        if restored.size and picture_size.same(here.picture, there.picture) and (there.picture or not here.picture):
            self._prove(Local(stat["size"], stat["mtime"], stat["ctime"]))
            return None
        return restore_verdict.CHANGED if changed else restore_verdict.ALTERED

    def _read_here(self, path: str, stat: Stat, part: int) -> files.Content | None:
        """A file of the task; `None` when it was changed while it was read."""
        place = f"{self._task.root}/{path}"
        try:
            content = files.read(self._client, place, stat["size"], part)
        except MiddlewareError:
            if files.unchanged(self._client, place, stat):
                raise
            return None
        if content.length == stat["size"]:
            return content
        if files.unchanged(self._client, place, stat):
            raise Failure(f"{self._task.title}: the NAS does not let {place} be read.")
        return None

    def _prove(self, local: Local) -> None:
        self.proven += 1
        self.bytes += local.size

    def _look_closer(self, here: Mapping[str, Stat | None]) -> None:
        """Tell apart what rclone's errors do not."""
        if self.hint:
            return
        missing = [path for path, kind in self.damages.items() if kind == restore_verdict.MISSING]
        if missing and self._hides(missing):
            self.damages |= dict.fromkeys(missing, restore_verdict.UNDECRYPTABLE)
        elif missing and not self._found and not self._failed:
            self.hint = "Nothing of the sample is in the task's folder: it is empty, or another one."
        unclear = {one: here[one] for one in self._failed if self.damages.get(one) == restore_verdict.ALTERED}
        if unclear:
            self._find_cut_short(unclear)
        if restore_verdict.UNDECRYPTABLE in self.damages.values():
            self.hint = (
                "Compare encryption, filename_encryption, encryption_password and encryption_salt of the task with "
                "what the files were pushed with."
            )

    def _hides(self, missing: Sequence[str]) -> bool:
        """Whether the files may be there, encrypted in a way that the task does not have."""
        if self._task.encrypted:
            return not self._found and bool(crypt_names.skipped(self._log))
        there = self._task.there({"", *(path.rpartition("/")[0] for path in missing)})
        for path in missing:
            directory, dummy, name = path.rpartition("/")
            if f"{name}.bin" in there.get(directory, ()):
                return True
        return not self._found and crypt_names.look_encrypted(list(there.get("", ())))

    def _find_cut_short(self, unclear: Mapping[str, Stat | None]) -> None:
        """Ask rclone how long the files are that it could not copy."""
        for batch in restore_jobs.batches(unclear):
            dummy, log = self._jobs.run(restore_jobs.pull(self._task.entry, self._place, batch), dry_run=True)
            for path, size in rclone_log.would_copy_sizes(log).items():
                stat = unclear.get(path)
                if stat and (size or 0) < stat["size"] * _ROUNDED:
                    self.damages[path] = restore_verdict.CUT_SHORT
