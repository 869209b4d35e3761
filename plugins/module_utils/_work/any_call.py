# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Call any method of the NAS. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import methods
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import named, without_marked, without_named

ARGUMENTS: dict[str, dict[str, Any]] = {
    "method": {"type": "str", "required": True},
    "params": {"type": "list", "elements": "raw", "default": []},
    "job": {"type": "bool", "default": False},
    # Evaluated by the action plugin: the NAS itself has no JMESPath library.
    "query": {"type": "str"},
    "changed": {"type": "bool", "default": False},
}


def execute(invocation: Invocation) -> Outcome:
    """The work of `truenas_call`."""
    method, params = invocation.params["method"], invocation.params["params"]
    if invocation.check_mode and not methods.reads(method, params):
        return Outcome(invocation.params["changed"], {"result": None})
    if not invocation.params["job"]:
        result = invocation.client.call(method, *params)
        return Outcome(invocation.params["changed"], {"result": without_named(result)})
    job = invocation.client.follow_job(invocation.client.start_job(method, *params), timeout=None)
    if job.state != "SUCCESS":
        reason = without_marked(job.error or "") or "the NAS gave no reason"
        raise Failure(f"{method}: job {job.id} ended as {job.state}: {reason}")
    return Outcome(invocation.params["changed"], {"result": without_named(job.result)})


def secrets(params: Mapping[str, Any]) -> Iterator[str]:
    """The texts among the parameters whose names are those of secrets, and those within an OAuth token."""
    yield from named(params["params"])
