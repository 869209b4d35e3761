# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The last runs of a task and its last test of a restore, for people. PRIVATE to the collection. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.words import moment_text, size, span
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.status import STATES, ago, figures

_LOWEST = 15
"""Percent: also a run of a second is a bar that can be seen."""


def bars(runs: Sequence[Mapping[str, Any]], now: datetime, zone: tzinfo) -> list[dict[str, Any]]:
    """The last runs as bars, the oldest first. A bar is as high as the run was long.

    Args:
        runs: As `truenas_cloudsync_health_info` returns them, the newest first.
        now: An aware time.
        zone: The time zone of the NAS.
    """
    took = [_took(run, now) for run in runs]
    longest = max((one for one in took if one is not None), default=timedelta(0))
    pairs = zip(runs, took, strict=True)
    return [_bar(run, length, longest, now, zone) for run, length in pairs][::-1]


def _bar(
    run: Mapping[str, Any], took: timedelta | None, longest: timedelta, now: datetime, zone: tzinfo
) -> dict[str, Any]:
    state = "waiting" if run.get("goes_on") else STATES.get(run["state"], "waiting")
    share = round(100 * (took / longest)) if took and longest else 0
    told = [
        moment_text(_moment(run["started"]), now, zone) if run["started"] else "",
        "ended as planned" if run.get("goes_on") else state,
        f"{'for' if state == 'running' else 'took'} {span(took)}" if took is not None else "",
        figures(run) if run["deleted"] is not None else "",
    ]
    return {"state": state, "height": max(share, _LOWEST), "text": ", ".join(filter(None, told))}


def _took(run: Mapping[str, Any], now: datetime) -> timedelta | None:
    if not run["started"]:
        return None
    until = _moment(run["finished"]) if run["finished"] else now if run["state"] == "RUNNING" else None
    return None if until is None else max(until - _moment(run["started"]), timedelta(0))


def restore_test(proof: Mapping[str, Any] | None, now: datetime) -> dict[str, Any]:
    """What the last test of a restore has proven.

    Args:
        proof: As `truenas_cloudsync_restore_test` returns it, or a part of that.
        now: An aware time.
    """
    if not proof:
        return {"restore_test": "", "restore_test_ago": "", "restore_test_time": None}
    damages, files = len(proof.get("damages") or ()), proof.get("files")
    told = [f"{files} {'file' if files == 1 else 'files'} proven"] if isinstance(files, int) else []
    if told and isinstance(proof.get("bytes"), int):
        told[0] += f" ({size(proof['bytes'])})"
    if damages:
        told.append(f"{damages} damaged")
    return {
        "restore_test": ", ".join(told),
        "restore_test_ago": ago(now - _moment(proof["date"])),
        "restore_test_time": proof["date"],
    }


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
