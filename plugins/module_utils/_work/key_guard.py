# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether an encrypted task has the key of the files that it works on. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import crypt_names
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_log import SyncLog
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import CallError
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask

_KEY = ("encryption_password", "encryption_salt")
_OPTIONS = ("encryption", "filename_encryption", *_KEY)
_CHECK = "Check encryption_password, encryption_salt and filename_encryption of the task"


class KeyGuard:
    """Looks after the key of one task.

    Args:
        task: As the API answers it.
    """

    def __init__(self, client: Client, task: Mapping[str, Any]) -> None:
        self._client = client
        self._task = task
        self._encrypted = bool(task.get("encryption"))
        self._pulls = task["direction"] == "PULL"

    def before_push(self) -> tuple[str | None, str | None]:
        """Why not to push to the folder, and what to warn of. One list of the folder is asked for."""
        if self._pulls or not self._encrypted or HIDDEN in [self._task.get(name) for name in _KEY]:
            return None, None
        place = {
            "credentials": self._task["credentials"]["id"],
            "attributes": self._task["attributes"],
            **{name: self._task[name] for name in _OPTIONS if name in self._task},
        }
        try:
            entries = ask(self._client, "cloudsync.list_directory", place)
        except CallError:  # there may be no such folder yet; the run meets what else it is, and tells more
            return None, None
        names, most = crypt_names.foreign(entries, names_encrypted=bool(self._task.get("filename_encryption")))
        if not names:
            return None, None
        what = (
            f"the task's folder has {len(names)} names that the task's key cannot decrypt ({crypt_names.named(names)})"
        )
        if most:
            return (
                f"{what}. It does not find what was pushed there with another key or without one, and would upload "
                f"everything again beside it. {_CHECK}, or give it a folder of its own"
            ), None
        return None, f"{what}. Nothing of this task's files is among them. They are never replaced, deleted or pulled."

    def refusal(self, dry_run: SyncLog, log: str) -> str | None:
        """Why not to run, after this dry run."""
        names = crypt_names.skipped(log) if self._encrypted else []
        if not names or (not self._pulls and len(names) <= dry_run.checks):
            return None
        lost = "are not pulled" if self._pulls else "would be uploaded again"
        return f"{self._left_out(names)}, so these files {lost}. {_CHECK}"

    def failure(self, log: str) -> str | None:
        """What a pull that has ended without an error has left out."""
        names = crypt_names.skipped(log) if self._encrypted and self._pulls else []
        if not names:
            return None
        return (
            f"{self._left_out(names)}, so it has left them out. {_CHECK}. Files that were never encrypted do not "
            "belong into this folder"
        )

    def warning(self, copies: Sequence[str]) -> str | None:
        """What to tell of files that a pull brings as they are."""
        if self._encrypted or not self._pulls or not crypt_names.look_encrypted(copies):
            return None
        return (
            f"the files that it pulls look encrypted by rclone ({crypt_names.named(copies)}), and the task does not "
            "decrypt them. Set encryption, encryption_password and what else the task had that has pushed them."
        )

    @staticmethod
    def _left_out(names: Sequence[str]) -> str:
        return (
            f"rclone could not decrypt {len(names)} names at the provider with the task's key "
            f"({crypt_names.named(names)})"
        )
