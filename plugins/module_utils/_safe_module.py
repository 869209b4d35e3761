# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module's process from which nothing gets out that has not passed `Leaving`. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.nasops.cloudsync.plugins.module_utils._leaving import Leaving, unforeseen


class SafeModule(AnsibleModule):
    """As `AnsibleModule`, also when the options are refused.

    Args:
        argument_spec: The options.
        secrets: Finds secrets within the options that are not the value of a `no_log` option themselves.
        exact: Return values that hold secrets and have to.
    """

    def __init__(
        self,
        argument_spec: dict[str, Any],
        secrets: Callable[[Mapping[str, Any]], Iterable[str]] = lambda params: (),
        exact: Iterable[str] = (),
        **others: Any,
    ) -> None:
        self._secrets = secrets
        self._exact = exact
        self._valid = False
        self.no_log_values: set[str] = set()
        self.further_secrets: set[str] = set()  # what became known on the way
        super().__init__(argument_spec, **others)
        self._valid = True

    def warn(self, warning: str) -> None:
        super().warn(self._leaving().text(warning))

    def exit_json(self, **answer: Any) -> NoReturn:
        leaving = self._leaving()
        left = leaving.answer(answer, super().warn)
        if left.get("failed"):
            self.fail_json(**left)
        self._veil(leaving)
        super().exit_json(**left)
        raise AssertionError("exit_json ends the process")

    def fail_json(self, msg: str, **answer: Any) -> NoReturn:
        leaving = self._leaving()
        self._veil(leaving)
        super().fail_json(**leaving.answer({**answer, "msg": msg}))
        raise AssertionError("fail_json ends the process")

    @contextlib.contextmanager
    def failing_safely(self) -> Iterator[None]:
        """Turn an unforeseen error into a failure: Ansible would show it with everything that it quotes."""
        try:
            yield
        except Exception as error:  # noqa: BLE001
            self.fail_json(msg=unforeseen(error), exception=traceback.format_exc())

    def _leaving(self) -> Leaving:
        params = getattr(self, "params", {})
        found = self._secrets(params) if self._valid else ()
        return Leaving(params, self.argument_spec, {*found, *self.further_secrets}, self._exact)

    def _veil(self, leaving: Leaving) -> None:
        """Ansible adds the options, and hides in everything the secrets that it knows of."""
        known = self.no_log_values if self._exact else {*self.no_log_values, *leaving.secrets}
        self.no_log_values = {value for value in known if value.strip()}  # else a blank would hide every blank
        self.params = leaving.options(getattr(self, "params", {}))
