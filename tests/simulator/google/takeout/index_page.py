# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page with which an export lists what it consists of."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from simulator.google.takeout.languages import Language


@dataclass
class Service:
    """A product of Google: its folder, and what was exported of it."""

    name: str
    key: str
    files: Mapping[str, Sequence[str]]
    """The names of files by folder; "" is the service's own."""
    failed: Mapping[str, Sequence[str]]
    size: int


def render(language: Language, job: str, account: str, date: str, services: Iterable[Service]) -> bytes:
    """All folders and files, with what could not be exported."""
    services = list(services)
    total = _size(sum(service.size for service in services))
    lines = [
        '<html><head><meta charset="UTF-8"><title>Takeout</title></head><body>',
        f'<div class="job-id hidden">{job}</div>',
        f'<h1 class="header_title">{html.escape(account)}</h1>',
        f'<div class="header_subtext">{html.escape(date)} • {total} • <a href="https://support.google.com">?</a></div>',
    ]
    for service in services:
        lines += _service(language, service)
    # The page carries a pattern of a failure that is shown to nobody.
    lines.append('<div class="failure-message"></div><script>document.title = "Takeout";</script></body></html>')
    return "\n".join(lines).encode()


def _service(language: Language, service: Service) -> list[str]:
    count = sum(len(names) for names in service.files.values())
    summary = language.exported.format(count=f"{count:,}", size=_size(service.size))
    lines = [
        f'<div id="service-details-{service.key}" class="service-detail"><div class="service-header">'
        f'<h1 class="data-folder-name" data-folder-name="{html.escape(service.name)}">{html.escape(service.name)}</h1>'
        f'<div class="service_summary">{summary}</div></div>'
    ]
    for folder in dict.fromkeys(["", *service.files, *service.failed]):
        if folder:
            lines.append(f'<div class="extracted-folder-name">{html.escape(folder.rstrip(" "))}</div>')
        lines += [_leaf(name) for name in service.files.get(folder, ())]
        lines += [_leaf(name, html.escape(language.failure)) for name in service.failed.get(folder, ())]
    return [*lines, "</div>"]


def _leaf(name: str, failure: str = "") -> str:
    message = f'<div class="failure-message">{failure}</div>' if failure else ""
    return f'<div class="file-leaf"><div class="extracted-file-name"> {html.escape(name)}</div>{message}</div>'


def _size(count: int) -> str:
    return f"{count / 1_000_000:.2f} MB"
