# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bring a cloud sync task of the NAS to what was asked for. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_errors, task
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.options import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS, RELEASES
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.task import CredentialReference
from ansible_collections.nasops.cloudsync.plugins.module_utils._converge.record import Entry, settle
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import CallError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import Plan, plan

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
    "bwlimit": {
        "type": "list",
        "elements": "dict",
        "options": {"time": {"type": "str", "required": True}, "bandwidth": {"type": "raw"}},
    },
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
}
CONSTRAINTS: dict[str, Any] = {
    "required_one_of": [("description", "id")],
    "mutually_exclusive": [("description", "id")],
}


def converge(run: Invocation) -> Outcome:
    """The work of C(truenas_cloudsync_task)."""
    credentials = []
    if run.params["credential"] is not None and run.params["state"] == "present":
        credentials = [task.reference_of(one) for one in run.client.call("cloudsync.credentials.query")]
    return bring(TaskRecord(run.client, run.params, credentials, check_mode=run.check_mode), run)


def bring(record: TaskRecord, run: Invocation, entries: Sequence[Entry] | None = None) -> Outcome:
    """Bring one task to what was asked for; C(entries) are those of the NAS, when they have just been read."""
    settled = settle(record, check_mode=run.check_mode, entries=entries)
    done, entry = settled.plan, settled.entry
    if done.unknown:
        run.warn(
            f"{record.title}: the account may not read {', '.join(done.unknown)}, so it was not compared and left as "
            f"it "
            "is. Use an account with the role CLOUD_SYNC_WRITE."
        )
    before, after = task.by_option(done.before), task.by_option(done.after)
    shown: dict[str, Any] | None = None
    if done.action != "delete" and entry is not None:
        shown = task.result(entry, record.release)
    if run.check_mode and after is not None:
        shown = {"id": None, **(shown or {}), **after}
    return Outcome(done.changed, {"task": shown}, before=before, after=after)


class TaskRecord:
    """One cloud sync task, as asked for by the options of C(truenas_cloudsync_task).

    Args:
        credentials: Every credential of the NAS; the option C(credential) is looked up in it.
        check_mode: A credential that is not there may be one that this play would have made.
    """

    def __init__(
        self,
        client: Client,
        params: Mapping[str, Any],
        credentials: Sequence[CredentialReference],
        *,
        check_mode: bool = False,
    ) -> None:
        self.client = client
        self.params = params
        self.release = client.release.nearest(RELEASES)
        self.title = (
            f'Cloud sync task "{params["description"]}"'
            if params.get("description") is not None
            else f"Cloud sync task {params['id']}"
        )
        self.desired: dict[str, Any] = {}
        if params["state"] == "present":
            reference = _credential(params["credential"], credentials, may_be_missing=check_mode)
            self.desired = task.desired(params, reference)

    def fetch(self) -> Sequence[Entry]:
        if self.params.get("id") is not None:
            filters = ["id", "=", self.params["id"]]
        else:
            names = [self.params.get(option) for option in ("description", "new_description")]
            filters = ["description", "in", [one for one in names if one is not None]]
        entries: Sequence[Entry] = self.client.call("cloudsync.query", [filters])
        return entries

    def pick(self, entries: Sequence[Entry]) -> Entry | None:
        """The task that the options mean, out of several; C(None) when it is not among them.

        Raises:
            Failure: more than one has the description.
        """
        number = self.params.get("id")
        if number is not None:
            entry = next((one for one in entries if one["id"] == number), None)
            if entry is None and self.params["state"] == "present":
                raise Failure(f"id: there is no cloud sync task {number}. Give description to create one.")
            return entry
        for option in ("description", "new_description"):
            name = self.params.get(option)
            found = [entry for entry in entries if name is not None and entry["description"] == name]
            if len(found) > 1:
                numbers = ", ".join(str(entry["id"]) for entry in found)
                raise Failure(
                    f"{option}: several cloud sync tasks are called {name!r} (ids {numbers}). Give the id of the one "
                    f"that "
                    "is meant.",
                    ids=[entry["id"] for entry in found],
                )
            if found:
                return found[0]
        return None

    def plan(self, entry: Entry | None, *, proving: bool = False) -> Plan:
        if self.params["state"] == "absent":
            known = task.members(self._provider(entry), self.release, given=(entry or {}).get("attributes", ()))
            return plan(None, task.current(entry, known) if entry else None, known)
        if entry is None:
            absent = task.missing(self.params)
            if absent:
                raise Failure(f"{self.title} does not exist. To create it, give {', '.join(absent)} too.")
        reference = self.desired.get("credentials")
        provider = PROVIDERS.get(reference.type or "") if reference else self._provider(entry)
        desired = task.typed(self.desired, provider, self.release)
        if entry is None:
            desired = task.completed(desired, provider)
        known = task.members(provider, self.release, given=desired.get("attributes", ()))
        current = task.current(entry, known) if entry else None
        result = {**(current or {}), **desired}
        result["attributes"] = {**(current or {}).get("attributes", {}), **desired.get("attributes", {})}
        task.check(result, desired, allow_deletes=self.params["allow_deletes"])
        return plan(desired, current, known)

    @staticmethod
    def _provider(entry: Entry | None) -> Any:
        return PROVIDERS.get(task.reference_of(entry["credentials"]).type or "") if entry else None

    def write(self, plan: Plan, entry: Entry | None) -> int:
        try:
            if entry is None:
                created: int = self.client.call("cloudsync.create", task.wire(plan.payload))["id"]
                return created
            self.client.call("cloudsync.update", entry["id"], task.wire(plan.payload))
        except CallError as error:
            excerpt = error.extra.get("excerpt") if isinstance(error.extra, Mapping) else None
            if excerpt is None:
                raise
            # For a PULL the NAS lists the folder's parent before it stores the task.
            raise Failure(
                f"{self.title}: the NAS cannot look into the folder to pull from: {rclone_errors.explain(excerpt)}"
            ) from None
        number: int = entry["id"]
        return number

    def delete(self, entry: Entry) -> None:
        self.client.call("cloudsync.delete", entry["id"])

    def read(self, number: int) -> Entry:
        entry: Entry = self.client.call("cloudsync.get_instance", number)
        return entry


def _credential(
    wanted: str | None, credentials: Sequence[CredentialReference], *, may_be_missing: bool
) -> CredentialReference | None:
    """The credential of that name, else of that number."""
    if wanted is None:
        return None
    for one in credentials:
        if one.name == wanted:
            return one
    for one in credentials:
        if str(one.id) == wanted:
            return one
    if may_be_missing:
        return CredentialReference(None, wanted, None)
    names = ", ".join(repr(one.name) for one in credentials) or "none"
    raise OptionError(
        f"credential: there is no cloud credential {wanted!r} on the NAS (it has {names}). Create it first."
    )
