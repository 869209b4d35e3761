# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell what becomes unreadable when a task encrypts in another way than before. PRIVATE to the collection. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN

_KEY = ("encryption_password", "encryption_salt")
_INSTEAD = (
    "Keep it as it is. To move the files to another key, use the playbook nasops.cloudsync.rekey. If the files at the "
    "provider are no longer needed, or were never encrypted in this way, set allow_rekey: true"
)


def check(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Refuse to encrypt in another way what a task has encrypted before.

    Args:
        before, after: The task, which has run, as it is and as it will be, whole.

    Raises:
        OptionError
    """
    changed = next((name for name in _options(before, after) if _differ(before, after, name)), None)
    if changed is not None:
        told = f"{changed}: this change is refused, as the task has run. {_lost(changed, after)}. {_INSTEAD}."
        raise OptionError(told)


def _options(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    if before.get("encryption") and after.get("encryption"):
        return (*_KEY, "filename_encryption")
    return ("encryption",)  # with none, a key does nothing


def _differ(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> bool:
    one, other = (task.get(name) or None for task in (before, after))
    return one != other and HIDDEN not in (one, other)


def _lost(changed: str, after: Mapping[str, Any]) -> str:
    if changed == "encryption" and not after.get("encryption"):
        return (
            "The files that it has encrypted so far would be unreadable with it: it would neither decrypt them nor "
            "find them under their names, and a push would upload everything again beside them, in the clear"
        )
    if changed == "encryption":
        return (
            "The files that it has pushed so far are not encrypted. It would no longer find them: a pull would leave "
            "them out, and a push would upload everything again beside them"
        )
    if changed == "filename_encryption":
        return (
            "It would no longer find the files that it has encrypted so far, as their names have another form: a pull "
            "would leave them out, and a push would upload everything again beside them"
        )
    names = (
        "a pull would leave them out, and a push would upload everything again beside them"
        if after.get("filename_encryption")
        else "a pull would fail at them, and a push would leave them as they are, so that some files need the former "
        "key and some the new one, and nothing tells which"
    )
    return (
        "The files that it has encrypted so far would be unreadable with the new key, and lost if the former one is "
        f"forgotten: {names}"
    )
