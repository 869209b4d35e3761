# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wrong value of each type of option: option, value and what is accepted are named, before the NAS is called."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Module
from ansible_collections.nasops.cloudsync.plugins.modules import (
    truenas_album_directories,
    truenas_cloud_credential,
    truenas_cloudsync_config,
    truenas_cloudsync_run,
    truenas_cloudsync_task,
)
from simulator.fixture import SimulatedNas

SECRET = "s3same-s3same"
LOGIN = {"system.version", "auth.logout"}
TOKEN = {"access_token": SECRET, "refresh_token": SECRET, "expiry": "2030-01-01T00:00:00Z"}
CREDENTIAL = truenas_cloud_credential.MODULE
TASK = truenas_cloudsync_task.MODULE

FTP = {"host": "h", "user": "u", "pass": SECRET}
S3 = {"access_key_id": "a", "secret_access_key": SECRET}
WEBDAV = {"url": "https://h", "vendor": "OTHER", "user": "u", "pass": SECRET}
ONEDRIVE = {"token": json.dumps(TOKEN), "drive_type": "PERSONAL", "drive_id": "d"}
SWIFT = {"user": "u", "key": SECRET, "auth": "https://h", "auth_version": 3, "endpoint_type": "public"}

# (options, what the message must name: the option, the value, and what is accepted)
OF_CREDENTIALS: list[tuple[dict[str, Any], list[str]]] = [
    ({"name": ""}, ["name", "empty"]),
    ({"id": "seven", "name": None}, ["id", "seven", "int"]),
    ({"state": "gone"}, ["state", "gone", "present, absent"]),
    ({"verify": "maybe"}, ["verify", "maybe", "on_change, always, never"]),
    ({"update_secrets": True}, ["update_secrets", "True", "auto, always, never"]),
    ({"ftp": "ftp://h"}, ["ftp", "dict"]),
    ({"ftp": {**FTP, "port": "ssh"}}, ["port", "ssh", "int"]),
    ({"ftp": {**FTP, "port": 70000}}, ["ftp.port", "70000", "65535"]),
    ({"ftp": {**FTP, "host": "h\nuser = x"}}, ["ftp.host", "single line"]),
    ({"ftp": {**FTP, "pass": SECRET + "\nx"}}, ["ftp.pass", "single line"]),
    ({"ftp": {**FTP, "pass": "********"}}, ["ftp.pass", "shown in the place of a secret"]),
    ({"s3": {**S3, "skip_region": "perhaps"}}, ["skip_region", "perhaps", "bool"]),
    ({"s3": {**S3, "max_upload_parts": "many"}}, ["max_upload_parts", "many", "int"]),
    ({"webdav": {**WEBDAV, "vendor": "SOMEBODY"}}, ["vendor", "SOMEBODY", "NEXTCLOUD, OWNCLOUD, SHAREPOINT, OTHER"]),
    ({"webdav": {**WEBDAV, "colour": "red"}}, ["webdav.colour", "There are pass, password, url"]),
    ({"webdav": {"url": "https://h"}}, ["webdav", "missing", "vendor"]),
    ({"onedrive": {**ONEDRIVE, "drive_type": "HOME"}}, ["drive_type", "HOME", "PERSONAL"]),
    ({"openstack_swift": {**SWIFT, "auth_version": 9}}, ["auth_version", "9", "0, 1, 2, 3"]),
    ({"google_photos": {"token": SECRET}}, ["google_photos.token", "rclone"]),
    ({"google_photos": {"token": {"access_token": SECRET}}}, ["google_photos.token", "refresh"]),
    (
        {"google_photos": {"token": json.dumps({**TOKEN, "expiry": "2030-01-01"})}},
        ["google_photos.token", "2026-01-31T12:00:00Z"],
    ),
    ({"google_photos": {"client_id": "i"}}, ["google_photos", "missing", "token"]),
    ({"storj_ix": {**S3, "endpoint": "http://h"}}, ["storj_ix.endpoint", "http://h", "starts with https://"]),
    ({"ftp": FTP, "webdav": WEBDAV}, ["mutually exclusive", "ftp", "webdav"]),
]
NEW = {
    "description": "d",
    "credential": "c",
    "direction": "PUSH",
    "transfer_mode": "COPY",
    "path": "/mnt/tank/photos",
    "folder": "/x",
}
OF_TASKS: list[tuple[dict[str, Any], list[str]]] = [
    ({"direction": "UP"}, ["direction", "UP", "PUSH, PULL"]),
    ({"transfer_mode": "copy"}, ["transfer_mode", "copy", "COPY, SYNC, MOVE"]),
    ({"path": "tank/photos"}, ["path", "'tank/photos'", "/mnt/POOL/DATASET"]),
    ({"enabled": "perhaps"}, ["enabled", "perhaps", "bool"]),
    ({"transfers": "many"}, ["transfers", "many", "int"]),
    ({"transfers": -1}, ["transfers", "-1", "from 1"]),
    ({"schedule": "tomorrow"}, ["schedule", "'tomorrow'", "five"]),
    ({"schedule": {"hour": 25}}, ["schedule", "hour", "25", "from 0 to 23"]),
    ({"schedule": {"second": 1}}, ["schedule", "second", "minute"]),
    ({"schedule": 7}, ["schedule", "7"]),
    ({"bwlimit": [{"time": "25:00", "bandwidth": "1M"}]}, ["bwlimit", "25:00", "HH:MM"]),
    ({"bwlimit": [{"time": "8:00", "bandwidth": "fast"}]}, ["bwlimit", "fast", "10M"]),
    ({"bwlimit": [{"bandwidth": "1M"}]}, ["bwlimit", "time"]),
    ({"include": [""]}, ["include", "empty"]),
    ({"attributes": "fast"}, ["attributes", "dict"]),
    ({"attributes": {"folder": "/x"}}, ["attributes", "folder", "option of its own"]),
    ({"encryption": True, "encryption_password": ""}, ["encryption", "encryption_password"]),
    ({"snapshot": True, "direction": "PULL"}, ["snapshot", "PUSH", "SYNC or COPY"]),
    ({"direction": "PULL", "transfer_mode": "SYNC"}, ["transfer_mode", "SYNC", "COPY", "allow_deletes"]),
    ({"direction": "PULL", "transfer_mode": "MOVE"}, ["transfer_mode", "MOVE", "COPY", "allow_deletes"]),
]


