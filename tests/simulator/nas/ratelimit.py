# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limit on calls of sessions that have not logged in."""

from __future__ import annotations

import errno
import time

from simulator.nas.errors import CallError
from simulator.nas.faults import Faults

_MOST_CALLERS = 100


class RateLimit:
    """Counts calls by method and address in a window that the first call opens; refused calls count too."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def clear(self) -> None:
        self._windows.clear()

    async def check(self, method: str, address: str) -> None:
        """Count a call.

        :raises CallError: EBUSY, after a pause, when the limit is reached
        """
        now = time.monotonic()
        self._windows = {
            key: window for key, window in self._windows.items() if now - window[0] < self._faults.rate_limit_window
        }
        key = (method, address)
        started, calls = self._windows.get(key, (now, 0))
        refused = calls >= self._faults.rate_limit or (key not in self._windows and len(self._windows) >= _MOST_CALLERS)
        if key in self._windows or not refused:
            self._windows[key] = (started, calls + 1)
        if refused:
            await self._faults.sleep_rate_limited()
            raise CallError("Rate Limit Exceeded", errno.EBUSY)
