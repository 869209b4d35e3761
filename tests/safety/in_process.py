# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated NAS in this process, called without a wire: fast enough for thousands of cases."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.error_answers import from_rpc
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import Release
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import in_parameters
from simulator.nas.rpc import error_code, error_data
from simulator.nas.server import Nas
from simulator.nas.session import Session

WRITES = (".create", ".update", ".delete")


class InProcess:
    """Stands in for the client, and is the NAS.

    Attributes:
        written: The calls that have written, with their parameters.
        warnings: What the modules have warned of.
    """

    def __init__(self, release: str, folder: Path) -> None:
        self.name = release
        self.release = Release.parse(release)
        self.nas = Nas(release, folder=folder)
        self._loop = asyncio.new_event_loop()
        self.written: list[tuple[str, list[Any]]] = []
        self.warnings: list[str] = []

    def close(self) -> None:
        self._loop.run_until_complete(self.nas.stop())
        self._loop.close()

    def empty(self) -> None:
        for table in ("cloudsync_credentials", "cloudsync_tasks"):
            self.nas.store.clear(table)
        self.written.clear()
        self.warnings.clear()

    def call(self, method: str, *params: Any) -> Any:
        (outcome,) = self.call_all([(method, params)])
        if isinstance(outcome, MiddlewareError):
            raise outcome
        return outcome

    def call_all(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        return [self._outcome(method, copy.deepcopy(list(params))) for method, params in calls]

    def _outcome(self, method: str, params: list[Any]) -> Any:
        if method.endswith(WRITES):
            self.written.append((method, copy.deepcopy(params)))
        call = self.nas.dispatcher.call(Session(internal=True), method, params, [])
        try:
            return copy.deepcopy(self._loop.run_until_complete(call))
        except Exception as error:  # noqa: BLE001  every failure of a method is an answer
            code, message = error_code(error)
            answer = {"code": code, "message": message, "data": error_data(error, params, frames=True)}
            return from_rpc(method, answer, in_parameters(params))

    def run(
        self, work: Callable[[Invocation], Outcome], spec: dict[str, Any], *, check: bool = False, **params: Any
    ) -> Outcome:
        """Run a module's work with these options, as Ansible would hand them over."""
        checked = ArgumentSpecValidator(spec).validate(params)
        assert not checked.error_messages, checked.error_messages
        client: Any = self
        return work(Invocation(checked.validated_parameters, client, check, self.warnings.append))
