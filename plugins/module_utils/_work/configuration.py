# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apply all credentials and tasks of a NAS in one session. PRIVATE to the collection.

Both lists are read once, at once; a record that is as it should be costs nothing more. Credentials come before the
tasks that use them, and are deleted after the tasks that used them. An item that fails does not keep the others back.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.validation import check_type_dict
from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import credential_form as credentials_form
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    plan_id,
    shared_destination,
    unspecified,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import task_form as tasks_form
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.names import form, normal, twins
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.plan_id import Part
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import (
    RELEASES,
    argument_hints,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.shared_destination import Push
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.task_form import CredentialReference
from ansible_collections.nasops.cloudsync.plugins.module_utils._leaving import secrets_in
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, NotDone, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._options import WrongOptionsError, shown, understood
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import credential, task
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask_all
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.record import Entries, Entry, refuse_mistyped
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.steps import Work, run_all

ARGUMENTS: dict[str, dict[str, Any]] = {
    "credentials": {"type": "list", "elements": "dict", "default": []},
    "tasks": {"type": "list", "elements": "dict", "default": []},
    "purge_credentials": {"type": "bool", "default": False},
    "purge_tasks": {"type": "raw", "default": False},
    "unspecified": unspecified.ARGUMENT,
    "expect_plan": {"type": "str"},
}


_PASSING = ("job", "locked")
"""What a task has done so far is not a part of what it is."""


class _Kind(NamedTuple):
    """What the items of a list are, the options that they have, and the option that names them."""

    title: str
    arguments: Mapping[str, Mapping[str, Any]]
    constraints: Mapping[str, Any]
    name: str
    blank: Collection[str]
    hints: Mapping[str, str]


_KINDS = {
    "credentials": _Kind(
        "credential", credential.ARGUMENTS, credential.CONSTRAINTS, "name", credential.BLANK, argument_hints()
    ),
    "tasks": _Kind("task", task.ARGUMENTS, task.CONSTRAINTS, "description", task.BLANK, {}),
}


def execute(invocation: Invocation) -> Outcome:
    """The work of `truenas_cloudsync_config`."""
    return _Configuration(invocation).outcome()


def secrets(params: Mapping[str, Any]) -> Iterator[str]:
    """The texts in the two lists that must not be shown."""
    for kind in _KINDS.values():
        for given in params[f"{kind.title}s"] or ():
            item = {}
            for name, value in given.items():
                item[name] = value
                if kind.arguments.get(name, {}).get("type") == "dict" and not isinstance(value, Mapping):
                    try:
                        item[name] = check_type_dict(value)
                    except (TypeError, ValueError):  # the validation refuses it; until then, all of it may be secret
                        item[name] = None
                        yield str(value)
            yield from credentials_form.secrets(item)
            yield from secrets_in(item, kind.arguments)


def items(params: Mapping[str, Any]) -> dict[str, Any]:
    """Read the items of both lists as the modules read their options.

    Raises:
        OptionError: An item has an option that does not exist, or a value that cannot be meant.
    """
    read = dict(params)
    problems: list[str] = []
    for name in _KINDS:
        if name in params:
            read[name] = []
        for place, item in enumerate(params.get(name) or ()):
            try:
                read[name].append(_understood(name, place, item))
            except WrongOptionsError as error:
                problems += error.problems
    if problems:
        raise WrongOptionsError(problems)
    return read


def _understood(kind: str, place: int, item: Mapping[str, Any]) -> dict[str, Any]:
    known = _KINDS[kind]
    try:
        return understood(item, known.arguments, f"a {known.title}", blank=known.blank, hints=known.hints)
    except WrongOptionsError as error:
        where = _where(kind, place, item)
        raise WrongOptionsError(f"{where}: {problem}" for problem in error.problems) from None


def _where(kind: str, place: int, item: Mapping[str, Any]) -> str:
    name = item.get(_KINDS[kind].name, item.get("name"))
    return f"{kind}[{place}] ({name})" if isinstance(name, str) and name else f"{kind}[{place}]"


class _Configuration:
    def __init__(self, invocation: Invocation) -> None:
        self.invocation = invocation
        self.wanted = {kind: self._items(kind) for kind in _KINDS}
        answers = ask_all(invocation.client, [("cloudsync.credentials.query", ()), ("cloudsync.query", ())])
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        self.present = {"credentials": Entries(answers[0], "name"), "tasks": Entries(answers[1], "description")}
        for kind in _KINDS:
            self._refuse_mistyped(kind)
            self._refuse_two_of_one(kind)
        # By the task's number: the name of the credential that it uses, as far as this run has come.
        self.used_credentials: dict[int, str | None] = {
            one["id"]: tasks_form.reference_of(one["credentials"]).name for one in answers[1]
        }
        self.references = task.References(tasks_form.reference_of(one) for one in answers[0])
        self.results: dict[str, list[dict[str, Any]]] = {"credentials": [], "tasks": []}
        self.failures: list[dict[str, Any]] = []
        self.before: dict[str, dict[str, Any]] = {"credentials": {}, "tasks": {}}
        self.after: dict[str, dict[str, Any]] = {"credentials": {}, "tasks": {}}
        self.failed_credentials: set[str] = set()
        self.shared: dict[str, str] = {}
        self.changed = False
        self.purge_tasks = _purge(invocation.params["purge_tasks"])

    def _items(self, kind: str) -> list[dict[str, Any]]:
        params = self.invocation.params
        return _items(kind, params[kind] or [], {"unspecified": params["unspecified"]})

    def outcome(self) -> Outcome:
        seen = list(self._seen())
        self._refuse_another_plan(seen)
        self._warn_of_unlisted()
        self._do("credentials", self._asked("credentials"), self._apply_credential)
        self.shared = self._shared_destinations()
        self._do("tasks", self._asked("tasks"), self._apply_task)
        self._do("tasks", [*self._absent("tasks"), *self._purged("tasks")], self._apply_task)
        unused = [*self._absent("credentials"), *self._purged("credentials")]
        self._do("credentials", unused, self._apply_credential)
        returns: dict[str, Any] = {**self.results, "failures": self.failures, "plan_id": plan_id.plan_id(seen)}
        returns["unlisted"] = self._staying_unlisted()
        if self.failures:
            told = "; ".join(f"{one['item']}: {one['msg'].removesuffix('.')}" for one in self.failures)
            total = sum(len(items) for items in self.results.values()) + len(self.failures)
            returns["diff"] = {"before": self.before, "after": self.after}
            purges = self.invocation.params["purge_credentials"] or self.purge_tasks in ("all", "credential")
            kept = " Nothing was purged because of that." if purges else ""
            raise Failure(
                f"{len(self.failures)} of {total} items failed. {told}.{kept}", changed=self.changed, **returns
            )
        return Outcome(self.changed, returns, before=self.before, after=self.after)

    def _asked(self, kind: str) -> list[dict[str, Any]]:
        return [item for item in self.wanted[kind] if item["state"] == "present"]

    def _absent(self, kind: str) -> list[dict[str, Any]]:
        return [item for item in self.wanted[kind] if item["state"] == "absent"]

    def _purged(self, kind: str) -> list[dict[str, Any]]:
        """Those on the NAS that no item means, to be deleted when that was asked for.

        After a failure nothing is purged: the item that failed may mean one of them by a mistyped name.
        """
        if self.failures:
            return []
        if kind == "tasks":
            entries = self._unlisted(kind) if self.purge_tasks == "all" else self._own_unlisted()
            if self.purge_tasks not in ("all", "credential"):
                return []
        elif self.invocation.params["purge_credentials"]:
            entries = self._unlisted(kind)
        else:
            return []
        name = _KINDS[kind].name
        return [
            {**_validated(kind, place, {"id": entry["id"], "state": "absent"}), name: entry[name]}
            for place, entry in enumerate(entries)
        ]

    def _unlisted(self, kind: str) -> list[Entry]:
        """The records of the NAS that no item means."""
        name = _KINDS[kind].name
        meant = {item[option] for item in self.wanted[kind] for option in (name, f"new_{name}")} - {None}
        numbers = {item["id"] for item in self.wanted[kind]} | {
            entry["id"] for one in meant for entry in self.present[kind].called(one)
        }
        return [entry for entry in self.present[kind].rows if entry["id"] not in numbers]

    def _own_unlisted(self) -> list[Entry]:
        """The tasks that no item means, and that use a credential that an item means."""
        own = {entry["id"] for item in self.wanted["credentials"] if (entry := self._entry("credentials", item))}
        return [entry for entry in self._unlisted("tasks") if tasks_form.reference_of(entry["credentials"]).id in own]

    def _staying_unlisted(self) -> list[dict[str, Any]]:
        purged = {one["id"] for one in self.results["tasks"] if one["action"] == "delete"}
        return [
            {
                "id": entry["id"],
                "description": entry["description"],
                "credential": tasks_form.reference_of(entry["credentials"]).name,
            }
            for entry in self._unlisted("tasks")
            if entry["id"] not in purged
        ]

    def _warn_of_unlisted(self) -> None:
        found = self._own_unlisted() if self.purge_tasks == "warn" else []
        if found:
            names = ", ".join(f"{entry['description']!r} (id {entry['id']})" for entry in found)
            self.invocation.warn(
                f"These cloud sync tasks use a credential of this list, but are not listed themselves: {names}. They "
                "stay as they are. List them, or have them deleted by purge_tasks: credential (in the role: "
                "google_photos_purge or google_takeout_purge)."
            )

    @property
    def _release(self) -> str:
        return self.invocation.client.release.nearest(RELEASES)

    def _seen(self) -> Iterator[Part]:
        """What a plan depends on: the records of the NAS, and what is declared of them."""
        for kind, show in (("credentials", credentials_form.result), ("tasks", tasks_form.result)):
            for entry in self.present[kind].rows:
                view = {name: value for name, value in show(entry, self._release).items() if name not in _PASSING}
                title = f"{_KINDS[kind].title} {entry[_KINDS[kind].name]!r}"
                yield Part(title, plan_id.public_part(view), on_nas=True)
            for item in self.wanted[kind]:
                content = [plan_id.declared(item, _KINDS[kind].arguments), self._foreseen(kind, item)]
                name = self._name(kind, item)
                yield Part(f"{_KINDS[kind].title} {name!r}", content, on_nas=False)
        purges = [self.invocation.params["purge_credentials"], self.purge_tasks in ("all", "credential")]
        yield Part("what is purged", [*purges, self.purge_tasks if purges[1] else None], on_nas=False)
        yield Part("the release of TrueNAS", self._release, on_nas=True)

    def _foreseen(self, kind: str, item: Mapping[str, Any]) -> Any:
        """What the plan does to one record, as far as the start tells. Of a secret, only whether it changes."""
        with contextlib.suppress(*NotDone):
            record: Any = (
                self._task(item)
                if kind == "tasks"
                else credential.CredentialRecord(self.invocation.client.release, item)
            )
            planned = record.plan(self._entry(kind, item))
            return plan_id.public_part([planned.action, planned.after, planned.unknown])
        return None

    def _refuse_another_plan(self, seen: Sequence[Part]) -> None:
        """Refuse to go on when an approved plan saw something else.

        Raises:
            Failure
        """
        expected = self.invocation.params["expect_plan"]
        if expected is None:
            return
        if changes := plan_id.changes(expected, seen):
            raise Failure(
                f"expect_plan: nothing was changed, as this is not what the plan saw. {'; '.join(changes)}. Make a new "
                "plan in check mode, and give its plan_id.",
                plan_id=plan_id.plan_id(seen),
            )

    def _entry(self, kind: str, item: Mapping[str, Any]) -> Entry | None:
        """The record that an item means, as it was at the start; `None` when there is none, or more than one."""
        entries, name = self.present[kind], _KINDS[kind].name
        if item["id"] is not None:
            return entries.numbered(item["id"])
        for option in (name, f"new_{name}"):
            if found := entries.called(item[option]):
                return found[0] if len(found) == 1 else None
        return None

    def _refuse_mistyped(self, kind: str) -> None:
        """Refuse a name that cannot be meant before anything is written: a purge would delete the record that is."""
        for place, item in enumerate(self.wanted[kind]):
            try:
                refuse_mistyped(item, _KINDS[kind].name, self._entry(kind, item))
            except OptionError as error:
                raise OptionError(f"{kind}[{place}]: {error}") from None

    def _refuse_two_of_one(self, kind: str) -> None:
        """Refuse two items that mean one record by different options: side by side, they would undo each other."""
        places: dict[int, int] = {}
        for place, item in enumerate(self.wanted[kind]):
            entry = self._entry(kind, item)
            if entry is None:
                continue
            first = places.setdefault(entry["id"], place)
            if first != place:
                name = entry[_KINDS[kind].name]
                raise OptionError(
                    f"{kind}[{first}] and {kind}[{place}] both mean the {_KINDS[kind].title} {name!r} "
                    f"(id {entry['id']}). Leave one."
                )

    def _shared_destinations(self) -> dict[str, str]:
        """Return by name why tasks are left as they are: a push would delete what another one has pushed.

        Tasks of the NAS that no item means count for items that change something.
        """
        asked = dict(self._asked_pushes())
        staying = [push for entry in self._left_alone() if (push := task.stored_push(entry))]
        found: dict[str, str] = {}
        for one, other, problem in shared_destination.conflicts([*asked, *staying]):
            items = [asked[push] for push in (one, other) if push in asked]
            if len(items) == 2 or (items and self._changes(items[0])):
                found.update({self._name("tasks", item): problem for item in items})
        return found

    def _asked_pushes(self) -> Iterator[tuple[Push, Mapping[str, Any]]]:
        for item in self._asked("tasks"):
            with contextlib.suppress(*NotDone):  # told when it is the item's turn
                push = None if item["allow_deletes"] else self._task(item).push(self._entry("tasks", item))
                if push is not None:
                    yield push, item

    def _changes(self, item: Mapping[str, Any]) -> bool:
        return self._task(item).plan(self._entry("tasks", item)).changed

    def _task(self, item: Mapping[str, Any]) -> task.TaskRecord:
        return task.TaskRecord(self.invocation.client.release, item, self.references)

    def _left_alone(self) -> list[Entry]:
        """The tasks of the NAS that no item means, and that stay."""
        meant = [*self.wanted["tasks"], *self._purged("tasks")]
        numbers = {entry["id"] for item in meant if (entry := self._entry("tasks", item))}
        return [entry for entry in self.present["tasks"].rows if entry["id"] not in numbers]

    async def _apply_credential(self, item: Mapping[str, Any]) -> Outcome:
        record = credential.CredentialRecord(self.invocation.client.release, item)
        outcome = await credential.apply(record, self.invocation, self.present["credentials"])
        if self.invocation.check_mode and outcome.before is not None and outcome.after is None:
            name = outcome.before["name"]
            used = [one for one in self.present["tasks"].rows if self.used_credentials.get(one["id"]) == name]
            if used:
                raise Failure(record.in_use(used))
        shown = outcome.returns["credential"]
        if shown is not None:
            kind = shown["provider"]["type"]
            fields = {**shown["provider"], **record.desired.get("provider", {})}
            reference = CredentialReference(shown["id"], shown["name"], kind, fields)
            self.references.add(reference, former_name=(outcome.before or {}).get("name"))
        return outcome

    async def _apply_task(self, item: Mapping[str, Any]) -> Outcome:
        if item["state"] == "present" and normal(item["credential"] or "") in self.failed_credentials:
            raise Failure("left as it is, as its credential failed.")
        if problem := self.shared.get(self._name("tasks", item)):
            raise Failure(f"left as it is. {problem}.")
        outcome = await task.apply(self._task(item), self.invocation, self.present["tasks"])
        entry = self._entry("tasks", item)
        if entry is not None and outcome.changed:
            self.used_credentials[entry["id"]] = outcome.after["credential"]["name"] if outcome.after else None
        return outcome

    def _do(
        self,
        kind: str,
        items: Sequence[Mapping[str, Any]],
        apply: Callable[[Mapping[str, Any]], Work[Outcome]],
    ) -> None:
        """Apply items side by side, and record the outcome of each."""
        for item, outcome in zip(items, run_all(self.invocation.client, [apply(item) for item in items]), strict=True):
            if isinstance(outcome, Exception):
                self._note_failure(kind, item, outcome)
            else:
                self._note(kind, item, outcome)

    def _note_failure(self, kind: str, item: Mapping[str, Any], error: Exception) -> None:
        name = self._name(kind, item)
        self.failures.append({"item": f"{_KINDS[kind].title} {name}", "msg": str(error)})
        if kind == "credentials":
            names = (name, item["new_name"], str(item["id"]))
            self.failed_credentials.update(normal(one) for one in names if one is not None)

    def _note(self, kind: str, item: Mapping[str, Any], outcome: Outcome) -> None:
        name = self._name(kind, item)
        action = "none"
        if outcome.changed:
            action = "create" if outcome.before is None else "delete" if outcome.after is None else "update"
            self.changed = True
            if outcome.before is not None:
                self.before[kind][name] = outcome.before
            if outcome.after is not None:
                self.after[kind][name] = outcome.after
        shown = outcome.returns[_KINDS[kind].title]
        known = shown if shown is not None else self._entry(kind, item) or item
        shown = shown or {key: known[key] for key in ("id", _KINDS[kind].name)}
        self.results[kind].append({**shown, "action": action})

    def _name(self, kind: str, item: Mapping[str, Any]) -> str:
        """What to call an item's record: by its name, and its number where that is needed to tell it from others."""
        option = _KINDS[kind].name
        entry = self._entry(kind, item)
        name = item[option]
        if name is None and entry is not None:
            name = entry[option]
        if name is None:
            return f"id {item['id']}"
        shared = item["id"] is not None and len(self.present[kind].called(name)) > 1
        return f"{name} (id {item['id']})" if shared else str(name)


def _purge(value: Any) -> str | None:
    """Which tasks that are not listed are purged: `all`, or those with a `credential` of the list, or `warn` of these.

    Raises:
        OptionError: it is none of the values that the option has.
    """
    text = value.strip().lower() if isinstance(value, str) else value
    if text in ("credential", "warn"):
        return str(text)
    try:
        return "all" if boolean(text) else None
    except TypeError:
        raise OptionError(
            f"purge_tasks: {shown(value)} is not accepted. Give true, false, credential or warn."
        ) from None


def _items(kind: str, given: Sequence[Mapping[str, Any]], defaults: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The items with their options in their types.

    Args:
        defaults: Values of options for the items that have these options and do not give them.

    Raises:
        OptionError: an item has options that its module would refuse, or two items mean the same record.
    """
    name = _KINDS[kind].name
    items = [_validated(kind, place, item, defaults) for place, item in enumerate(given)]
    names = [one for item in items if item["id"] is None for one in dict.fromkeys((item[name], item[f"new_{name}"]))]
    # Tasks may share a description, but who shares it is to be meant by its number.
    names += {item[f"new_{name}"] for item in items if item["id"] is not None}
    # One of two that are on the NAS already can be deleted.
    present = [item[option] for item in items if item["state"] == "present" for option in (name, f"new_{name}")]
    if alike := twins(one for one in present if one is not None):
        raise OptionError(
            f"{kind}: {alike[0][0]!r} is in the list in two Unicode forms that look the same, {form(alike[0][0])} and "
            f"{form(alike[0][1])}. Write it the same way each time, best composed (NFC)."
        )
    for values in (names, [item["id"] for item in items]):
        twice = sorted(str(one) for one, times in Counter(values).items() if times > 1 and one is not None)
        if twice:
            raise OptionError(f"{kind}: {', '.join(twice)} is in the list more than once. Leave one.")
    return items


def _validated(
    kind: str, place: int, item: Mapping[str, Any], defaults: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    known = _KINDS[kind]
    own = {name: value for name, value in (defaults or {}).items() if name in known.arguments}
    options = own | _understood(kind, place, item)
    outcome = ArgumentSpecValidator(dict(known.arguments), **known.constraints).validate(options)
    if outcome.error_messages:
        raise OptionError(f"{_where(kind, place, item)}: {'; '.join(outcome.error_messages)}.")
    validated: dict[str, Any] = outcome.validated_parameters
    return validated
