# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each of rclone's flags does to the run of a task. PRIVATE to the collection. Pure.

The names come from the table of all flags. A flag is harmless unless it is named here, or its ending is: the
flags of the many backends end alike where they mean the same.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_flag_table as table


class Kind(enum.Enum):
    """What a flag does to a run.

    Attributes:
        FILTERS: Leaves out files, so that a directory with files can be an empty one for rclone.
        LISTS: Changes which files of a place are shown, or which place it is.
        RENAMES: Changes the names that files have on the other side, or that count as equal.
        COMPARES: Compares less of two files, so that other ones count as equal.
        DELETES: Deletes more, or with less care.
        LIMITS: Limits what is deleted.
        HARMLESS: Everything else that a task may have. A kind with a reason is one that no task can have.
    """

    FILTERS = enum.auto()
    LISTS = enum.auto()
    RENAMES = enum.auto()
    COMPARES = enum.auto()
    DELETES = enum.auto()
    LIMITS = enum.auto()
    HARMLESS = enum.auto()
    DRY_RUN = enum.auto()
    COMMAND = enum.auto()
    CONFIG = enum.auto()
    LOG = enum.auto()
    PROGRAM = enum.auto()
    DOOR = enum.auto()
    FILE = enum.auto()
    FILTER_FILE = enum.auto()
    CREDENTIAL = enum.auto()
    ENCRYPTION = enum.auto()
    OF_COMMAND = enum.auto()

    @property
    def reason(self) -> str | None:
        """Why no task can have such a flag, and what to do instead."""
        return _REASONS.get(self)


_REASONS = {
    Kind.DRY_RUN: (
        "it would turn the dry runs that keep files from being deleted into runs, or runs into dry runs. Leave it "
        "out, and use truenas_cloudsync_run with action: dry_run"
    ),
    Kind.COMMAND: "it keeps rclone from doing the task's run. Leave it out",
    Kind.CONFIG: "it replaces the configuration that TrueNAS writes for the run. Leave it out",
    Kind.LOG: (
        "it changes where or how rclone writes its log, which tells TrueNAS and this collection what a run does. "
        "Leave it out"
    ),
    Kind.PROGRAM: "it makes TrueNAS run another program. Leave it out, and use pre_script for what has to run before",
    Kind.DOOR: "it lets others control the running rclone, with all rights on the NAS. Leave it out",
    Kind.FILE: "it makes rclone write a file of its own on the NAS. Leave it out",
    Kind.FILTER_FILE: (
        "it reads a file that can undo the filters of the task and of TrueNAS. Leave it out, and give the patterns in "
        "the options include and exclude"
    ),
    Kind.CREDENTIAL: (
        "it belongs to the cloud credential. Everybody who may read the task can read its arguments. Leave it out, "
        "and set it with truenas_cloud_credential"
    ),
    Kind.ENCRYPTION: (
        "it changes how the task encrypts, so that files become unreadable or are stored in the clear. Leave it out, "
        "and use the options encryption and filename_encryption"
    ),
    Kind.OF_COMMAND: "rclone takes it behind its command only, and TrueNAS puts args before it. Leave it out",
}


@dataclass(frozen=True)
class Flag:
    """One flag of rclone.

    Attributes:
        name: As in the table, without dashes before it.
        takes_value: Whether the next word is its value. A switch has one only behind an equals sign.
    """

    name: str
    takes_value: bool
    kind: Kind


