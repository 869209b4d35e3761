# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create, update or delete a cloud credential of the NAS. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    account,
    credential_form,
    rclone_errors,
    task_form,
    unspecified,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import (
    PROVIDERS,
    RELEASES,
    Provider,
    argument_spec,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import (
    AnswerLost,
    CallError,
    MiddlewareError,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import Release
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import Plan, Secrets, plan
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.record import (
    Entries,
    Entry,
    apply_record,
    filter_by,
    refuse_mistyped,
    unambiguous,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.steps import call, run_one

ARGUMENTS: dict[str, dict[str, Any]] = {
    "name": {"type": "str"},
    "id": {"type": "int"},
    "new_name": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "update_secrets": {"type": "str", "choices": ["auto", "always", "never"], "default": "auto", "no_log": False},
    "unspecified": unspecified.ARGUMENT,
    "allow_deletes": {"type": "bool", "default": False},
    "verify": {"type": "str", "choices": ["on_change", "always", "never"], "default": "on_change"},
    **argument_spec(),
}
BLANK = ("new_name",)
"""Texts that mean, when they are empty, that the option is not given."""
CONSTRAINTS: dict[str, Any] = {
    "required_one_of": [("name", "id")],
    "mutually_exclusive": [("name", "id"), tuple(one.option for one in PROVIDERS.values())],
}


def execute(invocation: Invocation) -> Outcome:
    """The work of `truenas_cloud_credential`."""
    record = CredentialRecord(invocation.client.release, invocation.params)
    return run_one(invocation.client, apply(record, invocation))


async def apply(record: CredentialRecord, invocation: Invocation, entries: Entries | None = None) -> Outcome:
    """Apply one credential; `entries` are those of the NAS, when they have just been read."""
    alone = entries is None
    if entries is None:
        entries = await unambiguous(record)
    await _refuse_other_files(record, record.pick(entries))
    settled = await apply_record(record, check_mode=invocation.check_mode, entries=entries)
    done = settled.plan
    if done.unknown:
        invocation.warn(
            f"{record.title}: the account may not read {', '.join(done.unknown)}, so it was not compared and left as "
            "it is. Set update_secrets: always to write it, or use an account with the role CLOUD_SYNC_WRITE."
        )
    if invocation.check_mode and done.action == "delete" and alone and settled.entry:
        # Not an error: the play may be one that would have deleted the tasks before.
        used = await record.used_by(settled.entry)
        if used:
            invocation.warn(record.in_use(used))
    present = settled.entry if done.action != "delete" else None
    if record.params["verify"] == "always" and not invocation.check_mode and not done.changed and present:
        await record.verify_stored(present)
    shown: dict[str, Any] | None
    if invocation.check_mode and done.after is not None:
        shown = credential_form.result({"id": present["id"] if present else None, **done.after}, record.release)
    else:
        shown = credential_form.result(present, record.release) if present else None
    return Outcome(
        done.changed, {"credential": shown, "verified": record.verified}, before=done.before, after=done.after
    )


async def _refuse_other_files(record: CredentialRecord, entry: Entry | None) -> None:
    """Refuse a change with which tasks would delete files that they did not reach before.

    Raises:
        Failure
    """
    if entry is None or record.params["allow_deletes"]:
        return
    after = record.plan(entry).payload.get("provider")
    before = credential_form.current(entry, record.release)["provider"]
    field = account.moved(before, after) if after else None
    if field is None:
        return
    if deleting := [
        one
        for one in await record.used_by(entry)
        if one["enabled"] and task_form.needs_agreement(task_form.with_reference(one))
    ]:
        raise Failure(
            f"{record.title} was not changed. With another {field} the cloud sync tasks {_named(deleting)} reach other "
            "files than before, and they delete files. Disable these tasks first, or set allow_deletes: true if it is "
            "the same account under another name, or if you want that."
        )


def _named(tasks: Sequence[Entry]) -> str:
    return ", ".join(f'"{task["description"]}" (id {task["id"]})' for task in tasks)


class CredentialRecord:
    """One cloud credential, as asked for by the options of `truenas_cloud_credential`.

    Attributes:
        verified: `True` once a check has reached the provider; `None` while there was none.
    """

    def __init__(self, release: Release, params: Mapping[str, Any]) -> None:
        self.params = params
        self.release = release.nearest(RELEASES)
        self.flat = release.has("flat_provider")
        self.asked = credential_form.asked_provider(params)
        new_name = params.get("new_name")
        self.desired = credential_form.desired(
            new_name if new_name is not None else params.get("name"), self.asked, self.release
        )
        self.verified: bool | None = None
        # What to go back to from a credential that does not work, once it is known: the last one that was no attempt.
        self._before: tuple[Entry | None] | None = None
        self.title = (
            f'Cloud credential "{params["name"]}"' if params.get("name") else f"Cloud credential {params['id']}"
        )

    async def fetch(self) -> Entries:
        if self.params.get("id") is not None:
            wanted = filter_by("id", self.params["id"])
        else:
            wanted = filter_by("name", self.params["name"], self.params.get("new_name"))
        return Entries((await call("cloudsync.credentials.query", [wanted])), "name")

    def pick(self, entries: Entries) -> Entry | None:
        number, name, new_name = (self.params.get(option) for option in ("id", "name", "new_name"))
        if number is not None:
            entry = entries.numbered(number)
            if entry is None and self.params["state"] == "present":
                raise Failure(f"id: there is no cloud credential {number}. Give name to create one.")
            return entry
        present, renamed = (next(iter(entries.called(one)), None) for one in (name, new_name))
        if present and renamed and present["id"] != renamed["id"]:
            raise Failure(
                f"new_name: there already is a cloud credential {new_name!r}, so {name!r} cannot take that name. "
                "Choose another, or delete one of the two."
            )
        return present or renamed

    def plan(self, entry: Entry | None, *, proving: bool = False) -> Plan:
        refuse_mistyped(self.params, "name", entry)
        if self.params["state"] == "absent":
            return self._plan(None, entry, "auto")
        if entry is None and self.asked is None:
            raise Failure(
                f"{self.title} does not exist. To create it, give the options of its provider, for example "
                f"google_photos."
            )
        if entry is None and self.asked is not None and (absent := credential_form.missing(self.asked, self.release)):
            raise Failure(
                f"{self.title} does not exist. To create it, give {self.asked[0].option}.{', '.join(absent)} "
                "(VAULT_ME stands for a secret that the NAS already has)."
            )
        secrets: Secrets = self.params["update_secrets"]
        desired = self.desired
        if entry is not None and self.params.get("unspecified") == "default":
            present = credential_form.current(entry, self.release)
            kept = credential_form.placeholders(self.params)
            desired = credential_form.with_defaults(desired, present, kept, self.release)
        return self._plan(desired, entry, "auto" if proving and secrets == "always" else secrets, proving)

    def _plan(
        self, desired: Mapping[str, Any] | None, entry: Entry | None, secrets: Secrets, proving: bool = False
    ) -> Plan:
        present = credential_form.current(entry, self.release) if entry else None
        return plan(desired, present, credential_form.members(self.release, proving=proving), secrets=secrets)

    async def write(self, plan: Plan, entry: Entry | None) -> int:
        if entry is None or not credential_form.is_unproven(entry):
            self._before = (entry,)
        check = self.params["verify"] != "never" and "provider" in plan.payload
        provider = PROVIDERS[plan.payload["provider"]["type"]] if check else None
        if provider and provider.check_folder is None:
            # TrueNAS's own check stores nothing, so it comes first.
            await self._verify(provider, plan.payload["provider"])
        sent = dict(plan.payload)
        if provider and provider.check_folder is not None:
            sent["provider"] = credential_form.outdated(provider, sent["provider"])
        payload = credential_form.wire(sent, self.release, flat=self.flat)
        if entry is None:
            number: int = (await call("cloudsync.credentials.create", payload))["id"]
        else:
            number = entry["id"]
            await call("cloudsync.credentials.update", number, payload)
        if provider and provider.check_folder is not None:
            try:
                await self._list(provider, provider.check_folder, number)
            except Exception as error:
                try:
                    await self._take_back(self._before[0] if self._before else entry, number)
                except MiddlewareError as left:
                    raise Failure(f"{error} It is still there ({left}). The next run checks it again.") from None
                raise
            proven = credential_form.wire({"provider": plan.payload["provider"]}, self.release, flat=self.flat)
            await call("cloudsync.credentials.update", number, proven)
        return number

    async def _take_back(self, entry: Entry | None, number: int) -> None:
        """Leave the NAS as it was before a credential that turned out not to work."""
        # What a run left that broke off before its check: as it was before that, nobody knows.
        leftover = entry is not None and credential_form.is_unproven(entry) and not (await self.used_by(entry))
        before: Entry | None = None
        if entry is not None and not leftover:
            before = {name: entry[name] for name in ("name", "provider", "attributes") if name in entry}
        try:
            await self._put(number, before)
        except AnswerLost:
            present = await call("cloudsync.credentials.query", [["id", "=", number]])
            stands = {name: present[0].get(name) for name in before} if present and before is not None else None
            if (not present) if before is None else stands == before:
                return
            await self._put(number, before)

    @staticmethod
    async def _put(number: int, before: Entry | None) -> None:
        if before is None:
            await call("cloudsync.credentials.delete", number)
        else:
            await call("cloudsync.credentials.update", number, before)

    async def delete(self, entry: Entry) -> None:
        used = await self.used_by(entry)
        if used:
            tasks = [{"id": task["id"], "description": task["description"]} for task in used]
            raise Failure(self.in_use(used), tasks=tasks)
        await call("cloudsync.credentials.delete", entry["id"])

    async def used_by(self, entry: Entry) -> Sequence[Entry]:
        """The tasks that use it."""
        used: Sequence[Entry] = await call("cloudsync.query", [["credentials.id", "=", entry["id"]]])
        return used

    def in_use(self, tasks: Sequence[Entry]) -> str:
        """Why it is not deleted while tasks use it."""
        return (
            f"{self.title} is used by the cloud sync tasks {_named(tasks)}. Delete them, or give them another "
            "credential, first."
        )

    async def read(self, number: int) -> Entry:
        entry: Entry = await call("cloudsync.credentials.get_instance", number)
        return entry

    async def verify_stored(self, entry: Entry) -> None:
        """Check a credential that is already on the NAS."""
        provider = PROVIDERS.get(credential_form.type_of(entry))
        if provider is None:
            return
        if provider.check_folder is not None:
            await self._list(provider, provider.check_folder, entry["id"])
            return
        values = credential_form.current(entry, self.release)["provider"]
        if HIDDEN not in values.values():
            await self._verify(provider, values)

    async def _verify(self, provider: Provider, values: Mapping[str, Any]) -> None:
        """Let TrueNAS list the remote's root; for most providers that reaches them."""
        sent = credential_form.wire({"provider": values}, self.release, flat=self.flat)
        answer = await call("cloudsync.credentials.verify", sent["provider"] if self.flat else sent)
        if not answer["valid"]:
            # Either can hold the reason: the excerpt may be no more than a notice.
            told = [text for text in (answer.get("excerpt"), answer.get("error")) if text]
            raise self._refused(provider, "\n".join(told) or "no reason was given", values)
        self.verified = True

    async def _list(self, provider: Provider, folder: str, number: int) -> None:
        """Let TrueNAS list a folder that rclone cannot make up."""
        try:
            await call("cloudsync.list_directory", {"credentials": number, "attributes": {"folder": folder}})
        except CallError as error:
            excerpt = error.extra.get("excerpt") if isinstance(error.extra, Mapping) else None
            raise self._refused(provider, "\n".join(filter(None, (excerpt, error.reason)))) from None
        self.verified = True

    def _refused(self, provider: Provider, error: str, values: Mapping[str, Any] | None = None) -> Failure:
        told = rclone_errors.explain(error, provider, values)
        return Failure(f"{self.title} does not work with {provider.title}, so it was not kept: {told}", verified=False)