def answer(module: Module, nas: SimulatedNas, **params: Any) -> str:
    """What the module fails with; it has not called the NAS."""
    given = {"api_url": nas.socket, **{name: value for name, value in params.items() if value is not None}}
    try:
        understood = module.understood(given, "module")
    except OptionError as error:
        return str(error)
    checked = ArgumentSpecValidator(module.argument_spec, **module.constraints).validate(understood)
    if checked.error_messages:
        return "; ".join(checked.error_messages)
    refused = module.answer(checked.validated_parameters, check_mode=False, warn=pytest.fail)
    assert refused.get("failed"), refused
    return str(refused["msg"])


def check(message: str, named: list[str], nas: SimulatedNas) -> None:
    assert nas.calls() == []
    assert [word for word in named if word not in message] == [], message
    assert SECRET not in message


@pytest.mark.parametrize(("options", "named"), OF_CREDENTIALS)
def test_of_a_credential(options, named, nas):
    check(answer(CREDENTIAL, nas, **{"name": "n", **options}), named, nas)


@pytest.mark.parametrize(("options", "named"), OF_TASKS)
def test_of_a_task(options, named, nas):
    check(answer(TASK, nas, **{**NEW, **options}), named, nas)


@pytest.mark.parametrize(
    ("module", "options", "named"),
    [
        (truenas_album_directories.MODULE, {"path": "/photos"}, ["path", "'/photos'", "/mnt/POOL/DATASET"]),
        (truenas_album_directories.MODULE, {"path": "/mnt/p", "albums": ["../x"]}, ["albums", "'../x'", "names"]),
        (truenas_album_directories.MODULE, {"path": "/mnt/p", "stray_files": "eat"}, ["stray_files", "eat", "warn"]),
        (truenas_cloudsync_run.MODULE, {"task": "t", "action": "fly"}, ["action", "fly", "preflight, abort"]),
        (truenas_cloudsync_run.MODULE, {"task": "t", "max_deletes": "few"}, ["max_deletes", "few", "int"]),
    ],
)
def test_of_another_module(module, options, named, nas):
    check(answer(module, nas, **options), named, nas)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"tasks": [{**NEW, "direction": "UP"}]}, ["tasks[0]", "direction", "UP", "PUSH, PULL"]),
        ({"credentials": [{"name": "n", "ftp": {**FTP, "port": "ssh"}}]}, ["credentials[0]", "port", "ssh", "int"]),
        ({"credentials": [{"name": "n"}, {"name": "n"}]}, ["credentials", "n", "more than once"]),
    ],
)
def test_within_a_list(options, named, nas):
    message = answer(truenas_cloudsync_config.MODULE, nas, **options)
    assert [word for word in named if word not in message] == [], message
    assert SECRET not in message


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"s3": {**S3, "endpoint": "minio"}}, ["s3.endpoint", "minio", "http:// or https://"]),
        ({"webdav": {**WEBDAV, "url": "nas"}}, ["webdav.url", "'nas'", "http:// or https://"]),
        ({"mega": {"user": "u", "pass": SECRET}}, ["mega", "25.10", "24.10"]),
        ({"s3": {**S3, "force_path_style": False}}, ["s3.force_path_style", "25.10", "26.0"]),
    ],
)
def test_what_another_release_takes_is_refused_once_the_release_is_known(options, named, nas):
    message = answer(CREDENTIAL, nas, name="n", **options)
    assert {call["method"] for call in nas.calls()} == LOGIN
    assert [word for word in named if word not in message] == [], message
