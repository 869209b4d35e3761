# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bring a cloud credential of the NAS to what was asked for. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import credential, rclone_errors
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import (
    PROVIDERS,
    RELEASES,
    Provider,
    argument_spec,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._converge.record import Entries, Entry, settle
from ansible_collections.nasops.cloudsync.plugins.module_utils._converge.steps import Steps, alone, call
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import (
    AnswerLost,
    CallError,
    MiddlewareError,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import Release
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import HIDDEN, Plan, Secrets, plan

ARGUMENTS: dict[str, dict[str, Any]] = {
    "name": {"type": "str"},
    "id": {"type": "int"},
    "new_name": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "update_secrets": {"type": "str", "choices": ["auto", "always", "never"], "default": "auto", "no_log": False},
    "verify": {"type": "str", "choices": ["on_change", "always", "never"], "default": "on_change"},
    **argument_spec(),
}
CONSTRAINTS: dict[str, Any] = {
    "required_one_of": [("name", "id")],
    "mutually_exclusive": [("name", "id"), tuple(one.option for one in PROVIDERS.values())],
}


def converge(run: Invocation) -> Outcome:
    """The work of C(truenas_cloud_credential)."""
    return alone(run.client, bring(CredentialRecord(run.client.release, run.params), run))


def bring(record: CredentialRecord, run: Invocation, entries: Entries | None = None) -> Steps[Outcome]:
    """Bring one credential to what was asked for; C(entries) are those of the NAS, when they have just been read."""
    settled = yield from settle(record, check_mode=run.check_mode, entries=entries)
    done = settled.plan
    if done.unknown:
        run.warn(
            f"{record.title}: the account may not read {', '.join(done.unknown)}, so it was not compared and left as "
            "it is. Set update_secrets: always to write it, or use an account with the role CLOUD_SYNC_WRITE."
        )
    if run.check_mode and done.action == "delete" and entries is None and settled.entry:
        # Not an error: the play may be one that would have deleted the tasks before.
        used = yield from record.used_by(settled.entry)
        if used:
            run.warn(record.in_use(used))
    present = settled.entry if done.action != "delete" else None
    if record.params["verify"] == "always" and not run.check_mode and not done.changed and present:
        yield from record.verify_stored(present)
    shown: dict[str, Any] | None
    if run.check_mode and done.after is not None:
        shown = credential.result({"id": present["id"] if present else None, **done.after}, record.release)
    else:
        shown = credential.result(present, record.release) if present else None
    return Outcome(
        done.changed, {"credential": shown, "verified": record.verified}, before=done.before, after=done.after
    )


class CredentialRecord:
    """One cloud credential, as asked for by the options of C(truenas_cloud_credential).

    Attributes:
        verified: C(True) once a check has reached the provider; C(None) while there was none.
    """

    def __init__(self, release: Release, params: Mapping[str, Any]) -> None:
        self.params = params
        self.release = release.nearest(RELEASES)
        self.flat = release.has("flat_provider")
        self.asked = credential.asked_provider(params)
        new_name = params.get("new_name")
        self.desired = credential.desired(
            new_name if new_name is not None else params.get("name"), self.asked, self.release
        )
        self.verified: bool | None = None
        # What to go back to from a credential that does not work, once it is known: the last one that was no attempt.
        self._before: tuple[Entry | None] | None = None
        self.title = (
            f'Cloud credential "{params["name"]}"' if params.get("name") else f"Cloud credential {params['id']}"
        )

    def fetch(self) -> Steps[Entries]:
        if self.params.get("id") is not None:
            filters = ["id", "=", self.params["id"]]
        else:
            filters = [
                "name",
                "in",
                [one for one in (self.params["name"], self.params.get("new_name")) if one is not None],
            ]
        return Entries((yield from call("cloudsync.credentials.query", [filters])), "name")

    def pick(self, entries: Entries) -> Entry | None:
        number, name, new_name = (self.params.get(option) for option in ("id", "name", "new_name"))
        if number is not None:
            entry = entries.numbered(number)
            if entry is None and self.params["state"] == "present":
                raise Failure(f"id: there is no cloud credential {number}. Give name to create one.")
            return entry
        present, renamed = (next(iter(entries.called(one)), None) for one in (name, new_name))
        if new_name != name and present and renamed:
            raise Failure(
                f"new_name: there already is a cloud credential {new_name!r}, so {name!r} cannot take that name. "
                "Choose another, or delete one of the two."
            )
        return present or renamed

    def plan(self, entry: Entry | None, *, proving: bool = False) -> Plan:
        if self.params["state"] == "absent":
            return self._plan(None, entry, "auto")
        if entry is None and self.asked is None:
            raise Failure(
                f"{self.title} does not exist. To create it, give the options of its provider, for example "
                f"google_photos."
            )
        if entry is None and self.asked is not None and (absent := credential.missing(self.asked, self.release)):
            raise Failure(
                f"{self.title} does not exist. To create it, give {self.asked[0].option}.{', '.join(absent)} "
                f"(VAULT_ME stands "
                "for a secret that the NAS already has)."
            )
        secrets: Secrets = self.params["update_secrets"]
        return self._plan(self.desired, entry, "auto" if proving and secrets == "always" else secrets, proving)

    def _plan(
        self, desired: Mapping[str, Any] | None, entry: Entry | None, secrets: Secrets, proving: bool = False
    ) -> Plan:
        present = credential.current(entry, self.release) if entry else None
        return plan(desired, present, credential.members(self.release, proving=proving), secrets=secrets)

    def write(self, plan: Plan, entry: Entry | None) -> Steps[int]:
        if entry is None or not credential.is_unproven(entry):
            self._before = (entry,)
        check = self.params["verify"] != "never" and "provider" in plan.payload
        provider = PROVIDERS[plan.payload["provider"]["type"]] if check else None
        if provider and provider.check_folder is None:
            # TrueNAS's own check stores nothing, so it comes first.
            yield from self._verify(provider, plan.payload["provider"])
        sent = dict(plan.payload)
        if provider and provider.check_folder is not None:
            sent["provider"] = credential.outdated(provider, sent["provider"])
        payload = credential.wire(sent, flat=self.flat)
        if entry is None:
            number: int = (yield from call("cloudsync.credentials.create", payload))["id"]
        else:
            number = entry["id"]
            yield from call("cloudsync.credentials.update", number, payload)
        if provider and provider.check_folder is not None:
            try:
                yield from self._list(provider, provider.check_folder, number)
            except Exception as error:
                try:
                    yield from self._take_back(self._before[0] if self._before else entry, number)
                except MiddlewareError as left:
                    raise Failure(f"{error} It is still there ({left}). The next run checks it again.") from None
                raise
            proven = credential.wire({"provider": plan.payload["provider"]}, flat=self.flat)
            yield from call("cloudsync.credentials.update", number, proven)
        return number

    def _take_back(self, entry: Entry | None, number: int) -> Steps[None]:
        """Leave the NAS as it was before a credential that turned out not to work."""
        # What a run left that broke off before its check: as it was before that, nobody knows.
        leftover = entry is not None and credential.is_unproven(entry) and not (yield from self.used_by(entry))
        before: Entry | None = None
        if entry is not None and not leftover:
            before = {name: entry[name] for name in ("name", "provider", "attributes") if name in entry}
        try:
            yield from self._put(number, before)
        except AnswerLost:
            present = yield from call("cloudsync.credentials.query", [["id", "=", number]])
            stands = {name: present[0].get(name) for name in before} if present and before is not None else None
            if (not present) if before is None else stands == before:
                return
            yield from self._put(number, before)

    @staticmethod
    def _put(number: int, before: Entry | None) -> Steps[None]:
        if before is None:
            yield from call("cloudsync.credentials.delete", number)
        else:
            yield from call("cloudsync.credentials.update", number, before)

    def delete(self, entry: Entry) -> Steps[None]:
        used = yield from self.used_by(entry)
        if used:
            tasks = [{"id": task["id"], "description": task["description"]} for task in used]
            raise Failure(self.in_use(used), tasks=tasks)
        yield from call("cloudsync.credentials.delete", entry["id"])

    def used_by(self, entry: Entry) -> Steps[Sequence[Entry]]:
        """The tasks that use it."""
        used: Sequence[Entry] = yield from call("cloudsync.query", [["credentials.id", "=", entry["id"]]])
        return used

    def in_use(self, tasks: Sequence[Entry]) -> str:
        """Why it is not deleted while tasks use it."""
        names = ", ".join(f'"{task["description"]}" (id {task["id"]})' for task in tasks)
        return (
            f"{self.title} is used by the cloud sync tasks {names}. Delete them, or give them another credential, "
            f"first."
        )

    def read(self, number: int) -> Steps[Entry]:
        entry: Entry = yield from call("cloudsync.credentials.get_instance", number)
        return entry

    def verify_stored(self, entry: Entry) -> Steps[None]:
        """Check a credential that is already on the NAS."""
        provider = PROVIDERS.get(credential.type_of(entry))
        if provider is None:
            return
        if provider.check_folder is not None:
            yield from self._list(provider, provider.check_folder, entry["id"])
            return
        values = credential.current(entry, self.release)["provider"]
        if HIDDEN not in values.values():
            yield from self._verify(provider, values)

    def _verify(self, provider: Provider, values: Mapping[str, Any]) -> Steps[None]:
        """Let TrueNAS list the remote's root; for most providers that reaches them."""
        sent = credential.wire({"provider": values}, flat=self.flat)
        answer = yield from call("cloudsync.credentials.verify", sent["provider"] if self.flat else sent)
        if not answer["valid"]:
            raise self._refused(provider, answer.get("excerpt") or answer.get("error") or "no reason was given")
        self.verified = True

    def _list(self, provider: Provider, folder: str, number: int) -> Steps[None]:
        """Let TrueNAS list a folder that rclone cannot make up."""
        try:
            yield from call("cloudsync.list_directory", {"credentials": number, "attributes": {"folder": folder}})
        except CallError as error:
            excerpt = error.extra.get("excerpt") if isinstance(error.extra, Mapping) else None
            raise self._refused(provider, excerpt or error.reason) from None
        self.verified = True

    def _refused(self, provider: Provider, error: str) -> Failure:
        return Failure(
            f"{self.title} does not work with {provider.title}, so it was not kept: {rclone_errors.explain(error)}",
            verified=False,
        )
