# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that tests inject: error answers, delays, and connections that break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any

from simulator.google.drive.errors import NAMED, named_body


@dataclass
class Rate:
    """So many requests in so many seconds; the first request opens such a window, and the first after it the next."""

    requests: int
    seconds: float

    def __post_init__(self) -> None:
        self._until = float("-inf")
        self._count = 0

    def exceeded(self, now: float) -> bool:
        """Count a request; whether it is one too many."""
        if now >= self._until:
            self._until, self._count = now + self.seconds, 0
        self._count += 1
        return self._count > self.requests


@dataclass
class Fault:
    """What happens to requests whose host, method and path match; patterns are those of a shell."""

    host: str = "*"
    method: str = "*"
    path: str = "*"
    status: int | None = None
    """Answer this instead of what was asked."""
    body: Any = None
    """JSON, or text; with a status and no body, an error in Google's form."""
    delay_ms: float = 0
    drop: str | None = None
    """`before`: break the connection and do nothing; `after`: do it, and lose the answer."""
    reason: str | None = None
    """An error of Drive by its reason, such as `userRateLimitExceeded`; it brings its own status and body."""
    times: int | None = 1
    """How many requests it hits; None: all, until it is taken away."""
    per: Rate | None = None
    """It hits only what goes beyond this."""

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Fault:
        """Raises `ValueError` for what makes no fault."""
        try:
            fault = cls(**given)
            if given.get("per") is not None:
                fault.per = Rate(**given["per"])
        except TypeError as error:
            raise ValueError(str(error)) from error
        if fault.reason is not None:
            if fault.reason not in NAMED:
                raise ValueError(f"reason is one of: {', '.join(NAMED)}")
            fault.status, fault.body = named_body(fault.reason)
        if fault.drop not in (None, "before", "after"):
            raise ValueError("drop is `before` or `after`")
        return fault

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def matches(self, host: str, method: str, path: str) -> bool:
        return (
            self.times != 0
            and fnmatchcase(host, self.host)
            and fnmatchcase(method, self.method)
            and fnmatchcase(path, self.path)
        )


def take(faults: Sequence[Fault], host: str, method: str, path: str, now: float) -> tuple[float, Fault | None]:
    """The delay (seconds) of all faults that match, and the first of them that does more than to delay."""
    delay = 0.0
    for fault in faults:
        if not fault.matches(host, method, path) or (fault.per and not fault.per.exceeded(now)):
            continue
        delay += fault.delay_ms / 1000
        if fault.times is not None:
            fault.times -= 1
        if fault.status or fault.drop:
            return delay, fault
    return delay, None
