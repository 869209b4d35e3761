# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide what a task's arguments for rclone need: refused, allowed explicitly, or a dry run before each run.

PRIVATE to the collection. Pure. The only place that decides this, for the modules, the role and the runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.filter_rules import (
    check_patterns,
    names_directory,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Provider
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_command_line import Given, parse
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_flags import Kind
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import public_address

# How Go reads a whole number: decimal, or with a prefix, and with underscores between digits.
_WHOLE_NUMBER = re.compile(r"[+-]?(0[xX](_?[0-9a-fA-F])+|0[bB](_?[01])+|0[oO]?(_?[0-7])+|0|[1-9](_?[0-9])*)")
_NO_TIME = re.compile(r"-.*|[+0.][+0.a-zµ]*")
_UNCHECKED = ("ftp-no-check-upload", "ignore-checksum", "local-no-check-updated", "s3-no-head")
_SECRET_HEADER = re.compile(r"authori[sz]ation|cookie|token|secret|passw|api-?key", re.IGNORECASE)
_SAFE_DUMPS = {"headers", "filters", "goroutines", "openfiles", "mapper"}
_UNDOES = re.compile(r"\s*\+\s")
LEFT_OUT_BY_TRUENAS = (".zfs", "ix-apps", "ix-applications")
_PLACES = tuple(f"/{name}" for name in LEFT_OUT_BY_TRUENAS)
_RULE = re.compile(r"([-+]) (.+)", re.DOTALL)
_SIGNS = {"-": "exclude", "+": "include"}


@dataclass(frozen=True)
class Danger:
    """A flag with which a run deletes what its owner may want to keep.

    Attributes:
        spelled: The flag, without its value.
        reason: What it deletes.
        more: Whether more is deleted than without it, and not only in another way.
    """

    spelled: str
    reason: str
    more: bool


def refusal(args: str, task: Mapping[str, Any], provider: Provider | None) -> str | None:
    """Say why a task cannot have these arguments, or return `None`.

    Args:
        task: Its members `direction`, `transfer_mode`, `include` and `exclude`, as far as they are known.
    """
    line = parse(args)
    for one in line.given:
        if reason := _reason(one, task, provider):
            return f"args: {one.spelled} is refused: {reason}."
    return None if line.problem is None else f"args: {line.problem}.".replace("?.", "?")


def wrong_filter(args: str, path: str | None) -> str | None:
    """Say which filter among the arguments can never match or cannot be read, or return `None`.

    Args:
        path: The task's local directory, where it is known.
    """
    for one in parse(args).given:
        if reason := _wrong_pattern(one, path):
            return f"args: {one.spelled} is refused: {reason}."
    return None


def decides_on_dry_run(args: str) -> str | None:
    """Say why no dry run can be made at all with these arguments, or return `None`."""
    for one in parse(args).given:
        if one.flag.kind is Kind.DRY_RUN:
            return f"args: {one.spelled} is refused: {one.flag.kind.reason}."
    return None


def danger(args: str, task: Mapping[str, Any], provider: Provider | None) -> Danger | None:
    """Return the first flag with which a run deletes what its owner may want to keep; else `None`."""
    direction, transfer_mode = task["direction"], task["transfer_mode"]
    for one in _counting(args):
        deletes = _deletes(one, direction, transfer_mode)
        if deletes is None and provider is not None and provider.flag_loss is not None:
            deletes = provider.flag_loss(direction, one)
        if deletes is not None:
            return Danger(one.spelled, deletes, more=not _for_good(one))
    return None


def hides_what_a_push_deletes(args: str) -> bool:
    """Whether a local directory with files can be an empty one for rclone, so that only a dry run tells."""
    kinds = (Kind.FILTERS, Kind.LISTS, Kind.RENAMES)
    return parse(args).problem is not None or any(one.flag.kind in kinds for one in _counting(args))


def compares_less(args: str) -> bool:
    """Whether a MOVE can take a file for one that is at the destination already, and delete it there unsent."""
    return any(one.flag.kind is Kind.COMPARES for one in _counting(args))


def limit(args: str) -> int | None:
    """Return the most files that rclone deletes by its own `--max-delete`; `None` when nothing limits them."""
    found = None
    for one in parse(args).given:
        if one.flag.name == "max-delete":
            found = _whole_number(one.value or "")
    return None if found is None or found < 0 else found


def given(args: str, names: Iterable[str]) -> Iterator[Given]:
    """Yield the flags of these names that are given and not turned off."""
    wanted = set(names)
    return (one for one in _counting(args) if one.flag.name in wanted)


def _counting(args: str) -> Iterator[Given]:
    return (one for one in parse(args).given if not one.off or one.flag.name.endswith("-use-trash"))


def _reason(one: Given, task: Mapping[str, Any], provider: Provider | None) -> str | None:
    kind, name, value = one.flag.kind, one.flag.name, one.value or ""
    # A switch that is turned off does nothing, but for what these do by default.
    if kind.reason and (not one.off or kind in (Kind.DRY_RUN, Kind.ENCRYPTION)):
        return kind.reason
    if ("header" in name and _SECRET_HEADER.search(value)) or (
        name.endswith("proxy") and public_address(value) != value
    ):
        return Kind.CREDENTIAL.reason
    if (name == "dump-bodies" and not one.off) or (
        name == "dump" and not {*value.lower().replace(" ", "").split(",")} <= _SAFE_DUMPS
    ):
        return (
            "it writes passwords and tokens into the log, and everybody who may read the task can read its log. Leave "
            "it out, or use --dump headers"
        )
    if name == "stats" and _NO_TIME.fullmatch(value):
        return Kind.LOG.reason
    if name == "verbose" and one.value is not None and not (value.isdecimal() and int(value) > 0):
        return Kind.LOG.reason
    if name == "max-delete":
        return _no_limit(value)
    if one.off:
        return None
    if name == "no-check-dest" and task.get("transfer_mode") == "SYNC":
        return "rclone cannot SYNC without looking at the destination. Leave it out, or use COPY"
    if _comes_before_excludes(one) and (task.get("exclude") or task.get("include")):
        option, keeps = ("exclude", "keeps back") if task.get("exclude") else ("include", "does not name")
        return (
            f"rclone reads it before the task's {option}, so it would transfer files that {option} {keeps}. Give the "
            "patterns in the option include"
        )
    if provider is not None and provider.unusable_flag is not None and task.get("direction"):
        return provider.unusable_flag(task["direction"], one)
    return None


def takes_what_truenas_leaves_out(args: str) -> str | None:
    """Return the first flag with which files of the directories in `LEFT_OUT_BY_TRUENAS` can be transferred.

    TrueNAS leaves them out by the same file of filters that holds the task's `exclude`.
    """
    for one in _counting(args):
        pattern = _UNDOES.sub("", one.value or "", count=1) if one.flag.name == "filter" else one.value or ""
        anchored = pattern.startswith("/") and not pattern.startswith(_PLACES) and names_directory(pattern)
        if _comes_before_excludes(one) and (one.flag.name == "include-from" or not anchored):
            return one.spelled
    return None


def _comes_before_excludes(one: Given) -> bool:
    name = one.flag.name
    return name in ("include", "include-from") or (name == "filter" and _UNDOES.match(one.value or "") is not None)


def _wrong_pattern(one: Given, path: str | None) -> str | None:
    option, pattern = one.flag.name, one.value or ""
    if option == "filter":
        rule = _RULE.fullmatch(pattern)
        if rule is None:
            return None if pattern == "!" else _no_rule(pattern)
        option, pattern = _SIGNS[rule[1]], rule[2]
    if option not in _SIGNS.values() or pattern.startswith("--"):  # behind an equals sign, that is meant
        return None
    try:
        check_patterns(option, [pattern], path)
    except OptionError as error:
        return str(error).removeprefix(f"{option}: ").removesuffix(".")
    return None


def _no_rule(text: str) -> str:
    pattern = text.strip().removeprefix("-").removeprefix("+").strip()
    return (
        f"{text!r} is not a rule of a filter, and every run would fail. Write '- {pattern}' to leave out what fits, or "
        f"'+ {pattern}' to take it"
    )


def _no_limit(value: str) -> str | None:
    number = _whole_number(value)
    if number is None:
        return f"{value!r} is not a number of files. Give 0 or more"
    if number < 0:
        return f"{value} is not a limit. Give the number of files that a run may delete, from 0, or leave it out"
    return None


def _whole_number(text: str) -> int | None:
    if not text.isascii() or not _WHOLE_NUMBER.fullmatch(text):
        return None
    digits = re.sub(r"^([+-]?)0(?=[0-7_])", r"\g<1>0o", text)
    return int(digits, 0)


def _deletes(one: Given, direction: str, transfer_mode: str) -> str | None:
    name, off = one.flag.name, one.off
    if one.flag.kind is not Kind.DELETES or name.endswith("-use-trash") != off:
        return None
    if _for_good(one):
        at_the_provider = (direction, transfer_mode) in (("PUSH", "SYNC"), ("PULL", "MOVE"))
        return "what a run deletes cannot be restored from the provider's trash" if at_the_provider else None
    if name.endswith("-batch-mode"):
        unproven = one.value == "async" and (direction, transfer_mode) == ("PUSH", "MOVE")
        return "a MOVE deletes a file at its source before the provider has stored it" if unproven else None
    if name in _UNCHECKED:
        return "a MOVE deletes a file at its source even if it has arrived damaged" if transfer_mode == "MOVE" else None
    if transfer_mode != "SYNC":
        return None
    if name == "delete-excluded":
        return "a SYNC deletes everything at the destination that the task's filters leave out"
    return "a SYNC deletes files at the destination although it could not read the source to its end"


def _for_good(one: Given) -> bool:
    """Whether it changes only how something is deleted: for good."""
    careless = ("delete-excluded", "ignore-errors", "dropbox-batch-mode", *_UNCHECKED)
    return one.flag.kind is Kind.DELETES and one.flag.name not in careless
