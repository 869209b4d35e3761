# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say in plain words what rclone's errors mean and what to do. PRIVATE to the collection. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import public
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_cause import LINE, cause, without_file
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_meanings import GENERAL, LOCAL, NETWORK

_ADDRESS = ("host", "port", "url", "endpoint", "hostname", "auth", "storage_url")
_LOGIN = ("user", "account", "access_key_id", "pass", "key", "secret_access_key", "private_key", "token")


def is_output(text: str) -> bool:
    """Whether rclone has printed this. By REST, TrueNAS tells no more of what rclone could not do."""
    return LINE.match(text) is not None


def explain(error: str, provider: Provider | None, values: Mapping[str, Any] | None = None) -> str:
    """One line: what rclone said, and, where it is known, what that means and what to do.

    Args:
        error: What rclone, or the NAS, has said; of several lines the one that tells the cause counts.
        provider: Whose error it is; `None` for a provider that is not known.
        values: Fields of the credential and attributes of the task, to be named where they are at fault.
    """
    said = cause(error) or _first(error)
    means = meaning(said, provider, values)
    return f"{means}. rclone said: {said}" if means else said


def meaning(said: str, provider: Provider | None, values: Mapping[str, Any] | None = None) -> str | None:
    """What an error means and what to do; `None` where that is not known."""
    rows = (*LOCAL, *NETWORK, *(provider.meanings if provider else ()), *GENERAL)
    why = without_file(said)  # an album may be called Forbidden City
    words = next((words for pattern, words in rows if re.search(pattern, why, re.IGNORECASE)), None)
    return words.format_map(_names(provider, values or {})) if words else None


def _names(provider: Provider | None, values: Mapping[str, Any]) -> dict[str, str]:
    """What the placeholders of a meaning stand for."""
    bucket, folder = values.get("bucket"), values.get("folder")
    return {
        "option": provider.option if provider else "its option",
        "rclone": (provider.rclone_type or provider.option) if provider else "PROVIDER",
        "address": _options(provider, _ADDRESS, values) or "its address",
        "login": _options(provider, _LOGIN, values) or "the credential",
        "bucket": repr(bucket) if bucket else "the bucket",
        "folder": f"folder ({folder!r})" if folder else "folder",
    }


def _options(provider: Provider | None, names: tuple[str, ...], values: Mapping[str, Any]) -> str:
    """The provider's options of these names, with their values unless they are secret."""
    if provider is None:
        return ""
    shown = public(provider, values)
    options = [
        f"{provider.option}.{one.name}" + (f" ({shown[one.name]!r})" if shown.get(one.name) else "")
        for one in provider.fields
        if one.name in names and (one.required or values.get(one.name) or one.secret)
    ]
    return " and ".join(filter(None, (", ".join(options[:-1]), *options[-1:])))


def _first(error: str) -> str:
    """Return what the first line says: better a notice than nothing."""
    line = error.strip().partition("\n")[0]
    entry = LINE.fullmatch(line)
    return (entry[2] if entry else line).strip()
