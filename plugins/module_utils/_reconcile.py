# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide what has to be written so that a record gets its desired form. PRIVATE to the collection.

Pure: no I/O, no time, no randomness. What a record consists of is told by `Member` descriptions; this module knows
neither TrueNAS nor cloud sync.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import (
    HIDDEN,
    SHOWN_NEW_SECRET,
    SHOWN_SECRET,
)

Action = Literal["none", "create", "update", "delete"]
Secrets = Literal["auto", "always", "never"]


class _Missing:
    """No default: the member has to be given."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Member:
    """One member of a record.

    Attributes:
        default: What the server fills in when the member is left out on creation; `MISSING` when it has none.
        same: Whether two values mean the same (both in the server's form).
        secret: The value is credential material: it is never shown.
        show: The form of the value in diffs and return values.
        members: Set for a structure that the API replaces as a whole: its own members, or a function that tells them
            from the structure's value.
        kind: The name of the member of a structure that tells which kind it is; structures of different kinds have
            nothing in common, so nothing is carried over from the old to the new one.
    """

    name: str
    default: Any = MISSING
    same: Callable[[Any, Any], bool] = operator.eq
    secret: bool = False
    show: Callable[[Any], Any] = _as_it_is
    members: Mapping[str, Member] | Callable[[Mapping[str, Any]], Mapping[str, Member]] | None = None
    kind: str | None = None

    def parts(self, value: Mapping[str, Any]) -> Mapping[str, Member]:
        """The members of a structure with this value."""
        if callable(self.members):
            return self.members(value)
        return self.members or {}


@dataclass(frozen=True)
class Plan:
    """What to do to one record.

    Attributes:
        payload: The members to write (all that were asked for on creation, the differing ones on update).
        before, after: The record as it is and as it will be, without secrets; `None` where there is none.
        unknown: Dotted names of asked-for members whose present value the server hides: not compared, left as they are.
    """

    action: Action
    payload: Mapping[str, Any] = field(default_factory=dict, repr=False)
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    unknown: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return self.action != "none"


class HiddenSecretError(Exception):
    """A structure would have to be written whole while the server hides a part of it that was not given.

    Writing it back would store the placeholder in place of the secret.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(
            f"{', '.join(names)} cannot be kept: the account may not read what is stored, and the API replaces the "
            "whole structure. Give a value for it, or use an account that may read it (role CLOUD_SYNC_WRITE)."
        )
        self.names = names


def plan(
    desired: Mapping[str, Any] | None,
    current: Mapping[str, Any] | None,
    members: Mapping[str, Member],
    *,
    secrets: Secrets = "auto",
) -> Plan:
    """Compare a record with its desired form.

    Args:
        desired: The asked-for members only (what is not in it is left alone); `None` asks for the record's absence.
            A member of a structure that is `MISSING` is taken out of it.
        current: The record as the server has it; `None` when there is none.
        members: The description of every member that may be in either.
        secrets: `auto` writes a secret that differs, `always` writes given secrets even so, `never` leaves them.

    Raises:
        HiddenSecretError: an update would destroy a secret that the server hides.
    """
    if desired is None:
        return Plan("none") if current is None else Plan("delete", before=shown(current, members))
    if current is None:
        return Plan("create", payload=dict(desired), after=shown(with_defaults(desired, members), members))
    comparison = _Comparison(secrets)
    changes = comparison.differing(desired, current, members, "")
    before = shown(current, members)
    if not changes:
        return Plan("none", before=before, after=before, unknown=tuple(comparison.unknown))
    after = shown(with_defaults({**current, **changes}, members), members, new=frozenset(comparison.new_secrets))
    return Plan("update", payload=changes, before=before, after=after, unknown=tuple(comparison.unknown))


def with_defaults(record: Mapping[str, Any], members: Mapping[str, Member]) -> dict[str, Any]:
    """The record as the server will have it once it has filled in what was left out."""
    filled: dict[str, Any] = {}
    for name, member in members.items():
        value = record.get(name, member.default)
        if value is MISSING:
            continue
        filled[name] = with_defaults(value, member.parts(value)) if member.members is not None else value
    return filled


def shown(
    record: Mapping[str, Any], members: Mapping[str, Member], *, new: frozenset[str] = frozenset(), path: str = ""
) -> dict[str, Any]:
    """The record without its secrets; those named in `new` are marked as written anew."""
    view: dict[str, Any] = {}
    for name, member in members.items():
        if name not in record:
            continue
        value, where = record[name], f"{path}{name}"
        if member.members is not None:
            view[name] = shown(value, member.parts(value), new=new, path=f"{where}.")
        elif member.secret:
            if value not in (None, ""):
                view[name] = SHOWN_NEW_SECRET if where in new else SHOWN_SECRET
            elif where in new:
                view[name] = value
        else:
            view[name] = value if value == HIDDEN else member.show(value)
    return view


class _Comparison:
    """One walk through a record; collects what could not be compared and which secrets get a new value."""

    def __init__(self, secrets: Secrets) -> None:
        self.secrets = secrets
        self.unknown: list[str] = []
        self.new_secrets: list[str] = []

    def differing(
        self, desired: Mapping[str, Any], current: Mapping[str, Any], members: Mapping[str, Member], path: str
    ) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        for name, wanted in desired.items():
            member, where = members[name], f"{path}{name}"
            if member.members is not None:
                changed, value = self._structure(member, wanted, current.get(name) or {}, where)
            else:
                changed, value = self._value(member, wanted, current.get(name, member.default), where)
            if changed:
                changes[name] = value
        return changes

    def _value(self, member: Member, wanted: Any, present: Any, where: str) -> tuple[bool, Any]:
        if present == HIDDEN:
            if member.secret and self.secrets == "always":
                self.new_secrets.append(where)
                return True, wanted
            self.unknown.append(where)
            return False, HIDDEN if member.secret and self.secrets == "never" else wanted
        same = present is not MISSING and member.same(wanted, present)
        if not member.secret:
            return not same, present if same else wanted
        if self.secrets == "never" and present not in (MISSING, None, ""):
            return False, present
        if same:
            # The stored text may be newer than ours (a refreshed OAuth token): it is the one that is kept.
            return self.secrets == "always", present
        self.new_secrets.append(where)
        return True, wanted

    def _structure(
        self,
        member: Member,
        wanted: Mapping[str, Any],
        present: Mapping[str, Any],
        where: str,
    ) -> tuple[bool, dict[str, Any]]:
        path = f"{where}."
        parts = member.parts(wanted)
        if member.kind is not None and wanted.get(member.kind) != present.get(member.kind):
            self.new_secrets += [f"{path}{name}" for name in wanted if parts[name].secret]
            return True, dict(wanted)
        whole = dict(present)
        changed = False
        for name, value in wanted.items():
            if value is MISSING:
                changed = whole.pop(name, MISSING) is not MISSING or changed
                continue
            differs, whole[name] = self._value(parts[name], value, present.get(name, parts[name].default), path + name)
            changed = changed or differs
        if not changed:
            return False, whole
        # The API replaces the structure: a part that the server hides is written as asked for, or not at all.
        lost = tuple(f"{path}{name}" for name, value in whole.items() if value == HIDDEN)
        if lost:
            raise HiddenSecretError(lost)
        self.unknown = [name for name in self.unknown if not name.startswith(path)]
        return True, whole
