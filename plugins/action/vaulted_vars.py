# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps variables in a vault-encrypted file on the controller."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import yaml
from ansible import constants
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.parsing.vault import VaultLib, VaultSecret, is_encrypted, match_encrypt_secret
from ansible.plugins.action import ActionBase

ARGUMENTS = {
    "path": {"type": "path", "required": True},
    "variables": {"type": "dict", "required": True, "no_log": True},
    "vault_id": {"type": "str"},
}
_PRIVATE = 0o600


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
        label, secret = _secret(vault, options["vault_id"])
        present = _read(path, vault)
        wanted = {**(present or {}), **_plain(options["variables"])}
        loose = present is not None and path.stat().st_mode & 0o777 != _PRIVATE
        result.update(changed=present != wanted or loose, path=str(path))
        if result["changed"] and not self._task.check_mode:
            text = yaml.safe_dump(wanted, explicit_start=True, sort_keys=False, allow_unicode=True, width=10**6)
            _write(path, vault.encrypt(text.encode(), secret, vault_id=label))
        return result


def _secret(vault: VaultLib, label: str | None) -> tuple[str, VaultSecret]:
    """The password to encrypt with, and its label."""
    if not vault.secrets:
        raise AnsibleActionFail(
            "There is no vault password to encrypt with. Run ansible-playbook with --vault-id, --vault-password-file "
            "or --ask-vault-pass, or set ANSIBLE_VAULT_PASSWORD_FILE"
        )
    label = label or constants.config.get_config_value("DEFAULT_VAULT_ENCRYPT_IDENTITY")
    try:
        return match_encrypt_secret(vault.secrets, encrypt_vault_id=label)
    except AnsibleError:
        raise AnsibleActionFail(f"No vault password has the label {label}") from None


def _read(path: Path, vault: VaultLib) -> dict[str, Any] | None:
    """The variables in the file, or None when it has to be written anew: missing, empty or not encrypted."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AnsibleActionFail(f"Cannot read {path}: {error.strerror}") from None
    if content and not is_encrypted(content):
        raise AnsibleActionFail(f"{path} is not encrypted. Encrypt it first (ansible-vault encrypt), or move it away")
    try:
        variables = yaml.safe_load(vault.decrypt(content)) if content else None
    except AnsibleError:
        raise AnsibleActionFail(f"None of the vault passwords opens {path}") from None
    except yaml.YAMLError:
        variables = ()
    if variables is not None and not isinstance(variables, dict):
        raise AnsibleActionFail(f"{path} holds no variables (a mapping in YAML)")
    return variables


def _write(path: Path, content: bytes) -> None:
    """Replace the file at once, so that nobody ever reads half of it."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # for the owner only
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError as error:
        raise AnsibleActionFail(f"Cannot write {path}: {error.strerror}") from None


def _plain(variables: dict[str, Any]) -> dict[str, Any]:
    """Free of the subclasses in which Ansible keeps templated and vaulted text."""
    return json.loads(json.dumps(variables, default=str))
