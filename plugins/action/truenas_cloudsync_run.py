# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

display = Display()

# A module cannot say anything before it ends, so it waits for the job in slices, and how far the job is is shown
# between
# them. The first is short, for people who watch; the others spare the NAS, which allows 20 logins a minute.
_FIRST_SLICE, _SLICE = 3, 10


class ActionModule(ActionBase):
    """Shows the progress of the job while the module waits for it."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        args = dict(self._task.args)
        if self._task.async_val:
            return self._slice(args, task_vars)
        try:
            ends = time.monotonic() + float(args.get("wait_timeout", 3600))
        except (TypeError, ValueError):
            return self._slice(args, task_vars)  # the module says what is wrong with it
        result = self._slice({**args, "wait_timeout": self._length(_FIRST_SLICE, ends)}, task_vars)
        while result.get("timed_out") and time.monotonic() < ends:
            self._show(result["job"])
            args["job"] = result["job"]["id"]
            result = self._slice({**args, "wait_timeout": self._length(_SLICE, ends)}, task_vars)
        return result

    def _slice(self, args: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        return dict(self._execute_module(module_args=args, task_vars=task_vars, wrap_async=self._task.async_val))

    @staticmethod
    def _length(seconds: int, ends: float) -> int:
        return max(1, min(seconds, round(ends - time.monotonic())))

    @staticmethod
    def _show(job: dict[str, Any]) -> None:
        percent = f"{job['percent']:.0f}%" if job.get("percent") is not None else ""
        display.display(
            " ".join(part for part in (f"job {job['id']}", job["state"], percent, job["description"]) if part)
        )
