# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Locks on paths: one writer or many readers of a path and of everything below and above it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import PurePosixPath


class PathLocks:
    """Who holds which path."""

    def __init__(self) -> None:
        self._held: list[tuple[PurePosixPath, bool]] = []
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def hold(self, path: str, *, write: bool, announce: Callable[[], None]) -> AsyncIterator[None]:
        """Hold a path, having waited for it; `announce` is called before, free or not."""
        mine = (PurePosixPath("/", path), write)
        announce()
        async with self._changed:
            await self._changed.wait_for(lambda: self._free(*mine))
            self._held.append(mine)
        try:
            yield
        finally:
            self._held.remove(mine)
            async with self._changed:
                self._changed.notify_all()

    def _free(self, path: PurePosixPath, write: bool) -> bool:
        return not any(
            (write or other_write) and (path.is_relative_to(other) or other.is_relative_to(path))
            for other, other_write in self._held
        )
