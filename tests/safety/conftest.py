# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures that the run of these tests prints at its end, and what plays run against."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from simulator.fixture import SimulatedGoogle, SimulatedNas

from .harness import ByHand, Hazard, Play

Figures = dict[str, Counter[str]]
_FIGURES = pytest.StashKey[Figures]()


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> Figures:
    """What has been counted so far: name of a row -> counts by name."""
    return request.config.stash.setdefault(_FIGURES, {})


@pytest.fixture(scope="session")
def count(figures: Figures) -> Callable[..., None]:
    """Count one: `count("Hazards", "shown")`."""

    def one_more(row: str, name: str, times: int = 1) -> None:
        figures.setdefault(row, Counter())[name] += times

    return one_more


@pytest.fixture(scope="session")
def fuzzed(count: Callable[..., None]) -> Callable[[str], contextlib.AbstractContextManager[None]]:
    """Count an input, and a crash when the block raises: `with fuzzed("tokens")`."""

    @contextlib.contextmanager
    def counted(what: str) -> Iterator[None]:
        count(f"Fuzzed: {what}", "inputs")
        count(f"Fuzzed: {what}", "crashes", 0)
        try:
            yield
        except BaseException:
            count(f"Fuzzed: {what}", "crashes")
            raise

    return counted


@pytest.fixture
def play(nas: SimulatedNas, google: SimulatedGoogle) -> Play:
    """Modules against an empty NAS and an empty library."""
    return Play(nas)


@pytest.fixture
def by_hand(nas: SimulatedNas, google: SimulatedGoogle) -> Iterator[ByHand]:
    """The NAS without the modules."""
    one = ByHand(nas)
    with one.client:
        yield one


@pytest.fixture
def hazard(play: Play, by_hand: ByHand, nas: SimulatedNas, google: SimulatedGoogle) -> Hazard:
    """What a hazard is met on."""
    return Hazard(play, by_hand, nas, google)


@pytest.fixture
def noted(count: Callable[..., None]) -> Callable[[str], contextlib.AbstractContextManager[None]]:
    """Count what this hazard's test has shown and what was guarded."""

    @contextlib.contextmanager
    def block(what: str) -> Iterator[None]:
        count("Hazards", what, 0)
        yield
        count("Hazards", what)

    return block


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist hands on what it has counted."""
    workeroutput = getattr(session.config, "workeroutput", None)
    if workeroutput is not None:
        workeroutput["figures"] = {row: dict(counts) for row, counts in session.config.stash.get(_FIGURES, {}).items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a worker has counted; one that crashed hands on nothing."""
    figures = node.config.stash.setdefault(_FIGURES, {})
    for row, counts in getattr(node, "workeroutput", {}).get("figures", {}).items():
        figures.setdefault(row, Counter()).update(counts)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    figures = config.stash.get(_FIGURES, {})
    if figures:
        terminalreporter.section("Safety, in figures")
    for row in sorted(figures):
        counted = ", ".join(f"{number} {name}" for name, number in figures[row].items())
        terminalreporter.write_line(f"{row}: {counted}")
