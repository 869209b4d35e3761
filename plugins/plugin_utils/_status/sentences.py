# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run did, or a dry run found, in a sentence. PRIVATE to the collection. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.words import clean, size

_NAMED = 5  # deletions that are named


def sentence(result: Mapping[str, Any]) -> str:
    """Say what `truenas_cloudsync_run` returned; empty when there is nothing to say."""
    if result.get("forecast"):
        told = [f"{_would(result['would'])}.", result["msg"], *result["forecast"]["notes"]]
        return clean(" ".join(told))
    if result.get("would"):
        return _would(result["would"])
    if result.get("summary"):
        return done(result["summary"])
    return ""


def done(summary: Mapping[str, Any]) -> str:
    """Say what a run did. A figure that is not known is left out."""
    copied = summary["transferred"]
    parts = ["copied files" if copied is None else f"copied {copied}"]
    if copied and summary["bytes"] is not None:
        parts[0] += f" ({size(summary['bytes'])})"
    parts.append(f"deleted {summary['deleted']}")
    if summary["errors"]:
        parts.append(f"had {summary['errors']} {'error' if summary['errors'] == 1 else 'errors'}")
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _would(would: Mapping[str, Any]) -> str:
    deleted = list(would["delete"])
    text = f"a run would copy {len(would['copy'])} and delete {len(deleted)}"
    if deleted:
        more = f" and {len(deleted) - _NAMED} more" if len(deleted) > _NAMED else ""
        text += f": {', '.join(clean(name) for name in deleted[:_NAMED])}{more}"
    return text
