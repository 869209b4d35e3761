# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare all files of a task with the provider's checksums, without a download. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    rclone_errors,
    rclone_log,
    restore_jobs,
    restore_verdict,
    task_form,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.restore_verdict import Local
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import files, one_time_jobs
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.one_time_jobs import OneTimeJobs
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.tested_task import TestedTask

_NO_CHECKSUMS = re.compile(r"no hashes in common|hash type none", re.IGNORECASE)
_CONTENTS = "Use level: contents, which restores a sample"


def refuse(task: TestedTask) -> None:
    """Refuse the level where it proves nothing.

    Raises:
        Failure
    """
    why = None
    if task.encrypted:
        why = "the provider has checksums of the encrypted files only, which cannot be compared with those of the NAS"
    elif task.provider and not task.provider.hashes:
        why = f"{task.provider.title} tells no checksums of files"
    if why:
        raise Failure(f"level: checksum proves nothing for {task.title}: {why}. {_CONTENTS}.")


class Comparing:
    """The comparison of one task. For the attributes, see `Restoring`; `bytes` stays unknown."""

    def __init__(self, client: Client, jobs: OneTimeJobs, task: TestedTask) -> None:
        self._client = client
        self._jobs = jobs
        self._task = task
        self.proven = 0
        self.bytes: int | None = None
        self.changed: list[str] = []
        self.damages: dict[str, str] = {}
        self.hint = ""

    def run(self) -> None:
        """Compare, and name what differs.

        Raises:
            Failure: the comparison could not be made, or has proven nothing.
            MiddlewareError: likewise.
        """
        last_run = self._task.last_run()
        job, log = self._jobs.run(restore_jobs.comparison(self._task.entry), dry_run=True)
        if _NO_CHECKSUMS.search(log):
            raise Failure(
                f"level: checksum proves nothing for {self._task.title}: the provider tells no checksums that rclone "
                f"could compare, so that it has compared sizes only. {_CONTENTS}."
            )
        if job.state != "SUCCESS":
            values = task_form.named_values(self._task.entry)
            why = rclone_errors.explain(one_time_jobs.cause(job, log), self._task.provider, values)
            raise Failure(f"{self._task.title}: the comparison could not be made: {why}")
        figures = rclone_log.read(log)
        if not figures.complete or not figures.has_figures:
            raise Failure(f"{self._task.title}: the log of the comparison is not whole, so that nothing is proven.")
        differing = figures.would_copy
        stats = files.stats(self._client, self._task.root, differing)
        doubtful = {}
        for path, stat in zip(differing, stats, strict=True):
            local = Local(stat["size"], stat["mtime"], max(stat["mtime"], stat["ctime"])) if stat else None
            if local is None or restore_verdict.changed_since(last_run, path, local):
                self.changed.append(path)
            else:
                doubtful[path] = local
        there = self._task.there({path.rpartition("/")[0] for path in doubtful})
        self.damages = {path: _kind(path, local, there) for path, local in doubtful.items()}
        missing = sum(kind == restore_verdict.MISSING for kind in self.damages.values())
        self.proven = max(figures.checks - len(differing) + missing, 0)


def _kind(path: str, local: Local, there: Mapping[str, Mapping[str, int]]) -> str:
    directory, dummy, name = path.rpartition("/")
    if directory not in there:
        return restore_verdict.DIFFERENT
    sizes = there[directory]
    if name not in sizes:
        folded = name.casefold() in {one.casefold() for one in sizes}
        return restore_verdict.NAME_CASE if folded else restore_verdict.MISSING
    return restore_verdict.CUT_SHORT if sizes[name] < local.size else restore_verdict.ALTERED
