# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell whether a change lets a task that deletes files reach more of them, or other ones. PRIVATE to the collection.

Pure. Whoever has agreed to what a task deletes has agreed to the files that it reached then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_decisions
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_command_line import parse
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_flags import Kind
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import MISSING, Member
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN

_OPTIONS = {"credentials": "credential"}
_PLACE = ("folder", "bucket")
_KEY = ("encryption", "filename_encryption", "encryption_password", "encryption_salt")
_SWITCHED_ON = ("enabled", "follow_symlinks")


def option(before: Mapping[str, Any], after: Mapping[str, Any], known: Mapping[str, Member]) -> str | None:
    """Return the first option whose change lets the task delete more files, or other ones; `None` when there is none.

    Args:
        before, after: The task as it is and as it will be, whole.
        known: Its members.
    """
    for name in ("credentials", "path"):
        if _differ(before, after, name, known):
            return _OPTIONS.get(name, name)
    attributes = known["attributes"].parts(after.get("attributes", {}))
    for name in _PLACE:
        if _differ(before.get("attributes", {}), after.get("attributes", {}), name, attributes):
            return name
    for name in _SWITCHED_ON:
        if after.get(name) and not before.get(name):
            return name
    # With another key, none of the names at the provider can be read: for rclone they are not there.
    if before.get("encryption") or after.get("encryption"):
        for name in _KEY:
            if _differ(before, after, name, known):
                return name
    return _filter(before, after)


def _differ(before: Mapping[str, Any], after: Mapping[str, Any], name: str, known: Mapping[str, Member]) -> bool:
    member = known.get(name)
    if member is None or name not in after:
        return False
    was = before.get(name, member.default)
    return was is MISSING or (was != HIDDEN and not member.same(after[name], was))


def _filter(before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """What the filters let through can be deleted; what they keep back cannot."""
    if set(before.get("exclude") or ()) - set(after.get("exclude") or ()):
        return "exclude"
    was, will = set(before.get("include") or ()), set(after.get("include") or ())
    if was and (not will or will - was):
        return "include"
    return "args" if _args_differ(before.get("args") or "", after.get("args") or "") else None


def _args_differ(before: str, after: str) -> bool:
    was, will = rclone_decisions.limit(before), rclone_decisions.limit(after)
    higher = was is not None and (will is None or will > was)
    return higher or _deciding(before) != _deciding(after) or _bytes(before) not in (None, _bytes(after))


def _bytes(args: str) -> str | None:
    """The most that a run may delete in bytes, as it is written. Any other text may be more."""
    return next((one.value for one in reversed(parse(args).given) if one.flag.name == "max-delete-size"), None)


def _deciding(args: str) -> Counter[tuple[str, str | None]]:
    """The flags that decide which files a run reaches, besides its limit."""
    line = parse(args)
    harmless = (Kind.HARMLESS, Kind.LIMITS)
    found = Counter((one.flag.name, one.value) for one in line.given if one.flag.kind not in harmless)
    return found if line.problem is None else found + Counter({(args, None): 1})
