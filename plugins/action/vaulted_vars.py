# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps variables in a vault-encrypted file on the controller."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from ansible import constants
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.parsing.vault import (
    VaultLib,
    VaultSecret,
    is_encrypted,
    match_encrypt_secret,
    parse_vaulttext_envelope,
)
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._tagged_yaml import TaggedDumper, TaggedLoader, marked

ARGUMENTS = {
    "path": {"type": "path", "required": True},
    "variables": {"type": "dict", "default": {}, "no_log": True},
    "remove": {"type": "list", "elements": "str", "default": []},
    "vault_id": {"type": "str"},
}
_PRIVATE = 0o600

display = Display()


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
        key = _key(vault, options["vault_id"])
        with _locked(path.parent):  # several hosts of a play may write one file
            present, key_of_file = _read(path, vault)
            wanted = {**(present or {}), **marked(_plain(options["variables"]))}
            wanted = {name: value for name, value in wanted.items() if name not in options["remove"]}
            if present is None and not wanted:
                return {**result, "changed": False, "path": str(path)}
            loose = present is not None and path.stat().st_mode & 0o777 != _PRIVATE
            result.update(changed=present is None or _text(present) != _text(wanted) or loose, path=str(path))
            if result["changed"] and not self._task.check_mode:
                # Without a label, whoever can open the file now can open it afterwards.
                label, secret = key if options["vault_id"] else key_of_file or key
                _write(path, vault.encrypt(_text(wanted), secret, vault_id=label))
        return result


class _Key(NamedTuple):
    """A vault password and its label."""

    label: str
    secret: VaultSecret


def _key(vault: VaultLib, label: str | None) -> _Key:
    """Return the password for a new file, or for any file when a label is given."""
    if not vault.secrets:
        raise AnsibleActionFail(
            "There is no vault password to encrypt with. Run ansible-playbook with --vault-id, --vault-password-file "
            "or --ask-vault-pass, or set ANSIBLE_VAULT_PASSWORD_FILE"
        )
    label = label or constants.config.get_config_value("DEFAULT_VAULT_ENCRYPT_IDENTITY")
    try:
        return _Key(*match_encrypt_secret(vault.secrets, encrypt_vault_id=label))
    except AnsibleError:
        raise AnsibleActionFail(f"No vault password has the label {label}") from None


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Let no other process of this machine write a file of the directory meanwhile."""
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise AnsibleActionFail(f"Cannot write into {directory}: {error.strerror}") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError as error:  # some network file systems have no locks for directories
            display.warning(f"{directory} cannot be locked ({error.strerror}). Do not write its files from two runs.")
        yield
    finally:
        os.close(descriptor)


def _read(path: Path, vault: VaultLib) -> tuple[dict[str, Any] | None, _Key | None]:
    """Return the variables in the file and the key that opens it; None for a file that is missing or empty."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None, None
    except OSError as error:
        raise AnsibleActionFail(f"Cannot read {path}: {error.strerror}") from None
    if not content:
        return None, None
    if not is_encrypted(content):
        raise AnsibleActionFail(f"{path} is not encrypted. Encrypt it first (ansible-vault encrypt), or move it away")
    try:
        text, _label, secret = vault.decrypt_and_get_vault_id(content)
        label = parse_vaulttext_envelope(content)[3]
    except AnsibleError:
        raise AnsibleActionFail(f"None of the vault passwords opens {path}") from None
    try:
        variables = yaml.load(text, TaggedLoader)  # noqa: S506  # a subclass of SafeLoader
    except yaml.YAMLError:
        variables = ()
    if variables is None:
        variables = {}
    if not isinstance(variables, dict):
        raise AnsibleActionFail(f"{path} holds no variables (a mapping in YAML)")
    return variables, _Key(label, secret)


def _text(variables: dict[str, Any]) -> bytes:
    return yaml.dump(
        variables, Dumper=TaggedDumper, explicit_start=True, sort_keys=False, allow_unicode=True, width=10**6
    ).encode()


def _write(path: Path, content: bytes) -> None:
    """Replace the file whole: a reader, or a crash, meets the old one or the new one."""
    name = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, _PRIVATE)  # whatever the umask
            if path.exists() and os.geteuid() == 0:
                before = path.stat()
                os.fchown(handle, before.st_uid, before.st_gid)
            file.write(content)
            file.flush()
            os.fsync(handle)
        Path(name).replace(path)
        name = None
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise AnsibleActionFail(f"Cannot write {path}: {error.strerror}. It is as it was") from None
    finally:
        if name:
            Path(name).unlink(missing_ok=True)


def _plain(variables: dict[str, Any]) -> dict[str, Any]:
    """Free of the subclasses in which Ansible keeps templated and vaulted text."""
    return json.loads(json.dumps(variables, default=str))
