# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read what a kit for restores is made of. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import restore_kit
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask


def read(client: Client) -> tuple[Sequence[Mapping[str, Any]], dict[int, str]]:
    """Return the tasks with their credentials, and the private SSH keys that these name."""
    tasks: Sequence[Mapping[str, Any]] = ask(client, "cloudsync.query")
    numbers = sorted(restore_kit.private_keys(tasks))
    pairs = ask(client, "keychaincredential.query", [["id", "in", numbers]]) if numbers else ()
    return tasks, {one["id"]: _private(one["attributes"]) for one in pairs}


def _private(attributes: Mapping[str, Any] | str) -> str:
    """The private key; what stands in its place, when the NAS hides it."""
    return str(attributes if isinstance(attributes, str) else attributes.get("private_key") or "")
