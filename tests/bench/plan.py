# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pure part: compare tasks that are as they should be, without a NAS and without Ansible."""

from __future__ import annotations

import time
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.task_form import CredentialReference
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import Release
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.record import Entries
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.task import (
    ARGUMENTS,
    CONSTRAINTS,
    References,
    TaskRecord,
)
from bench.tasks import CREDENTIALS, credential_name, task


def seconds(count: int) -> dict[str, float]:
    """How long it takes to check the options of so many tasks, and to plan them."""
    validator = ArgumentSpecValidator(ARGUMENTS, **CONSTRAINTS)
    release = Release.parse("25.10.2")
    references = References(
        CredentialReference(number + 1, credential_name(number), "WEBDAV") for number in range(CREDENTIALS)
    )
    rows = [_row(number) for number in range(count)]
    started = time.process_time()
    items = [validator.validate(task(number)).validated_parameters for number in range(count)]
    validated = time.process_time()
    entries = Entries(rows, "description")
    for item in items:
        record = TaskRecord(release, item, references)
        assert not record.plan(record.pick(entries)).changed
    return {"validate": validated - started, "plan": time.process_time() - validated}


def _row(number: int) -> dict[str, Any]:
    """The task as the NAS has it."""
    wanted = task(number)
    credential = number % CREDENTIALS
    return {
        "id": number + 1,
        "description": wanted["description"],
        "direction": wanted["direction"],
        "transfer_mode": wanted["transfer_mode"],
        "path": wanted["path"],
        "schedule": {"minute": str(number % 60), "hour": "3", "dom": "*", "month": "*", "dow": "*"},
        "enabled": True,
        "snapshot": False,
        "transfers": None,
        "bwlimit": [],
        "include": [],
        "exclude": wanted["exclude"],
        "pre_script": "",
        "post_script": "",
        "follow_symlinks": False,
        "create_empty_src_dirs": False,
        "encryption": False,
        "filename_encryption": False,
        "encryption_password": "",
        "encryption_salt": "",
        "args": "",
        "attributes": {"folder": wanted["folder"]},
        "credentials": {"id": credential + 1, "name": credential_name(credential), "provider": {"type": "WEBDAV"}},
        "job": None,
        "locked": False,
    }
