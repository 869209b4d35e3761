# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write what restores the files of cloud sync tasks with rclone alone. PRIVATE to the collection. Pure.

The text is a configuration of rclone. Its comments say what the tasks are, and which command restores them.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import credential_form
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS, RELEASES
from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import one_line, printable
from ansible_collections.nasops.cloudsync.plugins.module_utils._rclone_token import RcloneToken, TokenError
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN

Entry = Mapping[str, Any]

_BEGINNING = "# The break-glass kit of "
_HEADER = (
    _BEGINNING
    + """\
{title}. It restores the files of cloud sync tasks without the NAS and without Ansible.
# It holds passwords and keys. Keep the decrypted text where nobody else can read it.
#
# 1. Install rclone, see https://rclone.org/downloads/
# 2. Save this text as rclone.conf:
#      (umask 077 && ansible-vault view FILE > rclone.conf)
# 3. Run the command of a task. It copies the files into a new directory, and changes nothing at the provider.
"""
)
# Attributes that say where, and one for which rclone has an option on the command line only. It saves requests.
_NO_SETTINGS = frozenset(("bucket", "fast_list", "folder"))
_OBSCURED = {
    *(one.name for provider in PROVIDERS.values() for one in provider.fields if one.obscured),
    "password",
    "password2",
}
_SETTING = re.compile(r"(\w+) = (.*)")
_LINE_ENDS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class HiddenError(Exception):
    """The account may not read a secret of the NAS."""


def private_keys(tasks: Iterable[Entry]) -> set[int]:
    """Return the numbers of the NAS's SSH key pairs that the credentials of tasks name."""
    found = set()
    for task in tasks:
        number = _fields(task).get("private_key")
        if credential_form.type_of(task["credentials"]) in PROVIDERS and isinstance(number, int):
            found.add(number)
    return found


def kit(tasks: Iterable[Entry], keys: Mapping[int, str], title: str, obscure: Callable[[str], str]) -> str:
    """Return the whole text.

    Args:
        tasks: As the API answers them, with their credentials.
        keys: The private SSH keys by their numbers.
        title: The name of the NAS.
        obscure: Brings a password into the form of `rclone obscure`.

    Raises:
        HiddenError
    """
    parts = [_HEADER.format(title=one_line(title))]
    parts += ["".join(f"{line}\n" for line in _task(task, keys, obscure)) for task in _ordered(tasks)]
    return "\n".join(parts)


def unknown(tasks: Iterable[Entry]) -> list[str]:
    """Return the descriptions of tasks whose provider the collection does not know."""
    return [one["description"] for one in tasks if credential_form.type_of(one["credentials"]) not in PROVIDERS]


def is_kit(text: str) -> bool:
    """Tell whether a text is what `kit` returns."""
    return text.startswith(_BEGINNING)


def comparable(text: str, reveal: Callable[[str], str]) -> str:
    """Return the text of a kit without what differs each time that one is made.

    An obscured password looks different each time. The NAS renews access tokens after every run, while the refresh
    token, which the kit needs, stays.

    Args:
        text: The text of a kit.
        reveal: Undoes what `obscure` has done.
    """
    return "\n".join(_comparable(line, reveal) for line in text.split("\n"))


def _comparable(line: str, reveal: Callable[[str], str]) -> str:
    setting = _SETTING.fullmatch(line)
    if setting is None:
        return line
    name, value = setting.groups()
    if name in _OBSCURED:
        return f"{name} = {reveal(value)!r}"
    if name == "token":
        try:
            token = RcloneToken.parse(value, require_expiry=False, require_refresh=False)
        except TokenError:
            return line
        return f"{name} = {token.refresh_token or token.access_token}"
    return line


def _ordered(tasks: Iterable[Entry]) -> list[Entry]:
    return sorted(tasks, key=lambda task: task["id"])


def _fields(task: Entry) -> dict[str, Any]:
    """The fields of the task's credential, as 25.04 and later answer them."""
    provider: dict[str, Any] = credential_form.current(task["credentials"], RELEASES[0])["provider"]
    return provider


