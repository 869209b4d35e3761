# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task's runs tell when they are compared. PRIVATE to the collection. Pure.

Only runs whose figures or whose whole log are known are compared. Of a run that only copies, TrueNAS keeps neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import delete_share
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.words import clean
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.reasons import Reason
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.runs import Run

_BEFORE = 5
"""So many runs before the last one are compared with it: a change is told until as many runs were made since."""
_NAMED = 3


def changes(runs: Sequence[Run], stale_after: int | None) -> Iterator[Reason]:
    """Compare a task's successful real runs, the newest first."""
    if stale_after and len(runs) >= stale_after and not any(map(_sent, runs[:stale_after])):
        number = f"last {stale_after} runs" if stale_after > 1 else "last run"
        yield Reason("nothing_sent", f"The {number} transferred nothing.")
    if runs:
        yield from _shrunk(runs[0], runs[1 : 1 + _BEFORE])
        yield from _left_out(runs[0], runs[1 : 1 + _BEFORE])


def _sent(run: Run) -> bool:
    """Whether it transferred something, or that is not known."""
    summary = run.told["summary"]
    return summary is None or summary["transferred"] != 0


def _shrunk(last: Run, before: Sequence[Run]) -> Iterator[Reason]:
    now = _files(last)
    earlier = [files[0] for files in map(_files, before) if files]
    if now is None or not earlier:
        return
    most = max(earlier)
    if delete_share.is_too_large(most - now[1], most, delete_share.DEFAULT):
        yield Reason(
            "shrunk",
            f"The source has shrunk: the last run found at most {now[1]} files, and one before at least {most}.",
        )


def _files(run: Run) -> tuple[int, int] | None:
    """How many files a run found at least and at most. rclone counts one that has changed twice."""
    summary = run.told["summary"]
    if summary is None or None in (summary["checks"], summary["transferred"]):
        return None
    kept = max(summary["checks"] - summary["deleted"], 0)
    return max(kept, summary["transferred"]), kept + summary["transferred"]


def _left_out(last: Run, before: Sequence[Run]) -> Iterator[Reason]:
    earlier = [run.left_out for run in before if run.left_out is not None]
    if last.left_out is None or not earlier:
        return
    least = min(earlier, key=len)
    if len(last.left_out) > len(least):
        new = sorted(map(clean, last.left_out - least))
        names = ", ".join(map(repr, new[:_NAMED])) + (", ..." if len(new) > _NAMED else "")
        yield Reason(
            "left_out",
            f"The last run left out {len(last.left_out)} files, and one before only {len(least)}. New are: {names}.",
        )
