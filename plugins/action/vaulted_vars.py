# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps variables in a vault-encrypted file on the controller."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from ansible.errors import AnsibleActionFail
from ansible.parsing.vault import VaultLib
from ansible.plugins.action import ActionBase

from ansible_collections.nasops.cloudsync.plugins.plugin_utils import _vaulted_file
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._tagged_yaml import TaggedDumper, TaggedLoader, marked

ARGUMENTS = {
    "path": {"type": "path", "required": True},
    "variables": {"type": "dict", "default": {}, "no_log": True},
    "remove": {"type": "list", "elements": "str", "default": []},
    "vault_id": {"type": "str"},
}


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_async = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validated, options = self.validate_argument_spec(ARGUMENTS)
        path = Path(options["path"]).resolve()
        # The passwords that this run was given. Ansible offers them to plugins by no other way in all its releases.
        vault: VaultLib = self._loader._vault
        key = _vaulted_file.key_of(vault, options["vault_id"])
        with _vaulted_file.locked(path.parent):  # several hosts of a play may write one file
            present, key_of_file = _read(path, vault)
            wanted = {**(present or {}), **marked(_plain(options["variables"]))}
            wanted = {name: value for name, value in wanted.items() if name not in options["remove"]}
            if present is None and not wanted:
                return {**result, "changed": False, "path": str(path)}
            loose = present is not None and _vaulted_file.is_loose(path)
            result.update(changed=present is None or _text(present) != _text(wanted) or loose, path=str(path))
            if result["changed"] and not self._task.check_mode:
                _vaulted_file.save(path, vault, _text(wanted), key, key_of_file, options["vault_id"])
        return result


def _read(path: Path, vault: VaultLib) -> tuple[dict[str, Any] | None, _vaulted_file.Key | None]:
    """Return the variables in the file and the key that opens it; None for a file that is missing or empty."""
    text, key = _vaulted_file.read(path, vault)
    if text is None:
        return None, None
    try:
        variables = yaml.load(text, TaggedLoader)  # noqa: S506  # a subclass of SafeLoader
    except yaml.YAMLError:
        variables = ()
    if variables is None:
        variables = {}
    if not isinstance(variables, dict):
        raise AnsibleActionFail(f"{path} holds no variables (a mapping in YAML)")
    return variables, key


def _text(variables: dict[str, Any]) -> bytes:
    return yaml.dump(
        variables, Dumper=TaggedDumper, explicit_start=True, sort_keys=False, allow_unicode=True, width=10**6
    ).encode()


def _plain(variables: dict[str, Any]) -> dict[str, Any]:
    """Free of the subclasses in which Ansible keeps templated and vaulted text."""
    return json.loads(json.dumps(variables, default=str))
