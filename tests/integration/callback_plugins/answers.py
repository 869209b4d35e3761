# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write down what the collection's modules answer, for the comparison of two ways to run them (tests/integration)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

MODULES = "nasops.cloudsync.truenas_"

# In the copy of the collection that the targets run from.
ANSWERS = Path(__file__).resolve().parents[2] / "output/answers.jsonl"


class CallbackModule(CallbackBase):
    """Adds a line of JSON to a file for each task that has run one of the modules."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "answers"

    def v2_playbook_on_start(self, playbook: Any) -> None:
        self._playbook = Path(playbook._file_name).name

    def v2_runner_on_ok(self, result: Any) -> None:
        self._write(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._write(result)

    def _write(self, result: Any) -> None:
        # ansible-core 2.19 has made these attributes public.
        task = result.task if hasattr(result, "task") else result._task
        answer = result.result if hasattr(result, "result") else result._result
        if not task.resolved_action.startswith(MODULES):
            return
        told = {"playbook": self._playbook, "path": task.get_path(), "name": task.get_name(), "answer": answer}
        ANSWERS.parent.mkdir(parents=True, exist_ok=True)
        with ANSWERS.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told, default=str) + "\n")
