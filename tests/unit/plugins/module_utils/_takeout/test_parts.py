# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files are parts of which export."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.parts import Found, Survey, survey


def surveyed(*names: str) -> Survey:
    return survey(Found(name, 1, 5.0 + number) for number, name in enumerate(names))


@pytest.mark.parametrize(
    ("name", "place", "kind"),
    [
        ("takeout-20240712T112341Z-001.zip", (0, 1), "zip"),
        ("takeout-20260307T053026Z-3-001.tgz", (3, 1), "tgz"),
        ("takeout-20260307T053026Z-3-1001.tar.gz", (3, 1001), "tar.gz"),
        ("takeout-20240712T112341Z-002 (1).zip", (0, 2), "zip"),
        ("takeout-20240712T112341Z-002(1).zip", (0, 2), "zip"),
    ],
)
def test_a_part(name: str, place: tuple[int, int], kind: str) -> None:
    (export,) = surveyed(name).exports
    assert [(part.place, part.kind) for part in export.parts] == [(place, kind)]


@pytest.mark.parametrize(
    "name",
    [
        "takeout-20241312T112341Z-001.zip",
        "takeout-20240712T112341Z.zip",
        "holiday.zip",
        "archive_browser.html",
        "a.jpg",
    ],
)
def test_no_part(name: str) -> None:
    found = surveyed(name)
    assert (found.exports, found.loose, found.foreign) == ([], [], [name])


def test_parts_of_one_time_are_one_export_in_order_of_their_numbers() -> None:
    stamp = "takeout-20260307T053026Z"
    found = surveyed(
        f"{stamp}-2-001.zip", f"{stamp}-1-010.zip", f"{stamp}-1-002.zip", "takeout-20250101T000000Z-001.zip"
    )
    assert [export.id for export in found.exports] == ["20250101T000000Z", "20260307T053026Z"]
    assert [part.place for part in found.exports[1].parts] == [(1, 2), (1, 10), (2, 1)]


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        (["001", "002"], []),
        (["001", "003"], ["takeout-20260307T053026Z-002"]),
        (["002"], ["takeout-20260307T053026Z-001"]),
        (["3-001", "3-002"], []),
        (["3-002"], ["takeout-20260307T053026Z-3-001"]),
        (["1-001", "1-002", "2-001"], []),
        (["1-001", "1-003", "2-001"], ["takeout-20260307T053026Z-1-002"]),
        (["1-001", "2-002"], []),
    ],
)
def test_missing_parts(numbers: list[str], missing: list[str]) -> None:
    (export,) = surveyed(*(f"takeout-20260307T053026Z-{number}.zip" for number in numbers)).exports
    assert export.missing([]) == missing


def test_a_loose_file_has_the_number_of_a_part() -> None:
    found = surveyed("takeout-20260307T053026Z-001.zip", "takeout-20260307T053026Z-003.zip", "IMG_2063(1)-002.MOV")
    assert [(one.name, one.number) for one in found.loose] == [("IMG_2063(1).MOV", 2)]
    assert found.exports[0].missing(found.loose) == []


def test_a_loose_file_may_be_counted_over_all_series() -> None:
    parts = ("3-001", "3-002", "4-002", "4-003")
    found = surveyed(*(f"takeout-20260307T053026Z-{part}.zip" for part in parts), "VID_1035-003.mp4")
    assert found.exports[0].missing([]) == ["takeout-20260307T053026Z-4-001"]
    assert found.exports[0].missing(found.loose) == []


@pytest.mark.parametrize(
    ("parts", "number", "may"),
    [
        (["001", "003"], "001", False),
        (["001", "003"], "002", True),
        (["001", "003"], "003", False),
        (["001", "003"], "004", True),
        (["1-001", "2-001"], "001", False),
        (["1-001", "2-002"], "002", True),
        (["2-001", "3-002", "3-003"], "002", True),
        (["1-001", "2-001", "2-002"], "002", True),
        (["1-001", "1-002", "2-001", "2-002", "2-003"], "002", False),
    ],
)
def test_whose_a_loose_file_may_be(parts: list[str], number: str, may: bool) -> None:
    found = surveyed(*(f"takeout-20260307T053026Z-{part}.zip" for part in parts), f"VID_1-{number}.mp4")
    assert found.exports[0].may_have(found.loose[0]) is may


def test_what_is_still_being_delivered_counts_for_the_quiet_only() -> None:
    found = surveyed("takeout-20260307T053026Z-001.zip", "takeout-20260307T053026Z-002.zip.1a2b.partial")
    assert len(found.exports[0].parts) == 1
    assert found.exports[0].quiet_since() == 6.0
    assert found.foreign == []
