# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Partial answers: only the fields that were asked for are sent."""

from __future__ import annotations

import re
from typing import Any

from simulator.google.drive.errors import invalid

DEFAULT = {"kind", "id", "name", "mimeType", "driveId", "teamDriveId"}
"""What a file shows when no fields are named."""

_FIELD = re.compile(r"[A-Za-z0-9*]+")


def select(answer: dict[str, Any], fields: str | None, default: set[str]) -> dict[str, Any]:
    """`fields` is as in `files(id,name),nextPageToken`. Raises `DriveError`."""
    if fields is None:
        return {name: _with_defaults(value) for name, value in answer.items() if name in default}
    tree, rest = _parse(fields)
    if rest:
        raise invalid("fields")
    return _pick(answer, tree)


def _with_defaults(value: Any) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], dict) and "mimeType" in value[0]:
        return [{name: one for name, one in entry.items() if name in DEFAULT} for entry in value]
    return value


Tree = dict[str, Any]


def _parse(text: str) -> tuple[Tree, str]:
    tree: Tree = {}
    while text and text[0] != ")":
        match = _FIELD.match(text)
        if not match:
            raise invalid("fields")
        name, text = match.group(), text[match.end() :]
        below: Tree = {"*": {}}
        if text.startswith("/"):
            below, text = _parse_one(text[1:])
        elif text.startswith("("):
            below, text = _parse(text[1:])
            if not text.startswith(")"):
                raise invalid("fields")
            text = text[1:]
        tree[name] = below
        text = text.removeprefix(",")
    return tree, text


def _parse_one(text: str) -> tuple[Tree, str]:
    """One field below another, written with a slash."""
    match = _FIELD.match(text)
    if not match:
        raise invalid("fields")
    return {match.group(): {"*": {}}}, text[match.end() :]


def _pick(value: Any, tree: Tree) -> Any:
    if isinstance(value, list):
        return [_pick(entry, tree) for entry in value]
    if not isinstance(value, dict) or "*" in tree:
        return value
    return {name: _pick(value[name], below) for name, below in tree.items() if name in value}
