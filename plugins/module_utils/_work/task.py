# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create, update or delete a cloud sync task of the NAS. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    bucket_errors,
    encryption_key,
    names,
    rclone_errors,
    shared_destination,
    task_form,
    unspecified,
    wider_deletes,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS, RELEASES
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.shared_destination import Push
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.task_form import CredentialReference
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import (
    CallError,
    DoesNotExist,
    MiddlewareError,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import Release
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import Member, Plan, plan, shown
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.record import (
    Ambiguous,
    Entries,
    Entry,
    apply_record,
    filter_by,
    refuse_mistyped,
    unambiguous,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.steps import call, run_one
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.task_filters import filters_that_miss

ARGUMENTS: dict[str, dict[str, Any]] = {
    "description": {"type": "str", "aliases": ["name"]},
    "id": {"type": "int"},
    "new_description": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "credential": {"type": "str"},
    "direction": {"type": "str", "choices": ["PUSH", "PULL"]},
    "transfer_mode": {"type": "str", "choices": ["COPY", "SYNC", "MOVE"]},
    "path": {"type": "str"},
    "bucket": {"type": "str"},
    "folder": {"type": "str"},
    "attributes": {"type": "dict"},
    "schedule": {"type": "raw"},
    "enabled": {"type": "bool"},
    "snapshot": {"type": "bool"},
    "transfers": {"type": "int"},
    "bwlimit": {"type": "raw"},
    "include": {"type": "list", "elements": "str"},
    "exclude": {"type": "list", "elements": "str"},
    "pre_script": {"type": "str"},
    "post_script": {"type": "str"},
    "follow_symlinks": {"type": "bool"},
    "create_empty_src_dirs": {"type": "bool"},
    "encryption": {"type": "bool"},
    "filename_encryption": {"type": "bool"},
    "encryption_password": {"type": "str", "no_log": True},
    "encryption_salt": {"type": "str", "no_log": True},
    "args": {"type": "str"},
    "allow_deletes": {"type": "bool", "default": False},
    "allow_rekey": {"type": "bool", "default": False},
    "unspecified": unspecified.ARGUMENT,
}
BLANK = ("new_description", "credential", "path", "bucket")
"""Texts that mean, when they are empty, that the option is not given; the others clear what is set."""
CONSTRAINTS: dict[str, Any] = {
    "required_one_of": [("description", "id")],
    "mutually_exclusive": [("description", "id")],
}


def execute(invocation: Invocation) -> Outcome:
    """The work of `truenas_cloudsync_task`."""
    credentials = []
    if invocation.params["credential"] is not None and invocation.params["state"] == "present":
        credentials = [task_form.reference_of(one) for one in ask(invocation.client, "cloudsync.credentials.query")]
    references = References(credentials, may_be_missing=invocation.check_mode)
    record = TaskRecord(invocation.client.release, invocation.params, references)
    return run_one(invocation.client, apply(record, invocation))


async def apply(record: TaskRecord, invocation: Invocation, entries: Entries | None = None) -> Outcome:
    """Apply one task; `entries` are those of the NAS, when they have just been read."""
    if entries is None:
        entries = await unambiguous(record)
        await _refuse_shared_destination(record, record.pick(entries))
    settled = await apply_record(record, check_mode=invocation.check_mode, entries=entries)
    done, entry = settled.plan, settled.entry
    if done.unknown:
        invocation.warn(
            f"{record.title}: the account may not read {', '.join(done.unknown)}, so it was not compared and left as "
            "it is. Use an account with the role CLOUD_SYNC_WRITE."
        )
    if invocation.check_mode:
        if absent := (await record.missing_directory(done)):
            invocation.warn(absent)  # no error: the play may be one that would have made it before
        record.warnings += await filters_that_miss(done)
    for warning in record.warnings:
        invocation.warn(f"{record.title}: {warning}")
    before, after = task_form.by_option(done.before), task_form.by_option(done.after)
    shown: dict[str, Any] | None = None
    if done.action != "delete" and entry is not None:
        shown = task_form.result(entry, record.release)
    if invocation.check_mode and after is not None:
        shown = {"id": None, "locked": None, "job": None, **(shown or {}), **after}
    return Outcome(done.changed, {"task": shown}, before=before, after=after)


async def _refuse_shared_destination(record: TaskRecord, entry: Entry | None) -> None:
    """Refuse a push that deletes what another task has pushed, or the other way round.

    Raises:
        Failure
    """
    if record.params["allow_deletes"] or not record.plan(entry).changed or not (push := record.push(entry)):
        return
    for other in await call("cloudsync.query", [["direction", "=", "PUSH"]]):
        if entry is not None and other["id"] == entry["id"]:
            continue
        theirs = stored_push(other)
        if theirs and (problem := shared_destination.problem(push, theirs)):
            raise Failure(f"{problem}.")


def stored_push(entry: Entry) -> Push | None:
    """What a task of the NAS pushes, when it is one that deletes."""
    return task_form.push(task_form.title(entry), task_form.with_reference(entry))


async def _instead(path: str) -> str:
    """What to do about a path that does not exist."""
    above, dummy, name = path.rstrip("/").rpartition("/")
    with contextlib.suppress(MiddlewareError):
        entries = await call("filesystem.listdir", above, [], {"select": ["name"]})
        for found in (entry["name"] for entry in entries):
            if names.twins([found, name], folds_case=True):
                how = f"is {names.form(found)}" if names.same(found, name) else "differs in upper and lower case"
                return f"There is {above}/{found}, whose name {how}. Correct the path."
    return "Create the dataset first, or correct the path."


class References:
    """The credentials of the NAS, to be found by name, else by number.

    Args:
        may_be_missing: A credential that is not there may be one that this play would have made (check mode).
    """

    def __init__(self, credentials: Iterable[CredentialReference], *, may_be_missing: bool = False) -> None:
        self._may_be_missing = may_be_missing
        self._found = {one.name: one for one in credentials}

    def add(self, reference: CredentialReference, former_name: str | None = None) -> None:
        """Know of a credential that has been made or changed."""
        if former_name is not None:
            self._found.pop(former_name, None)
        self._found[reference.name] = reference

    def find(self, wanted: str | None) -> CredentialReference | None:
        """The credential that the option means; `None` when it was not given."""
        if wanted is None:
            return None
        found = self._found.get(wanted) or next((one for one in self._found.values() if str(one.id) == wanted), None)
        alike = [one for one in self._found.values() if names.same(one.name, wanted)]
        if found is not None or len(alike) == 1:
            return found or alike[0]
        if self._may_be_missing:
            return CredentialReference(None, wanted, None)
        known = ", ".join(map(repr, self._found)) or "none"
        raise OptionError(
            f"credential: there is no cloud credential {wanted!r} on the NAS (it has {known}). Create it first."
        )


@dataclass(frozen=True)
class _Wish:
    """One task: what is given, its desired form, as it is, as it will be, and whether it moves."""

    given: dict[str, Any]
    desired: dict[str, Any]
    current: dict[str, Any] | None
    result: dict[str, Any]
    known: dict[str, Member]
    moves: bool


class TaskRecord:
    """One cloud sync task, as asked for by the options of `truenas_cloudsync_task`.

    Args:
        references: Every credential of the NAS; the option `credential` is looked up in it.
    """

    def __init__(self, release: Release, params: Mapping[str, Any], references: References) -> None:
        self.params = params
        self.release = release.nearest(RELEASES)
        self.title = (
            f'Cloud sync task "{params["description"]}"'
            if params.get("description") is not None
            else f"Cloud sync task {params['id']}"
        )
        self.warnings: list[str] = []  # about what is written
        self._created: int | None = None
        self.desired: dict[str, Any] = {}
        if params["state"] == "present":
            self.desired = task_form.desired(params, references.find(params["credential"]))

    async def fetch(self) -> Entries:
        if self.params.get("id") is not None:
            wanted = filter_by("id", self.params["id"])
        else:
            wanted = filter_by("description", self.params.get("description"), self.params.get("new_description"))
        return Entries((await call("cloudsync.query", [wanted])), "description")

    def pick(self, entries: Entries) -> Entry | None:
        """The task that the options mean, out of several; `None` when it is not among them.

        Raises:
            Failure: more than one has the description.
        """
        number = self.params.get("id")
        if number is not None:
            entry = entries.numbered(number)
            if entry is None and self.params["state"] == "present":
                raise Failure(f"id: there is no cloud sync task {number}. Give description to create one.")
            return entry
        for option in ("description", "new_description"):
            name = self.params.get(option)
            found = entries.called(name)
            if len(found) > 1:
                numbers = ", ".join(str(entry["id"]) for entry in found)
                raise Ambiguous(
                    f"{option}: several cloud sync tasks are called {name!r} (ids {numbers}). Give the id of the one "
                    "that is meant.",
                    ids=[entry["id"] for entry in found],
                )
            if found:
                return found[0]
        return None

    def plan(self, entry: Entry | None, *, proving: bool = False) -> Plan:
        refuse_mistyped(self.params, "description", entry)
        if self.params["state"] == "absent":
            known = task_form.members(self._provider(entry), self.release, given=(entry or {}).get("attributes", ()))
            return plan(None, task_form.current(entry, known) if entry else None, known)
        if entry is None:
            absent = task_form.missing(self.params)
            if absent:
                raise Failure(f"{self.title} does not exist. To create it, give {', '.join(absent)} too.")
        wish = self._wish(entry)
        has_run = entry is not None and entry["job"] is not None
        try:
            self._check(wish, has_run=has_run)
        except OptionError as error:
            raise OptionError(unspecified.explained(str(error), self.params)) from None
        if entry is None or not wish.moves:
            return plan(wish.desired, wish.current, wish.known)
        planned = plan(wish.desired, {**(wish.current or {}), "attributes": {}}, wish.known)
        return replace(planned, before=self._shown(entry))

    def _check(self, wish: _Wish, *, has_run: bool) -> None:
        if has_run and not self.params["allow_rekey"]:
            encryption_key.check(wish.current or {}, wish.result)
        wider = wider_deletes.option(wish.current, wish.result, wish.known) if wish.current else None
        task_form.check(wish.result, wish.given, allow_deletes=self.params["allow_deletes"], wider=wider)

    def push(self, entry: Entry | None) -> Push | None:
        """What the task will push, when it is one that deletes; `None` when the options do not tell yet."""
        if self.params["state"] == "absent" or (entry is None and task_form.missing(self.params)):
            return None
        return task_form.push(self.title, self._wish(entry).result)

    def _wish(self, entry: Entry | None) -> _Wish:
        reference = self.desired.get("credentials")
        provider = PROVIDERS.get(reference.type or "") if reference else self._provider(entry)
        given = desired = task_form.typed(self.desired, provider, self.release)
        # A reader of 25.04 is not told the provider of a task's credential.
        same = entry is not None and reference is not None and reference.id == entry["credentials"]["id"]
        moves = entry is not None and not same and provider not in (None, self._provider(entry))
        if entry is not None and provider is not None and moves:
            desired = task_form.moved(desired, entry, provider)
        if entry is None or moves:
            given = desired = task_form.completed(desired, provider)
        known = task_form.members(provider, self.release, given=desired.get("attributes", ()))
        current = task_form.current(entry, known) if entry else None
        if current is not None and self.params["unspecified"] == "default":
            desired = unspecified.with_defaults(desired, current, known)
        attributes = {} if current is None or moves else current["attributes"]
        result = {**(current or {}), **desired}
        result["attributes"] = {**attributes, **desired.get("attributes", {})}
        return _Wish(given, desired, current, result, known, moves)

    def _shown(self, entry: Entry) -> Any:
        known = task_form.members(self._provider(entry), self.release, given=entry["attributes"])
        return shown(task_form.current(entry, known), known)

    @staticmethod
    def _provider(entry: Entry | None) -> Any:
        return PROVIDERS.get(task_form.reference_of(entry["credentials"]).type or "") if entry else None

    async def missing_directory(self, plan: Plan) -> str | None:
        """Why a path to be written cannot be used; TrueNAS itself finds that out in the task's runs only."""
        path = plan.payload.get("path")
        if path is None:
            return None
        try:
            await call("filesystem.stat", path)
        except CallError as error:
            # An account may be allowed to make tasks and not to look at files.
            if error.errno == errno.ENOENT:
                return f"path: {path} does not exist on the NAS. {await _instead(path)}"
        return None

    async def write(self, plan: Plan, entry: Entry | None) -> int:
        if absent := (await self.missing_directory(plan)):
            raise Failure(absent)
        self.warnings += await filters_that_miss(plan)
        try:
            if entry is None:
                created: int = (await call("cloudsync.create", task_form.wire(plan.payload)))["id"]
                self._created = created
                return created
            await call("cloudsync.update", entry["id"], task_form.wire(plan.payload))
        except CallError as error:
            excerpt = error.extra.get("excerpt") if isinstance(error.extra, Mapping) else None
            if excerpt is None and rclone_errors.is_output(error.reason):
                excerpt = error.reason
            values = {**((entry or {}).get("attributes") or {}), **plan.payload.get("attributes", {})}
            if excerpt is None:
                if told := bucket_errors.explain(error.reason, values.get("bucket")):
                    raise Failure(f"{self.title}: {told}.") from None
                raise
            # For a PULL the NAS lists the folder's parent before it stores the task.
            reference = plan.payload.get("credentials") or task_form.reference_of((entry or {})["credentials"])
            told = rclone_errors.explain(excerpt, PROVIDERS.get(reference.type or ""), values)
            raise Failure(f"{self.title}: the NAS cannot look into the folder to pull from: {told}") from None
        number: int = entry["id"]
        return number

    async def delete(self, entry: Entry) -> None:
        with contextlib.suppress(DoesNotExist):  # somebody else may have deleted it meanwhile
            await call("cloudsync.delete", entry["id"])

    async def read(self, number: int) -> Entry:
        if number == self._created:
            # Tasks may share a description. Of two runs that have made the same one, the second takes its own back.
            # All of them are read, as the NAS looks through all in any case: whoever makes many then asks only once.
            made = await call("cloudsync.query")
            alike = [entry for entry in made if names.same(entry["description"], self.desired["description"])]
            first: Entry | None = min(alike, key=lambda entry: int(entry["id"]), default=None)
            if first is not None and first["id"] < number:
                await self.delete({"id": number})
            if first is not None and first["id"] <= number:
                return first
        entry: Entry = await call("cloudsync.get_instance", number)
        return entry
