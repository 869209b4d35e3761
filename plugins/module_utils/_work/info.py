# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read credentials and tasks from the NAS, for display or for export. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import credential_form, export, task_form
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import RELEASES
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.record import filter_by, meant

_COMMON: dict[str, dict[str, Any]] = {
    "id": {"type": "int"},
    # Evaluated by the action plugin: the NAS itself has no JMESPath library.
    "query": {"type": "str"},
    "export": {"type": "bool", "default": False},
}
CREDENTIAL_ARGUMENTS: dict[str, dict[str, Any]] = {"name": {"type": "str"}, **_COMMON}
TASK_ARGUMENTS: dict[str, dict[str, Any]] = {"description": {"type": "str", "aliases": ["name"]}, **_COMMON}


def credentials(invocation: Invocation) -> Outcome:
    """The work of `truenas_cloud_credential_info`."""
    return _read(
        invocation, "credentials", "cloudsync.credentials.query", "name", credential_form.result, export.credential
    )


def tasks(invocation: Invocation) -> Outcome:
    """The work of `truenas_cloudsync_task_info`."""
    return _read(invocation, "tasks", "cloudsync.query", "description", task_form.result, export.task)


def _read(
    invocation: Invocation,
    key: str,
    method: str,
    name: str,
    view: Callable[[Mapping[str, Any], str], dict[str, Any]],
    exported: Callable[[Mapping[str, Any], str], dict[str, Any]],
) -> Outcome:
    given = {field: invocation.params[field] for field in (name, "id") if invocation.params[field] is not None}
    entries = ask(invocation.client, method, [filter_by(field, wanted) for field, wanted in given.items()])
    for field, wanted in given.items():
        entries = meant(entries, field, wanted)
    release = invocation.client.release.nearest(RELEASES)
    returns: dict[str, Any] = {key: [view(entry, release) for entry in entries]}
    if invocation.params["export"]:
        names = [entry[name] for entry in entries]
        twice = sorted({one for one in names if names.count(one) > 1})
        if twice:
            invocation.warn(
                f"{key}: {', '.join(map(repr, twice))} is the {name} of more than one. An export can be given back "
                f"only when each {name} is unique."
            )
        # Numbers depend on the order in which records were made; names make an export that does not change by itself.
        ordered = sorted(entries, key=lambda entry: (entry[name], entry["id"]))
        returns["export"] = {key: [exported(entry, release) for entry in ordered]}
    return Outcome(returns=returns)
