# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the real models accept and refuse, the simulator's models accept and refuse."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.nas.contract import contract
from simulator.nas.errors import CallError, ValidationErrors
from simulator.tests import recordings
from simulator.tests.vector_exceptions import REFUSED_EARLIER

RELEASES = ("25.04", "25.10", "26.0", "27.0")


def _vectors() -> list[Any]:
    found = []
    for release in RELEASES:
        for name, vector in dict(recordings.load(f"examples/vectors_{release}.json")).items():
            found.append(pytest.param(release, name, vector, id=f"{release}-{name}"))
    return found


def _outcome(release: str, vector: dict[str, Any]) -> tuple[Any, Any]:
    """What was accepted, and what was said of what was not."""
    method = contract(release).method(vector["method"])
    assert method is not None
    try:
        return method.accept(vector["params"]), ""
    except ValidationErrors as error:
        return None, [list(row) for row in error.rows]
    except (CallError, TypeError) as error:
        return None, str(error)


@pytest.mark.parametrize(("release", "name", "vector"), _vectors())
def test_a_vector(release: str, name: str, vector: dict[str, Any]) -> None:
    accepted, errors = _outcome(release, vector)
    assert accepted == vector["accepted"]
    if name in REFUSED_EARLIER:
        assert errors != vector["errors"]
        assert errors.startswith(REFUSED_EARLIER[name])
    else:
        assert errors == vector["errors"]
