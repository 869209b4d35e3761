# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An import from its beginning to its end. PRIVATE to the collection."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import report, report_page
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.importing import (
    IMPORTED,
    INCOMPLETE,
    WAITING,
    Job,
    Summary,
    summary,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.intake import fingerprints
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.library import (
    HOME,
    BlockedError,
    Library,
    Rehearsal,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.names import shown
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.own_files import OwnFiles
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.parts import Found, Survey, survey
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.removal import remove
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import Settings, TakeoutError
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.state import State, unusable

REPORT = f"{HOME}/report.html"
REPORT_DATA = f"{HOME}/report.json"
_MOST_REMARKS = 5


@dataclass(slots=True)
class Result:
    """What an import did, or in check mode would do.

    Attributes:
        changes: The paths in the library that were written.
        removed: The archives that were removed.
        report: The page that tells it all; `None` if there was nothing to tell.
        warnings: What a person should know.
        problem: Why the import counts as failed, if it does.
    """

    exports: list[Summary] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    report: Path | None = None
    warnings: list[str] = field(default_factory=list)
    problem: str | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was written or removed."""
        return bool(self.changes or self.removed)


def run(settings: Settings, now: float, check: bool = False, step: Callable[[str], None] = lambda name: None) -> Result:
    """Import all exports that are there.

    Args:
        settings: What to do.
        now: The time, in seconds since 1970.
        check: Only predict the result.
        step: Called before each operation that changes something on disk.

    Raises:
        TakeoutError: It cannot be done; the message says why.
    """
    settings.check()
    found = look(settings.archives)
    found.foreign = [name for name in found.foreign if name != _within(settings.library, settings.archives)]
    result = Result()
    if found.foreign:
        names = ", ".join(found.foreign[:_MOST_REMARKS])
        result.warnings.append(f"{len(found.foreign)} files in {settings.archives} belong to no export: {names}")
    library = (Rehearsal if check else Library)(settings.library, step)
    mask = os.umask(0)  # new files get the permissions of the library, whoever runs this
    try:
        if found.exports or library.stat(HOME):
            with library.lock():
                _run(settings, found, now, library, result)
    except OSError as error:
        raise TakeoutError(shown(f"library: {error.filename or settings.library}: {error.strerror}")) from error
    except BlockedError as error:  # only of its own directories; photos are refused one by one
        raise TakeoutError(shown(f"library: {error}. Move it away")) from error
    except sqlite3.Error as error:  # its pages are read, and its disk fills, at any moment
        raise TakeoutError(unusable(settings.library, error)) from error
    finally:
        os.umask(mask)
        library.close()
    # Names of files and the words of an archive's own list are others' text.
    result.warnings = [shown(one) for one in result.warnings]
    result.problem = shown(result.problem) if result.problem else None
    return result


def _within(library: Path, archives: Path) -> str | None:
    """The name among the archives of the directory that the library is in, if it is there."""
    inner, outer = library.resolve(), archives.resolve()
    return inner.relative_to(outer).parts[0] if inner.is_relative_to(outer) else None


def look(directory: Path) -> Survey:
    """Read what a directory holds; links are not followed."""
    files, others = [], []
    for entry in directory.iterdir():
        facts = entry.lstat()
        if stat.S_ISREG(facts.st_mode):
            files.append(Found(entry.name, facts.st_size, facts.st_ctime))
        elif not entry.name.startswith("."):
            others.append(entry.name)
    found = survey(file for file in files if not file.name.startswith("."))
    found.foreign = sorted(found.foreign + others)
    return found


def _run(settings: Settings, found: Survey, now: float, library: Library, result: Result) -> None:
    library.discard_temporaries()
    state = State(settings.library, library.writes)
    try:
        gone = {content.id for content in state.contents() if library.lacks(content.path)}
        jobs = []
        for export in found.exports:
            wait = timedelta(minutes=settings.quiet_minutes).total_seconds() - (now - export.quiet_since())
            if settings.quiet_minutes and wait > 0:
                result.exports.append(Summary(export.id, WAITING))
                result.warnings.append(
                    f"export {export.id} may still be under way: its files changed less than quiet_minutes "
                    f"({settings.quiet_minutes}) ago, so it waits for a later run"
                )
                continue
            loose = [one for one in found.loose if len(found.exports) == 1 or export.may_have(one)]
            jobs.append(Job(settings, export, state, library, loose, len(found.exports) == 1, gone))
        accounts: list[tuple[Job, Summary]] = []
        taken: set[str] = set()
        for job in jobs:
            job.claimed = set(taken)
            accounts.append((job, _import(job, result)))
            taken |= set(accounts[-1][1].loose)
        lonely = [one.file.name for one in found.loose if one.file.name not in taken]
        result.warnings += [f"{name} belongs to no export that was imported" for name in lonely if accounts]
        if settings.remove_archives == "imported":
            result.removed += remove(accounts, result.warnings)
        _report(settings, state, library, now, result)
    finally:
        state.close()
    _conclude(settings, result)


def _import(job: Job, result: Result) -> Summary:
    """Import an export, unless the very same parts were imported before and all that came of them is still there."""
    parts = fingerprints(job.settings.archives, job.export)
    key = json.dumps(sorted(parts) + sorted(one.fingerprint for one in job.loose))
    noted = job.state.export(job.export.id)
    if noted and noted[:2] == (key, job.settings.result) and not job.gone and "" not in parts:
        account = summary(noted[2]).again()
    else:
        account = job.run(key)
    result.exports.append(account)
    result.changes += job.changes
    return account


def _report(settings: Settings, state: State, library: Library, now: float, result: Result) -> None:
    """Bring the report up to date, if there is anything new to tell."""
    data = report.collect(state, library, result.exports, now)
    if not data["exports"]:
        return
    result.report = settings.library / REPORT
    if not library.writes:
        return
    own_files = OwnFiles(state, library)
    if own_files.write(REPORT_DATA, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()):
        pictures = report.pictures(state, library)
        own_files.write(REPORT, report_page.page(data, pictures).encode())
    library.step("commit")
    state.commit()


def _conclude(settings: Settings, result: Result) -> None:
    """Say what a person should know, and whether it is a failure."""
    problems = []
    for one in result.exports:
        if one.status == INCOMPLETE:
            problems.append(f"export {one.id} is incomplete, so nothing of it was imported: {'; '.join(one.gaps)}")
        elif one.status == IMPORTED:
            result.warnings += one.remarks()
            if settings.require_complete and (lost := one.lost()):
                problems.append(f"export {one.id} was imported except for {lost}")
    if problems:
        way_out = "Download these parts again, or set require_complete to false to import what there is"
        result.problem = f"{'. '.join(problems)}. {way_out}"
