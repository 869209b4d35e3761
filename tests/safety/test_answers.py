# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the real server has answered has the shape that the collection asks of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.shape import check
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import SHAPES
from simulator.tests import recordings

# They change the form of a query's answer, and the collection does not use them.
RESHAPING = {"count", "get", "select"}


def answers(release: str) -> Iterator[tuple[str, Any]]:
    for step in recordings.load(f"recorded/{release}.json"):
        asked: dict[Any, Any] = {}
        for frame in step["frames"]:
            if ">" in frame:
                asked[frame[">"].get("id")] = frame[">"]
            elif "result" in frame["<"]:
                call = asked[frame["<"]["id"]]
                options = [one for one in call.get("params", ())[1:] if isinstance(one, dict)]
                if call["method"] in SHAPES and not any(RESHAPING & one.keys() for one in options):
                    yield call["method"], frame["<"]["result"]


@pytest.mark.parametrize("release", ["25.04", "25.10", "26.0", "27.0"])
def test_recorded_answers_have_the_shape(release):
    seen = set()
    for method, answer in answers(release):
        seen.add(method)
        check(method, answer, SHAPES[method])
    assert {"cloudsync.query", "cloudsync.create", "cloudsync.credentials.query", "core.get_jobs"} <= seen
