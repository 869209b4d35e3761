# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing archives whose photos are proven to be in the library. PRIVATE to the collection."""

from __future__ import annotations

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.importing import Job, Summary
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.parts import Survey


def remove(job: Job, found: Survey, account: Summary, warnings: list[str]) -> list[str]:
    """Remove the archives of an export; return their names.

    Before that, every photo of the export is read back from the library and compared.
    """
    if account.keeps:
        warnings.append(f"the archives of export {account.id} were kept: {'; '.join(account.keeps)}")
        return []
    if job.library.writes:
        for wrong in _wrong(job):
            warnings.append(
                f"the archives of export {account.id} were kept: {wrong} in the library is not what was imported"
            )
            return []
    files = [part.file for part in job.export.parts]
    files += [one.file for one in found.loose if one.file.name in account.loose]
    removed = []
    for file in files:
        path = job.settings.archives / file.name
        facts = path.lstat()
        if (facts.st_size, facts.st_ctime) != (file.size, file.changed):
            warnings.append(f"{file.name} was kept: it has changed meanwhile")
            continue
        if job.library.writes:
            job.library.step("remove an archive")
            path.unlink()
        removed.append(file.name)
    return removed


def _wrong(job: Job) -> list[str]:
    """The first file of the library, if any, that does not have the content that it was placed with."""
    query = "SELECT DISTINCT e.content FROM entry e JOIN part p ON p.id = e.part WHERE p.export = ? ORDER BY e.content"
    for (number,) in job.state.db.execute(query, (job.export.id,)).fetchall():
        content = job.state.content_of(number)
        if content is None:
            continue
        try:
            same = job.library.digest(content.path) == content.sha
        except OSError:
            same = False
        if not same:
            return [content.path]
    return []
