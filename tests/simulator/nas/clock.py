# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The NAS's clock, and times as the middleware writes them."""

from __future__ import annotations

import time
from typing import Any

from simulator.nas.faults import Faults


class Clock:
    """What the NAS takes for the time of day. What it only measures (limits, unused tokens) does not go by it."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def time(self) -> float:
        """The present moment as a Unix time."""
        return time.time() + self._faults.clock

    def now(self) -> dict[str, Any]:
        """The present moment; the middleware gives milliseconds but counts whole seconds."""
        return wire_time(self.time())


def wire_time(seconds: float) -> dict[str, Any]:
    """A Unix time in the middleware's extended JSON."""
    return {"$date": int(seconds) * 1000}
