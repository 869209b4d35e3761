# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test whether a task's files can be got back. PRIVATE to the collection."""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import restore_place, restore_verdict
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.restore_sample import Sample, draw
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import one_line
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import chosen_task, comparing, files
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.comparing import Comparing
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.one_time_jobs import OneTimeJobs
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.restoring import Restoring
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.scratch import Scratch
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.tested_task import TestedTask, keeps_no_copy

_FILES = 20
_SEEDS = 1 << 31
_TRIES = 3

ARGUMENTS: dict[str, dict[str, Any]] = {
    "task": {"type": "str"},
    "id": {"type": "int"},
    "all": {"type": "bool", "default": False},
    "scratch": {"type": "str"},
    "files": {"type": "int"},
    "percent": {"type": "int"},
    "max_bytes": {"type": "int", "default": 1 << 30},
    "seed": {"type": "int"},
    "rotate": {"type": "int"},
    "level": {"type": "str", "choices": ["contents", "checksum"], "default": "contents"},
    "keep": {"type": "bool", "default": False},
    "wait_timeout": {"type": "int", "default": 3600},
}
CONSTRAINTS: dict[str, Any] = {
    "required_if": [("level", "contents", ("scratch",))],
    "mutually_exclusive": [("task", "id")],
}

Task = Mapping[str, Any]


def refuse(params: Mapping[str, Any]) -> None:
    """Refuse values that mean nothing.

    Raises:
        OptionError
    """
    given = [name for name in ("task", "id") if params[name] is not None]
    if bool(given) == params["all"]:
        raise OptionError("Give one of these: task, id, or all: true.")
    for name, least, most in (
        ("files", 1, None),
        ("percent", 1, 100),
        ("max_bytes", 1, None),
        ("rotate", 0, None),
        ("wait_timeout", 1, None),
    ):
        value = params[name]
        if value is not None and (value < least or (most is not None and value > most)):
            limits = f"from {least} to {most}" if most else f"from {least} on"
            raise OptionError(f"{name}: {value} is not accepted. Give a whole number {limits}.")
    if params["level"] == "contents" and (problem := restore_place.spelling(params["scratch"])):
        raise OptionError(f"{problem}.")


def execute(invocation: Invocation) -> Outcome:
    """The work of `truenas_cloudsync_restore_test`."""
    return _Test(invocation).outcome()


