# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Call any method of the NAS. PRIVATE to the collection."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import methods
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import HIDDEN

ARGUMENTS: dict[str, dict[str, Any]] = {
    "method": {"type": "str", "required": True},
    "params": {"type": "list", "elements": "raw", "default": []},
    "job": {"type": "bool", "default": False},
    # Evaluated by the action plugin: the NAS itself has no JMESPath library.
    "query": {"type": "str"},
    "changed": {"type": "bool", "default": False},
}
_SECRET = re.compile(
    r"(^|_)(pass|passwd|password|passphrase|pw|secret|token|salt|private_?key|privatekey|unixhash|smbhash)$"
    r"|^(key|api_key|client_key|stored_key|server_key|secret_access_key|service_account_credentials|rfc_str)$",
    re.IGNORECASE,
)


def converge(invocation: Invocation) -> Outcome:
    """The work of `truenas_call`."""
    method, params = invocation.params["method"], invocation.params["params"]
    if invocation.check_mode and not methods.reads(method):
        return Outcome(invocation.params["changed"], {"result": None})
    if not invocation.params["job"]:
        result = invocation.client.call(method, *params)
        return Outcome(invocation.params["changed"], {"result": without_secrets(result)})
    job = invocation.client.follow_job(invocation.client.start_job(method, *params), timeout=None)
    if job.state != "SUCCESS":
        raise Failure(f"{method}: job {job.id} ended as {job.state}: {job.error or 'the NAS gave no reason'}")
    return Outcome(invocation.params["changed"], {"result": without_secrets(job.result)})


def secrets(params: Mapping[str, Any]) -> Iterator[str]:
    """The texts among the parameters whose names are those of secrets, and those within an OAuth token."""
    yield from _secrets_in(params["params"])


def _secrets_in(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _secrets_in(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if _is_text(item) and _SECRET.search(str(name)):
                yield str(item)
                yield from _secrets_in(_parsed(str(item)))
            else:
                yield from _secrets_in(item)


def _is_text(value: Any) -> bool:
    """Whether it is a text, or what YAML makes a number of: a password of digits is a secret too."""
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def without_secrets(value: Any) -> Any:
    """The same structure with the values hidden whose names are those of secrets."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if _SECRET.search(str(name)) and _is_text(item) and item else without_secrets(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    return value
