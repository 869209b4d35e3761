# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing archives whose photos are proven to be in the library. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.importing import IMPORTED, Job, Summary
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.library import BlockedError
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.parts import Found


def remove(accounts: Sequence[tuple[Job, Summary]], warnings: list[str]) -> list[str]:
    """Remove the archives of exports that may go; return their names.

    Before that, every photo of such an export is read back from the library and compared.
    """
    going: list[tuple[Job, Summary]] = []
    kept_loose: set[str] = set()
    for job, account in accounts:
        reasons = _reasons(job, account)
        if reasons:
            kept_loose |= set(account.loose)
            warnings.append(f"the archives of export {account.id} were kept: {'; '.join(reasons)}")
        else:
            going.append((job, account))
    removed: list[str] = []
    for job, account in going:
        loose = [one.file for one in job.loose if one.file.name in account.loose and one.file.name not in kept_loose]
        files = [file for file in [part.file for part in job.export.parts] + loose if file.name not in removed]
        removed += [file.name for file in files if _remove(job, file, warnings)]
    return removed


def _reasons(job: Job, account: Summary) -> list[str]:
    """Why the archives must be kept, if so."""
    if account.status != IMPORTED:
        return [f"it is {account.status}"]
    if account.keeps or not job.library.writes:
        return account.keeps
    return [f"{path} in the library is not what was imported" for path in _wrong(job)]


def _remove(job: Job, file: Found, warnings: list[str]) -> bool:
    path = job.settings.archives / file.name
    facts = path.lstat()
    if (facts.st_size, facts.st_ctime) != (file.size, file.changed):
        warnings.append(f"{file.name} was kept: it has changed since the import began")
        return False
    if job.library.writes:
        job.library.step("remove an archive")
        path.unlink()
    return True


def _wrong(job: Job) -> list[str]:
    """The first file of the library, if any, that does not have the content that it was placed with."""
    query = "SELECT DISTINCT e.content FROM entry e JOIN part p ON p.id = e.part WHERE p.export = ? ORDER BY e.content"
    for (number,) in job.state.db.execute(query, (job.export.id,)).fetchall():
        content = job.state.content_of(number)
        if content is None:
            continue
        try:
            same = job.library.digest(content.path) == content.sha
        except (OSError, BlockedError):
            same = False
        if not same:
            return [content.path]
    return []
