# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures of recorded runs of the real server, which keeps the first progress report of a copy only."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_log, run_figures
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import extended_json
from simulator.tests import recordings


def recorded(release: str, step: str) -> tuple[str, Job]:
    """The whole log of a recorded run, and its job as it ended."""
    steps = {one["step"]: one["frames"] for one in recordings.load(f"recorded/second-{release}.json")}
    (log,) = (frame["<"]["body"] for frame in steps[f"{step}-log"] if "body" in frame.get("<", {}))
    jobs: list[dict[str, Any]] = [
        frame["<"]["params"]["fields"]
        for frame in steps[step]
        if isinstance(frame.get("<"), dict) and frame["<"].get("params", {}).get("collection") == "core.get_jobs"
    ]
    ended = [job for job in jobs if job["method"] == "cloudsync.sync" and job["state"] in ("SUCCESS", "FAILED")]
    return log, Job.from_api(extended_json.loads(json.dumps(ended[-1]).encode()))


@pytest.mark.parametrize("release", ["25.10", "27.0"])
@pytest.mark.parametrize(
    ("step", "figures"),
    [
        ("sync-over-3-seconds", {"transferred": 40, "bytes": 800_000, "checks": None, "deleted": 0, "errors": 0}),
        ("sync-over-1-second-failing", {"transferred": 10, "bytes": 240_000, "deleted": 0, "errors": 2}),
        ("sync-30-deletions", {"transferred": 0, "bytes": 0, "checks": 42, "deleted": 30, "errors": 0}),
    ],
)
def test_the_figures_are_those_of_the_end(release: str, step: str, figures: dict[str, Any]) -> None:
    text, job = recorded(release, step)
    told = run_figures.summary(rclone_log.read(text), job)
    assert {name: told[name] for name in figures} == figures
    assert told["elapsed"] is not None
    assert told["elapsed"] > 3
    excerpt = "\n".join(
        [*text.split("\n")[:10], f"... {text.count(chr(10)) - 20} more lines ...", *text.split("\n")[-10:]]
    )
    short = run_figures.summary(rclone_log.read(excerpt), job)
    assert {name: short[name] for name in figures} == figures


def test_what_nothing_tells_is_unknown() -> None:
    text, _job = recorded("25.10", "sync-over-3-seconds")
    told = run_figures.summary(rclone_log.read(text), None)
    assert (told["transferred"], told["bytes"], told["checks"], told["elapsed"]) == (40, None, None, None)
