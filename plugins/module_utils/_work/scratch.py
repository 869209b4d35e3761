# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The directory of the NAS into which a restore test restores. PRIVATE to the collection."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import restore_jobs, restore_place
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.restore_place import OWN, parents, resolved
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import CallError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import one_time_jobs
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask, ask_all
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.one_time_jobs import OneTimeJobs

_SELECT = {"select": ["name", "type"]}

Task = Mapping[str, Any]


class Scratch:
    """The user's directory, and in it the one that is the test's own.

    Args:
        scratch: The option.
        tasks: All tasks of the NAS.

    Attributes:
        path: The test's own directory.

    Raises:
        Failure: something in it, or a task, could be touched by a test.
    """

    def __init__(self, client: Client, jobs: OneTimeJobs, scratch: str, tasks: Sequence[Task]) -> None:
        self._client = client
        self._jobs = jobs
        self._outer = scratch.rstrip("/")
        self.path = f"{self._outer}/{OWN}"
        self._refuse_conflict(tasks)
        self._names = self._look()

    def make(self, task: Task) -> None:
        """Make what is missing, and delete what an earlier test has left, with the help of a task's credential."""
        if self._names is None:
            self._mkdir(self._outer)
        if OWN not in (self._names or ()):
            self._mkdir(self.path)
        elif self._holds_something():
            self._jobs.stop(self.path)
            self.wipe(task)

    def place_to_keep(self, task: Task) -> str:
        """A directory for the files of one task, where those of several are kept."""
        place = f"{self.path}/{task['id']}"
        self._mkdir(place)
        return place

    def wipe(self, task: Task) -> None:
        """Delete all that is in the test's own directory.

        Raises:
            Failure: something is left.
        """
        if not self._holds_something():
            return
        for payload in restore_jobs.wipes(task, self.path):
            job, log = self._jobs.run(payload)
            if job.state == "SUCCESS":
                break
        if self._holds_something():
            raise Failure(
                f"What the restore test has restored could not be deleted ({one_time_jobs.cause(job, log)}). It is "
                f"left in {self.path}. The next test deletes it first."
            )

    def _holds_something(self) -> bool:
        return bool(ask(self._client, "filesystem.listdir", self.path, [], _SELECT))

    def _mkdir(self, path: str) -> None:
        # On a dataset with an ACL, the mode cannot be set.
        try:
            self._client.call(
                "filesystem.mkdir", {"path": path, "options": {"mode": "700", "raise_chmod_error": False}}
            )
        except CallError as error:
            raise Failure(f"scratch: {path} cannot be created: {error} Create {self._outer} yourself.") from None

    def _refuse_conflict(self, tasks: Sequence[Task]) -> None:
        places = [self.path, *(task["path"] for task in tasks)]
        links = self._links({parent for place in places for parent in parents(place)})
        if parents(self.path)[-1] in links or resolved(self.path, links) != self.path:
            raise Failure(
                f"scratch: {self._outer!r} leads through a symbolic link. Give the path of the directory itself."
            )
        named = [(f'task "{task["description"]}" (id {task["id"]})', resolved(task["path"], links)) for task in tasks]
        if conflict := restore_place.conflict(self._outer, named):
            raise Failure(f"{conflict}.")

    def _links(self, paths: Iterable[str]) -> dict[str, str]:
        paths = sorted(paths)
        answers = ask_all(self._client, [("filesystem.stat", (path,)) for path in paths])
        links = {}
        for path, answer in zip(paths, answers, strict=True):
            if isinstance(answer, CallError):
                if answer.errno == errno.EACCES:
                    raise answer
            elif isinstance(answer, Exception):
                raise answer
            elif answer.get("type") == "SYMLINK":
                links[path] = str(answer.get("realpath"))
        return links

    def _look(self) -> list[str] | None:
        """The names in the user's directory; `None` when it is not there."""
        try:
            entries = ask(self._client, "filesystem.listdir", self._outer, [], _SELECT)
        except CallError as error:
            if error.errno == errno.ENOENT:
                return None
            raise Failure(f"scratch: {self._outer} cannot be used: {error}") from None
        if problem := restore_place.in_use(self._outer, [entry["name"] for entry in entries]):
            raise Failure(f"{problem}.")
        if any(entry.get("type") != "DIRECTORY" for entry in entries):
            raise Failure(f"scratch: {self.path} is not a directory. Move it away.")
        return [entry["name"] for entry in entries]
