# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the break-glass kit still restores a task. PRIVATE to the collection. Pure.

Of a kit, only a record without secrets is kept: which tasks it has, and where their files are. So a changed secret is
not found, but an old kit is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.task_form import reference_of
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN

_PLACE = ("bucket", "folder")
_COMPARED = ("path", "credential", "encryption", *_PLACE)


def recorded(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a task, as the API answers it. What the account may not read is left out."""
    found = {
        "id": entry["id"],
        "description": entry["description"],
        "path": entry["path"],
        "credential": reference_of(entry["credentials"]).name,
        "encryption": bool(entry.get("encryption")),
    }
    attributes = entry.get("attributes")
    if isinstance(attributes, Mapping):
        found |= {name: attributes.get(name) or "" for name in _PLACE if attributes.get(name) != HIDDEN}
    return found


def lacking(entry: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]]) -> str | None:
    """Why a kit does not restore a task; `None` when it does, as far as that is known.

    Args:
        entry: The task, as the API answers it.
        tasks: What `recorded` returned of the tasks in the kit.
    """
    kept = next((one for one in tasks if one.get("id") == entry["id"]), None)
    if kept is None:
        return "The break-glass kit does not have the task. Write it again."
    now = recorded(entry)
    changed = [name for name in _COMPARED if name in kept and name in now and kept[name] != now[name]]
    if not changed:
        return None
    return f"The break-glass kit is older than a change of the task ({', '.join(changed)}). Write it again."
