# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of change by hand: told by the drift report, refused by an approved plan, and undone by the next apply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Field, Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import configuration, credential, task
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._drift import drift

from .conftest import Modules, modules_on
from .test_every_provider import example, token
from .test_unspecified import BY_HAND

FIELDS_OF = ("AZUREBLOB", "FTP", "GOOGLE_DRIVE", "S3", "SFTP", "WEBDAV")
TASK = "Photos"
_PUSH = {"direction": "PUSH", "transfer_mode": "COPY", "path": "/mnt/tank/photos", "folder": "/sub"}


@pytest.fixture(scope="module", params=["24.10", "25.04", "25.10", "26.0", "27.0"])
def modules(request: pytest.FixtureRequest) -> Iterator[Modules]:
    """A NAS with all that is declared."""
    with modules_on(request.param) as one:
        configure(one, check=False)
        yield one


def required(provider: Provider, release: str) -> dict[str, Any]:
    """As little as makes a credential."""
    # S3 is asked for the region of a bucket where none is given.
    fields = {one.name: example(one, 1) for one in provider.fields_in(release) if one.required or one.name == "region"}
    return {name: value for name, value in fields.items() if name != "private_key"}


def declared(release: str) -> dict[str, Any]:
    credentials = [
        {"name": kind, "verify": "never", PROVIDERS[kind].option: required(PROVIDERS[kind], release)}
        for kind in FIELDS_OF
    ]
    encrypted = {"encryption": True, "filename_encryption": False, "encryption_password": "a" * 12}
    tasks = [
        {"description": TASK, "credential": "WEBDAV", **_PUSH},
        {"description": "Buckets", "credential": "S3", "bucket": "bucket", **_PUSH, "path": "/mnt/tank"},
        {"description": "Encrypted", "credential": "FTP", **_PUSH, **encrypted},
    ]
    return {"credentials": credentials, "tasks": tasks}


def configure(modules: Modules, *, check: bool, **more: Any) -> Outcome:
    given = {**declared(modules.release), "unspecified": "default", "purge_tasks": True, **more}
    return modules.run(configuration.execute, configuration.ARGUMENTS, check=check, **given)


def compared(modules: Modules) -> tuple[dict[str, Any], str]:
    """The drift of the NAS, as the playbook makes it of what the module returns, and the plan that undoes it."""
    outcome = configure(modules, check=True, purge_tasks=False)
    result = {**outcome.returns, "diff": {"before": outcome.before, "after": outcome.after}}
    return drift(result, "nas"), outcome.returns["plan_id"]


@dataclass(frozen=True)
class ByHand:
    """One change: what somebody does, and how the report tells it."""

    name: str
    do: Callable[[Modules], Any]
    item: str
    field: str | None
    words: str


def change_task(name: str, **options: Any) -> Callable[[Modules], Any]:
    return lambda modules: modules.run(task.execute, task.ARGUMENTS, check=False, description=name, **options)


def change_credential(kind: str, **fields: Any) -> Callable[[Modules], Any]:
    given = {"name": kind, "verify": "never", PROVIDERS[kind].option: fields}
    return lambda modules: modules.run(credential.execute, partial_spec(kind), check=False, **given)


def partial_spec(kind: str) -> dict[str, Any]:
    """The options of the module, with no field of the provider required: only some of them are changed."""
    option = PROVIDERS[kind].option
    fields = {name: {**one, "required": False} for name, one in credential.ARGUMENTS[option]["options"].items()}
    return {**credential.ARGUMENTS, option: {**credential.ARGUMENTS[option], "options": fields}}


def other(one: Field) -> Any:
    """A value that is neither declared nor the default."""
    as_declared = example(one, 1) if one.required else one.default
    return next(value for value in (example(one, number) for number in (2, 3)) if value != as_declared)


def of_tasks() -> Iterator[ByHand]:
    for option, value in BY_HAND.items():
        yield ByHand(option, change_task(TASK, **{option: value}), TASK, option, "on the NAS")
    more = {
        "path": "/mnt/tank",
        "folder": "/other",
        "transfer_mode": "MOVE",
        "direction": "PULL",
        "credential": "GOOGLE_DRIVE",
    }
    for option, value in more.items():
        given = {option: value} if option != "direction" else {option: value, "folder": "/"}
        field = {"folder": "attributes.folder"}.get(option, option)
        yield ByHand(option, change_task(TASK, **given), TASK, field, "on the NAS")
    yield ByHand(
        "bucket", change_task("Buckets", bucket="another"), "Buckets", "attributes.bucket", "another on the NAS"
    )
    attributes = change_task("Buckets", attributes={"fast_list": True})
    yield ByHand("attribute", attributes, "Buckets", "attributes.fast_list", "true on the NAS")
    storage = change_task("Buckets", attributes={"storage_class": "GLACIER"})
    yield ByHand("storage class", storage, "Buckets", "attributes.storage_class", "GLACIER on the NAS")
    salt = change_task("Encrypted", encryption_password="b" * 12, allow_rekey=True)
    yield ByHand("encryption_password", salt, "Encrypted", "encryption_password", "another secret on the NAS")
    names = change_task("Encrypted", filename_encryption=True, allow_rekey=True)
    yield ByHand("filename_encryption", names, "Encrypted", "filename_encryption", "true on the NAS, false declared")
    yield ByHand("deleted", change_task(TASK, state="absent"), TASK, None, "is declared, and is not on the NAS")
    yield ByHand("renamed", change_task(TASK, new_description="Fotos"), TASK, None, "is not on the NAS")
    added = change_task("Music", credential="WEBDAV", **_PUSH | {"folder": "/music"})
    yield ByHand("added", added, "Music", None, "declared nowhere")