_KINDS = {
    Kind.DRY_RUN: "dry-run",
    Kind.COMMAND: "help version interactive",
    Kind.CONFIG: "config",
    Kind.LOG: """
        log-file log-file-compress log-file-max-age log-file-max-backups log-file-max-size log-format log-level
        log-systemd progress progress-terminal-title quiet stats-log-level stats-one-line stats-one-line-date
        stats-one-line-date-format syslog syslog-facility use-json-log""",
    Kind.PROGRAM: "metadata-mapper password-command sftp-ssh webdav-bearer-token-command",
    Kind.DOOR: "rc",
    Kind.FILE: "cpuprofile memprofile",
    Kind.FILTER_FILE: "files-from files-from-raw files-from0 filter-from",
    Kind.CREDENTIAL: "client-pass swift-auth s3-profile s3-shared-credentials-file box-box-config-file",
    Kind.FILTERS: """
        exclude exclude-from exclude-if-present filter hash-filter ignore-case include include-from max-age max-depth
        max-size metadata-exclude metadata-exclude-from metadata-filter metadata-filter-from metadata-include
        metadata-include-from min-age min-size one-file-system skip-links""",
    Kind.LISTS: """
        box-owned-by drive-auth-owner-only drive-impersonate box-impersonate
        dropbox-impersonate drive-resource-key drive-team-drive dropbox-root-namespace dropbox-shared-files
        dropbox-shared-folders gcs-anonymous onedrive-drive-id onedrive-drive-type s3-list-version
        copy-links ftp-force-list-hidden http-no-slash links local-links onedrive-expose-onenote-files
        sftp-path-override webdav-owncloud-exclude-mounts webdav-owncloud-exclude-shares""",
    Kind.RENAMES: """
        backup-dir fix-case ignore-case-sync name-transform no-unicode-normalization suffix suffix-keep-extension
        local-case-insensitive local-case-sensitive local-unicode-normalization track-renames""",
    Kind.COMPARES: """
        checksum compare-dest copy-dest default-time ignore-size modify-window size-only update use-server-modtime""",
    Kind.DELETES: """
        azureblob-delete-snapshots delete-excluded dropbox-batch-mode ftp-no-check-upload ignore-checksum ignore-errors
        local-no-check-updated s3-bypass-governance-retention s3-no-head""",
    Kind.LIMITS: "max-delete max-delete-size",
    # What ends like a kind below, and is of none
    Kind.HARMLESS: """
        ask-password b2-download-url cache-dir client-key crypt-server-side-across-configs crypt-show-mapping
        crypt-strict-names ftp-ask-password internxt-skip-hash-validation jottacloud-no-versions no-gzip-encoding
        onedrive-link-password onedrive-no-versions s3-download-url s3-sign-accept-encoding s3-sse-kms-key-id
        s3-use-accelerate-endpoint sftp-ask-password sftp-host-keys sftp-pin-host-key skip-specials
        use-cookies""",
}

# The flags of backends whose whole name, or what follows the backend's name, fits
_FITTING = (
    (Kind.DOOR, re.compile(r"(rc|metrics)-.+")),
    (Kind.ENCRYPTION, re.compile(r"crypt-(?!description).+")),
    (Kind.DELETES, re.compile(r".+-(hard-delete|use-trash)")),
    (
        Kind.LISTS,
        re.compile(
            r".+-(region|port|use-emulator|role-arn|root-folder-id|root-folder-slug|root-id|deleted-id|base-folder-uuid|workspace-id|project-number"
            r"|user-project|trashed-only|starred-only|shared-with-me|versions|version-at|version-deleted"
            r"|include-archived|read-size|start-year|skip-[a-z-]+|show-all-[a-z-]+|(ex|im)port-formats|formats)"
        ),
    ),
    (Kind.RENAMES, re.compile(r".+-(encoding|directory-markers|case-insensitive)")),
    (
        Kind.CREDENTIAL,
        re.compile(
            r"[a-z0-9]+-(.*-)?(pass|password2?|passphrase|secret|token|key|key-id|key-pem|key-base64|key-md5|keys"
            r"|credentials|authorization|cookies|mnemonic|session-id|grant|sas-url|connection-string|2fa"
            r"|client-id|client-uid|app-id|device-id|account-id|object-id|res-id|apple-id|account|user|user-id|username"
            r"|email|auth-url|token-url|api-url|url|endpoint|host|hostname|server|satellite-address|unix-socket"
            r"|env-auth|service-account-file|service-principal-file|service-principal-name|key-file|config-file"
            r"|domain|tenant|tenant-id|tenant-domain|credential-id|credential-name|namenode|namespace|compartment"
            r"|cloud-name|spn|impersonate-admin)"
        ),
    ),
)


def _named() -> Iterator[tuple[str, bool]]:
    for text, takes_value in ((table.WITH_VALUE, True), (table.SWITCHES, False)):
        for line in text.splitlines():
            prefix, _colon, rests = line.partition(":")
            for rest in rests.split():
                yield (f"{prefix}-{rest}" if prefix else rest), takes_value


def _kind(name: str) -> Kind:
    if name in _BY_NAME:
        return _BY_NAME[name]
    return next((kind for kind, pattern in _FITTING if pattern.fullmatch(name)), Kind.HARMLESS)


_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names.split()}

FLAGS = {name: Flag(name, takes_value, _kind(name)) for name, takes_value in _named()}
"""Every flag that rclone takes before its command, by name."""

OF_BACKENDS = frozenset(name for name, _takes_value in _named()) - frozenset(
    name
    for text in (table.WITH_VALUE, table.SWITCHES)
    for line in text.splitlines()
    if line.startswith(":")
    for name in line[1:].split()
)
"""The names of flags that belong to one kind of remote."""

SHORT = {letter: FLAGS[name] for letter, name in table.SHORT.items()}
"""The flags that have a short form, by their letter."""

OF_COMMANDS = frozenset(table.OF_COMMANDS.split())
"""The names of flags that belong to one of rclone's commands."""
