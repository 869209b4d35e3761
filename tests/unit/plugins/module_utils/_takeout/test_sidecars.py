# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What JSON files are about, whatever is in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecars import Album, Item, item, moment, read

TAKEN = {"photoTakenTime": {"timestamp": "1700000000", "formatted": "14 nov. 2023, 22:13:20 UTC"}}


def about(content: Any) -> Item | Album | None:
    return read(json.dumps(content).encode())


def told(**content: Any) -> Item:
    found = about({**TAKEN, **content})
    assert isinstance(found, Item)
    return found


@pytest.mark.parametrize(
    ("content", "album"),
    [
        ({"title": "Rome"}, Album("Rome")),
        ({"title": "Rome", "description": "2019", "access": "protected"}, Album("Rome", "2019")),
        ({"albumData": {"title": "Rome"}}, Album("Rome")),
        ({"title": ""}, Album("")),
        ({}, None),
        ({"title": ["a", "b"]}, None),
        ({"subscriptions": []}, None),
        ({"externalOrderId": "1", "title": "Book"}, None),
        ([1], None),
        ("text", None),
        ({"title": "mine", "photoTakenTime": "none"}, Album("mine")),
    ],
)
def test_what_is_no_photo(content: Any, album: Album | None) -> None:
    assert about(content) == album


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"photoTakenTime": {"timestamp": ' + b"9" * 9999]
)
def test_what_is_no_json(raw: bytes) -> None:
    assert read(raw) is None


@pytest.mark.parametrize(
    ("timestamp", "taken"),
    [
        ("1700000000", 1700000000),
        ("-86400", -86400),
        ("0", None),
        ("", None),
        ("99999999999999", None),
        ("1e5", None),
        ("١٢", None),
        (1700000000, 1700000000),
        (True, None),
        (None, None),
        ({}, None),
    ],
)
def test_times(timestamp: Any, taken: int | None) -> None:
    assert told(photoTakenTime={"timestamp": timestamp, "formatted": "1 Jan 2000"}).taken == taken


def test_a_time_before_1970() -> None:
    assert moment(-86400).isoformat() == "1969-12-31T00:00:00+00:00"


@pytest.mark.parametrize(
    ("data", "exif", "place"),
    [
        ({"latitude": 1.5, "longitude": 2.5}, {"latitude": 9, "longitude": 9}, (1.5, 2.5)),
        ({"latitude": 0.0, "longitude": 0.0}, {"latitude": 9, "longitude": -8}, (9, -8)),
        ({"latitude": 0.0, "longitude": 2.0}, None, (0, 2)),
        (None, None, (None, None)),
        ({"latitude": 91, "longitude": 2.0}, None, (None, None)),
        ({"latitude": "1", "longitude": 2.0}, None, (None, None)),
        ({"latitude": float("nan"), "longitude": 2.0}, None, (None, None)),
    ],
)
def test_places(data: Any, exif: Any, place: tuple[float | None, float | None]) -> None:
    found = told(geoData=data, geoDataExif=exif)
    assert (found.latitude, found.longitude) == place


def test_marks() -> None:
    found = told(
        favorited=True, archived=True, trashed="yes", inLockedFolder=True, googlePhotosOrigin={"fromPartnerSharing": {}}
    )
    assert (found.favourite, found.archived, found.trashed, found.locked, found.partner) == (
        True,
        True,
        False,
        True,
        True,
    )


def test_people_and_texts() -> None:
    found = told(people=[{"name": "Ann"}, {"name": "Ann"}, {}, "x"], description="a\x1b[31m\ud800b", title=7)
    assert (found.people, found.description, found.title) == (("Ann",), "a[31mb", "")


def test_an_item_survives_its_text() -> None:
    found = told(people=[{"name": "Ann"}], title="a", favorited=True, geoData={"latitude": 0, "longitude": 2})
    assert item(found.text()) == found


def test_a_companion_borrows_time_place_and_marks_alone() -> None:
    found = told(title="a", description="b", favorited=True, archived=True, url="u", people=[{"name": "Ann"}])
    assert found.borrowed() == Item(taken=1700000000, archived=True)
