# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test may let go wrong, and the delays of the real server that a test may shorten."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field, fields
from typing import Any

from simulator.nas.errors import CallError


@dataclass
class Faults:
    """Set through the admin door; the defaults are the behaviour of a healthy NAS.

    :param refuse: no new connection is taken
    :param delay: method -> seconds that pass before it is carried out
    :param fail: method -> {message, errno, times} of a call error instead of an answer (`times` null: always)
    :param cut_at: {frame, when, of, times}: the connection breaks `before`, `within` or `after` that frame, counted
        from 1 over both directions and all connections since this was set; with `of` only frames that hold this text
        count; with `times` it breaks so often, each time after as many frames more
    :param answer_twice: every answer comes twice
    :param answer_backwards: answers wait while others do, and the last call is answered first
    :param garbage: method -> text that is sent instead of the answer (once)
    :param drop_after: method -> True cuts the connection when the call has been carried out, before it is answered
    :param vanish: jobs are forgotten the moment they end, and nobody is told
    :param clock: seconds that the NAS's clock is ahead of this machine's; negative: behind
    :param rate_limit: anonymous calls of a method that an address may make in a window of seconds
    :param rate_limit_delay: seconds from and to that a refused call takes
    :param failed_login_delay: seconds from and to that a wrong password or key takes
    :param abort_delay: seconds until a run ends that was aborted while rclone ran; None: as the release has it
    :param idle_timeout: seconds after which nginx cuts a WebSocket on which nothing passes; None: as the release has it
    """

    refuse: bool = False
    delay: dict[str, float] = field(default_factory=dict)
    fail: dict[str, dict[str, Any]] = field(default_factory=dict)
    drop_after: dict[str, bool] = field(default_factory=dict)
    cut_at: dict[str, Any] | None = None
    answer_twice: bool = False
    answer_backwards: bool = False
    garbage: dict[str, str] = field(default_factory=dict)
    frames: int = 0
    vanish: bool = False
    clock: float = 0
    rate_limit: int = 20
    rate_limit_window: float = 60
    rate_limit_delay: tuple[float, float] = (1, 10)
    failed_login_delay: tuple[float, float] = (1, 2)
    abort_delay: float | None = None
    idle_timeout: float | None = None

    def update(self, changes: dict[str, Any]) -> None:
        """Set some of the faults.

        :raises ValueError: a name that is no fault
        """
        unknown = set(changes) - {one.name for one in fields(self)} | {"frames"} & set(changes)
        if unknown:
            raise ValueError(f"Unknown faults: {', '.join(sorted(unknown))}")
        for name, value in changes.items():
            setattr(self, name, value)
        if "cut_at" in changes:
            self.frames = 0

    def reset(self) -> None:
        """Be healthy again."""
        self.__dict__.update(Faults().__dict__)

    async def before(self, method: str) -> None:
        """Delay or fail a call."""
        if seconds := self.delay.get(method):
            await asyncio.sleep(seconds)
        fault = self.fail.get(method)
        if fault is None:
            return
        if fault.get("times") is not None:
            fault["times"] -= 1
            if fault["times"] <= 0:
                del self.fail[method]
        raise CallError(fault["message"], fault.get("errno", 14), fault.get("extra"))

    def cut(self, frame: str) -> str | None:
        """Count a frame; `before`, `within` or `after` when the connection is to break at it."""
        if self.cut_at is not None and self.cut_at.get("of", "") not in frame:
            return None
        self.frames += 1
        if self.cut_at is None or self.frames != self.cut_at["frame"]:
            return None
        when: str = self.cut_at["when"]
        left = self.cut_at.get("times", 1) - 1
        if left:
            self.frames = 0
        self.cut_at = {**self.cut_at, "times": left} if left else None
        return when

    def cuts(self, method: str) -> bool:
        """Whether the connection is to be cut now; it is cut once."""
        return self.drop_after.pop(method, False)

    async def sleep_failed_login(self) -> None:
        await asyncio.sleep(random.uniform(*self.failed_login_delay))

    async def sleep_rate_limited(self) -> None:
        await asyncio.sleep(random.uniform(*self.rate_limit_delay))
