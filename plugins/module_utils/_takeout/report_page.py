# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as one page that needs nothing else. Pure. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.parts import made
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.report_style import STYLE

_ROWS = 200


def page(data: Mapping[str, Any], pictures: Mapping[str, str]) -> str:
    """Write the page."""
    exports = sorted(data["exports"], key=lambda one: one["id"], reverse=True)
    body = [
        _verdict(data, exports),
        _figures(data),
        "".join(_export(one, first=place == 0) for place, one in enumerate(exports)),
        _gallery(
            "Years",
            ((str(one["year"] or "Undated"), one, f"year {one['year'] or ''}") for one in data["years"]),
            pictures,
        ),
        _gallery("Albums", ((one["title"], one, f"album {one['directory']}") for one in data["albums"]), pictures),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<title>Photos from Google Takeout</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{''.join(body)}</main>\n</body>\n</html>\n"
    )


def _verdict(data: Mapping[str, Any], exports: list[Mapping[str, Any]]) -> str:
    tone, title, text = _judged(exports[0])
    lines = [f"<p>{escape(text)}</p>"]
    if data["next_export_overdue"]:
        lines.append(
            f'<p class="warn"><strong>The next export is overdue.</strong> It was expected by '
            f"{_day(data['next_export_due'])}. Google makes exports for one year only; "
            "see whether the schedule has ended.</p>"
        )
    elif data["next_export_due"]:
        lines.append(f'<p class="soft">The next export is expected by {_day(data["next_export_due"])}.</p>')
    head = f'<p class="soft">{escape(data["library"])}</p><h1>{escape(title)}</h1>'
    return f'<header class="{tone}">{head}{"".join(lines)}</header>\n'


def _judged(export: Mapping[str, Any]) -> tuple[str, str, str]:
    """Tone, title and text for the newest export."""
    when = _date(made(export["id"]))
    if export["status"] == "waiting":
        return "note", "An export is under way", f"The export of {when} is still being delivered."
    if export["status"] == "incomplete":
        return (
            "bad",
            "The export is incomplete",
            f"Nothing of the export of {when} was imported, because parts are missing.",
        )
    if export["complete"]:
        text = f"Every file that Google lists in the export of {when} was found, and every entry is accounted for."
        return "good", "Complete", text
    if export["listed"] is None and not export["gaps"] and not export["damage"]:
        text = (
            f"The export of {when} has no list of its own, so it cannot be proven that nothing is missing at its end."
        )
        return "note", "Imported, not proven", text
    return (
        "bad",
        "Not complete",
        f"Something of the export of {when} is not in the library. The account below says what.",
    )


def _figures(data: Mapping[str, Any]) -> str:
    figures = (
        (_number(data["photos"]), "photos and videos"),
        (_bytes(data["bytes"]), "in the library"),
        (_number(data["own_metadata"]), "with metadata of their own"),
        (_number(data["borrowed_metadata"]), "with time and place of their original"),
        (_number(len(data["albums"])), "albums"),
    )
    items = "".join(f"<div><dt>{label}</dt><dd>{value}</dd></div>" for value, label in figures)
    return f'<dl class="figures">{items}</dl>\n'


def _export(one: Mapping[str, Any], first: bool) -> str:
    tone = _judged(one)[0]
    counts = "".join(
        f"<tr><th>{label}</th><td>{_number(one[name])}</td></tr>"
        for name, label in (
            ("entries", "Entries in all parts"),
            ("placed", "Placed in the library"),
            ("known", "Known already"),
            ("refused", "Refused, with a reason"),
            ("missing", "Listed, but missing"),
        )
    )
    sections = [
        _pairs("Missing", [(text, "") for text in one["gaps"]]),
        _pairs("Files that are missing", [(name, "") for name in one["missing_files"]]),
        _pairs("Not exported by Google", one["failed"]),
        _pairs(
            "Refused, by reason",
            [
                (reason, f"{_number(count)} {'entry' if count == 1 else 'entries'}")
                for reason, count in one["reasons"].items()
            ],
        ),
        _pairs("Refused entries", one["refusals"]),
        _pairs("Photos without metadata", one["doubts"]),
        _pairs("Remarks on files in the library", one["notes"]),
        _pairs("Parts", [(part["name"], _part(part)) for part in one["parts"]]),
    ]
    opened = " open" if first else ""
    return (
        f'<details class="export"{opened}><summary><span class="dot {tone}"></span>'
        f'<span class="name"><h2>Export of {_date(made(one["id"]))}</h2>'
        f'<span class="soft">{escape(one["status"])}</span></span></summary>\n'
        f'<div class="scroll"><table>{counts}</table></div>{"".join(sections)}</details>\n'
    )


def _part(part: Mapping[str, Any]) -> str:
    note = f": {part['note']}" if part["note"] else ""
    return f"{_bytes(part['size'])}, {part['status']}{note}"


def _pairs(title: str, pairs: Iterable[Iterable[str]]) -> str:
    rows = [tuple(pair) for pair in pairs]
    if not rows:
        return ""
    lines = "".join(
        f"<li><bdi>{escape(name)}</bdi>{f'<small>{escape(text)}</small>' if text else ''}</li>"
        for name, text in rows[:_ROWS]
    )
    more = f'<li class="soft">and {_number(len(rows) - _ROWS)} more, in report.json</li>' if len(rows) > _ROWS else ""
    return f"<details><summary>{title} <b>{_number(len(rows))}</b></summary><ul>{lines}{more}</ul></details>"


def _gallery(title: str, cards: Iterable[tuple[str, Mapping[str, Any], str]], pictures: Mapping[str, str]) -> str:
    items = []
    for name, one, key in cards:
        picture = pictures.get(key)
        image = f'<img src="{picture}" alt="" loading="lazy">' if picture else '<span class="blank"></span>'
        items.append(
            f"<li>{image}<strong><bdi>{escape(name)}</bdi></strong><small>{_number(one['photos'])}</small></li>"
        )
    if not items:
        return ""
    head = f'<h2>{title} <small class="soft">{len(items)}</small></h2>'
    return f'<section>{head}<ul class="cards">{"".join(items)}</ul></section>\n'


def _number(value: int) -> str:
    return f"{value:,}"


def _bytes(value: int) -> str:
    size = float(value)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.2f} TB"


def _day(text: str) -> str:
    return _date(datetime.fromisoformat(text))


def _date(day: datetime) -> str:
    return f"{day.day} {day:%B %Y}"
