# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task that is to be tested: which files it pushes, and when it has last done so. PRIVATE to the collection."""

from __future__ import annotations

import math
import posixpath
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    rclone_decisions,
    rclone_log,
    restore_verdict,
    task_form,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_patterns import Filters
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.restore_verdict import LastRun
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN, without_marked
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask, ask_all
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.files import Tree

_OF_TRUENAS = ("ix-apps", "ix-applications")  # never pushed from the root of a pool
_FILTERED = {"order_by": ["-id"], "select": ["id", "method", "arguments", "state", "time_started"]}
_FOLDERS = 20  # of the provider: the NAS starts an rclone for each
_SAME_RUN = 2  # seconds: runs that are so close have changed files at times that cannot be told apart

Task = Mapping[str, Any]


def keeps_no_copy(task: Task) -> str | None:
    """Why there is nothing to compare a task's backup with; `None` when it pushes and keeps its files."""
    if task["direction"] != "PUSH":
        return "it pulls, so that it backs up nothing of the NAS"
    if task["transfer_mode"] == "MOVE":
        return "it moves its files to the provider, so that there are none on the NAS to compare them with"
    return None


class TestedTask:
    """One task.

    Attributes:
        title: What to call it.
    """

    def __init__(self, client: Client, task: Task) -> None:
        self._client = client
        self.entry = task
        self.root = task["path"].rstrip("/")
        self.title = task_form.title(task)
        self.provider = PROVIDERS.get(task_form.reference_of(task["credentials"]).type or "")
        self.encrypted = bool(task.get("encryption"))

    def refuse(self) -> None:
        """Refuse a task that cannot be tested.

        Raises:
            Failure
        """
        if reason := keeps_no_copy(self.entry):
            raise Failure(f"{self.title} cannot be tested: {reason}.")
        if HIDDEN in (self.entry.get("encryption_password"), self.entry.get("encryption_salt")):
            raise Failure(
                f"{self.title} cannot be tested: the account may not see its key. It needs the role CLOUD_SYNC_WRITE."
            )

    def files(self) -> Tree:
        """The files that it pushes.

        Raises:
            Failure: only rclone can tell, or there are none.
        """
        filters = Filters(self.entry["include"], self.entry["exclude"])
        if not filters.known or rclone_decisions.hides_what_a_push_deletes(self.entry["args"]):
            raise Failure(
                f"{self.title} cannot be tested by a sample: its filters or arguments choose files in a way that only "
                "rclone knows. Use patterns with * and ** in include and exclude. Where it proves something, level: "
                "checksum needs no sample."
            )
        in_pool_root = self.root.count("/") == 2  # /mnt/POOL
        rules, folder = (self.provider.files if self.provider else None), str(self.entry["attributes"].get("folder"))

        def enter(path: str) -> bool:
            name = posixpath.basename(path)
            own = name == ".zfs" or (in_pool_root and path in _OF_TRUENAS)
            return not own and not (rules and rules.is_system(name)) and filters.enter(path)

        def keep(path: str, size: int) -> bool:
            if not filters.keep(path) or posixpath.basename(path) == ".zfs":
                return False
            return rules is None or rules.reason(path, size, folder, kept=True) is None

        tree = Tree(self._client, self.root, enter=enter, keep=keep)
        if not tree.sizes:
            raise Failure(
                f"{self.title} cannot be tested: there is no file that it pushes in {self.root}. Is the dataset "
                "mounted, and the path right?"
            )
        return tree

    def there(self, directories: Iterable[str]) -> dict[str, dict[str, int]]:
        """The names and sizes of what is at the provider in some directories: in as many as can be asked for."""
        folder = str(self.entry["attributes"].get("folder") or "").rstrip("/")
        asked = sorted(directories)[:_FOLDERS]
        places = [
            {
                "credentials": self.entry["credentials"]["id"],
                "attributes": {**self.entry["attributes"], "folder": f"{folder}/{one}".rstrip("/")},
            }
            for one in asked
        ]
        answers = ask_all(self._client, [("cloudsync.list_directory", (place,)) for place in places])
        # A directory that cannot be listed is not there: others could be.
        return {
            one: {} if isinstance(answer, Exception) else {item["Name"]: item.get("Size") or 0 for item in answer}
            for one, answer in zip(asked, answers, strict=True)
        }

    def last_run(self) -> LastRun | None:
        """Its last run that succeeded; `None` when it has never run.

        The NAS forgets jobs when it restarts, but for the last one of each task.
        """
        filters = [["method", "=", "cloudsync.sync"], ["state", "=", "SUCCESS"]]
        jobs = [Job.from_api(entry) for entry in ask(self._client, "core.get_jobs", filters, _FILTERED)]
        runs = [job for job in jobs if job.arguments == [self.entry["id"]] and job.started]
        if not runs:
            last = Job.from_api(self.entry["job"]) if self.entry.get("job") else None
            if last is None:
                return None
            if last.state != "SUCCESS" or last.arguments[1:] or not last.started:
                return LastRun(restore_verdict.UNKNOWN)
            return LastRun(math.floor(last.started.timestamp()))
        started = math.floor(max(job.started.timestamp() for job in runs if job.started))
        copied: set[str] = set()
        for job in runs:
            if job.started and job.started.timestamp() > started - _SAME_RUN:
                copied.update(rclone_log.read(without_marked(self._client.job_log(job))).copied)
        return LastRun(started, frozenset(copied))
