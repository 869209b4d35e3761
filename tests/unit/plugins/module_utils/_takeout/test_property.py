# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports made from a seed by a generator that shares nothing with the importer, against the truth beside them.

`TAKEOUT_SEEDS=1000` makes it more than the few that CI has time for; `TAKEOUT_FIRST_SEED` makes them others.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from simulator.google.takeout import LANGUAGES, Truth, TruthItem, generate

FIRST = int(os.environ.get("TAKEOUT_FIRST_SEED", "0"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("TAKEOUT_SEEDS", "48")))
EVERYTHING = {"trashed": "apart", "quiet_minutes": 0}
EXACT = ("title", "url", "description", "favourite", "archived", "trashed", "locked", "partner", "people")


def found(library: Path) -> dict[str, dict[str, Any]]:
    """What the library has, by content: what is told of it, and its albums."""
    db = sqlite3.connect(library / ".nasops_takeout/state.sqlite")
    query = (
        "SELECT hex(c.sha), c.own, c.item, c.path, group_concat(DISTINCT a.title || char(10)) FROM content c "
        "LEFT JOIN member m ON m.content = c.id LEFT JOIN album a ON a.id = m.album GROUP BY c.id"
    )
    result = {}
    for sha, own, item, path, albums in db.execute(query):
        titles = sorted(title for title in (albums or "").replace("\n,", "\n").split("\n") if title)
        result[sha.lower()] = {**json.loads(item), "own": bool(own), "path": path, "albums": titles}
    db.close()
    return result


def wrong(library: Path, items: Iterable[TruthItem]) -> list[str]:
    """What the library says of these contents that is not true, or does not say."""
    here = found(library)
    problems = []
    for item in items:
        got = here.pop(item.sha256, None)
        label = f"{item.kind} {item.paths or item.loose}"
        if got is None:
            problems.append(f"not placed: {label}")
            continue
        problems += [f"{what} of {label}: {why}" for what, why in differences(item, got)]
        if not (library / got["path"]).is_file():
            problems.append(f"no file: {label}")
    return problems + [f"not in the export: {got['path']}" for got in here.values()]


def differences(item: TruthItem, got: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Where what is told of a content differs from the truth."""
    if got["own"] != item.own_metadata:
        yield "own metadata", f"{got['own']}, not {item.own_metadata}"
    wanted = {"taken": item.taken, "latitude": item.latitude, "longitude": item.longitude}
    if item.own_metadata:
        wanted |= {name: printable(getattr(item, name)) for name in EXACT}
    for name, value in wanted.items():
        if (got.get(name) or None) != (value or None):
            yield name, f"{got.get(name)!r}, not {value!r}"
    if got["albums"] != sorted(set(item.albums)):
        yield "albums", f"{got['albums']}, not {sorted(set(item.albums))}"


def printable(value: Any) -> Any:
    """A text without control characters, which XML cannot hold."""
    return re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]", "", value) if isinstance(value, str) else value


def settings(seed: int) -> dict[str, Any]:
    """The kind of export that a seed stands for."""
    return {
        "language": list(LANGUAGES)[seed % len(LANGUAGES)],
        "container": "tgz" if seed % 4 == 3 else "zip",
        "parts": 1 + seed % 5,
        "items": 20 + seed % 40,
    }


def check(truth: Truth, exports: Any, result: Any) -> None:
    """An import of an export must have come to this."""
    account = result.exports[-1]
    assert result.problem is None
    assert wrong(exports.library, truth.total) == []
    assert account.entries == truth.entries + len(truth.loose)
    assert account.placed + account.known + account.refused == account.entries
    assert not [reason for reason in account.reasons if "defect" in reason]
    # Google's list drops blanks at the end of names.
    failed = ["/".join(part.strip() for part in one.split("/")[-2:]) for one in truth.failed]
    assert sorted(path for path, _why in account.failed) == sorted(failed)
    assert account.missing == len(truth.missing)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_import_is_the_truth_and_a_second_one_changes_nothing(seed: int, exports: Any) -> None:
    truth = generate(exports.archives, seed, **settings(seed))
    foretold = exports.run(check=True, **EVERYTHING)
    assert exports.files == {}
    result = exports.run(**EVERYTHING)
    assert (foretold.exports, foretold.changes) == (result.exports, result.changes)
    check(truth, exports, result)
    assert result.exports[0].complete is not bool(truth.failed)
    before = exports.tree
    again = exports.run(**EVERYTHING)
    assert (again.changed, again.exports[0].placed, exports.tree) == (False, 0, before)


@pytest.mark.parametrize("seed", SEEDS[::6])
def test_incremental_exports_add_up(seed: int, exports: Any) -> None:
    truth = generate(exports.archives, seed, **settings(seed))
    check(truth, exports, exports.run(**EVERYTHING))
    for step in (1, 2):
        truth = generate(exports.archives, seed + step, incremental_of=truth, **settings(seed + step))
        check(truth, exports, exports.run(**EVERYTHING))


@pytest.mark.parametrize("seed", SEEDS[::6])
def test_a_later_full_export_adds_nothing(seed: int, exports: Any) -> None:
    truth = generate(exports.archives, seed, **settings(seed))
    exports.run(**EVERYTHING)
    before = exports.tree
    later = generate(exports.archives, seed + 1, again_of=truth, **settings(seed + 1))
    check(later, exports, exports.run(**EVERYTHING))
    assert {path: exports.tree[path] for path in before} == before
