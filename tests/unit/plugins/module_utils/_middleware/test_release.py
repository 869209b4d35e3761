# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What releases are called, how they are ordered, and what they have."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import ProtocolError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import _FEATURES, Release

PLUGINS = Path(__file__).parents[5] / "plugins"


@pytest.mark.parametrize(
    ("text", "series"),
    [
        ("TrueNAS-SCALE-24.10.2", "24.10"),
        ("TrueNAS-25.04.2.6", "25.04"),
        ("TrueNAS-25.10.2", "25.10"),
        ("TrueNAS-26.0.0-BETA.1", "26.0"),
        ("TrueNAS-27.0.0-MASTER-20261122-010203", "27.0"),
        ("v25.10.2", "25.10"),
        ("25.04", "25.04"),
    ],
)
def test_the_series_is_what_the_release_is_called(text: str, series: str) -> None:
    assert str(Release.parse(text)) == series


@pytest.mark.parametrize("text", ["", "TrueNAS", "TrueNAS-13", "FreeNAS-9"])
def test_a_text_without_a_release_is_an_error(text: str) -> None:
    with pytest.raises(ProtocolError, match="release"):
        Release.parse(text)


def test_releases_are_ordered_by_their_numbers() -> None:
    ordered = ["24.10.2.4", "25.04", "25.04.2", "25.04.2.6", "25.10.0.1", "25.10.2", "26.0.0", "27.0"]
    assert sorted(map(Release.parse, reversed(ordered))) == [Release.parse(text) for text in ordered]


@given(st.integers(10, 99), st.integers(0, 12), st.integers(0, 9))
def test_trailing_zeros_make_no_other_release(year: int, month: int, patch: int) -> None:
    plain, padded = Release.parse(f"{year}.{month:02}.{patch}"), Release.parse(f"v{year}.{month:02}.{patch}.0.0")
    assert plain == padded
    assert hash(plain) == hash(padded)


@pytest.mark.parametrize(
    ("release", "flat_provider", "rest_item_methods", "scram"),
    [
        ("24.10.2", False, True, False),
        ("25.04.0", True, True, False),
        ("25.10.5", True, False, False),
        ("26.0.0-BETA.1", True, False, True),
        ("27.0", True, False, True),
        ("31.4", True, False, True),
    ],
)
def test_what_a_release_has(release: str, flat_provider: bool, rest_item_methods: bool, scram: bool) -> None:
    found = Release.parse(release)
    features = ("flat_provider", "rest_item_methods", "scram")
    assert tuple(map(found.has, features)) == (flat_provider, rest_item_methods, scram)


def test_every_feature_is_asked_for() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in PLUGINS.rglob("*.py"))
    assert [name for name in _FEATURES if f'.has("{name}")' not in sources] == []


def test_a_feature_that_nobody_knows_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        Release.parse("25.10").has("time_travel")


@pytest.mark.parametrize(
    ("release", "nearest"), [("25.10.2", "25.10"), ("26.1", "26.0"), ("30.0", "27.0"), ("23.10", "24.10")]
)
def test_an_unknown_release_counts_as_the_one_before_it(release: str, nearest: str) -> None:
    assert Release.parse(release).nearest(["27.0", "24.10", "25.10", "26.0", "25.04"]) == nearest
