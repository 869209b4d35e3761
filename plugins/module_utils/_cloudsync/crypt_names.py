# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell from names whether a task's key is that of the files at the provider. PRIVATE to the collection. Pure.

rclone passes over a name that it cannot decrypt with a notice, and ends without an error: for it the file is not
there. With a wrong key that is so for all of them but a few, which decrypt to something by chance.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_cause

_SKIPPED = re.compile(r"(.*): Skipping undecryptable (?:file|dir|directory) name: .*", re.DOTALL)
_SUFFIX = ".bin"  # what rclone puts behind names that it does not encrypt
_PLAIN_WITH_SUFFIX = re.compile(r".+\.[A-Za-z][A-Za-z0-9]{1,4}\.bin")
_ENCRYPTED = re.compile(r"[0-9a-v]{26,}")  # base 32 of at least one block
_NAMED = 5


def skipped(log: str) -> list[str]:
    """Return the names in a log of rclone's that it could not decrypt."""
    entries = (rclone_cause.LINE.fullmatch(line) for line in log.split("\n"))
    names = (_SKIPPED.fullmatch(entry[2]) for entry in entries if entry)
    return [name[1] for name in names if name]


def foreign(entries: Iterable[Mapping[str, Any]], *, names_encrypted: bool) -> tuple[list[str], bool]:
    """Return the names in a folder that a task cannot decrypt, and whether they are most of all.

    Args:
        entries: The folder as TrueNAS lists it for the task.
        names_encrypted: Whether the task encrypts names too; else directories tell nothing, unless their names look
            encrypted.
    """
    if names_encrypted:
        entries = list(entries)
        names = [entry["Name"] for entry in entries if not entry.get("Decrypted")]
    else:
        entries = [entry for entry in entries if not entry.get("IsDir") or _ENCRYPTED.fullmatch(entry["Name"])]
        names = [entry["Name"] for entry in entries if entry.get("IsDir") or not entry["Name"].endswith(_SUFFIX)]
    return names, 2 * len(names) > len(entries)


def look_encrypted(paths: Sequence[str]) -> bool:
    """Tell whether files that were not decrypted look as if they should be."""
    names = [posixpath.basename(path) for path in paths]
    return bool(names) and (
        all(_PLAIN_WITH_SUFFIX.fullmatch(name) for name in names) or all(_ENCRYPTED.fullmatch(name) for name in names)
    )


def named(names: Sequence[str]) -> str:
    """Return the first few of many names."""
    return ", ".join(map(repr, names[:_NAMED])) + (", ..." if len(names) > _NAMED else "")
