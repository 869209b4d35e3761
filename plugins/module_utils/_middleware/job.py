# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A middleware job as data. PRIVATE to the collection. Pure."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, TypeAlias

FieldError: TypeAlias = "tuple[str | None, str, int]"
"""Attribute, message and errno; the attribute is None for "record N does not exist"."""
FINAL_STATES = ("SUCCESS", "FAILED", "ABORTED")


@dataclasses.dataclass(frozen=True)
class Job:
    """What is known of a job. Times are aware (UTC); `arguments` are redacted by the NAS."""

    id: int
    method: str
    arguments: list[Any] = dataclasses.field(repr=False)
    state: str
    percent: float | None = None
    description: str = ""
    started: datetime.datetime | None = None
    finished: datetime.datetime | None = None
    result: Any = dataclasses.field(default=None, repr=False)
    error: str | None = dataclasses.field(default=None, repr=False)  # without its [ERRNAME] prefix
    errno: int | None = None
    fields: tuple[FieldError, ...] = dataclasses.field(default=(), repr=False)  # a validation failure's rows
    logs_excerpt: str = dataclasses.field(default="", repr=False)

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self.state in FINAL_STATES

    @classmethod
    def from_api(cls, entry: dict[str, Any]) -> Job:
        """From an entry of `core.get_jobs` or the `job` of a record. Tracebacks are left out."""
        progress = _member(entry, "progress", dict) or {}
        failure = _member(entry, "exc_info", dict) or {}
        error = _member(entry, "error", str)
        return cls(
            id=_member(entry, "id", int) or 0,
            method=_member(entry, "method", str) or "",
            arguments=_member(entry, "arguments", list) or [],
            state=_member(entry, "state", str) or "WAITING",
            percent=_member(progress, "percent", int, float),
            description=_member(progress, "description", str) or "",
            started=_member(entry, "time_started", datetime.datetime),
            finished=_member(entry, "time_finished", datetime.datetime),
            result=entry.get("result"),
            error=_without_prefix(error) if error else None,
            errno=_member(failure, "errno", int),
            fields=_rows(failure.get("extra")),
            logs_excerpt=_member(entry, "logs_excerpt", str) or "",
        )

    def same_as(self, earlier: Job) -> bool:
        """Whether both are the same job, not two of the same number before and after a restart."""
        same_start = not self.started or not earlier.started or self.started == earlier.started
        return (self.id, self.method, self.arguments) == (earlier.id, earlier.method, earlier.arguments) and same_start


def _member(entry: dict[str, Any], name: str, *kinds: type) -> Any:
    """A member of that kind; None when it is not there or of another."""
    value = entry.get(name)
    return value if isinstance(value, kinds) else None


def _without_prefix(error: str) -> str:
    name, bracket, text = error.partition("] ")
    return text if bracket and name.startswith("[E") else error


def _rows(extra: Any) -> tuple[FieldError, ...]:
    rows = extra if isinstance(extra, list) else []
    return tuple((row[0], str(row[1]), row[2]) for row in rows if isinstance(row, list) and len(row) == 3)
