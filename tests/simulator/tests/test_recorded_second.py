# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator answers as the real server did when it was looked at for the second time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from simulator.fixture import running
from simulator.tests import recordings, second_round
from simulator.tests.known_differences import KNOWN
from simulator.tests.replay import RECORDED_PASSWORD, Replay

RECORDING = "second"
Found = dict[str, list[str]]


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Found]:
    """What each step was answered with other than recorded; a release is replayed once."""

    @cache
    def replay(release: str) -> Found:
        return _replay(release, tmp_path_factory.mktemp("second"))

    return replay


def _replay(release: str, folder: Path) -> Found:
    second_round.write_state(release, folder / "state")
    steps = second_round.steps(release)
    with running("--release", release, "--state", str(folder / "state")) as simulator:
        nas = simulator.nas[0]
        nas.account(nas.username, password=RECORDED_PASSWORD)
        with second_round.staged(release, nas, folder) as stage:
            replay = Replay(
                nas, stage.texts, stage.before, legacy_jobs=True, compares_ends=True, normal=second_round.in_one_order
            )
            return dict(zip(recordings.names(steps), replay.run(steps), strict=True))


def _steps() -> list[tuple[str, str]]:
    return [
        (release, name) for release in second_round.RELEASES for name in recordings.names(second_round.steps(release))
    ]


@pytest.mark.parametrize(("release", "step"), _steps())
def test_a_recorded_step(replayed: Callable[[str], Found], release: str, step: str) -> None:
    differing = replayed(release)[step]
    if (release, RECORDING, step) in KNOWN:
        assert differing, f"{step} agrees now: take it from the list of known differences"
    else:
        assert not differing
