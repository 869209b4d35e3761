# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times as the middleware writes them."""

from __future__ import annotations

import time
from typing import Any


def now() -> dict[str, Any]:
    """The present moment; the middleware gives milliseconds but counts whole seconds."""
    return wire_time(time.time())


def wire_time(seconds: float) -> dict[str, Any]:
    """A Unix time in the middleware's extended JSON."""
    return {"$date": int(seconds) * 1000}
