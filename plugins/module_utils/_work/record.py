# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan, write and verify one record of the NAS. PRIVATE to the collection.

The plan is made elsewhere and purely; here it is carried out. Two things can come between a plan and its end: somebody
else makes the record meanwhile, or the answer to a write gets lost. Both are settled by reading and planning again,
once. Only what would be made is never asked for twice: the NAS may still be making it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import AnswerLost, ValidationError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import Plan
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import steps
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.steps import pause

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Entries:
    """Records that were read from the NAS, to be found by number or name.

    Attributes:
        name: The member that people call a record by.
    """

    rows: Sequence[Entry]
    name: str
    _by_name: dict[str, list[Entry]] = field(init=False, default_factory=dict)
    _by_id: dict[int, Entry] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows:
            self._by_id[row["id"]] = row
            self._by_name.setdefault(names.normal(row[self.name]), []).append(row)

    def numbered(self, number: int) -> Entry | None:
        return self._by_id.get(number)

    def called(self, name: str | None) -> Sequence[Entry]:
        """Return the records of a name: those that have it to the letter, else those in another Unicode form."""
        if name is None:
            return ()
        alike = self._by_name.get(names.normal(name), ())
        return [row for row in alike if row[self.name] == name] or alike


def filter_by(field: str, *wanted: Any) -> list[Any]:
    """The filter that finds records by their number, or by their names in either Unicode form. `None` is no name."""
    if field == "id":
        return [field, "=", *wanted]
    return [field, "in", [form for one in wanted if one is not None for form in names.spellings(one)]]


def meant(rows: Sequence[Entry], field: str, wanted: Any) -> Sequence[Entry]:
    """The records that are meant: of two names that look the same, the one that is given to the letter."""
    return [row for row in rows if row["id"] == wanted] if field == "id" else Entries(rows, field).called(wanted)


def refuse_mistyped(params: Mapping[str, Any], option: str, entry: Entry | None) -> None:
    """Refuse a name that no record has and that cannot be meant, before it makes a twin of one.

    Args:
        entry: The record that the options mean. A name that it has already can be given as it is.

    Raises:
        OptionError
    """
    for one in (option, f"new_{option}"):
        name = params.get(one)
        if name is None or (entry is not None and (one == option or names.same(name, entry[option]))):
            continue
        if problem := names.mistyped(name):
            meant = name.strip()
            instead = "Type it anew" if not meant or names.mistyped(meant) else f"Write {meant!r}"
            raise OptionError(f"{one}: {name!r} {problem}. {instead}.")


_SETTLING = (3.0,) * 10
"""Seconds between two looks at several records of one name. They are an error when they are the same in three looks."""


class Ambiguous(Failure):
    """Several records of the NAS fit the options: their numbers are in `returns["ids"]`."""


class Record(Protocol):
    """One credential or task, as asked for."""

    title: str
    """What it is and its name, for messages: `Cloud sync task "Photos"`."""

    async def fetch(self) -> Entries:
        """Read from the NAS what it can be among."""

    def pick(self, entries: Entries) -> Entry | None:
        """Find it; `None` when it does not exist."""

    def plan(self, entry: Entry | None, *, proving: bool = False) -> Plan:
        """What has to be done. When `proving`, a write that is made each time does not count."""

    async def write(self, plan: Plan, entry: Entry | None) -> int:
        """Create or update it; returns its number. Leaves the NAS as it was when it fails."""

    async def delete(self, entry: Entry) -> None:
        """Delete it."""

    async def read(self, number: int) -> Entry:
        """Read it by its number."""


@dataclass(frozen=True)
class Applied:
    """A record after the work: the plan that was carried out, and the record as it now is on the NAS."""

    plan: Plan
    entry: Entry | None


async def apply_record(record: Record, *, check_mode: bool, entries: Entries | None = None) -> Applied:
    """Carry out what has to be done.

    Args:
        entries: What the NAS has, when it has just been read.

    Raises:
        Failure: the NAS took the write but does not have the requested values.
        MiddlewareError, OptionError: the write, or the plan for it, failed.
    """
    entry = record.pick(await unambiguous(record, entries))
    plan = record.plan(entry)
    if check_mode or not plan.changed:
        return Applied(plan, entry)
    try:
        return await _write_and_verify(record, plan, entry)
    except (AnswerLost, ValidationError) as error:
        if not (isinstance(error, AnswerLost) or _name_has_appeared(plan, error)):
            raise
        # Only reading tells whether the write went through, or who made the record.
        present = await _found(record, patiently=plan.action == "create" and isinstance(error, AnswerLost))
        remaining = record.plan(present)
        if remaining.changed:
            if isinstance(error, ValidationError) and present is None:
                raise
            if present is None:
                raise Failure(f"{record.title}: {error} The NAS does not have it so far. Run this again.") from None
            settled = await _write_and_verify(record, remaining, present)
            return Applied(plan, settled.entry)
        return Applied(plan if isinstance(error, AnswerLost) else remaining, present)


async def unambiguous(record: Record, entries: Entries | None = None) -> Entries:
    """Read what the record can be among. Runs that make the same one at once take theirs back: wait for them.

    Args:
        entries: What the NAS has, when it has just been read.

    Raises:
        Ambiguous: several stay that the options may mean.
    """
    seen: list[Sequence[int]] = []
    for seconds in _SETTLING:
        found = (await record.fetch()) if entries is None else entries
        try:
            record.pick(found)
        except Ambiguous as several:
            seen.append(several.returns["ids"])
            if seen[-3:] == [seen[-1]] * 3:
                raise
        else:
            return found
        entries = None
        await pause(seconds)
    return await record.fetch()


async def _found(record: Record, *, patiently: bool) -> Entry | None:
    """Read it; `patiently` for one that the NAS may still be busy making for a connection that is no more."""
    for seconds in steps.PATIENCE if patiently else steps.PATIENCE[:1]:
        if seconds:
            await pause(seconds)
        present = record.pick(await record.fetch())
        if present is not None:
            return present
    return None


async def _write_and_verify(record: Record, plan: Plan, entry: Entry | None) -> Applied:
    if plan.action == "delete" and entry is not None:
        await record.delete(entry)
        return Applied(plan, None)
    number = await record.write(plan, entry)
    written = await record.read(number)
    left = record.plan(written, proving=True)
    if left.changed:
        before, after = left.before or {}, left.after or {}
        differing = sorted(name for name in after if after[name] != before.get(name))
        raise Failure(
            f"{record.title}: the NAS accepted the change but does not have the requested values "
            f"({', '.join(differing)} "
            "differ). Something else may be changing it at the same time: run this again, and report it if it stays."
        )
    return Applied(plan, written)


def _name_has_appeared(plan: Plan, error: ValidationError | AnswerLost) -> bool:
    """Whether a create was refused for a name that was free when the plan was made."""
    return (
        plan.action == "create"
        and isinstance(error, ValidationError)
        and any(attribute and attribute.endswith("_create.name") for attribute, _message, _errno in error.fields)
    )
