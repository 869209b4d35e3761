# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A call's way through the NAS, the same for every transport: may it, is it right, do it, is the answer right."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

from simulator.nas.errors import ENOTAUTHENTICATED, CallError
from simulator.nas.jobs import Job
from simulator.nas.service import METHODS, Context, Handler
from simulator.nas.session import Session

if TYPE_CHECKING:
    from simulator.nas.contract import MethodContract
    from simulator.nas.server import Nas


class UnknownMethod(Exception):
    """The release has no method of that name; answered as -32601."""


class Dispatcher:
    """Carries out calls for one NAS."""

    def __init__(self, nas: Nas) -> None:
        self.nas = nas

    def contract(self, name: str) -> MethodContract:
        """What the release says of a method.

        :raises UnknownMethod: nothing
        """
        contract = self.nas.contract.method(name)
        if contract is None or name not in METHODS:
            raise UnknownMethod(name)
        return contract

    async def call(
        self,
        session: Session,
        name: str,
        params: list[Any],
        message_ids: list[Any],
        *,
        converted: bool = False,
        pipe: bytes | None = None,
    ) -> Any:
        """Carry out a call and return its result; for a job method the `Job`.

        :param message_ids: the id of the request, if it has one
        :param pipe: the file for a job, empty for one that makes a file
        :param converted: the call came through an older API version and was converted, which fills in every default
        :raises UnknownMethod, CallError, ValidationErrors, Exception: the call failed
        """
        contract = self.contract(name)
        await self._authorise(session, contract)
        await self.nas.faults.before(name)
        if converted:
            params = contract.accept(params)
        registered = METHODS[name]
        if registered.job is not None:
            return self.nas.jobs.start(registered, session, params, message_ids, pipe)
        result = await self.run(Context(self.nas, session), name, registered.handler, params)
        return result if self._sees_secrets(session, contract) else contract.redact_result(result)

    async def call_internally(self, name: str, *params: Any) -> Any:
        """Call a method as the middleware itself does; waits for a job and returns its result."""
        result = await self.call(Session(internal=True), name, list(params), [])
        return await self.job_result(result) if isinstance(result, Job) else result

    async def run(self, context: Context, name: str, handler: Handler, params: list[Any]) -> Any:
        """Check parameters, run a handler, check its result."""
        contract = self.nas.contract.method(name)
        if contract is None:  # a method of the middleware's own
            return await handler(context, *params)
        accepted = contract.accept(params)
        result = await handler(context, *accepted)
        contract.check_result(result, accepted)
        return result

    @staticmethod
    async def job_result(job: Job) -> Any:
        """Wait for a job's end; its result, or its exception raised."""
        await job.finished.wait()
        if job.exception is not None:
            raise job.exception
        return job.result

    async def _authorise(self, session: Session, contract: MethodContract) -> None:
        if not contract.authentication_required:
            origin = session.origin
            if not session.authenticated and origin and origin.uid is None and contract.name != "core.set_options":
                await self.nas.rate_limit.check(contract.name, origin.address)
            return
        if not session.authenticated:
            raise CallError("Not authenticated", ENOTAUTHENTICATED)
        if contract.authorization_required and not (
            session.full_admin or any(session.has_role(role) for role in contract.roles)
        ):
            raise CallError("Not authorized", errno.EACCES)

    @staticmethod
    def _sees_secrets(session: Session, contract: MethodContract) -> bool:
        return session.full_admin or (contract.secrets_role is not None and session.has_role(contract.secrets_role))
