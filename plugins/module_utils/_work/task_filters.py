# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare the filters of a task to be written with the directories of the NAS. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_decisions
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.filter_rules import (
    check_against,
    names_directory,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import Plan
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.steps import call

_OPTIONS = ("include", "exclude")
_DIRECTORIES: tuple[Any, ...] = ([["type", "=", "DIRECTORY"]], {"select": ["name"]})


async def filters_that_miss(plan: Plan) -> list[str]:
    """What to warn of, before a task is written whose filters or path change. It costs one look at the path.

    Raises:
        OptionError: a filter is the name of a directory, so that it fits none of the files in it, or lets files through
            that TrueNAS leaves out.
    """
    after = plan.after or {}
    if not plan.payload.keys() & {"path", "args", *_OPTIONS} or after.get("direction") != "PUSH":
        return []
    filters = {option: [one for one in after.get(option) or () if names_directory(one)] for option in _OPTIONS}
    taking = rclone_decisions.takes_what_truenas_leaves_out(after.get("args") or "")
    if not any(filters.values()) and taking is None:
        return []
    try:
        entries = await call("filesystem.listdir", after["path"], *_DIRECTORIES)
    except MiddlewareError:  # an account may be allowed to make tasks and not to look at files
        return []
    there = {entry["name"] for entry in entries}
    own = [name for name in rclone_decisions.LEFT_OUT_BY_TRUENAS if name in there]
    if taking is not None and own:
        raise OptionError(
            f"args: {taking} is refused: rclone reads it before the filters by which TrueNAS leaves out {own[0]}, and "
            f"that directory can be seen in {after['path']}, so its files would be transferred too. Give the patterns "
            "in the option include."
        )
    return [warning for option in _OPTIONS for warning in check_against(option, filters[option], there)]
