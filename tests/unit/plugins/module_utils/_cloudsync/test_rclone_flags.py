# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of rclone's flags is that of the real rclone, and what is said of them covers what rclone knows."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import generate_rclone_flags
import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_flag_table as table
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_flags import (
    FLAGS,
    OF_COMMANDS,
    SHORT,
    Kind,
)

RCLONE = generate_rclone_flags.RCLONE

# What older releases of TrueNAS know, and the rclone of these tests does not.
FORMER = {"acd", "uptobox", "pikpak", "s3"}


@pytest.fixture(scope="module")
def known():
    return generate_rclone_flags.flags(RCLONE)


def test_every_flag_of_the_real_rclone_is_in_the_table(known):
    takes_value, short = known
    assert {name: FLAGS[name].takes_value for name in takes_value} == takes_value
    assert {letter: flag.name for letter, flag in SHORT.items()} == short


def test_flags_that_only_older_rclones_have_are_of_backends(known):
    takes_value, _short = known
    assert {name.partition("-")[0] for name in FLAGS.keys() - takes_value.keys()} <= FORMER


def test_flags_of_commands_are_apart():
    assert generate_rclone_flags.of_commands(RCLONE) - FLAGS.keys() <= OF_COMMANDS
    assert {"create-empty-src-dirs", "combined"} <= OF_COMMANDS
    assert not OF_COMMANDS & FLAGS.keys()


def test_the_file_is_as_the_script_writes_it():
    text = generate_rclone_flags.table(
        {name: flag.takes_value for name, flag in FLAGS.items()}, table.SHORT, OF_COMMANDS
    )
    assert Path(table.__file__).read_text() == text


# What rclone calls sensitive and a task may have: places below the account, and what only names a key.
PLACES = (
    *("box-impersonate", "drive-impersonate", "dropbox-impersonate", "drive-team-drive", "drive-resource-key"),
    *("onedrive-drive-id", "gcs-project-number", "gcs-user-project", "s3-sse-kms-key-id", "onedrive-link-password"),
    *("filen-base-folder-uuid", "drime-workspace-id", "sugarsync-root-id", "sugarsync-deleted-id"),
)


def test_whatever_rclone_calls_a_password_or_sensitive_belongs_to_the_credential():
    told = subprocess.run(
        [RCLONE, "config", "providers", "--config", "/dev/null"], capture_output=True, check=True, text=True
    )
    sensitive = {
        f"{backend['Prefix']}-{option['Name']}".replace("_", "-"): option["IsPassword"]
        for backend in json.loads(told.stdout)
        for option in backend["Options"]
        if option["IsPassword"] or option["Sensitive"]
    }
    assert len(sensitive) > 150
    loose = {name for name in sensitive if FLAGS[name].kind not in (Kind.CREDENTIAL, Kind.ENCRYPTION)}
    assert {name for name in loose if "root-folder" not in name} == set(PLACES)
    assert not [name for name in loose if sensitive[name]]


@pytest.mark.parametrize(
    ("group", "kinds"),
    [
        ("Filter", {Kind.FILTERS, Kind.FILTER_FILE, Kind.DELETES}),
        ("RC", {Kind.DOOR}),
        ("Metrics", {Kind.DOOR}),
    ],
)
def test_no_flag_of_these_groups_is_harmless(group, kinds):
    """A flag that a new rclone adds to them is seen here."""
    told = subprocess.run([RCLONE, "help", "flags", "--group", group], capture_output=True, check=True, text=True)
    names = {word.strip("-,") for word in told.stdout.split() if word.startswith("--")} & FLAGS.keys()
    assert len(names) > 15
    assert {FLAGS[name].kind for name in names} == kinds


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("exclude", Kind.FILTERS),
        ("one-file-system", Kind.FILTERS),
        ("drive-root-folder-id", Kind.LISTS),
        ("s3-version-at", Kind.LISTS),
        ("webdav-encoding", Kind.RENAMES),
        ("name-transform", Kind.RENAMES),
        ("size-only", Kind.COMPARES),
        ("delete-excluded", Kind.DELETES),
        ("b2-hard-delete", Kind.DELETES),
        ("max-delete", Kind.LIMITS),
        ("webdav-pass", Kind.CREDENTIAL),
        ("webdav-url", Kind.CREDENTIAL),
        ("s3-secret-access-key", Kind.CREDENTIAL),
        ("gphotos-token", Kind.CREDENTIAL),
        ("drive-client-secret", Kind.CREDENTIAL),
        ("crypt-no-data-encryption", Kind.ENCRYPTION),
        ("metadata-mapper", Kind.PROGRAM),
        ("password-command", Kind.PROGRAM),
        ("rc-addr", Kind.DOOR),
        ("memprofile", Kind.FILE),
        ("log-file", Kind.LOG),
        ("quiet", Kind.LOG),
        ("files-from", Kind.FILTER_FILE),
        *((name, Kind.HARMLESS) for name in ("fast-list", "transfers", "low-level-retries", "retries", "bwlimit")),
        *((name, Kind.HARMLESS) for name in ("gphotos-batch-mode", "s3-storage-class", "cache-dir", "verbose")),
        *((name, Kind.HARMLESS) for name in ("no-check-certificate", "s3-sse-kms-key-id", "webdav-description")),
    ],
)
def test_kinds(name, kind):
    assert FLAGS[name].kind is kind
