# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The status of cloud sync on several NASes, as a table for the terminal. PRIVATE to the collection. Pure."""

from __future__ import annotations

import itertools
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.words import clean
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._drift import details

_HEADERS = ("TASK", "STATE", "HEALTH", "LAST RUN", "TOOK", "NEXT RUN")
_HEALTH = _HEADERS.index("HEALTH")
_WIDTH = 100
_INDENT = "    "


def table(hosts: Sequence[Mapping[str, Any]]) -> str:
    """A line for each task, under it what it does and did; a last line that counts.

    Args:
        hosts: As the filter `cloudsync_status` returns each, and as `drift` what the filter `cloudsync_drift` returns.
    """
    rows = {id(task): _row(task) for host in hosts for task in host["tasks"]}
    headers: tuple[str, ...] = _HEADERS
    if not any(row[_HEALTH] for row in rows.values()):  # nothing was judged
        rows = {key: row[:_HEALTH] + row[_HEALTH + 1 :] for key, row in rows.items()}
        headers = headers[:_HEALTH] + headers[_HEALTH + 1 :]
    widths = [max(map(_width, column)) for column in zip(headers, *rows.values(), strict=True)]
    lines = [_line(headers, widths)]
    for host in hosts:
        lines.extend(["", _heading(host)])
        about = (host["problem"], host["note"], *(token["text"] for token in host["tokens"]), *_of_nas(host))
        lines.extend(itertools.chain.from_iterable(map(_wrapped, about)))
        for task in host["tasks"]:
            lines.append(_line(rows[id(task)], widths))
            lines.extend(itertools.chain.from_iterable(map(_wrapped, _details(task))))
        lines.extend(_drift(host.get("drift")))
    return "\n".join([*lines, "", counts(hosts)])


def counts(hosts: Sequence[Mapping[str, Any]]) -> str:
    """For example `3 NASes, 1 not reached. 4 tasks: 1 failed, 1 running, 2 success`."""
    tasks = [task for host in hosts for task in host["tasks"]]
    missing = sum(not host["reached"] for host in hosts)
    text = f"{len(hosts)} NAS{'' if len(hosts) == 1 else 'es'}" + (f", {missing} not reached" if missing else "")
    states = sorted(task["state"] for task in tasks)
    of_each = [f"{len(list(group))} {_named(state)}" for state, group in itertools.groupby(states)]
    text += f". {len(tasks)} task{'' if len(tasks) == 1 else 's'}" + (f": {', '.join(of_each)}." if tasks else ".")
    judged = [task["ok"] for task in tasks if task.get("ok") is not None]
    return f"{text} {sum(judged)} of {len(judged)} healthy." if judged else text


def _drift(found: Mapping[str, Any] | None) -> Iterator[str]:
    if found:
        yield f"  Compared with what is declared: {found['state']}"
        for line in details(found):
            yield from _wrapped(line, _INDENT + "  " * line.startswith(" "))


def _of_nas(host: Mapping[str, Any]) -> list[str]:
    said = [one["text"] for one in host.get("reasons", ())]
    return [*said, f"The tasks were not judged: {host['not_judged']}"] if host.get("not_judged") else said


def _named(state: str) -> str:
    return "never run" if state == "never" else state


def _heading(host: Mapping[str, Any]) -> str:
    if not host["reached"]:
        return f"{host['host']}: NOT REACHED"
    release = f"{host['release']}, " if host["release"] else ""
    return f"{host['host']}: {release}times in {host['timezone']}, now {host['at']}"


def _row(task: Mapping[str, Any]) -> tuple[str, ...]:
    state = _named(task["state"]) + (", dry run" if task["dry_run"] else "")
    if task["percent"] is not None:
        state += f" {task['percent']:.0f}%"
    health = task.get("verdict", "").replace("_", " ")
    times = task["last_run"] or "-", task["duration"] or "-", task["next_run"]
    return f"  {task['description']}", state, health, *times


def _details(task: Mapping[str, Any]) -> list[str]:
    ends = [task["path"], task["remote"]]
    source, target = ends if task["direction"] == "PUSH" else reversed(ends)
    what = f"{task['direction']} {task['transfer_mode']} {source} -> {target}, {task['schedule']}"
    # The reason says the same of a run that failed.
    problem = "" if any(one["kind"] == "failed" for one in task.get("reasons", ())) else task["problem"]
    own = (one["text"] for one in task.get("own_reasons", ()))
    return [
        text
        for text in (what, task["progress"], task["done"], task.get("dry_run_after"), problem, *own, _tested(task))
        if text
    ]


def _tested(task: Mapping[str, Any]) -> str:
    if not task.get("restore_test_time"):
        return ""
    return f"Restore tested {task['restore_test_ago']}" + (f": {task['restore_test']}" if task["restore_test"] else "")


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Columns that a terminal takes for it."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


def _wrapped(text: str, indent: str = _INDENT) -> list[str]:
    text = clean(text).strip()
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
