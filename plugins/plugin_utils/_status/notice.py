# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The health of cloud sync on several NASes as a short message. PRIVATE to the collection. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.health import HEALTHY, NOT_JUDGED, outcome
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.status_table import counts


def notice(hosts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """A subject and a text for people, and a signal for a monitoring service.

    Args:
        hosts: As the filter `cloudsync_status` returns each.
    """
    found = [outcome(host) for host in hosts]
    lines = [line for host, judged in zip(hosts, found, strict=True) for line in _of_host(host, *judged)]
    healthy = all(kind == HEALTHY for kind, _said in found)
    return {
        "signal": "success" if healthy else "fail",
        "subject": f"Cloud sync: {_subject(hosts, [kind for kind, _said in found])}",
        "text": "\n".join([*lines, "", counts(hosts)]),
    }


def _subject(hosts: Sequence[Mapping[str, Any]], found: Sequence[str]) -> str:
    tasks = [task for host in hosts for task in host["tasks"]]
    bad = sum(task["ok"] is False for task in tasks)
    missing = [host["host"] for host, kind in zip(hosts, found, strict=True) if kind == NOT_JUDGED]
    told = [f"{bad} of {len(tasks)} tasks not healthy"] if bad else []
    if missing:
        told.append(f"{', '.join(missing)} not reached or not judged")
    return ", ".join(told) or "all healthy"


def _of_host(host: Mapping[str, Any], kind: str, said: str) -> Iterator[str]:
    if kind == NOT_JUDGED:
        yield said
        return
    yield f"{host['host']}: {'all healthy' if kind == HEALTHY else 'not healthy'}"
    for task in host["tasks"]:
        if not task["ok"]:
            yield f"  {task['description']}: {task['verdict'].replace('_', ' ')}"
            yield from (f"    {one['text']}" for one in task["reasons"])
