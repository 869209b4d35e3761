# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Do one piece of work on the NAS, or many at once. PRIVATE to the collection.

A piece of work is a coroutine that awaits the calls it needs, one after the other. It is written once, and is the same
whether it runs alone or side by side with hundreds of others, whose calls then share the round trips. There is no event
loop: `run_all` advances the coroutines itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Generator, Sequence
from typing import Any, TypeVar

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import methods
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import NotDone
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask_all

Result = TypeVar("Result")
Work = Coroutine[tuple[str, tuple[Any, ...]], Any, Result]
_PAUSE = ""  # in place of a method
PATIENCE = (0, 0.3, 0.7, 1.5)
"""Seconds before each look for what a lost answer would have told of: a PULL has the NAS ask the provider first."""


class _Step:
    """What `run_all` gets from a piece of work: one call, or a pause."""

    def __init__(self, method: str, *params: Any) -> None:
        self.step = method, params

    def __await__(self) -> Generator[tuple[str, tuple[Any, ...]], Any, Any]:
        return (yield self.step)


async def call(method: str, *params: Any) -> Any:
    """Make one call: `result = await call("cloudsync.query")`."""
    return await _Step(method, *params)


async def pause(seconds: float) -> None:
    """Wait before the next step."""
    await _Step(_PAUSE, seconds)


def run_one(client: Client, work: Work[Result]) -> Result:
    """Run one piece of work and return its result.

    Raises:
        Exception: whatever keeps it from being done.
    """
    (outcome,) = run_all(client, [work])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def run_all(client: Client, works: Sequence[Work[Result]]) -> list[Result | Exception]:
    """Run pieces of work side by side and return each outcome in order. One that fails does not stop the others."""
    outcomes: dict[int, Any] = {}
    wanted: dict[int, tuple[str, tuple[Any, ...]]] = {}

    def advance(place: int, go_on: Callable[[Any], tuple[str, tuple[Any, ...]]], value: Any) -> None:
        try:
            wanted[place] = go_on(value)
        except StopIteration as end:
            outcomes[place] = end.value
        except NotDone as error:
            outcomes[place] = error

    for place, work in enumerate(works):
        advance(place, work.send, None)
    while wanted:
        calls, wanted = wanted, {}
        resting = {place: params[0] for place, (method, params) in calls.items() if method == _PAUSE}
        time.sleep(max(resting.values(), default=0))
        asked = {place: one for place, one in calls.items() if place not in resting}
        answers = dict(zip(asked, _call_all(client, list(asked.values())), strict=True)) if asked else {}
        for place in calls:
            work, answer = works[place], answers.get(place)
            advance(place, work.throw if isinstance(answer, MiddlewareError) else work.send, answer)
    return [outcomes[place] for place in range(len(works))]


def _call_all(client: Client, calls: Sequence[tuple[str, tuple[Any, ...]]]) -> list[Any]:
    """Make calls at once; those that only read, and are the same, once for all who want the answer."""
    keys = [repr(call) if methods.reads(call[0]) else place for place, call in enumerate(calls)]
    distinct = dict(zip(keys, calls, strict=True))
    answers = dict(zip(distinct, ask_all(client, list(distinct.values())), strict=True))
    return [answers[key] for key in keys]