class _Test:
    def __init__(self, invocation: Invocation) -> None:
        self.invocation = invocation
        self.client = invocation.client
        self.params = invocation.params
        self.jobs = OneTimeJobs(invocation, invocation.params["wait_timeout"])
        self.seed = self.params["seed"]
        if self.seed is None:
            self.seed = 0 if self.params["rotate"] is not None else random.randrange(_SEEDS)  # noqa: S311
        self.entries: Sequence[Task] = ask(self.client, "cloudsync.query")

    def outcome(self) -> Outcome:
        tasks = self._chosen()
        if self.params["level"] == "checksum":
            return self._each(tasks, self._compare)
        scratch = Scratch(self.client, self.jobs, self.params["scratch"], self.entries)
        return self._each(tasks, lambda task: self._restore(task, scratch))

    def _chosen(self) -> list[TestedTask]:
        if self.params["all"]:
            tasks = [TestedTask(self.client, entry) for entry in self.entries if not keeps_no_copy(entry)]
            if not tasks:
                raise Failure("all: there is no cloud sync task on the NAS that pushes files and keeps them.")
            return tasks
        return [TestedTask(self.client, chosen_task.the_one(self.entries, self.params))]

    def _each(self, tasks: Sequence[TestedTask], test: Any) -> Outcome:
        """Test one after the other; a task that cannot be tested, or is damaged, does not keep others from it."""
        proofs, samples, problems = [], [], []
        for task in tasks:
            try:
                task.refuse()
                proof, sample = test(task)
            except (Failure, MiddlewareError) as problem:
                if len(tasks) == 1 and not isinstance(problem, _Damaged):
                    raise
                told = str(problem) if isinstance(problem, Failure) else f"{task.title}: {problem}"
                problems.append(told)
                proofs += [problem.returns["proof"]] if isinstance(problem, _Damaged) else []
            else:
                proofs += [proof] if proof else []
                samples += [sample] if sample else []
        returns = {"proof": proofs[0] if len(proofs) == 1 else None, "proofs": proofs, "samples": samples}
        if problems:
            raise Failure(" ".join(problems), **returns)
        return Outcome(self.params["keep"] and not self.invocation.check_mode, returns)

    def _compare(self, task: TestedTask) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        comparing.refuse(task)
        if self.invocation.check_mode:
            return None, {"task": task.entry["description"], "files": None, "bytes": 0, "requests": None, "paths": []}
        work = Comparing(self.client, self.jobs, task)
        work.run()
        return self._judged(task, work, {"seed": None, "part": 0, "parts": 1}), None

    def _restore(self, task: TestedTask, scratch: Scratch) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        sample = self._draw(task)
        told = self._cost(task, sample)
        if self.invocation.check_mode:
            return None, told
        scratch.make(task.entry)
        place = scratch.place_to_keep(task.entry) if self.params["keep"] else scratch.path
        work = Restoring(self.client, self.jobs, task, sample, place)
        try:
            work.run()
        finally:
            self._clean_up_all_the_same(task, scratch)
        return self._judged(task, work, {"seed": self.seed, "part": sample.part, "parts": sample.parts}), told

    def _clean_up_all_the_same(self, task: TestedTask, scratch: Scratch) -> None:
        """What goes wrong with it must not hide what was found before."""
        problem: Exception | None = None
        for dummy in range(_TRIES):  # the connection may have broken
            try:
                self.jobs.stop(scratch.path)
                if not self.params["keep"]:
                    scratch.wipe(task.entry)
                return
            except (Failure, MiddlewareError) as error:
                problem = error
        self.invocation.warn(f"{task.title}: {problem}")

    def _draw(self, task: TestedTask) -> Sample:
        tree = task.files()
        limit = self.params["files"]
        if limit is None and self.params["percent"] is None:
            limit = _FILES
        sample = draw(
            tree.sizes,
            files=limit,
            percent=self.params["percent"],
            max_bytes=self.params["max_bytes"],
            seed=self.seed,
            rotate=self.params["rotate"] or 0,
        )
        if not sample.paths:
            raise Failure(f"{task.title}: each of its files is larger than max_bytes. Allow more.")
        if not tree.whole:
            self.invocation.warn(f"{task.title}: it has so many directories that not all of its files can be drawn.")
        if sample.too_large:
            self.invocation.warn(
                f"{task.title}: {sample.too_large} of its files are larger than max_bytes, and never tested."
            )
        if not self.invocation.check_mode:
            files.first_readable(self.client, task.root, tree.sizes, sample.paths)
        return sample

    def _cost(self, task: TestedTask, sample: Sample) -> dict[str, Any]:
        directories = {path.rpartition("/")[0] for path in sample.paths}
        above = {"/".join(one.split("/")[:length]) for one in directories for length in range(one.count("/") + 2)}
        return {
            "task": task.entry["description"],
            "files": len(sample.paths),
            "bytes": sample.bytes,
            # Each directory is listed, each file is read; two lists more are for the check of the folder and the end.
            "requests": len(above | {""}) + len(sample.paths) + 2,
            "paths": list(sample.paths),
        }

    def _judged(self, task: TestedTask, work: Restoring | Comparing, drawn: Mapping[str, Any]) -> dict[str, Any]:
        damages = sorted(work.damages.items())
        converts = task.provider.converts if task.provider else None
        proof = {
            "task": task.entry["description"],
            "id": task.entry["id"],
            "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "level": self.params["level"],
            "files": work.proven,
            "bytes": work.bytes,
            "changed_since": len(work.changed),
            "damages": [{"path": path, "kind": kind} for path, kind in damages],
            "proves": _proves(self.params["level"], converts),
            **drawn,
        }
        if damages:
            told = restore_verdict.told(damages)
            raise _Damaged(one_line(f"{task.title} is damaged. Of its files, {told}. {work.hint}".strip()), proof=proof)
        if not work.proven:
            raise Failure(
                f"{task.title}: nothing was proven, as all files of the sample may have been changed after the task "
                "has last run. Run it first."
            )
        return proof


class _Damaged(Failure):
    """Files cannot be got back as they were."""


def _proves(level: str, converts: str | None) -> str:
    if level == "checksum":
        return "The provider's checksums of the files are those of the files on the NAS. None was restored."
    if converts:
        return (
            "The pictures are there, can be read, and have the same width and height where the format tells it. Their "
            f"contents are not compared: {converts}."
        )
    return "The files were restored, and have the same contents as those on the NAS."
