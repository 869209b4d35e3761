# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ansible.utils.display import Display

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import job as job_view
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import one_line
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._module_action import ModuleActionBase

display = Display()

# A module on another machine cannot say anything before it ends, so it waits for the job in slices, and the job's
# progress is shown between them. The first is short, for people who watch; the others spare the NAS, which allows 20
# logins a minute.
_FIRST_SLICE, _SLICE = 3, 10

# Seconds. A job of the middleware changes every second.
_SHOW_EVERY = 5


class ActionModule(ModuleActionBase):
    """Shows the progress of the job while the module waits for it."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        variables = task_vars or {}
        args = dict(self._task.args)
        progress = Progress(str(variables.get("inventory_hostname", "")))
        if self.in_worker(variables):
            return self.run_module(args, variables, progress=progress)
        if self._task.async_val or not str(args.get("wait_timeout", 3600)).isdigit():
            return self.run_module(args, variables)
        wait_timeout = int(args.get("wait_timeout", 3600))
        ends = time.monotonic() + wait_timeout
        result = self.run_module({**args, "wait_timeout": self._length(_FIRST_SLICE, ends)}, variables)
        invocation = result.get("invocation")
        while result.get("timed_out") and time.monotonic() < ends:
            progress.show(result["task"]["description"], result["job"])
            args["job"] = result["job"]["id"]
            result = self.run_module({**args, "wait_timeout": self._length(_SLICE, ends)}, variables)
        if invocation:
            invocation["module_args"]["wait_timeout"] = wait_timeout
            result["invocation"] = invocation
        return result

    @staticmethod
    def _length(seconds: int, ends: float) -> int:
        return max(1, min(seconds, round(ends - time.monotonic())))


class Progress:
    """Shows how far a job is when its state changes, and now and then in between.

    Args:
        host: The host of the inventory, as several are worked on at once.
    """

    def __init__(self, host: str) -> None:
        self._host = one_line(host)
        self._state = ""
        self._next = 0.0

    def __call__(self, task: str, job: Job) -> None:
        self.show(task, job_view.result(job))

    def show(self, task: str, job: Mapping[str, Any]) -> None:
        """Show a line for the job of a task, if it is time for one."""
        if job["state"] == self._state and time.monotonic() < self._next:
            return
        self._state, self._next = job["state"], time.monotonic() + _SHOW_EVERY
        percent = "" if job["percent"] is None else f"{job['percent']:.0f}%"
        where = ": ".join(part for part in (self._host, one_line(task)) if part)
        told = " ".join(part for part in (job["state"], percent, job["description"]) if part)
        display.display(f"{where}: {told} (job {job['id']})")
