# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom a new directory belongs to, and who may enter it. PRIVATE to the collection. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError

_BITS = 0o777  # TrueNAS sets no others
_LARGEST_ID = 2147483647


@dataclass(frozen=True)
class Ownership:
    """Owner, group and mode. Owner and group are names or numbers; `None` is what the NAS does by itself."""

    owner: str | int | None = None
    group: str | int | None = None
    mode: int | None = None

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Ownership:
        """That of a directory of the NAS, as the API tells it."""
        mode = entry.get("mode")
        return cls(entry.get("uid"), entry.get("gid"), mode & _BITS if isinstance(mode, int) else None)

    def over(self, inherited: Ownership) -> Ownership:
        """What is asked for here, and otherwise what is inherited."""
        return replace(inherited, **{name: value for name, value in vars(self).items() if value is not None})

    def is_that_of(self, entry: Mapping[str, Any]) -> bool:
        """Whether owner and group of a directory of the NAS are these; the mode is set when one is made."""
        return self.owner in (None, entry.get("uid"), entry.get("user")) and self.group in (
            None,
            entry.get("gid"),
            entry.get("group"),
        )

    def chown(self, path: str) -> dict[str, Any]:
        """What to call `filesystem.chown` with."""
        payload: dict[str, Any] = {"path": path}
        for value, number, name in ((self.owner, "uid", "user"), (self.group, "gid", "group")):
            if value is not None:
                payload[number if isinstance(value, int) else name] = value
        return payload


def asked_for(params: Mapping[str, Any], *, by_name: bool = True) -> Ownership:
    """Read the options `owner`, `group` and `mode`.

    Args:
        by_name: The NAS can find accounts by their names.

    Raises:
        OptionError: a value cannot be used.
    """
    return Ownership(
        _account("owner", params.get("owner"), by_name=by_name),
        _account("group", params.get("group"), by_name=by_name),
        _mode(params.get("mode")),
    )


def _account(option: str, value: str | None, *, by_name: bool) -> str | int | None:
    if value is None:
        return None
    text = value.strip()
    if text.isdecimal() and int(text) <= _LARGEST_ID:
        return int(text)
    if not text or text != value or text.lstrip("-").isdecimal() or re.search(r"[\s:/]", text):
        raise OptionError(f"{option}: {value!r} is not an account. Give the name or the number of one.")
    if not by_name:
        raise OptionError(f"{option}: TrueNAS 24.10 takes numbers only, not {value!r}. Give the account's number.")
    return text


def _mode(value: Any) -> int | None:
    """As Ansible's own modules read it: a number as it is, a text in octal."""
    if value is None:
        return None
    text = f"{value:o}" if isinstance(value, int) and not isinstance(value, bool) else str(value).strip()
    if not re.fullmatch(r"(0o?)?[0-7]{3}", text) or not int(text, 8):
        raise OptionError(
            f"mode: {value!r} is not a mode that TrueNAS sets. Give three octal digits in quotes, such as '0770'."
        )
    return int(text, 8)
