# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Look through the directories that a task pushes. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.left_out import (
    FILTERED,
    LINK,
    SPECIAL,
    LeftOut,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_patterns import Filters
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.walk import walk

_NOT_TRANSFERRED = {"SYMLINK": LINK, "OTHER": SPECIAL}
_LEVELS = 16


class Source:
    """What lies in a task's path, as far as it can be seen: an account may be allowed to run tasks and no more.

    Attributes:
        left_out: What the task's filters leave out although nobody has asked for that, and what the provider refuses.
        twins: Paths that rclone, or the provider, takes for one.
        kept: The files that the task's filters let through, with their sizes as far as the NAS tells them.
        filtered: What the task's own filters leave out, which its owner has asked for.
    """

    def __init__(self, task: Mapping[str, Any], provider: Provider | None) -> None:
        self.left_out: list[LeftOut] = []
        self.twins: list[tuple[str, ...]] = []
        self.kept: dict[str, int | None] = {}
        self.filtered: list[LeftOut] = []
        self.advice = provider.files.advice if provider and provider.files else {}
        self._looked = False
        self._task = task
        self._folds_case = provider is not None and provider.folds_case
        self._rules = provider.files if provider else None
        own = self._rules.filters if self._rules else ()
        self._filters = Filters(task["include"], task["exclude"])
        self._asked = Filters((), [one for one in task["exclude"] if one not in own])
        self._says_media_only = any(one in own for one in task["include"])

    def look(self, client: Client) -> None:
        """Look through it, once, where that can find what rclone does not tell. The look is bounded."""
        if self._looked or self._task["direction"] != "PUSH" or not (self._rules or self._folds_case):
            return
        self._looked = True
        walk(client, self._task["path"].rstrip("/"), self._take, levels=_LEVELS)

    def _take(self, directory: str, entries: Sequence[Mapping[str, Any]] | Exception) -> list[str]:
        """Take note of one directory; the directories in it that are to be looked into."""
        if isinstance(entries, Exception):
            return []
        prefix = f"{directory}/" if directory else ""
        if self._is_system(directory):
            if entries and self._rules:
                reason = self._rules.reason(f"{directory}/x", 1, "", kept=self._filters.enter(directory))
                self.left_out.append(LeftOut(f"{directory}/", reason or ""))
            return []
        directories, kept = [], []
        for entry in entries:
            path = prefix + entry["name"]
            if entry.get("type") == "DIRECTORY" and entry["name"] != ".zfs":
                if self._asked.enter(path):
                    directories.append(path)
                else:
                    self.filtered.append(LeftOut(f"{path}/", FILTERED))
            elif entry.get("type") == "FILE":
                if self._takes_file(path, entry.get("size")):
                    kept.append(path)
            elif entry.get("type") in _NOT_TRANSFERRED:
                self._take_other(path, entry["type"])
        entered = [one for one in directories if self._filters.enter(one)]
        self.twins += names.twins([*entered, *kept], folds_case=self._folds_case)
        return directories

    def _take_other(self, path: str, kind: str) -> None:
        """Note a link or a special file. Where filters do not let its name through, rclone does not tell of it."""
        followed = kind == "SYMLINK" and self._task["follow_symlinks"]
        if not followed and self._asked.keep(path) and self._asked.enter(path):
            self.left_out.append(LeftOut(path, _NOT_TRANSFERRED[kind]))

    def _is_system(self, directory: str) -> bool:
        return self._rules is not None and self._rules.is_system(directory.rpartition("/")[2])

    def _takes_file(self, path: str, size: Any) -> bool:
        """Whether a file is transferred; when it is not, it is noted."""
        kept = self._filters.keep(path)
        told = kept or (self._says_media_only and self._asked.keep(path))
        if kept:
            self.kept[path] = size if isinstance(size, int) else None
        elif not told:
            self.filtered.append(LeftOut(path, FILTERED))
        if self._rules is not None and self._filters.known and told:
            folder = str(self._task["attributes"].get("folder", ""))
            if reason := self._rules.reason(path, size if isinstance(size, int) else None, folder, kept=kept):
                self.left_out.append(LeftOut(path, reason))
        return kept


def under(paths: Iterable[str], twins: Iterable[Sequence[str]]) -> list[str]:
    """Those of the paths that are, or are in, one of several twins."""
    forms = {names.normal(one) for group in twins for one in group}
    return [
        path
        for path in paths
        if any(names.normal(path) == one or names.normal(path).startswith(f"{one}/") for one in forms)
    ]
