# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders of exports, names of files, XMP sidecars, and what photos say themselves."""

from __future__ import annotations

import unicodedata
from xml.etree import ElementTree

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import embedded, entry_paths, names, naming, xmp
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.folders import Folder, classify
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecar_names import key
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecars import Item


@pytest.mark.parametrize(
    ("name", "title", "years", "folder"),
    [
        ("Photos from 2019", None, {2019: 9}, Folder("year", year=2019)),
        ("Fotos von\u00a02026", None, {2026: 9, 2025: 1}, Folder("year", year=2026)),
        ("2012 fotói", None, {}, Folder("year", year=2012)),
        ("2024 年的相片", None, {2024: 1}, Folder("year", year=2024)),
        ("Photos from 2019", "Photos from 2019", {2019: 9}, Folder("year", year=2019)),
        ("Holiday 2019", "Holiday 2019", {2019: 9}, Folder("album", album="Holiday 2019")),
        ("2019", "2019", {2019: 9}, Folder("album", album="2019")),
        ("Holiday 2019", None, {2021: 9}, Folder("special")),
        ("From 2018 to 2019", None, {2018: 9}, Folder("special")),
        ("Papierkorb", None, {}, Folder("special", mark="trashed")),
        ("Archivieren", None, {}, Folder("special", mark="archived")),
        ("Locked Folder", None, {}, Folder("special", mark="locked")),
        ("Trash", "Trash", {}, Folder("album", album="Trash")),
        ("Untitled(3)", "", {2020: 3}, Folder("special")),
    ],
)
def test_folders(name: str, title: str | None, years: dict[int, int], folder: Folder) -> None:
    assert classify(name, title, years) == folder


@pytest.mark.parametrize(
    "path",
    [
        "",
        "a\0b",
        "a\\b",
        "/a",
        "C:a",
        "c:/a",
        "../a",
        "a/../b",
        "a//b",
        "./a",
        "a/..",
        f"a/{'x' * 256}",
        f"{'é' * 128}/a",
        "//h/a",
    ],
)
def test_dangerous_paths(path: str) -> None:
    assert entry_paths.danger(path)


