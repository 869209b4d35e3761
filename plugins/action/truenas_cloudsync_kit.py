# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps what restores the files of cloud sync tasks in a vault-encrypted file on the controller."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.parsing.vault import VaultLib

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import restore_kit
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.job import text as moment
from ansible_collections.nasops.cloudsync.plugins.module_utils._health import kits
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Module, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.restore_kit import read
from ansible_collections.nasops.cloudsync.plugins.plugin_utils import _vaulted_file
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._module_action import ModuleActionBase
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._rclone_obscured import obscure, reveal

ARGUMENTS: dict[str, dict[str, Any]] = {
    "path": {"type": "path", "required": True},
    "title": {"type": "str", "default": "a NAS"},
    "vault_id": {"type": "str"},
}


class ActionModule(ModuleActionBase):
    """Works on the controller alone: there is no module to which secrets would have to be sent, or from which."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_async = False
    _supports_check_mode = True

    def module(self, name: str) -> Module:
        return Module(ARGUMENTS, self._keep, blank=("title", "vault_id"))

    def in_worker(self, task_vars: dict[str, Any]) -> bool:
        return True

    def _keep(self, invocation: Invocation) -> Outcome:
        # The passwords that this run was given. Ansible offers them to plugins by no other way in all its releases.
        vault: VaultLib = self._loader._vault
        path = Path(invocation.params["path"]).resolve()
        try:
            key = _vaulted_file.key_of(vault, invocation.params["vault_id"])
            tasks, keys = read(invocation.client)
            text = restore_kit.kit(tasks, keys, invocation.params["title"], obscure)
            with _vaulted_file.locked(path.parent):
                changed = _keep(path, text, vault, key, invocation)
        except (AnsibleActionFail, restore_kit.HiddenError) as error:
            raise Failure(str(error)) from None
        if missing := restore_kit.unknown(tasks):
            invocation.warn(
                f"The kit cannot restore {', '.join(map(repr, missing))}, as it does not know the provider."
            )
        record = {"date": moment(datetime.now(UTC)), "tasks": [kits.recorded(one) for one in tasks]}
        return Outcome(changed, {"path": str(path), "tasks": [one["description"] for one in tasks], "kit": record})


def _keep(path: Path, text: str, vault: VaultLib, key: _vaulted_file.Key, invocation: Invocation) -> bool:
    """Write the file unless it says the same already; returns whether that is a change."""
    present, key_of_file = _vaulted_file.read(path, vault)
    if present is not None:
        before = present.decode(errors="replace")
        if not restore_kit.is_kit(before):
            raise AnsibleActionFail(f"path: {path} holds something else than a kit. Give the kit a file of its own")
        same = restore_kit.comparable(before, reveal) == restore_kit.comparable(text, reveal)
        if same and not _vaulted_file.is_loose(path):
            return False
    if not invocation.check_mode:
        _vaulted_file.save(path, vault, text.encode(), key, key_of_file, invocation.params["vault_id"])
    return True
