# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long the token of a credential lasts. PRIVATE to the collection. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.words import clean, moment_text, quantity

# A token that ends within so many days is pointed out.
_SOON = 14


def token_status(credential: str, ends: datetime, now: datetime, zone: tzinfo) -> dict[str, Any]:
    """How long the token of a credential lasts; `state` is `failed` if it has ended, `waiting` if it soon will."""
    days = (ends - now) // timedelta(days=1)
    day = moment_text(ends, now, zone)
    name = f"The token of {clean(credential)}"
    if ends <= now:
        return {"days": 0, "state": "failed", "text": f"{name} ended {day}"}
    left = f"in {quantity(days, 'day')}" if days else "within a day"
    return {"days": days, "state": "waiting" if days < _SOON else "success", "text": f"{name} ends {left} ({day})"}
