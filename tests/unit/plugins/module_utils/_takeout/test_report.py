# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report tells, and Google's own list that it is held against."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.inventory import Listed, read
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.report_page import page

FILE = '<div class="file-leaf"><div class="extracted-file-name"> {}</div>{}</div>'


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_the_list_of_an_export(size: int) -> None:
    text = (
        "<style>.extracted-file-name{}</style><script>'<div class=\"extracted-file-name\">no</div>'</script>"
        '<div id="service-details-PHOTOS" class="service-detail"><h1>Google Fotos</h1>'
        + FILE.format("root.jpg", "")
        + '<button class="extracted-folder"><br><div class="extracted-folder-name">Fotos von\u00a02020 </div></button>'
        + FILE.format("a &amp; b.jpg", "")
        + FILE.format("c.jpg", '<div class="failure-message">Kon dit item niet ophalen</div>')
        + FILE.format("e\u0301.jpg", '<div class="failure-message"></div>')
        + '</div><div class="failure-message"></div>'
        + '<div id="service-details-DRIVE" class="service-detail">'
        + FILE.format("d.txt", "")
        + "</div>"
    ).encode()
    assert list(read(text[at : at + size] for at in range(0, len(text), size))) == [
        Listed("", "root.jpg"),
        Listed("Fotos von\u00a02020", "a & b.jpg"),
        Listed("Fotos von\u00a02020", "c.jpg", "Kon dit item niet ophalen"),
        Listed("Fotos von\u00a02020", "é.jpg"),
        Listed("", "d.txt"),
    ]


@pytest.mark.parametrize(
    "text", [b"", b"<p>no list</p>", b"\xff\0<<<", b'<div class="extracted-file-name">', b"</div>" * 99]
)
def test_a_page_that_is_no_list(text: bytes) -> None:
    assert list(read([text])) == []


def account(**more: Any) -> dict[str, Any]:
    made = {"id": "20260307T053026Z", "status": "imported", "complete": True, "listed": 5, "entries": 5, "placed": 3}
    made |= {"known": 1, "refused": 1, "missing": 0, "gaps": [], "missing_files": [], "failed": [], "reasons": {}}
    return made | {"refusals": [], "doubts": [], "notes": [], "parts": [], "damage": {}, "loose": []} | more


def data(*exports: dict[str, Any], **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"library": "/mnt/tank/photos", "photos": 3, "bytes": 123_456_789, "own_metadata": 2}
    told |= {"borrowed_metadata": 1, "next_export_due": "2026-05-16", "next_export_overdue": False}
    return told | {"years": [{"year": 2026, "photos": 3}], "albums": [], "exports": list(exports)} | more


@pytest.mark.parametrize(
    ("export", "title"),
    [
        (account(), "Complete"),
        (account(complete=False, refused=1, reasons={"x": 1}), "Not complete"),
        (account(complete=False, listed=None), "Imported, not proven"),
        (account(complete=False, status="incomplete", gaps=["missing parts"]), "The export is incomplete"),
        (account(complete=False, status="waiting"), "An export is under way"),
    ],
)
def test_the_verdict(export: dict[str, Any], title: str) -> None:
    assert f"<h1>{title}</h1>" in page(data(export), {})


def test_an_overdue_export_is_told() -> None:
    assert "The next export is overdue" in page(data(account(), next_export_overdue=True), {})
    assert "The next export is overdue" not in page(data(account()), {})


class Checker(HTMLParser):
    """Finds what a page loads, and tags that are not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_needs_nothing_else_and_no_name_gets_out_of_its_place() -> None:
    hostile = "</bdi><script src=x>\"'&\u202e"
    pairs = [[hostile, hostile]]
    export = account(failed=pairs, refusals=pairs, doubts=pairs, notes=pairs, reasons={hostile: 1}, gaps=[hostile])
    album = {"title": hostile, "directory": hostile, "photos": 1}
    checker = Checker()
    checker.feed(page(data(export, albums=[album], library=hostile), {"year 2026": "data:image/png;base64,AAAA"}))
    assert (checker.open, checker.loaded) == ([], ["data:image/png;base64,AAAA"])


def test_long_lists_are_cut() -> None:
    text = page(data(account(refusals=[(f"{number}.jpg", "x") for number in range(500)])), {})
    assert "199.jpg" in text
    assert "200.jpg" not in text
    assert "and 300 more" in text


def test_the_report_of_an_import(exports: Any) -> None:
    exports.zip({"Takeout/Google Photos/Photos from 2023/a.png": b"\x89PNG\r\n\x1a\n..."})
    result = exports.run(quiet_minutes=0)
    assert result.report.read_text(encoding="utf-8").count("data:image/png;base64,") == 1
    report = exports.report
    assert (report["photos"], report["years"]) == (1, [{"year": 2023, "photos": 1}])
    assert (report["newest_export"], report["next_export_overdue"]) == ("2026-03-07T05:30:26+00:00", True)
    before = result.report.stat().st_mtime_ns
    exports.run(quiet_minutes=0)
    assert result.report.stat().st_mtime_ns == before


def test_an_export_is_overdue_after_seventy_days(exports: Any) -> None:
    exports.zip({"Takeout/Google Photos/Photos from 2023/a.png": b"A"})
    made = 1_772_861_426
    exports.run(quiet_minutes=0, now=made + 69 * 86400)
    assert exports.report["next_export_overdue"] is False
    exports.run(quiet_minutes=0, now=made + 71 * 86400)
    assert exports.report["next_export_overdue"] is True
