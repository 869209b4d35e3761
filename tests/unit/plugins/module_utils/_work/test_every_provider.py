# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each provider with each release: made, left alone, changed, given a new secret, renamed and deleted, as foretold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Field, Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import configuration, credential, info, task


def token(refresh_token: str) -> str:
    fields = {"access_token": "a", "token_type": "Bearer", "refresh_token": refresh_token}
    return json.dumps({**fields, "expiry": f"{2030 + len(refresh_token)}-01-01T00:00:00Z"})


def example(one: Field, number: int) -> Any:
    """A value that the NAS takes; another number gives another one."""
    if one.choices:
        return one.choices[number % len(one.choices)]
    if one.type == "raw":
        return token("refresh" * number)
    if one.type == "json":
        return json.dumps({"private_key": f"key {number}"})
    if one.type == "bool":
        return bool(number % 2)
    if one.type == "int":
        return 20 + number
    return f"https://host{number}.example.com/" if one.name in ("url", "endpoint") else f"text-{number}"


def fields_of(provider: Provider, release: str) -> dict[str, Any]:
    return {
        one.name: example(one, 1)
        for one in provider.fields_in(release)
        if one.name != "private_key"  # the number of a key that would have to be there
    }


def changeable(provider: Provider, release: str, *, secret: bool) -> Field | None:
    return next((one for one in provider.fields_in(release) if one.secret is secret), None)


@pytest.mark.parametrize("kind", sorted(PROVIDERS))
def test_a_credential_and_its_task(kind, modules, seen):
    provider, release = PROVIDERS[kind], modules.release
    spec = {"verify": "never"}
    fields = fields_of(provider, release)
    if not provider.known_in(release):
        with pytest.raises(OptionError, match=rf"{provider.option}: TrueNAS {release}"):
            modules.run(
                credential.execute,
                credential.ARGUMENTS,
                check=False,
                name=kind,
                **{provider.option: any_fields(provider)},
            )
        return
    steps = 0

    def bring(**params: Any) -> Any:
        nonlocal steps
        steps += 1
        return modules.predicted(credential.execute, credential.ARGUMENTS, **spec, **params)

    made = bring(name=kind, **{provider.option: fields})
    assert made.changed
    for secret in (False, True):
        one = changeable(provider, release, secret=secret)
        if one is not None:
            fields = {**fields, one.name: example(one, 2)}
            changed = bring(name=kind, **{provider.option: fields})
            assert changed.changed
            assert changed.before is not None
    renamed = bring(name=kind, new_name=f"{kind} renamed")
    assert renamed.returns["credential"]["id"] == made.returns["credential"]["id"]

    steps += take_task_through(modules, provider, f"{kind} renamed")
    assert bring(name=f"{kind} renamed", state="absent").changed
    seen(kind, release, steps)


def any_fields(provider: Provider) -> dict[str, Any]:
    return {one.name: example(one, 1) for one in provider.fields if one.required}


def take_task_through(modules, provider: Provider, credential_name: str) -> int:
    """Every attribute and most options of a task, given and changed; returns the number of steps."""
    attributes = {
        one.name: example(one, 1) for one in provider.task_attributes_in(modules.release) if one.name != "chunk_size"
    }
    place = (
        {"bucket": "bucket", "folder": "/sub"}
        if provider.bucket
        else {"folder": "/album" if provider.folder_rule else "/sub"}
    )
    # A pull has the NAS ask the provider, which is not there; an empty folder spares that.
    direction = {"direction": "PULL", "folder": "/"} if provider.read_only else {"direction": "PUSH"}
    options: dict[str, Any] = {
        "description": provider.title,
        "credential": credential_name,
        "transfer_mode": "COPY",
        "path": "/mnt/tank/photos",
        "attributes": attributes,
        **place,
        **direction,
    }
    pushes, encryption = direction["direction"] == "PUSH", provider.takes is None
    changes: list[dict[str, Any]] = [
        {},
        {"schedule": "*/15 8-18 * * mon-fri", "enabled": False},
        {"schedule": {"hour": 4}, "transfers": 8, "bwlimit": [{"time": "08:00", "bandwidth": "10M"}]},
        {"encryption": encryption, "filename_encryption": True, "encryption_password": "p", "encryption_salt": "s"},
        {"encryption_password": "another"},
        {"include": ["*.jpg"], "exclude": ["tmp/**"], "args": "--checksum", "follow_symlinks": True},
        {"pre_script": "echo before", "post_script": "echo after", "create_empty_src_dirs": True, "snapshot": pushes},
        {"include": [], "exclude": [], "args": "", "transfers": 0, "bwlimit": [], "follow_symlinks": False},
        {"pre_script": "", "post_script": "", "create_empty_src_dirs": False, "snapshot": False},
        {"new_description": f"{provider.title} renamed"},
    ]
    for change in changes:
        options = {**options, **change}
        assert modules.predicted(task.execute, task.ARGUMENTS, **options).changed, change
        give_export_back(modules)
    options["description"] = options.pop("new_description")
    assert modules.predicted(task.execute, task.ARGUMENTS, description=options["description"], state="absent").changed
    return len(changes) + 1


def give_export_back(modules) -> None:
    """An export of all that is on the NAS, given back, changes nothing."""
    given = {"purge_credentials": True, "purge_tasks": True}
    for work, spec in ((info.credentials, info.CREDENTIAL_ARGUMENTS), (info.tasks, info.TASK_ARGUMENTS)):
        given |= modules.run(work, spec, check=False, export=True).returns["export"]
    assert given["credentials"]
    assert given["tasks"]
    written = modules.writes()
    assert not modules.run(configuration.execute, configuration.ARGUMENTS, check=False, **given).changed
    assert modules.writes() == written
