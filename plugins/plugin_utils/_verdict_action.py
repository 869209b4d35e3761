# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Actions by which ansible-playbook exits with a status of its own. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any, ClassVar

from ansible.plugins.action import ActionBase

from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import printable


class VerdictActionBase(ActionBase):
    """Fails, or counts as unreachable, by what an option says.

    Attributes:
        arguments: The one option, a mapping.
    """

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_async = False
    _supports_check_mode = True

    arguments: ClassVar[dict[str, dict[str, Any]]]

    def verdict(self, value: dict[str, Any]) -> tuple[str | None, str]:
        """Return `failed`, `unreachable` or `None`, and why."""
        raise NotImplementedError

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validated, options = self.validate_argument_spec(self.arguments)
        (value,) = options.values()
        result["changed"] = False
        # A host that was not reached is the only one for which ansible-playbook exits with 4.
        outcome, why = self.verdict(value)
        if outcome:
            result.update({outcome: True, "msg": printable(why)})
        return result
