# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare what the modules answered in one way with what they answered in another.

Everything is compared, down to the options that they understood, but for what no two runs have in common: the address
and the keys of a simulator, times, the numbers of records that were made side by side, and rclone's own words on how
fast it was.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Answers = dict[tuple[str, str, int], Any]
"""By the place of a task, its name, and which time it ran there."""

OF_ONE_RUN = {
    "address": r"127\.0\.0\.1:\d+",
    "folder": r"/\w+/nasops-simulator-\w+",
    "fingerprint": r"\b(?:[0-9a-f]{64}|(?:[0-9A-F]{2}:){31}[0-9A-F]{2})\b",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z",
    "time of rclone": r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d",
    "plan": r"\b1\.[\w-]{40,}",
}

OF_RCLONE = ("log", "elapsed")
"""What of a run holds rclone's figures, whose speed differs."""

OF_JOB = ("error", "description")
"""What of a job holds them too."""

OF_A_MOMENT = ("state", "finished")
"""What of a job that is being stopped depends on how soon one looks."""

OF_A_RECORD = ("id",)
"""What a record gets from the NAS, which takes creations that arrive together in any order."""

OF_ANSIBLE = ("failed_when_suppressed_exception", "ansible_job_id", "results_file", "attempts")
"""What ansible-core adds to the answer of a module, or to that of one with a process only."""


def read(file: Path) -> Answers:
    """The answers that callback_plugins/answers.py has written down."""
    answers: Answers = {}
    if not file.exists():  # no target has run a module
        return answers
    times: Counter[tuple[str, str]] = Counter()
    for line in file.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        task = re.sub(r".*/cloudsync/(?:tests/output/.*/targets/)?", "", told["path"]), told["name"]
        times[task] += 1
        answers[*task, times[task]] = comparable(told["answer"])
    return answers


def comparable(value: Any) -> Any:
    """An answer without what is of one run only."""
    if isinstance(value, list):
        return [comparable(item) for item in value]
    if isinstance(value, str):
        for name, pattern in OF_ONE_RUN.items():
            value = re.sub(pattern, f"<{name}>", value)
        return value
    if not isinstance(value, dict):
        return value
    # A loop adds its item to each answer.
    left_out = (*OF_ANSIBLE, value.get("ansible_loop_var"))
    varying: tuple[str, ...] = OF_RCLONE
    if "action" in value:
        varying += OF_A_RECORD
    if "percent" in value:
        varying += OF_JOB
        if value.get("state") in ("RUNNING", "ABORTED"):
            varying += OF_A_MOMENT
    return {
        name: "<varies>" if name in varying else comparable(item)
        for name, item in value.items()
        if name not in left_out
    }


def differences(one: Answers, other: Answers) -> Iterator[str]:
    """Say where the answers of `other` are not those of `one`, which may hold more of them, a line each."""
    for task in other:
        found = _between("", one[task], other[task]) if task in one else [": ran in one way only"]
        yield from (f"{task[0]}: {task[1]} ({task[2]}){text}" for text in found)


def _between(path: str, one: Any, other: Any) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted({*one, *other}):
            yield from _between(f"{path}.{name}", one.get(name, "<absent>"), other.get(name, "<absent>"))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _between(f"{path}[{index}]", left, right)
    elif one != other or type(one) is not type(other):
        yield f"{path}: {one!r} / {other!r}"
