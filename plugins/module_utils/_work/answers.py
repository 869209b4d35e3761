# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Call the NAS, and take only answers of the form that the work builds upon. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError, ProtocolError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.shape import NULL, Shape, check

# A provider's kind stands beside its attributes until 24.10, and within them since; hidden ones are a text.
_CREDENTIAL: Shape = {"id": int, "name": str, "provider": (str, {"type": str}), "attributes?": (dict, str)}
_TASK: Shape = {
    "id": int,
    "description": str,
    "credentials": _CREDENTIAL,
    "direction": str,
    "transfer_mode": str,
    "path": str,
    "attributes": {"folder?": str, "bucket?": str},
    "schedule": {"minute": str, "hour": str, "dom": str, "month": str, "dow": str},
    "bwlimit": [{"time": str, "bandwidth": (int, NULL)}],
    "include": [str],
    "exclude": [str],
    "args": str,
    "job": (dict, NULL),
}
SHAPES: dict[str, Shape] = {
    "alert.list": [dict],
    "alertclasses.config": {"classes": dict},
    "alertservice.query": [dict],
    "cloudsync.create": {"id": int},
    "cloudsync.credentials.create": {"id": int},
    "cloudsync.credentials.get_instance": _CREDENTIAL,
    "cloudsync.credentials.query": [_CREDENTIAL],
    "cloudsync.credentials.verify": {"valid": bool, "error?": str, "excerpt?": str},
    "cloudsync.get_instance": _TASK,
    "cloudsync.list_directory": [{"Name": str}],
    "cloudsync.query": [_TASK],
    "core.get_jobs": [dict],
    "filesystem.listdir": [{"name": str, "type?": str}],
    "filesystem.stat": {"type": str},
    "keychaincredential.query": [{"id": int, "attributes": (dict, str)}],
    "mail.config": dict,
    "mail.local_administrator_email": (str, NULL),
    "system.info": dict,
}
"""What the results of the methods look like in every release, as far as something is built upon it."""


def ask(client: Client, method: str, *params: Any) -> Any:
    """Call a method and return its result.

    Raises:
        MiddlewareError: the call failed, or its result has another form (`ProtocolError`).
    """
    (answer,) = ask_all(client, [(method, params)])
    if isinstance(answer, MiddlewareError):
        raise answer
    return answer


def ask_all(client: Client, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
    """Make calls at once; what came of them in order, errors as values."""
    answers = client.call_all(calls)
    return [_seen(method, answer) for (method, dummy), answer in zip(calls, answers, strict=True)]


def _seen(method: str, answer: Any) -> Any:
    if isinstance(answer, Exception) or method not in SHAPES:
        return answer
    try:
        return check(method, answer, SHAPES[method])
    except ProtocolError as error:
        return error