@pytest.mark.parametrize("path", ["a", "a/b/c.jpg", "a..b/c..", f"{'x' * 255}", "Album./E.J. /x", "a/", "C/:a"])
def test_harmless_paths(path: str) -> None:
    assert entry_paths.danger(path) is None


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("Takeout/Google Photos/Rome/a.jpg", ("Google Photos", "Rome", "a.jpg")),
        ("Google Fotos/Rome/a.jpg", ("Google Fotos", "Rome", "a.jpg")),
        ("Rome/a.jpg", ("", "Rome", "a.jpg")),
        ("Takeout/Google Photos/a.jpg", ("Google Photos", "", "a.jpg")),
        ("Takeout/Drive/a.jpg", ("Drive", "", "a.jpg")),
        ("Takeout/archive_browser.html", ("", "", "archive_browser.html")),
        ("Takeout/Google Foto_s/E\u0301/e\u0301.jpg", ("Google Foto_s", "É", "é.jpg")),
    ],
)
def test_places(path: str, place: tuple[str, str, str]) -> None:
    assert entry_paths.take_apart(path) == entry_paths.Place(*place)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Rome", "Rome"),
        ("E.J.", "E.J"),
        ("Winter ", "Winter"),
        ('a/b:c*d?e"f<g>h|i\\j', "a_b_c_d_e_f_g_h_i_j"),
        ("../../etc", "_._.._etc"),
        ("con", "_con"),
        ("CON.backup", "_CON.backup"),
        ("Com1", "_Com1"),
        ("control", "control"),
        ("...", "_"),
        ("", "_"),
        (".hidden", "_hidden"),
        ("a\x1b[31m\u202eb", "a_[31m_b"),
        ("e\u0301", "é"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert names.safe(name) == safe


@pytest.mark.parametrize("name", ["x" * 400, "é" * 200, "🎉" * 100, "e\u0301\u0323" * 200])
def test_long_names_are_cut_between_characters(name: str) -> None:
    safe = names.safe(name, ".jpg")
    assert len(safe.encode()) + len(" (9999).json") <= 255 + 7
    assert len(f"{safe}.json".encode()) <= 255
    assert safe.endswith(".jpg")
    assert unicodedata.normalize("NFC", name).startswith(safe[:-4])


def test_names_that_count_as_the_same() -> None:
    assert len({key(name) for name in ("É.JPG", "e\u0301.jpg", "é.Jpg")}) == 1
    assert key("ß") == key("SS")


@pytest.mark.parametrize(
    ("file", "title", "wanted"),
    [
        ("IMG_1(1).JPG", "IMG_1.JPG", ("IMG_1", ".JPG")),
        ("a_b.jpg", "a:b.jpg", ("a_b", ".jpg")),
        ("x.jpg", "a title that was cut.JPG", ("a title that was cut", ".jpg")),
        ("2234.jpg", "2234", ("2234", ".jpg")),
        ("IMG.jpg", "IMG.HEIC", ("IMG", ".jpg")),
        ("IMG.jpg", "", ("IMG", ".jpg")),
        ("IMG.jpg", "Nr. 5", ("Nr. 5", ".jpg")),
        ("PXL_1.MP", "", ("PXL_1", ".MP")),
        ("noextension", "", ("noextension", "")),
    ],
)
def test_the_name_of_a_photo(file: str, title: str, wanted: tuple[str, str]) -> None:
    assert naming.wanted(file, title) == wanted


@pytest.mark.parametrize(
    ("arguments", "folder"),
    [
        ((1_700_000_000, None, None, None), "2023/11"),
        ((-1, None, None, None), "1969/12"),
        ((None, 2019, None, None), "2019"),
        ((None, None, None, None), "Undated"),
        ((1_700_000_000, None, "archived", None), "Archive/2023/11"),
        ((1_700_000_000, None, None, "Albums/Rome"), "Albums/Rome"),
        ((1_700_000_000, None, "locked", "Albums/Rome"), "Locked/2023/11"),
    ],
)
def test_directories(arguments: tuple[int | None, int | None, str | None, str | None], folder: str) -> None:
    assert naming.directory(*arguments) == folder


@pytest.mark.parametrize(
    ("value", "text"),
    [(48.5, "48,30.000000N"), (-0.25, "0,15.000000S"), (0.999999999999, "1,0.000000N"), (89.123456, "89,7.407360N")],
)
def test_coordinates(value: float, text: str) -> None:
    assert xmp.degrees(value, "N", "S") == text


def test_texts_cannot_break_a_sidecar() -> None:
    hostile = "\"]]>&<x a='1'>\ud800\0"
    text = xmp.sidecar(Item(title=hostile, description=hostile, people=(hostile, "a/b|c")), dated=False)
    assert text is not None
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    cleaned = hostile[:-2]
    description = "{http://purl.org/dc/elements/1.1/}description//{*}li"
    assert [one.text for one in root.iterfind(f".//{description}")] == [cleaned]
    tags = "{http://www.digikam.org/ns/1.0/}TagsList//{*}li"
    assert [one.text for one in root.iterfind(f".//{tags}")] == [f"People/{cleaned}", "People/a_b|c"]


def test_a_date_is_told_only_to_a_photo_without_one() -> None:
    assert "DateTimeOriginal" in (xmp.sidecar(Item(taken=5), dated=False) or "")
    assert xmp.sidecar(Item(taken=5), dated=True) is None
    assert xmp.sidecar(Item(), dated=False) is None
    assert "0001-01-02T" in (xmp.sidecar(Item(taken=-62135510400), dated=False) or "")


EXIF = b"\xff\xd8\xff\xe1\0\0Exif\0\0II*\0\x08\0\0\0"


@pytest.mark.parametrize(
    ("head", "dated"),
    [
        (EXIF + b"..2019:07:14 18:22:05\0", True),
        (EXIF + b"no date", False),
        (b"II*\0" + b"2019:07:14 18:22:05\0", True),
        (b"\xff\xd8 2019:07:14 18:22:05 in pixels", False),
        (b"....ftypqt  com.apple.quicktime.creationdate", True),
        (b"", False),
    ],
)
def test_whether_a_photo_has_a_date(head: bytes, dated: bool) -> None:
    assert embedded.has_date(head) is dated


def test_a_small_picture_is_its_own_thumbnail() -> None:
    assert embedded.thumbnail(b"\x89PNG\r\n\x1a\n...", whole=True) == ("png", b"\x89PNG\r\n\x1a\n...")
    assert embedded.thumbnail(b"\x89PNG\r\n\x1a\n...", whole=False) is None
    assert embedded.thumbnail(EXIF, whole=False) is None
