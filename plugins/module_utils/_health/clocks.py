# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the clock of the NAS is right. PRIVATE to the collection. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.words import CLOCKS_DIFFER, span
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.reasons import Reason


def wrong(nas: datetime | None, here: datetime, newest: datetime | None) -> Reason | None:
    """Compare the clock of the NAS with the one here.

    Args:
        nas: The time on the NAS, where it is known.
        here: The time here.
        newest: The newest time that a job of the NAS carries. Where the clock itself cannot be read, one in the future
            tells that it is ahead.
    """
    ahead = (nas or max(newest or here, here)) - here
    if abs(ahead) <= CLOCKS_DIFFER:
        return None
    side = "ahead of" if ahead > timedelta(0) else "behind"
    return Reason("clock_wrong", f"The clock of the NAS is {span(abs(ahead))} {side} the clock here.")
