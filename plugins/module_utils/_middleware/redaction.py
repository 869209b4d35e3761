# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep secrets out of the NAS's own words: its reasons may quote a value that a call carried.

PRIVATE to the collection. Works on the names of members alone and knows no service.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection
from typing import Any

PLACEHOLDER = "********"

_SECRET_NAME = re.compile(r"pass|secret|token|key|credential|salt|auth|otp|rfc_str", re.IGNORECASE)
# Shorter texts ("id", "on") would be cut out of every other sentence.
_SHORTEST = 4


def secrets_in(value: Any, secret: bool = False) -> set[str]:
    """Every text under a member whose name tells of a secret, and the parts of those that are JSON themselves."""
    if isinstance(value, dict):
        return set().union(
            *(secrets_in(item, secret or bool(_SECRET_NAME.search(str(name)))) for name, item in value.items())
        )
    if isinstance(value, (list, tuple)):
        return set().union(*(secrets_in(item, secret) for item in value))
    if not secret or not isinstance(value, str) or len(value) < _SHORTEST:
        return set()
    found = {value}
    if value.lstrip().startswith("{"):
        with contextlib.suppress(ValueError):
            found |= secrets_in(json.loads(value))
    return found


def redact(value: Any, secrets: Collection[str]) -> Any:
    """The same structure with every occurrence of a secret replaced."""
    if isinstance(value, str):
        for secret in sorted(secrets, key=len, reverse=True):
            value = value.replace(secret, PLACEHOLDER)
        return value
    if isinstance(value, list):
        return [redact(item, secrets) for item in value]
    if isinstance(value, dict):
        return {name: redact(item, secrets) for name, item in value.items()}
    return value
