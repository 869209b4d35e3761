# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which changes let a task that deletes files reach more of them, or other ones."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import task_form, wider_deletes
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.task_form import CredentialReference
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN

KNOWN = task_form.members(PROVIDERS["S3"], "25.10")
TASK = {
    "credentials": CredentialReference(4, "Bucket", "S3"),
    "path": "/mnt/tank/mirror",
    "attributes": {"bucket": "b", "folder": "/x", "storage_class": ""},
    "enabled": True,
    "follow_symlinks": True,
    "encryption": True,
    "filename_encryption": True,
    "encryption_password": "one",
    "encryption_salt": "",
    "include": ["*.jpg", "*.png"],
    "exclude": ["/mine/**", "*.tmp"],
    "args": "--exclude *.raw --max-delete 5 --fast-list",
}


@pytest.mark.parametrize(
    ("change", "option"),
    [
        ({"credentials": CredentialReference(5, "Bucket", "S3")}, "credential"),
        ({"path": "/mnt/tank/family"}, "path"),
        ({"attributes": {"bucket": "b", "folder": "/y"}}, "folder"),
        ({"attributes": {"bucket": "c", "folder": "/x"}}, "bucket"),
        ({"encryption": False}, "encryption"),
        ({"filename_encryption": False}, "filename_encryption"),
        ({"encryption_password": "two"}, "encryption_password"),
        ({"encryption_salt": "salt"}, "encryption_salt"),
        ({"exclude": ["*.tmp"]}, "exclude"),
        ({"exclude": []}, "exclude"),
        ({"include": []}, "include"),
        ({"include": ["*.jpg", "*.gif"]}, "include"),
        ({"args": "--exclude *.raw --fast-list"}, "args"),
        ({"args": "--exclude *.raw --max-delete 6"}, "args"),
        ({"args": "--max-delete 5"}, "args"),
        ({"args": "--exclude *.raw --max-delete 5 -L"}, "args"),
        *(
            ({"args": f"--exclude *.raw --max-delete 5 {elsewhere}"}, "args")
            for elsewhere in (
                "--swift-region x",
                "--sftp-port 23",
                "--azureblob-use-emulator",
                "--s3-role-arn x",
                "--sftp-skip-links",
                "--ftp-force-list-hidden",
                "--http-no-slash",
            )
        ),
        ({"args": "--exclude *.raw --max-delete 5 --links"}, "args"),
        ({"args": "--exclude *.raw --max-delete 5 --delete-excluded"}, "args"),
        ({"args": "--exclude *.raw --max-delete 5 what"}, "args"),
    ],
    ids=str,
)
def test_what_reaches_other_files_is_named(change, option):
    assert wider_deletes.option(TASK, {**TASK, **change}, KNOWN) == option


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"path": "/mnt/tank/mirror/"},
        {"attributes": {"bucket": "b", "folder": "x/", "storage_class": "GLACIER"}},
        {"enabled": False},
        {"follow_symlinks": False},
        {"exclude": ["/mine/**", "*.tmp", "/more/**"]},
        {"include": ["*.jpg"]},
        {"args": "--exclude=*.raw --max-delete=0"},
        {"args": "--max-delete 5 --exclude *.raw --checkers 3"},
        {"schedule": {"hour": "3"}, "transfers": 3, "bwlimit": [], "snapshot": True, "description": "other"},
    ],
    ids=str,
)
def test_what_reaches_no_other_files_is_not(change):
    assert wider_deletes.option(TASK, {**TASK, **change}, KNOWN) is None


def test_a_limit_in_bytes_is_kept():
    limited = {**TASK, "args": "--exclude *.raw --max-delete-size 1M"}
    for args in ("--exclude *.raw", "--exclude *.raw --max-delete-size off", "--max-delete-size 1G --exclude *.raw"):
        assert wider_deletes.option(limited, {**TASK, "args": args}, KNOWN) == "args"
    first = {**TASK, "args": "--exclude *.raw"}
    assert wider_deletes.option(first, limited, KNOWN) is None


@pytest.mark.parametrize("name", ["enabled", "follow_symlinks"])
def test_switching_on_reaches_more(name):
    assert wider_deletes.option({**TASK, name: False}, TASK, KNOWN) == name


def test_a_key_that_is_not_used_or_not_shown_does_not_count():
    plain = {**TASK, "encryption": False}
    assert wider_deletes.option(plain, {**plain, "encryption_password": "two"}, KNOWN) is None
    assert wider_deletes.option({**TASK, "encryption_password": HIDDEN}, TASK, KNOWN) is None


def test_a_first_include_leaves_less():
    assert wider_deletes.option({**TASK, "include": []}, TASK, KNOWN) is None
