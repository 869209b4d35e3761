# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run may not do unasked: delete what its owner did not mean to delete. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    delete_share,
    rclone_decisions,
    task_form,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_log import SyncLog
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import CallError
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask_all

_NAMED = 5
_LEVELS, _DIRECTORIES = 4, 20  # how far to look for a file: levels, and directories of each
_FOLDERS = 10  # of the provider, on each level: the NAS starts an rclone for each


class RunGuard:
    """Looks after the runs of one task.

    Args:
        task: As the API answers it.
        max_deletes: The option, `None` when it is not given; a negative number lifts every guard.
        max_delete_share: The option: how many percent of the files at the destination a push with SYNC may delete.
    """

    def __init__(
        self,
        client: Client,
        task: Mapping[str, Any],
        max_deletes: int | None,
        max_delete_share: int = delete_share.DEFAULT,
    ) -> None:
        self._client = client
        self._task = task
        self.provider = PROVIDERS.get(task_form.reference_of(task["credentials"]).type or "")
        self._kind = (task["direction"], task["transfer_mode"])
        self._share = max_delete_share
        self._nothing_there = False
        self.lifted = max_deletes is not None and max_deletes < 0
        self.limit = None if self.lifted else max_deletes
        if max_deletes is None and (self._kind in (("PULL", "SYNC"), ("PULL", "MOVE")) or self._deletes_more()):
            self.limit = 0

    @property
    def syncs(self) -> bool:
        """Whether the task makes the destination the same as what lies here."""
        return self._kind == ("PUSH", "SYNC")

    def args(self) -> str | None:
        """Why neither a run nor a dry run can be made with the task's arguments; `None` when it can."""
        if self.lifted:
            return rclone_decisions.decides_on_dry_run(self._task["args"])
        return rclone_decisions.refusal(self._task["args"], self._task, self.provider)

    def wants_trial(self) -> bool:
        """Whether only a dry run can tell that a run does no harm."""
        if self.lifted or self.limit is not None:
            return not self.lifted
        if self._kind == ("PUSH", "SYNC"):
            if self._nothing_there:
                return False
            if not self._limits_itself():
                return True
            # A file that is there need not be one that is sent: a filter may keep it back.
            filtered = self._task["include"] or self._task["exclude"]
            hidden = rclone_decisions.hides_what_a_push_deletes(self._task["args"])
            return bool(filtered) or hidden or not self._finds_a_file()
        return self._kind == ("PUSH", "MOVE") and self._compares_less()

    def names(self) -> str | None:
        """What in the provider's folders makes a push go wrong, if anything."""
        provider = self.provider
        if self.lifted or self._kind[0] != "PUSH" or provider is None or provider.names_rule is None:
            return None
        credentials, root = self._task["credentials"]["id"], provider.check_folder or ""
        level = [root]
        for dummy in range(_LEVELS):
            looked_in, level = level[:_FOLDERS], []
            places = [{"credentials": credentials, "attributes": {"folder": folder}} for folder in looked_in]
            answers = ask_all(self._client, [("cloudsync.list_directory", (place,)) for place in places])
            names = []
            for folder, answer in zip(looked_in, answers, strict=True):
                if isinstance(answer, CallError):
                    continue  # the run meets the same error, and its log tells more
                if isinstance(answer, Exception):
                    raise answer
                self._nothing_there = not answer and folder == root
                for entry in answer:
                    path = f"{folder}/{entry['Name']}"
                    names.append(path.removeprefix(f"{root}/"))
                    if entry.get("IsDir") and not entry.get("ID"):  # no album itself, it is there for those below it
                        level.append(path)
            if problem := provider.names_rule(names):
                return problem
            if not level:
                break
        return None

    def refusal(self, dry_run: SyncLog) -> str | None:
        """Why not to run, after this dry run; `None` when the run may follow."""
        counts = self._kind == ("PUSH", "SYNC") and self.limit is None
        if not (dry_run.has_figures if counts else dry_run.tells_all):
            return (
                "its dry run's log does not tell all that would be deleted, so max_deletes cannot be kept. Check the "
                "log (arguments of the task may have changed its format), and set max_deletes: -1 to run it without a "
                "limit"
            )
        deletes = [path for path in dry_run.would_delete if not path.endswith("/")]
        if self.limit is not None:
            if len(deletes) <= self.limit:
                return None
            return (
                f"it would delete {len(deletes)} files ({_named(deletes)}), and max_deletes allows {self.limit}. "
                f"If they may go, set max_deletes: {len(deletes)}"
            )
        if counts:
            return self._too_large_a_share(dry_run, deletes)
        unsent = sorted(set(deletes) - set(dry_run.would_copy))
        if self._kind == ("PUSH", "MOVE") and unsent and self._compares_less():
            return (
                f"it would delete {len(unsent)} local files without uploading them ({_named(unsent)}), as there are "
                "files of the same names at the destination already, which may be different. Check them, and rename "
                f"those that are to be uploaded. If they may go, set max_deletes: {len(deletes)}"
            )
        return None

    def _too_large_a_share(self, dry_run: SyncLog, named: Sequence[str]) -> str | None:
        """Why a push should not delete so much of what is at the destination."""
        deletes = dry_run.files_to_delete
        present = max(
            dry_run.checks, deletes
        )  # rclone counts the files that it has compared, and those that it deletes
        if deletes and deletes == present and not dry_run.would_copy:
            return (
                f"there is no file to push in {self._task['path']}, so it would delete all {deletes} files at the "
                f"destination ({_named(named)}). Is the dataset mounted, and the path right? If they may go, set "
                f"max_deletes: {deletes}"
            )
        if self._limits_itself() or not delete_share.is_too_large(deletes, present, self._share):
            return None
        return (
            f"it would delete {deletes} of the {present} files at the destination ({_named(named)}), which is more "
            f"than max_delete_share: {self._share} allows. Is the dataset mounted, and does {self._task['path']} hold "
            f"what it held before? If they may go, set max_deletes: {deletes}"
        )

    def notices(self, copies: Iterable[str], deletes: Iterable[str]) -> list[str]:
        """What the owner of a push that copies and deletes these files should be aware of."""
        if self._kind != ("PUSH", "SYNC") or self.provider is None or self.provider.notices is None:
            return []
        return self.provider.notices(copies, deletes)

    def _limits_itself(self) -> bool:
        """Whether the task's arguments limit what a run deletes, whoever starts it."""
        return rclone_decisions.limit(self._task["args"]) is not None

    def _compares_less(self) -> bool:
        """Whether a file at the destination may be another one than the local file that it is taken for."""
        names_only = self.provider and self.provider.loss_rule and self.provider.loss_rule("PUSH", "MOVE")
        return bool(names_only) or rclone_decisions.compares_less(self._task["args"])

    def _deletes_more(self) -> bool:
        danger = rclone_decisions.danger(self._task["args"], self._task, self.provider)
        return danger is not None and danger.more

    def _finds_a_file(self) -> bool:
        """Whether a short look finds a file to push. Not to find one proves nothing."""
        level = [self._task["path"]]
        for dummy in range(_LEVELS):
            looked_in, level = level[:_DIRECTORIES], []
            answers = ask_all(self._client, [("filesystem.listdir", (one,)) for one in looked_in])
            for directory, answer in zip(looked_in, answers, strict=True):
                entries = [] if isinstance(answer, Exception) else answer
                if any(entry.get("type") == "FILE" for entry in entries):
                    return True
                inner = (entry["name"] for entry in entries if entry.get("type") == "DIRECTORY")
                level += [f"{directory}/{name}" for name in inner if name != ".zfs"]
            if not level:
                return False
        return False


def _named(paths: Sequence[str]) -> str:
    return ", ".join(map(repr, paths[:_NAMED])) + (", ..." if len(paths) > _NAMED else "")
