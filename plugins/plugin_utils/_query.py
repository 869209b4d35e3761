# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apply a module's `query` on the controller. PRIVATE to the collection.

The modules themselves may run on a NAS, whose Python has no JMESPath library.
"""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail

from ansible_collections.nasops.cloudsync.plugins.module_utils._missing_library import installation
from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import printable
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._module_action import ModuleActionBase

try:
    import jmespath
except ImportError:
    jmespath = None


class QueryActionBase(ModuleActionBase):
    """Run the module of the same name and apply the option `query` to one of its return values."""

    result_key: str

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        expression = self._compiled(self._task.args.get("query"))
        result = super().run(tmp, task_vars)
        if expression is not None and not result.get("failed") and self.result_key in result:
            try:
                result[self.result_key] = expression.search(result[self.result_key])
            except jmespath.exceptions.JMESPathError as error:  # it may quote what the NAS has
                raise AnsibleActionFail(f"query: {printable(str(error))}") from None
        return result

    @staticmethod
    def _compiled(query: str | None) -> Any:
        if not query:
            return None
        if jmespath is None:
            raise AnsibleActionFail(
                "query: the controller lacks the Python library jmespath. Install it "
                f"({installation('jmespath')}), or leave query out."
            )
        try:
            return jmespath.compile(query)
        except jmespath.exceptions.JMESPathError as error:
            raise AnsibleActionFail(f"query: {query!r} is not a JMESPath expression: {error}") from None
