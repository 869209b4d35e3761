# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page with which Google lists an export, `archive_browser.html`: what it lists, and what it could not export.

Its texts are localised, its class names are not. PRIVATE to the collection.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

LARGEST = 1 << 29
"""Bytes of a page beyond which it is not read; 88,000 files take about 40 MB."""

_FOLDER, _FILE, _FAILURE, _LEAF = "extracted-folder-name", "extracted-file-name", "failure-message", "file-leaf"
_SERVICE = "service-detail"


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that the page lists; `failure` is Google's reason if it could not export it."""

    folder: str
    name: str
    failure: str = ""


def normal(name: str) -> str:
    """Bring a name to the form in which names are compared; the page adds and drops blanks."""
    return unicodedata.normalize("NFC", name).strip()


def read(pieces: Iterable[bytes]) -> Iterator[Listed]:
    """Read the page in pieces."""
    reader = _Reader()
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > LARGEST:
            return
        reader.feed(decoder.decode(piece))
        yield from reader.take()
    reader.close()
    reader.finish()
    yield from reader.take()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[Listed] = []
        self._text: dict[str, list[str]] = {}
        self._stack: list[tuple[str, str]] = []
        self._folder = ""
        self._name: str | None = None
        self._failure = ""

    def take(self) -> list[Listed]:
        """Return what was found since the last time."""
        found, self._found = self._found, []
        return found

    def finish(self) -> None:
        """End the file that is being read."""
        if self._name is not None:
            self._found.append(Listed(self._folder, self._name, self._failure))
        self._name, self._failure = None, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "img", "input", "link", "meta", "hr", "path"):
            return
        classes = (dict(attrs).get("class") or "").split()
        role = next((one for one in (_FOLDER, _FILE, _FAILURE, _LEAF) if one in classes), "")
        if _LEAF in classes or _SERVICE in classes:
            self.finish()
        if _SERVICE in classes:
            self._folder = ""
        if role:
            self._text[role] = []
        self._stack.append((tag, role))

    def handle_data(self, data: str) -> None:
        for _tag, role in reversed(self._stack[-8:]):
            if role:
                self._text.setdefault(role, []).append(data)
                return

    def handle_endtag(self, tag: str) -> None:
        while self._stack:
            opened, role = self._stack.pop()
            if role:
                self._end(role, "".join(self._text.pop(role, [])))
            if opened == tag:
                return

    def _end(self, role: str, text: str) -> None:
        text = normal(text)
        if role == _FAILURE:
            self._failure = self._failure or text
            return
        self.finish()
        if role == _FOLDER:
            self._folder = text
        elif role == _FILE and text:
            self._name, self._failure = text, ""
