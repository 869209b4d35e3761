# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell whether one task that pushes deletes what another one has pushed. PRIVATE to the collection. Pure.

A push with SYNC deletes everything in its folder that is not on the NAS below its own path.
"""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names, rclone_decisions

_WILD = re.compile(r"[*?\[\]{}\\]")
_EXTENSIONS = re.compile(r"\*\.(?:([A-Za-z0-9]+)|\{([A-Za-z0-9]+(?:,[A-Za-z0-9]+)*)\})")

_KEY = ("filename_encryption", "encryption_password", "encryption_salt")

Steps = tuple[str, ...]


@dataclass(frozen=True)
class Push:
    """What a task pushes, and where to.

    Attributes:
        name: What to call the task.
        credential: What the credential is known by: two tasks with the same one reach the same account.
        place: The bucket, if any, and the folder, in steps.
        path: Where the files are on the NAS, in steps; `None` when that does not matter.
        form: How they are encrypted, and whether symbolic links are followed.
        account: What credentials of the same account have in common, where that is known. It can hold a secret.
        folds_case: The provider does not tell upper from lower case in names.
    """

    name: str
    credential: Hashable
    place: Steps
    transfer_mode: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    args: str = ""
    path: Steps | None = None
    form: tuple[Any, ...] = ()
    account: Hashable = field(default=None, repr=False)
    folds_case: bool = False

    @property
    def spot(self) -> Steps:
        """The place as the provider tells it from others."""
        return tuple(map(names.folded, self.place)) if self.folds_case else self.place

    @property
    def accounts(self) -> tuple[Hashable, ...]:
        """What it may have in common with a task that reaches the same account."""
        return (self.credential,) if self.account is None else (self.credential, self.account)

    @property
    def folder(self) -> str:
        """The place as people write it."""
        return "/" + "/".join(self.place)


def push(
    name: str,
    credential: Hashable,
    task: Mapping[str, Any],
    *,
    account: Hashable = None,
    folds_case: bool = False,
) -> Push | None:
    """Return what a task pushes; `None` for one that deletes nothing at the provider and loses nothing there.

    Args:
        task: By the names of its options.
    """
    if task.get("direction") != "PUSH" or task.get("transfer_mode") not in ("SYNC", "MOVE"):
        return None
    if task.get("enabled") is False:
        return None
    return Push(
        name,
        credential,
        _steps(task.get("bucket")) + _steps(task.get("folder")),
        task["transfer_mode"],
        _texts(task.get("include")),
        _texts(task.get("exclude")),
        str(task.get("args") or ""),
        _steps(task["path"]) if task.get("path") else None,
        (bool(task.get("follow_symlinks")), *(task.get(name) for name in _KEY if task.get("encryption"))),
        account,
        folds_case,
    )


def conflicts(pushes: Iterable[Push]) -> Iterator[tuple[Push, Push, str]]:
    """Yield each two of many tasks of which one deletes what the other has pushed, with the problem."""
    found: dict[tuple[Hashable, Steps], list[Push]] = {}
    for inner in sorted(pushes, key=lambda task: len(task.place)):  # outer folders come first
        spot, accounts = inner.spot, inner.accounts
        met: dict[int, Push] = {}
        for length, account in itertools.product(range(len(spot) + 1), accounts):
            met |= {id(outer): outer for outer in found.get((account, spot[:length]), ())}
        for outer in met.values():
            if told := problem(outer, inner):
                yield outer, inner, told
        for account in accounts:
            found.setdefault((account, spot), []).append(inner)


def problem(one: Push, other: Push) -> str | None:
    """Say how one of two tasks deletes what the other has pushed, or return `None`."""
    modes = (one.transfer_mode, other.transfer_mode)
    if "SYNC" not in modes or set(one.accounts).isdisjoint(other.accounts) or not _meet(one, other):
        return None
    outer = min(one, other, key=lambda task: len(task.place))
    if modes == ("SYNC", "SYNC"):
        what = (
            f"{one.name} and {other.name} both push with SYNC to {outer.folder}, so each would delete what the other "
            "has pushed there"
        )
    else:
        sync, move = (one, other) if one.transfer_mode == "SYNC" else (other, one)
        what = (
            f"{sync.name} pushes with SYNC and {move.name} with MOVE to {outer.folder}, so the SYNC would delete what "
            "the MOVE has pushed there, which is no longer on the NAS"
        )
    return (
        f"{what}. Give each a folder of its own, set transfer_mode: COPY, or allow_deletes: true if you want that. "
        "Filters help only if they clearly let no file pass in both, for example include: [/A/**] and include: [/B/**]"
    )


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(map(str, value or ()))


def _steps(path: Any) -> Steps:
    text = names.normal(str(path or ""))
    return tuple(step for step in posixpath.normpath("/" + text.lstrip("/")).split("/") if step)


def _meet(one: Push, other: Push) -> bool:
    """Whether there can be a file that both reach."""
    outer, inner = sorted((one, other), key=lambda task: len(task.place))
    if inner.spot[: len(outer.spot)] != outer.spot:
        return False
    if any(_args_matter(task.args) for task in (one, other)):
        return True
    if _mirror_the_same(outer, inner):
        return False
    below = inner.place[len(outer.place) :]
    if below:
        return not (_excludes(outer.exclude, below) or _includes_only_elsewhere(outer.include, below))
    return not (_apart(one.include, other.include) or _covers(one, other) or _covers(other, one))


def _mirror_the_same(outer: Push, inner: Push) -> bool:
    """Whether both push the same files to the same places, so that neither finds anything to delete of the other."""
    if outer.path is None or inner.path is None or outer.form != inner.form:
        return False
    below = inner.place[len(outer.place) :]
    return outer.path + below == inner.path and outer.transfer_mode == inner.transfer_mode


def _args_matter(args: str) -> bool:
    """Whether the arguments may let files pass that the options keep back, or delete them all the same."""
    return rclone_decisions.hides_what_a_push_deletes(args) or any(rclone_decisions.given(args, ["delete-excluded"]))


def _excludes(patterns: Iterable[str], below: Steps) -> bool:
    """Whether patterns exclude the whole of a folder."""
    parents = ["/".join(below[:length]) for length in range(1, len(below) + 1)]
    whole = {f"{start}{parent}/{end}" for parent in parents for start in ("/", "") for end in ("", "**")}
    return any(pattern in whole and not _WILD.search(pattern.removesuffix("**")) for pattern in patterns)


def _includes_only_elsewhere(patterns: Iterable[str], below: Steps) -> bool:
    """Whether patterns include nothing of a folder."""
    patterns = list(patterns)
    return bool(patterns) and all(_part(_anchored(pattern), below) for pattern in patterns)


def _apart(ones: Iterable[str], others: Iterable[str]) -> bool:
    """Whether no file matches a pattern of both lists."""
    ones, others = list(ones), list(others)
    return (
        bool(ones)
        and bool(others)
        and all(
            _part(_anchored(one), _anchored(other)) or _other_extensions(one, other) for one in ones for other in others
        )
    )


def _covers(task: Push, included: Push) -> bool:
    """Whether a task excludes all that another includes."""
    return bool(included.include) and set(included.include) <= set(task.exclude)


def _anchored(pattern: str) -> Steps:
    """The directories that a pattern names for certain, from the task's folder on."""
    if not pattern.startswith("/"):
        return ()
    steps = []
    for step in pattern[1:].split("/")[:-1]:
        if _WILD.search(step):
            break
        steps.append(step)
    return tuple(steps)


def _part(one: Steps, other: Steps) -> bool:
    """Whether two paths lead apart."""
    return any(not names.same(here, there) for here, there in zip(one, other, strict=False))


def _other_extensions(one: str, other: str) -> bool:
    ones, others = _extensions(one), _extensions(other)
    return bool(ones) and bool(others) and ones.isdisjoint(others)


def _extensions(pattern: str) -> set[str]:
    match = _EXTENSIONS.fullmatch(pattern)
    return set((match[1] or match[2]).lower().split(",")) if match else set()
