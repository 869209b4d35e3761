# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cloud sync tasks: options <-> TrueNAS's form, comparison, rules, what may be shown.

PRIVATE to the collection. Pure.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    bandwidth,
    job,
    names,
    rclone_decisions,
    schedule,
    shared_destination,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.account import account
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import VAULT_ME, OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.filter_rules import check_patterns
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import (
    PROVIDERS,
    refusals,
    task_attribute_spec,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.shared_destination import Push
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._options import WrongOptionsError, similar, understood
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import MISSING, Member, shown
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import names_secret

NEEDED_TO_CREATE = ("credential", "direction", "transfer_mode", "path")

_AS_GIVEN = (
    "direction",
    "transfer_mode",
    "enabled",
    "snapshot",
    "follow_symlinks",
    "create_empty_src_dirs",
    "encryption",
    "filename_encryption",
    "encryption_password",
    "encryption_salt",
    "args",
)


@dataclass(frozen=True)
class CredentialReference:
    """The credential of a task: the API is given its number, people its name.

    `id` is `None` for one that is yet to be made. `fields` are those of its provider, which can be secret.
    """

    id: int | None
    name: str
    type: str | None
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def account(self) -> Hashable:
        """What credentials of the same account have in common, where that is known. It can hold a secret."""
        return account(PROVIDERS.get(self.type or ""), self.fields)

    def show(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "type": self.type}


def _same_path(one: str, other: str) -> bool:
    return names.same(one.rstrip("/"), other.rstrip("/"))


def _same_folder(one: str, other: str) -> bool:
    return names.same(one.strip("/"), other.strip("/"))


def _same_detected(wanted: Any, present: Any) -> bool:
    """An empty value asks the NAS to find it out, and it stores what it found."""
    return wanted in (None, "", present)


def _same_part(name: str) -> Callable[[str, str], bool]:
    return lambda one, other: schedule.same(name, one, other)


_MEMBERS = {
    member.name: member
    for member in (
        Member("description", default="", same=names.same),
        Member("credentials", same=lambda one, other: one.id == other.id, show=CredentialReference.show),
        Member("direction"),
        Member("transfer_mode"),
        Member("path", same=_same_path),
        Member(
            "schedule",
            default={},
            members={
                name: Member(name, default=default, same=_same_part(name))
                for name, default in schedule.DEFAULTS.items()
            },
        ),
        Member("enabled", default=True),
        Member("snapshot", default=False),
        Member("transfers", default=None),
        Member("bwlimit", default=[], same=bandwidth.same),
        Member("include", default=[]),
        Member("exclude", default=[]),
        Member("pre_script", default=""),
        Member("post_script", default=""),
        Member("follow_symlinks", default=False),
        Member("create_empty_src_dirs", default=False),
        Member("encryption", default=False),
        Member("filename_encryption", default=False),
        Member("encryption_password", default="", secret=True),
        Member("encryption_salt", default="", secret=True),
        Member("args", default=""),
    )
}


def members(provider: Provider | None, release: str, given: Iterable[str] = ()) -> dict[str, Member]:
    """The members of a task whose credential is of `provider`.

    Args:
        given: Names of attributes to know of even when the provider is not known (yet).
    """
    attributes = {"folder": Member("folder", same=_same_folder)}
    for name in given:
        attributes.setdefault(name, Member(name, secret=names_secret(name)))
    if provider is not None:
        if provider.bucket:
            attributes["bucket"] = Member("bucket")
        for one in provider.task_attributes_in(release):
            default = one.default if one.default is not None or one.nullable else MISSING
            attributes[one.name] = Member(
                one.name, default=default, same=_same_detected if one.detected else operator.eq
            )
    return {**_MEMBERS, "attributes": Member("attributes", members=attributes)}


def desired(params: Mapping[str, Any], reference: CredentialReference | None) -> dict[str, Any]:
    """The asked-for members in TrueNAS's form; options that were not given are left out.

    Args:
        params: Options of `truenas_cloudsync_task`.
        reference: What the option `credential` resolved to; `None` when it was not given.

    Raises:
        OptionError: an option's value cannot be used.
    """
    form: dict[str, Any] = {name: params[name] for name in _AS_GIVEN if params.get(name) not in (None, VAULT_ME)}
    description = params.get("description") if params.get("new_description") is None else params["new_description"]
    if description is not None:
        form["description"] = description
    if reference is not None:
        form["credentials"] = reference
    if params.get("path") is not None:
        form["path"] = _path(params["path"])
    if params.get("schedule") is not None:
        form["schedule"] = schedule.schedule(params["schedule"])
    if params.get("bwlimit") is not None:
        form["bwlimit"] = bandwidth.limits(params["bwlimit"])
    if params.get("transfers") is not None:
        form["transfers"] = _transfers(params["transfers"])
    for name in ("pre_script", "post_script"):
        if params.get(name) is not None:
            form[name] = _script(name, params[name])
    for name in ("include", "exclude"):
        if params.get(name) is not None:
            form[name] = list(params[name])
            check_patterns(name, form[name], params.get("path"))
    attributes = dict(params.get("attributes") or {})
    for name in ("folder", "bucket"):
        if name in attributes:
            raise OptionError(f"attributes: {name} has an option of its own. Give it there.")
        if params.get(name) is not None:
            attributes[name] = params[name]
    if flaw := names.mistyped(attributes.get("bucket", "")):
        raise OptionError(f"bucket: {attributes['bucket']!r} {flaw}, so it is not what is meant. Type it anew.")
    if attributes:
        form["attributes"] = attributes
    return form


def completed(form: Mapping[str, Any], provider: Provider | None) -> dict[str, Any]:
    """A task to be created: TrueNAS wants a folder beside the bucket, even for the whole bucket."""
    if provider is None or not provider.bucket:
        return dict(form)
    return {**form, "attributes": {"folder": "", **form.get("attributes", {})}}


def moved(form: Mapping[str, Any], entry: Mapping[str, Any], provider: Provider) -> dict[str, Any]:
    """A task that moves to another provider: its place goes along, the former provider's own attributes do not.

    The folder of a bucket is none of a provider without buckets, where it would be a folder of the whole account.
    """
    former = entry["attributes"]
    names = ("folder", "bucket") if provider.bucket else () if "bucket" in former else ("folder",)
    place = {name: former[name] for name in names if name in former}
    return {**form, "attributes": {**place, **form.get("attributes", {})}}


def typed(form: Mapping[str, Any], provider: Provider | None, release: str) -> dict[str, Any]:
    """The asked-for members with the provider's attributes in their types; all as it is for an unknown provider.

    Raises:
        OptionError: the provider, or the release, has no such attribute, or it takes no such value.
    """
    attributes = form.get("attributes")
    if provider is None or not attributes:
        return dict(form)
    own = {name: value for name, value in attributes.items() if name in ("folder", "bucket")}
    if "bucket" in own and not provider.bucket:
        raise OptionError(f"bucket: {provider.title} has no buckets. Leave it out.")
    asked = {name: value for name, value in attributes.items() if name not in own}
    known = {one.name for one in provider.task_attributes_in(release)}
    for name in asked:
        if name not in known:
            alike = similar(name, known)
            raise OptionError(
                f"attributes: a task with {provider.title} has no attribute {name!r} in TrueNAS {release} "
                f"(it has {', '.join(sorted(known)) or 'none'}). "
                + (f"Do you mean {alike}?" if alike else "Leave it out.")
            )
    asked = _attributes(asked, provider, release)
    outcome = ArgumentSpecValidator(task_attribute_spec(provider, release)).validate(asked)
    if outcome.error_messages:
        raise OptionError("attributes: " + "; ".join(outcome.error_messages))
    values = {name: outcome.validated_parameters[name] for name in asked}
    problems = refusals("attributes", provider.task_attributes_in(release), values)
    if problems:
        raise OptionError(" ".join(problems))
    return {**form, "attributes": {**own, **values}}


def _attributes(asked: Mapping[str, Any], provider: Provider, release: str) -> dict[str, Any]:
    """The attributes that are given; `None` is a value for those that the NAS lets be null."""
    nullable = {one.name for one in provider.task_attributes_in(release) if one.nullable}
    null = {name: None for name, value in asked.items() if value is None and name in nullable}
    try:
        return null | understood(asked, task_attribute_spec(provider, release), "attributes")
    except WrongOptionsError as error:
        raise OptionError(" ".join(f"attributes.{problem}" for problem in error.problems)) from None


def current(entry: Mapping[str, Any], known: Mapping[str, Member]) -> dict[str, Any]:
    """The writable part of a task as the API answers it, of those members that are known."""
    form = {name: entry[name] for name in known if name in entry}
    form["credentials"] = reference_of(entry["credentials"])
    attributes = known["attributes"].parts(entry["attributes"])
    form["attributes"] = {name: value for name, value in entry["attributes"].items() if name in attributes}
    return form


def reference_of(credential: Mapping[str, Any]) -> CredentialReference:
    """The credential that the API nests in a task, or one of the list of credentials, of any release."""
    provider = credential.get("provider")
    kind = provider.get("type") if isinstance(provider, Mapping) else provider
    fields = provider if isinstance(provider, Mapping) else credential.get("attributes")
    known = fields if isinstance(fields, Mapping) else {}
    return CredentialReference(credential["id"], credential["name"], kind if kind in PROVIDERS else None, known)


def with_reference(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A task as the API answers it, with a reference in place of the credential that the API nests."""
    return {**entry, "credentials": reference_of(entry["credentials"])}


def wire(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A plan's payload as the API takes it."""
    sent = dict(payload)
    if "credentials" in sent:
        sent["credentials"] = sent["credentials"].id
    return sent


def result(entry: Mapping[str, Any], release: str) -> dict[str, Any]:
    """What may be shown of a task as the API answers it: no secret, the credential by name, the last job in short."""
    reference = reference_of(entry["credentials"])
    provider = PROVIDERS.get(reference.type or "")
    known = members(provider, release, given=entry["attributes"])
    view = {"id": entry["id"], **(by_option(shown(current(entry, known), known)) or {})}
    view["locked"] = entry.get("locked")
    view["job"] = job.last(Job.from_api(entry["job"]), provider, named_values(entry)) if entry.get("job") else None
    return view


def push(name: str, form: Mapping[str, Any]) -> Push | None:
    """What a task pushes, when it is one that deletes: `None` for any other."""
    reference = form["credentials"]
    credential = reference.name if reference.id is None else reference.id
    provider = PROVIDERS.get(reference.type or "")
    place = {option: form["attributes"].get(option) for option in ("bucket", "folder")}
    return shared_destination.push(
        name,
        credential,
        {**form, **place},
        account=reference.account,
        folds_case=provider is not None and provider.folds_case,
    )


def title(entry: Mapping[str, Any]) -> str:
    """What a task of the NAS is called in messages. A further line of it would look like a message of its own."""
    return f'Cloud sync task "{" ".join(entry["description"].splitlines())}" (id {entry["id"]})'


def named_values(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What an error may be about: the fields of the task's credential, of any release, and the task's attributes."""
    credential = entry["credentials"]
    fields = [one for one in (credential.get("provider"), credential.get("attributes")) if isinstance(one, Mapping)]
    return {name: value for one in (*fields, entry["attributes"]) for name, value in one.items()}


def by_option(view: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A task without its secrets, by the names of the options: the API says `credentials` for the one that it has."""
    if view is None:
        return None
    return {"credential" if name == "credentials" else name: value for name, value in view.items()}


def check(form: Mapping[str, Any], given: Mapping[str, Any], *, allow_deletes: bool, wider: str | None = None) -> None:
    """Refuse a task that cannot work or that deletes local files without leave.

    Args:
        form: The task as it will be, without the defaults of what is left out on creation.
        given: The asked-for members, for telling which options are at fault.
        wider: The option that makes an existing task reach other files than before, if any.

    Raises:
        OptionError
    """
    direction, mode = form["direction"], form["transfer_mode"]
    if form.get("snapshot") and (direction != "PUSH" or mode == "MOVE"):
        raise OptionError(
            "snapshot: true works with direction PUSH and transfer_mode SYNC or COPY only. Set it to false."
        )
    for name in ("include", "exclude"):
        if given.keys() & {name, "path"}:
            check_patterns(name, form.get(name) or (), form.get("path"))
    if given.keys() & {"args", "path"} and (
        wrong := rclone_decisions.wrong_filter(form.get("args") or "", form.get("path"))
    ):
        raise OptionError(wrong)
    if form.get("encryption") and not form.get("encryption_password"):
        raise OptionError("encryption: true needs encryption_password. Give the password to encrypt with.")
    provider = PROVIDERS.get(form["credentials"].type or "")
    _check_args(provider, form, given)
    if not allow_deletes:
        _check_loss(provider, form, given, wider)
    if provider is not None:
        _check_provider(provider, form, given)


def _check_args(provider: Provider | None, form: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Refuse arguments that no task can have, also those that it has already: they decide on every later run."""
    if form.get("enabled") is False and "args" not in given:
        return  # a task that never runs does no harm
    problem = rclone_decisions.refusal(form.get("args") or "", form, provider)
    if problem:
        stored = "" if "args" in given else " The task on the NAS has these arguments: give args to change them."
        raise OptionError(f"{problem}{stored}")


def _check_loss(
    provider: Provider | None, form: Mapping[str, Any], given: Mapping[str, Any], wider: str | None
) -> None:
    """Refuse what deletes files that its owner may want to keep."""
    deciding = {"direction", "transfer_mode"}
    danger = loss(form)
    refused, instead = f"transfer_mode: {form['transfer_mode']}", "Use COPY"
    if danger is None and (flag := rclone_decisions.danger(form.get("args") or "", form, provider)):
        deciding.add("args")
        danger = f"with {flag.spelled} in args {flag.reason}"
        refused, instead = f"args: {flag.spelled}", "Leave it out"
    if danger is None:
        return
    if given.keys() & deciding:
        raise OptionError(f"{refused} is refused: {danger}. {instead}, or set allow_deletes: true if you want that.")
    if wider is not None:
        raise OptionError(
            f"{wider}: this change is refused: {danger}, and with it the task reaches files that it did not reach "
            "before. Leave it out, use transfer_mode: COPY, or set allow_deletes: true if you want that."
        )


def loss(form: Mapping[str, Any]) -> str | None:
    """How a task deletes what its owner may want to keep, by its direction and transfer mode; `None` if not."""
    direction, mode = form["direction"], form["transfer_mode"]
    if direction == "PULL" and mode == "SYNC":
        return "a PULL with SYNC deletes every local file that the provider does not show (any more)"
    if direction == "PULL" and mode == "MOVE":
        return "a PULL with MOVE takes what it has fetched away from the provider"
    provider = PROVIDERS.get(form["credentials"].type or "")
    return provider.loss_rule(direction, mode) if provider and provider.loss_rule else None


def needs_agreement(form: Mapping[str, Any]) -> bool:
    """Whether the option `allow_deletes` has to be true to make such a task."""
    provider = PROVIDERS.get(form["credentials"].type or "")
    return bool(loss(form) or rclone_decisions.danger(form.get("args") or "", form, provider))


def _check_provider(provider: Provider, form: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    attributes = form.get("attributes", {})
    if provider.bucket and not attributes.get("bucket"):
        raise OptionError(f"bucket: a task with {provider.title} needs one. Give the name of the bucket or container.")
    if not provider.bucket and "folder" not in attributes:
        raise OptionError(
            f"folder: a task with {provider.title} needs one. Give the provider's folder, / for the whole."
        )
    if provider.read_only and form["direction"] == "PUSH":
        raise OptionError(f"direction: PUSH is impossible, as {provider.title} can only be read. Use PULL.")
    if provider.takes and form.get("encryption") and given.keys() & {"encryption", "credentials"}:
        raise OptionError(
            f"encryption: {provider.title} takes {provider.takes} only, so nothing encrypted. Leave encryption out."
        )
    if provider.folder_rule is not None and given.keys() & {"attributes", "credentials", "direction", "transfer_mode"}:
        problem = provider.folder_rule(attributes["folder"], form["direction"], form["transfer_mode"])
        if problem:
            raise OptionError(problem)


def refuse(params: Mapping[str, Any]) -> None:
    """Refuse values that no NAS takes, while neither the provider nor what the task is so far is known yet.

    Raises:
        OptionError
    """
    given = desired(params, None)
    if params["state"] == "absent":
        return
    if not given.keys() >= {"direction", "transfer_mode"}:
        _check_args(None, given, given)
        return
    form = {**given, "credentials": CredentialReference(None, "", None)}
    if "encryption_password" not in given:  # the task may have one
        form.pop("encryption", None)
    check(form, given, allow_deletes=params["allow_deletes"])


def missing(params: Mapping[str, Any]) -> list[str]:
    """The options that are needed to create a task and were not given."""
    return [name for name in NEEDED_TO_CREATE if params.get(name) is None]


def _path(value: str) -> str:
    if not names.in_pool(value):
        raise OptionError(
            f"path: {value!r} is not in a pool. Give the directory as the NAS names it: /mnt/POOL/DATASET."
        )
    return value


def _transfers(value: int) -> int | None:
    if value < 0:
        raise OptionError(f"transfers: {value} is not accepted. Give a number from 1, or 0 for the NAS's default.")
    return value or None


def _script(name: str, text: str) -> str:
    """The script with the line ends and the beginning that Linux wants; with those of Windows no interpreter is found.

    Raises:
        OptionError: it is no text.
    """
    if "\0" in text:
        raise OptionError(
            f"{name}: the script holds NUL characters, as a file in UTF-16 does. Save it as UTF-8 without BOM."
        )
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return text if "\n" in text else text.replace("\r", "\n")