def _task(task: Entry, keys: Mapping[int, str], obscure: Callable[[str], str]) -> Iterator[str]:
    kind = credential_form.type_of(task["credentials"])
    if kind == HIDDEN:
        raise HiddenError(_hidden(f"credential {task['credentials']['name']!r}"))
    provider = PROVIDERS.get(kind)
    yield f"# Task {task['id']}: {one_line(task['description'])}"
    yield f"#   Direction: {task['direction']} ({task['transfer_mode']})"
    yield f"#   Path on the NAS: {_shell(task['path'])}"
    yield f"#   Credential: {one_line(task['credentials']['name'])} ({provider.title if provider else one_line(kind)})"
    if provider is None:
        yield "#   This kit does not know the provider. Run rclone config to make a remote for it."
        return
    plain = f"task{task['id']}:{_remote_path(provider, task['attributes'])}"
    crypt = f"task{task['id']}-decrypted" if task.get("encryption") else None
    if crypt:
        yield f"#   Encrypted: contents{' and names' if task.get('filename_encryption') else ''}"
    if task.get("args"):
        yield f"#   Options of rclone in the task: {printable(one_line(task['args']))}"
    if provider.converts:
        yield f"#   The provider converts files: {provider.converts}."
    yield "#   To restore:"
    source = f"{crypt}:" if crypt else plain
    yield f"#     rclone --config rclone.conf --progress copy {_shell(source)} restored/task{task['id']}"
    yield from _section(f"task{task['id']}", _remote(provider, task, keys, obscure))
    if crypt:
        yield from _section(crypt, _crypt(task, plain, obscure))


def _section(name: str, settings: Mapping[str, Any]) -> Iterator[str]:
    yield f"[{name}]"
    yield from (f"{key} = {_text(value)}" for key, value in settings.items() if value not in (None, ""))


def _remote(provider: Provider, task: Entry, keys: Mapping[int, str], obscure: Callable[[str], str]) -> dict[str, Any]:
    fields = _fields(task)
    attributes = {name: value for name, value in task["attributes"].items() if name not in _NO_SETTINGS}
    if HIDDEN in (*fields.values(), *attributes.values()):
        raise HiddenError(_hidden(f"credential {task['credentials']['name']!r}"))
    del fields["type"]
    obscured = {one.name for one in provider.fields if one.obscured}
    settings: dict[str, Any] = {
        name: obscure(value) if name in obscured and value else value for name, value in fields.items()
    }
    if "private_key" in settings:  # the number of a key pair; rclone takes the key on one line
        number = settings.pop("private_key")
        settings["key_pem"] = _key(task, keys, number) if number is not None else None
    other = provider.remote(fields, attributes) if provider.remote else {}
    return {"type": provider.rclone_type or provider.option, **settings, **attributes, **other}


def _key(task: Entry, keys: Mapping[int, str], number: int) -> str:
    key = keys.get(number)
    if key is None or key == HIDDEN:
        name = task["credentials"]["name"]
        raise HiddenError(_hidden(f"SSH key pair {number} of credential {name!r}", "KEYCHAIN_CREDENTIAL_WRITE"))
    return key.strip().replace("\r", "").replace("\n", "\\n")


def _crypt(task: Entry, remote: str, obscure: Callable[[str], str]) -> dict[str, Any]:
    password, salt = task["encryption_password"], task.get("encryption_salt")
    if HIDDEN in (password, salt):
        raise HiddenError(_hidden(f"encryption password of task {task['description']!r}"))
    return {
        "type": "crypt",
        "remote": remote,
        "filename_encryption": "standard" if task.get("filename_encryption") else "off",
        "password": obscure(password),
        "password2": obscure(salt) if salt else None,
    }


def _hidden(what: str, role: str = "CLOUD_SYNC_WRITE") -> str:
    return (
        f"The NAS hides the {what} from this account, so that the kit could not restore anything with it. Nothing was "
        f"written. Use an account with the role {role}, or a full administrator."
    )


def _remote_path(provider: Provider, attributes: Entry) -> str:
    folder = (attributes.get("folder") or "").rstrip("/") or "/"
    return f"{attributes.get('bucket') or ''}/{folder.lstrip('/')}" if provider.bucket else folder


def _text(value: Any) -> str:
    """A value on one line: a further line would be another setting."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _LINE_ENDS.sub(" ", str(value))


def _shell(text: str) -> str:
    """The text as one word for a shell, on one line and without what a terminal obeys."""
    shown = printable(text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t"))
    if shown == text.replace("\\", "\\\\"):
        return shlex.quote(text)
    return "$'" + shown.replace("'", "\\'") + "'"
