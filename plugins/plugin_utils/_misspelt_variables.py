# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find variables whose names are nearly those of a role.

PRIVATE to the collection. Pure. Ansible ignores a variable that nothing uses, so a misspelt one would leave the role
with nothing to do, and without a word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._options import similar

_ALIKE = 0.7  # of what follows the prefix
_ALIKE_AS_A_WHOLE = 0.85


def misspelt(
    names: Iterable[str], specified: Mapping[str, Mapping[str, Any]], others: Collection[str], options: Collection[str]
) -> Iterator[dict[str, Any]]:
    """Yield what looks like a misspelt variable of the role: `variable`, `meant`, its `default`, and the `problem`.

    An item with `option` is the option of a task that was given as a variable.

    Args:
        names: Names of all variables.
        specified: The variables of the role, by their names, as its argument specification has them.
        others: Further names that are right, such as those of a playbook.
        options: The options of a task, for a role that has a list of tasks.
    """
    prefix = _prefix(specified)
    tasks = f"{prefix}tasks"
    for name in sorted({*names} - {*specified, *others}):
        meant, option = _meant(name, specified, prefix), name.removeprefix(prefix)
        if tasks in specified and name.startswith(prefix) and option in options:
            yield {
                "variable": name,
                "meant": tasks,
                "option": option,
                "problem": f"{name} is not a variable of the role. {option} is an option of each task in {tasks}.",
            }
        elif meant is not None:
            yield {
                "variable": name,
                "meant": meant,
                "default": specified[meant].get("default"),
                "problem": f"{name} is not a variable of the role. Do you mean {meant}?",
            }


def _prefix(names: Iterable[str]) -> str:
    """What all names begin with, up to an underscore."""
    words = []
    for column in zip(*(name.split("_")[:-1] for name in names), strict=False):
        if len({*column}) > 1:
            break
        words.append(column[0])
    return "_".join(words) + "_"


def _meant(name: str, specified: Collection[str], prefix: str) -> str | None:
    if not name.startswith(prefix):
        # Names with something before it are the user's own, such as vault_google_photos_token.
        return similar(name, specified, _ALIKE_AS_A_WHOLE) if name[0].lower() == prefix[0] else None
    rests = {one.removeprefix(prefix) for one in specified}
    alike = similar(name.removeprefix(prefix), rests, _ALIKE)
    return None if alike is None else prefix + alike
