# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Do one piece of work on the NAS, or many at once. PRIVATE to the collection.

A piece of work is a generator: it yields the calls that it needs, one after the other, and is sent their results. What
it does is written once, and the same whether it is done alone or side by side with hundreds of others, whose calls then
share the round trips.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.options import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import HiddenSecretError

Result = TypeVar("Result")
Steps = Generator[tuple[str, tuple[Any, ...]], Any, Result]
NotDone = (Failure, OptionError, HiddenSecretError, MiddlewareError)
"""What keeps one piece of work from being done, and need not keep others."""


def call(method: str, *params: Any) -> Steps[Any]:
    """One call, as a step of a piece of work: C(result = yield from call("cloudsync.query"))."""
    return (yield method, params)


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
        for place, answer in zip(calls, client.call_all(list(calls.values())), strict=True):
            work = works[place]
            advance(place, work.throw if isinstance(answer, MiddlewareError) else work.send, answer)
    return [outcomes[place] for place in range(len(works))]
