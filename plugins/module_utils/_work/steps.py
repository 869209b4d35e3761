# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Do one piece of work on the NAS, or many at once. PRIVATE to the collection.

A piece of work is a generator: it yields the calls that it needs, one after the other, and is sent their results. What
it does is written once, and the same whether it is done alone or side by side with hundreds of others, whose calls then
share the round trips.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.options import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._converge.answers import ask_all
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import methods
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import HiddenSecretError

Result = TypeVar("Result")
Steps = Generator[tuple[str, tuple[Any, ...]], Any, Result]
_PAUSE = ""  # in place of a method
PATIENCE = (0, 0.3, 0.7, 1.5)
"""Seconds before each look for what a lost answer would have told of: a PULL has the NAS ask the provider first."""
NotDone = (Failure, OptionError, HiddenSecretError, MiddlewareError)
"""What keeps one piece of work from being done, and need not keep others."""


def call(method: str, *params: Any) -> Steps[Any]:
    """One call, as a step of a piece of work: C(result = yield from call("cloudsync.query"))."""
    return (yield method, params)


def pause(seconds: float) -> Steps[None]:
    """Let time go by before the next step."""
    yield _PAUSE, (seconds,)


def alone(client: Client, steps: Steps[Result]) -> Result:
    """Do one piece of work; its result.

    Raises:
        Exception: whatever keeps it from being done.
    """
    (outcome,) = together(client, [steps])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def together(client: Client, works: Sequence[Steps[Result]]) -> list[Result | Exception]:
    """Do pieces of work side by side; what became of each, in order. One that is not done keeps back no other."""
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
