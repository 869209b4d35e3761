# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of a task's options that are not given: they are kept, or get TrueNAS's defaults.

PRIVATE to the collection. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import MISSING, Member

ARGUMENT: dict[str, Any] = {"type": "str", "choices": ["keep", "default"], "default": "keep"}
"""The option `unspecified`."""

_WITHOUT_DEFAULT = ("description", "credentials", "direction", "transfer_mode", "path", "folder", "bucket")
"""What makes a task that task: nothing can take its place."""


def with_defaults(
    desired: Mapping[str, Any], current: Mapping[str, Any], known: Mapping[str, Member]
) -> dict[str, Any]:
    """Return what is asked for, completed by TrueNAS's default for each member that is not given.

    A secret has no default here: it stays unless another one is given.

    Args:
        desired: The members that are given, in TrueNAS's form.
        current: The task as the NAS has it.
        known: Its members, as the release has them.
    """
    complete = dict(desired)
    for name, member in known.items():
        if name in _WITHOUT_DEFAULT or member.secret:
            continue
        if member.members is not None:
            present = current.get(name) or {}
            given = desired.get(name) or {}
            parts = with_defaults(given, present, member.parts(present | given))
            if parts:
                complete[name] = parts
        elif name not in desired:
            default = _default(member, current.get(name))
            if default is not MISSING:
                complete[name] = default
    return complete


def _default(member: Member, present: Any) -> Any:
    """The member's default; one that the NAS leaves out by default is emptied when it is set."""
    if member.default is MISSING and present:
        return ""
    return member.default


def explained(problem: str, given: Mapping[str, Any]) -> str:
    """Return why a task is refused, with what to do when an option is at fault that is not given.

    Args:
        problem: The message, which begins with the name of the option.
        given: The options of the task.
    """
    option = problem.partition(":")[0]
    if given.get("unspecified") != "default" or option not in given or given[option] is not None:
        return problem
    return (
        f"{problem} The option {option} is not given, so unspecified: default sets it to TrueNAS's default. Give "
        f"{option} to keep it, or set unspecified: keep."
    )
