# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a method of the middleware is written down: a decorator that puts a coroutine under its API name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from simulator.nas.jobs import Job
    from simulator.nas.server import Nas
    from simulator.nas.session import Session


@dataclass
class Context:
    """Who calls what: handed to every method as its first argument."""

    nas: Nas
    session: Session
    job: Job | None = None  # in job methods only


Handler = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class JobOptions:
    """What makes a method a job.

    :param lock: parameters as sent -> name of the lock that lets only one such job run
    :param lock_queue_size: jobs that may wait for the lock (None: any number); a further one joins the last waiting
    :param read_roles: roles whose holders see the jobs of others
    :param logs: has a log file
    :param pipe: takes a file (`input`) or makes one (`output`), and cannot be started without
    """

    lock: Callable[[Sequence[Any]], str | None] | None = None
    lock_queue_size: int | None = 5
    description: Callable[..., str] | None = None
    abortable: bool = False
    logs: bool = False
    read_roles: tuple[str, ...] = ()
    pipe: Literal["input", "output"] | None = None


@dataclass(frozen=True)
class Registered:
    """A method as registered: its coroutine, and the options of a job when it is one."""

    name: str
    handler: Handler
    job: JobOptions | None = None


METHODS: dict[str, Registered] = {}
JOB_ENDS: list[Callable[[Nas, Job], None]] = []


def method(name: str) -> Callable[[Handler], Handler]:
    """Register `async def handler(ctx, *params)` under the API name."""
    return _register(name, None)


def job(name: str, **options: Any) -> Callable[[Handler], Handler]:
    """Register a job method; the options are those of `JobOptions`."""
    return _register(name, JobOptions(**options))


def _register(name: str, options: JobOptions | None) -> Callable[[Handler], Handler]:
    def decorate(handler: Handler) -> Handler:
        if name in METHODS:
            raise ValueError(f"Method {name} is registered twice")
        METHODS[name] = Registered(name, handler, options)
        return handler

    return decorate


def at_job_end(hook: Callable[[Nas, Job], None]) -> Callable[[Nas, Job], None]:
    """Have a function called with every job that has ended."""
    JOB_ENDS.append(hook)
    return hook