def of_credentials(release: str) -> Iterator[ByHand]:
    for kind in FIELDS_OF:
        for one in PROVIDERS[kind].fields_in(release):
            if one.detected or one.name in ("private_key", "token"):
                continue
            value = other(one) if not one.secret else "text-9"
            told = "another secret on the NAS" if one.secret and one.required else "on the NAS"
            if one.secret and not one.required:
                continue  # a secret that nobody declares is nobody's to compare
            field = f"provider.{one.name}"
            yield ByHand(f"{kind} {one.name}", change_credential(kind, **{one.name: value}), kind, field, told)
    renamed = {"name": "S3", "new_name": "Amazon"}
    yield ByHand(
        "credential renamed",
        lambda modules: modules.run(credential.execute, credential.ARGUMENTS, check=False, **renamed),
        "S3",
        None,
        "is not on the NAS",
    )


def rounds(kinds: Iterable[ByHand]) -> Iterator[list[ByHand]]:
    """The changes in groups with one of each record, which are made at once, as each group takes the same time."""
    by_item: dict[str, list[ByHand]] = {}
    for one in kinds:
        by_item.setdefault(one.item, []).append(one)
    for group in zip_longest(*by_item.values()):
        yield [one for one in group if one is not None]


def told_of(one: ByHand, told: dict[str, Any]) -> bool:
    """Whether a report names the record, the field and how it differs."""
    if one.field is None:
        lines = [change["words"] for change in told["changes"] if change["name"] == one.item]
        lines += ["declared nowhere" for task in told["unlisted"] if task["description"] == one.item]
        return any(one.words in line for line in lines)
    fields = [field for change in told["changes"] if change["name"] == one.item for field in change["fields"]]
    return any(f"{field['field']}.".startswith(f"{one.field}.") and one.words in field["words"] for field in fields)


def test_every_kind_is_told_refused_and_undone(modules: Modules) -> None:
    kinds = [*of_tasks(), *of_credentials(modules.release)]
    assert len(kinds) >= 30
    for group in rounds(kinds):
        told, approved = compared(modules)
        assert told["state"] == "in sync", told
        for one in group:
            one.do(modules)
        told, current = compared(modules)
        assert [one.name for one in group if not told_of(one, told)] == [], told

        written = modules.writes()
        with pytest.raises(Failure, match="not what the plan saw") as refused:
            configure(modules, check=False, purge_tasks=False, expect_plan=approved)
        assert [one.name for one in group if repr(one.item) not in str(refused.value)] == []
        assert modules.writes() == written

        assert configure(modules, check=False, purge_tasks=False, expect_plan=current).changed
        configure(modules, check=False, purge_credentials=True)
    assert compared(modules)[0]["state"] == "in sync"


def test_nothing_is_told_of_refreshed_tokens(modules_2510: Modules) -> None:
    declared_once = {"google_photos": {"client_id": "i", "client_secret": "s", "token": token("refresh")}}
    listed = [{"name": "Google Photos", "verify": "never", **declared_once}]

    def changed(**more: Any) -> bool:
        return configure(modules_2510, check=False, credentials=listed, tasks=[], purge_tasks=False, **more).changed

    assert changed()
    for number in range(50):
        refreshed = token("refresh").replace('"a"', f'"access {number}"')
        fields = {**declared_once["google_photos"], "token": refreshed}
        given = {"name": "Google Photos", "verify": "never", "update_secrets": "always", "google_photos": fields}
        assert modules_2510.run(credential.execute, credential.ARGUMENTS, check=False, **given).changed
        assert not changed()


def test_what_is_taken_away_goes_away_and_nothing_else(modules: Modules) -> None:
    ours = {"name": "Ours", "verify": "never", "ftp": required(PROVIDERS["FTP"], modules.release)}
    tasks = [{"description": name, "credential": "Ours", **_PUSH, "folder": f"/{name}"} for name in ("kept", "dropped")]

    def records() -> list[list[dict[str, Any]]]:
        return [modules.client.call(method) for method in ("cloudsync.query", "cloudsync.credentials.query")]

    def configured(**given: Any) -> Outcome:
        return modules.run(configuration.execute, configuration.ARGUMENTS, check=False, credentials=[ours], **given)

    before = records()
    assert configured(tasks=tasks).changed
    modules.warnings.clear()
    assert not configured(tasks=tasks[:1], purge_tasks="warn").changed
    assert "'dropped'" in modules.warnings[0]
    assert [one["action"] for one in configured(tasks=tasks[:1], purge_tasks="credential").returns["tasks"]] == [
        "none",
        "delete",
    ]
    absent = [{**tasks[0], "state": "absent"}]
    gone = {"credentials": [{"name": "Ours", "state": "absent"}], "tasks": absent}
    assert modules.run(configuration.execute, configuration.ARGUMENTS, check=False, **gone).changed
    assert records() == before
