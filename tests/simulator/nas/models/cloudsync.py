# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cloud credentials from 25.04, and cloud sync tasks from 25.10, as models."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, model_validator

from simulator.nas.models import cron
from simulator.nas.models.base import (
    Model,
    NonEmpty,
    Positive,
    Secret,
    Text,
    at_least,
    extend,
    listed,
    long_non_empty,
    long_text,
    model,
    partial,
    secret,
)
from simulator.nas.models.methods import Service, Spec, get_instance_params, query_params, query_result
from simulator.nas.models.providers import any_attributes, provider_union


def _time(value: str) -> str:
    if problem := cron.check_time(value):
        raise ValueError(problem)
    return value


class CloudCron(Model):
    minute: Text = "00"
    hour: Text = "*"
    dom: Text = "*"
    month: Text = "*"
    dow: Text = "*"

    @model_validator(mode="after")
    def _check(self) -> CloudCron:
        if problem := cron.check_schedule(self.__dict__):
            raise ValueError(problem)
        return self


class CloudSyncBwlimit(Model):
    time: Annotated[Text, AfterValidator(_time)]
    bandwidth: Positive | None


class OneDriveDrive(Model):
    drive_id: Text
    drive_type: Literal["PERSONAL", "BUSINESS", "DOCUMENT_LIBRARY"]
    name: Text
    description: Text


@cache
def credential_entry(release: str) -> type[BaseModel]:
    """A credential as it is answered."""
    return model("CloudCredentialEntry", id=int, name=NonEmpty, provider=provider_union(release))


def credential_methods(release: str) -> dict[str, Spec]:
    """`cloudsync.credentials.*` of 25.04 and later."""
    service = Service("cloudsync.credentials", "CLOUD_SYNC")
    union = provider_union(release)
    entry = credential_entry(release)
    create = model("CloudCredentialCreate", name=NonEmpty, provider=union)
    long = long_text(release)
    verified = model("CredentialVerify", valid=bool, error=(long | None, None), excerpt=(long | None, None))

    def named(method: str) -> str:
        return f"CloudCredential{method}Result"

    service.add("query", query_params(release), query_result(release, entry), write=False, crud="query",
                result_name=named("Query"))  # fmt: skip
    service.add("get_instance", get_instance_params(release), entry, write=False, crud="get_instance")
    service.add("create", {"cloud_sync_credentials_create": create}, entry, write=True, crud="create")
    changes = {"id": int, "cloud_sync_credentials_update": partial(create, "CloudCredentialUpdate")}
    service.add("update", changes, entry, write=True, crud="update")
    service.add("delete", {"id": int}, bool, write=True, crud="delete")
    service.add("verify", {"cloud_sync_credentials_create": union}, verified, write=True)
    if at_least(release, "26.0"):
        service.specs["cloudsync.credentials.s3_provider_choices"] = Spec(
            {}, dict[str, str], roles=("CLOUD_SYNC_READ", "READONLY_ADMIN")
        )
    return service.specs | {"cloudsync.onedrive_list_drives": _list_drives(release)}


def _list_drives(release: str) -> Spec:
    params = model(
        "OneDriveListDrives",
        client_id=(Secret[Text], ""),
        client_secret=(Secret[Text], ""),
        token=secret(long_non_empty(release)),
    )
    return Spec(
        {"onedrive_list_drives": params},
        list[OneDriveDrive],
        roles=("CLOUD_SYNC_WRITE",),
        secrets_role="CLOUD_SYNC_WRITE",
    )


def task_fields(release: str) -> dict[str, Any]:
    """The members of a task that can be written."""
    long = long_text(release)
    return {
        "description": (Text, ""),
        "path": Text,
        "credentials": int,
        "attributes": any_attributes(release),
        "schedule": (CloudCron, cron.SCHEDULE),
        "pre_script": (long, ""),
        "post_script": (long, ""),
        "snapshot": (bool, False),
        "include": (list[NonEmpty], []),
        "exclude": (list[NonEmpty], []),
        "args": (long, ""),
        "enabled": (bool, True),
        "bwlimit": (list[CloudSyncBwlimit], []),
        "transfers": (Positive | None, None),
        "direction": Literal["PUSH", "PULL"],
        "transfer_mode": Literal["SYNC", "COPY", "MOVE"],
        "encryption": (bool, False),
        "filename_encryption": (bool, False),
        "encryption_password": (Secret[Text], ""),
        "encryption_salt": (Secret[Text], ""),
        "create_empty_src_dirs": (bool, False),
        "follow_symlinks": (bool, False),
    }


@cache
def task_entry(release: str) -> type[BaseModel]:
    """A task as it is answered."""
    more: dict[str, Any] = {"job": dict[str, Any] | None, "locked": bool}
    if at_least(release, "26.0"):
        more |= {"dataset": str | None, "relative_path": str | None}
    fields = {"id": int} | task_fields(release) | {"credentials": credential_entry(release)} | more
    return model("CloudSyncEntry", **fields)


def task_methods(release: str) -> dict[str, Spec]:
    """`cloudsync.*` of 25.10 and later, credentials aside."""
    service = Service("cloudsync", "CLOUD_SYNC")
    create = model("CloudSyncCreate", **task_fields(release))
    entry = task_entry(release)
    options = model("CloudSyncSyncOptions", dry_run=(bool, False))
    restore = model("RestoreOpts", description=(Text, ""), transfer_mode=Literal["SYNC", "COPY"], path=NonEmpty)
    listing = model(
        "CloudSyncListDirectory",
        credentials=int,
        encryption=(bool, False),
        filename_encryption=(bool, False),
        encryption_password=(Secret[Text], ""),
        encryption_salt=(Secret[Text], ""),
        attributes=any_attributes(release),
        args=(Text, ""),
    )
    provider = model(
        "CloudSyncProvider",
        name=Text,
        title=Text,
        credentials_oauth=Text | None,
        buckets=bool,
        bucket_title=Text | None,
        task_schema=listed(model("CloudSyncProviderTaskSchemaItem", property=Text)),
    )
    service.add("query", query_params(release), query_result(release, entry), write=False, crud="query",
                result_name="CloudSyncQueryResult")  # fmt: skip
    service.add("get_instance", get_instance_params(release), entry, write=False, crud="get_instance")
    service.add("create", {"cloud_sync_create": create}, entry, write=True, crud="create")
    changes = {"id": int, "cloud_sync_update": partial(create, "CloudSyncUpdate")}
    service.add("update", changes, entry, write=True, crud="update")
    service.add("delete", {"id": int}, Literal[True], write=True, crud="delete")
    service.add("restore", {"id": int, "opts": restore}, entry, write=True)
    service.add("providers", {}, listed(provider), write=False)
    service.add("list_directory", {"cloud_sync_ls": listing}, list[dict[str, Any]], write=True)
    service.add("list_buckets", {"credentials_id": int}, list[dict[str, Any]], write=True)
    service.add("create_bucket", {"credentials_id": int, "name": Text}, None, write=True)
    service.add("abort", {"id": int}, bool, write=True)
    service.add("sync", {"id": int, "cloud_sync_sync_options": (options, {})}, None, write=True, job=True)
    onetime = {
        "cloud_sync_sync_onetime": extend(create, "CloudSyncSyncOnetime"),
        "cloud_sync_sync_onetime_options": (extend(options, "CloudSyncSyncOnetimeOptions"), {}),
    }
    service.add("sync_onetime", onetime, None, write=True, job=True)
    return service.specs
