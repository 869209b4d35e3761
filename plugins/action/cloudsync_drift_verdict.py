# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ends a host's play by what the comparison has found, so that ansible-playbook exits with a status of its own."""

from __future__ import annotations

from typing import Any

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._drift import DRIFT, NOT_COMPARED, table
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._verdict_action import VerdictActionBase

ARGUMENTS = {"drift": {"type": "dict", "required": True}}


class ActionModule(VerdictActionBase):
    """Fails for a NAS that differs from its declaration."""

    arguments = ARGUMENTS

    def verdict(self, value: dict[str, Any]) -> tuple[str | None, str]:
        if value["state"] == NOT_COMPARED:
            return "unreachable", value["problem"]
        return ("failed", table([value])) if value["state"] == DRIFT else (None, "")
