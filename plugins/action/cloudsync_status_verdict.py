# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ends a host's play by the health of its tasks, so that ansible-playbook exits with a status of its own."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import printable
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.health import HEALTHY, NOT_JUDGED, outcome

ARGUMENTS = {"status": {"type": "dict", "required": True}}


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_async = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validated, options = self.validate_argument_spec(ARGUMENTS)
        found, said = outcome(options["status"])
        result["changed"] = False
        if found == NOT_JUDGED:
            # A host that was not reached is the only one for which ansible-playbook exits with 4.
            result.update(unreachable=True, msg=printable(said))
        elif found != HEALTHY:
            result.update(failed=True, msg=printable(said))
        return result
