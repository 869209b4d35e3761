# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task that a module's `task` or `id` means. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.record import filter_by, meant

Entry = Mapping[str, Any]


def field_of(params: Mapping[str, Any]) -> tuple[str, str]:
    """The option that names the task, and the field of the API that it is about."""
    return ("id", "id") if params["id"] is not None else ("task", "description")


def filters(params: Mapping[str, Any]) -> list[list[Any]]:
    """What to ask the NAS for to find the task."""
    option, field = field_of(params)
    return [filter_by(field, params[option])]


def the_one(found: Sequence[Entry], params: Mapping[str, Any]) -> Entry:
    """Return the task.

    Args:
        found: The tasks of the NAS that the option fits.

    Raises:
        Failure: there is none, or more than one; then their numbers are in `returns["ids"]`.
    """
    option, field = field_of(params)
    found = meant(found, field, params[option])
    if not found:
        raise Failure(
            f"{option}: there is no cloud sync task {params[option]!r} on the NAS. Create it first, or correct the "
            "option."
        )
    if len(found) > 1:
        numbers = ", ".join(str(entry["id"]) for entry in found)
        raise Failure(
            f"task: several cloud sync tasks are called {params['task']!r} (ids {numbers}). Give the id of the one "
            "that is meant.",
            ids=[entry["id"] for entry in found],
        )
    return found[0]
