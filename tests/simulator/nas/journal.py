# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests look at afterwards: every API call and every attempt to log in."""

from __future__ import annotations

import time
from typing import Any

Entry = dict[str, Any]


class Journal:
    """Calls and logins of one NAS since the last reset; `index` is its place in the simulator's list."""

    def __init__(self, index: int = 0) -> None:
        self.index = index
        self.calls: list[Entry] = []
        self.logins: list[Entry] = []

    def clear(self) -> None:
        self.calls.clear()
        self.logins.clear()

    def call(self, session: str, transport: str, method: str) -> Entry:
        """Note that a call has begun; the caller sets `ok` when it has ended."""
        entry: Entry = {
            "nas": self.index,
            "session": session,
            "transport": transport,
            "method": method,
            "at": time.time(),
            "ok": None,
        }
        self.calls.append(entry)
        return entry

    def login(self, session: str, transport: str, mechanism: str, username: str | None, outcome: str) -> None:
        """Note an attempt to log in and its response type."""
        self.logins.append(
            {
                "nas": self.index,
                "session": session,
                "transport": transport,
                "mechanism": mechanism,
                "username": username,
                "outcome": outcome,
                "at": time.time(),
            }
        )
