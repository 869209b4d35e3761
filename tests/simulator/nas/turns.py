# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order among calls that are there at once: not the one in which they came."""

from __future__ import annotations

import asyncio
import random

_GATHERING = 0.002  # seconds in which calls that were sent together arrive
_SEED = 25


class Turns:
    """Lets one caller after another go on; of those that wait, any may be the next.

    The choice is the same in each run of the simulator. Who is alone goes on after a moment.
    """

    def __init__(self) -> None:
        self._random = random.Random(_SEED)
        self._waiting: list[asyncio.Future[None]] = []
        self._calling = False

    async def take(self) -> None:
        """Wait for one's turn."""
        loop = asyncio.get_running_loop()
        mine: asyncio.Future[None] = loop.create_future()
        self._waiting.append(mine)
        if not self._calling:
            self._calling = True
            loop.call_later(_GATHERING, self._next)
        await mine

    def _next(self) -> None:
        self._waiting = [one for one in self._waiting if not one.done()]  # without those whose connection broke
        if self._waiting:
            self._waiting.pop(self._random.randrange(len(self._waiting))).set_result(None)
            asyncio.get_running_loop().call_soon(self._next)
        else:
            self._calling = False
