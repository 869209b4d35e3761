# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file on the controller that Ansible Vault encrypts as a whole. PRIVATE to the collection."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ansible import constants
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.parsing.vault import (
    VaultLib,
    VaultSecret,
    is_encrypted,
    match_encrypt_secret,
    parse_vaulttext_envelope,
)
from ansible.utils.display import Display

PRIVATE = 0o600

display = Display()


class Key(NamedTuple):
    """A vault password and its label."""

    label: str
    secret: VaultSecret


def key_of(vault: VaultLib, label: str | None) -> Key:
    """Return the password for a new file, or for any file when a label is given."""
    if not vault.secrets:
        raise AnsibleActionFail(
            "There is no vault password to encrypt with. Run ansible-playbook with --vault-id, --vault-password-file "
            "or --ask-vault-pass, or set ANSIBLE_VAULT_PASSWORD_FILE"
        )
    label = label or constants.config.get_config_value("DEFAULT_VAULT_ENCRYPT_IDENTITY")
    try:
        return Key(*match_encrypt_secret(vault.secrets, encrypt_vault_id=label))
    except AnsibleError:
        raise AnsibleActionFail(f"No vault password has the label {label}") from None


@contextlib.contextmanager
def locked(directory: Path) -> Iterator[None]:
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


def read(path: Path, vault: VaultLib) -> tuple[bytes | None, Key | None]:
    """Return the text in the file and the key that opens it; None for a file that is missing or empty."""
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
    return text, Key(label, secret)


def is_loose(path: Path) -> bool:
    """Tell whether others than the owner may do something with the file."""
    return path.stat().st_mode & 0o777 != PRIVATE


def save(path: Path, vault: VaultLib, text: bytes, key: Key, key_of_file: Key | None, label: str | None) -> None:
    """Encrypt a text into the file.

    Without a label, whoever can open the file now can open it afterwards.

    Args:
        key: What `key_of` returned for the label.
        key_of_file: What opens the file now.
    """
    used = key if label else key_of_file or key
    write(path, vault.encrypt(text, used.secret, vault_id=used.label))


def write(path: Path, content: bytes) -> None:
    """Replace the file whole: a reader, or a crash, meets the old one or the new one."""
    name = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, PRIVATE)  # whatever the umask
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
