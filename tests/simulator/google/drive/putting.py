# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests do to Drive through the admin door."""

from __future__ import annotations

import base64
import datetime
from pathlib import Path
from typing import Any

from simulator.google.drive.store import Content, File, Store, stamp

TYPES = {".zip": "application/zip", ".tgz": "application/gzip", ".txt": "text/plain", ".jpg": "image/jpeg"}


def put_files(store: Store, account: str, given: dict[str, Any]) -> list[File]:
    """Put files into a folder, which is made: those of a directory of this machine (`from`), or `content` as `name`.

    A further file of a name that is there already is one more, as Google has it.
    """
    drive = given.get("drive_id")
    top = store.files[drive] if drive else None
    folder = top or store.folder(account, str(given.get("folder", "")))
    if "from" in given:
        source = Path(given["from"])
        paths = sorted(path for path in ([source] if source.is_file() else source.iterdir()) if path.is_file())
        wanted = [(path.name, store.take_copy(path)) for path in paths]
    else:
        partial = store.partial()
        partial.write_bytes(base64.b64decode(given.get("content", "")))
        wanted = [(given["name"], store.keep(partial))]
    return [_put(store, account, folder, name, content, given) for name, content in wanted]


def describe(store: Store) -> list[dict[str, Any]]:
    """Every file with its path, whoever's it is."""
    return [
        {
            "id": file.id,
            "path": "/".join(reversed([one.name for one in store.ancestry(file) if one.parent])),
            "account": file.owner,
            "drive_id": file.drive_id,
            "folder": file.is_folder,
            "size": file.content.size if file.content else None,
            "sha256": file.content.sha256 if file.content else None,
            "modified": stamp(file.modified),
            "trashed": store.is_trashed(file),
        }
        for file in store.files.values()
        if file.parent
    ]


def _put(store: Store, account: str, folder: File, name: str, content: Content, given: dict[str, Any]) -> File:
    file = store.add(name, TYPES.get(Path(name).suffix, "application/octet-stream"), folder, account)
    file.content = content
    file.abusive = bool(given.get("abusive"))
    file.readers = set(given.get("readers", ()))
    if "modified" in given:
        file.modified = datetime.datetime.fromisoformat(given["modified"]).astimezone(datetime.UTC)
    return file
