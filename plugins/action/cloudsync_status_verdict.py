# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ends a host's play by the health of its tasks, so that ansible-playbook exits with a status of its own."""

from __future__ import annotations

from typing import Any

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.health import HEALTHY, NOT_JUDGED, outcome
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._verdict_action import VerdictActionBase

ARGUMENTS = {"status": {"type": "dict", "required": True}}


class ActionModule(VerdictActionBase):
    """Fails for a NAS of which a task is not healthy."""

    arguments = ARGUMENTS

    def verdict(self, value: dict[str, Any]) -> tuple[str | None, str]:
        found, said = outcome(value)
        if found == NOT_JUDGED:
            return "unreachable", said
        return (None if found == HEALTHY else "failed"), said
