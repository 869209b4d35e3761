# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find a text within another one, however it is quoted there. PRIVATE to the collection. Pure.

Servers quote what they were sent as JSON, as Python, Go or a shell write it, in addresses, HTML or YAML, and one of
these within another. Instead of listing every form, both texts are compared with all quoting taken off.
"""

from __future__ import annotations

import base64
import functools
import html
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SHORTEST = 4
"""Shorter texts, such as `on`, are part of every other sentence."""
_LONG = 24
"""From so many characters on, blanks and line ends within a text do not matter: it may have been wrapped."""
_WRAPPED = 12
"""From so many characters on, a line may end within a text. Shorter ones could be the words at two lines' ends."""
_PASSES = 8
"""How often a text may be quoted over and over."""
_REACH = 12
"""How many characters one may take when it is quoted."""
_TOO_MUCH = 1 << 20
"""Characters. A longer text is not looked through for a short one that could be anywhere in it."""

_QUOTED = re.compile(
    r"(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<utf16>(?:\\u[0-9A-Fa-f]{4})+)"
    r"|\\U(?P<utf32>[0-9A-Fa-f]{8})"
    r"|(?P<hex>(?:\\x[0-9A-Fa-f]{2})+)"
    r"|(?P<octal>(?:\\[0-3][0-7]{2})+)"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<blank>\\[nrt])"
    r"|\\(?P<escaped>.)",
    re.DOTALL,
)
# Letters that are quoted although no form asks for it: they leave nothing of a text to search for.
_ESCAPED_LETTERS = re.compile(
    r"(?:(?:%(?:25){0,4}|\\{1,16}(?:x|u00|U000000)|&(?:amp;){0,4}\#[xX])[2-7][0-9A-Fa-f];?"
    r"|&(?:amp;){0,4}\#\d{2,3};|\\{1,16}[01][0-7]{2}){3,}"
)
_AROUND = 256
"""Characters before and after such letters that may belong to the same text."""
_LINE_END = re.compile(r"[ \t]{0,80}\\?\r?\n[ \t]{0,80}")
_QUOTES = re.compile(r"['\"\\]")
_BLANKS = re.compile(r"[\s+]+")  # in addresses, a plus is a blank
_WORD = re.compile(r"[A-Za-z0-9]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_=-]*")

_Piece = tuple[str, int, int]  # a character, and where in the text it begins and ends


@dataclass(frozen=True)
class Needle:
    """A text to look for.

    Attributes:
        plain: The text without its quoting; empty when it is too short to be told from others without it.
        anchors: Parts of it that no quoting changes. A line may end within one of them, but not within both.
        encoded: Whether it is a part of a longer run of base64, which is found as a whole.
    """

    text: str
    plain: str
    anchors: tuple[str, ...]
    encoded: bool = False

    @property
    def is_long(self) -> bool:
        return len(self.text) >= _LONG

    def may_be_in(self, text: str) -> bool:
        """Whether the text can hold it; quick."""
        return any(anchor in text for anchor in self.anchors) or bool(_escaped_letters(text))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it is in the text, however it is quoted there."""
        for start, end in _escaped_letters(text):
            yield from self._spans(text, start, end)
        if len(self.anchors[0]) < _SHORTEST:
            if len(text) <= _TOO_MUCH:
                yield from self._spans(text, 0, len(text))
            return
        reach = _REACH * len(self.text) + 64
        begin = 0
        while (found := self._anchor(text, begin)) is not None:
            place, past = found
            begin = past
            for span in self._spans(text, max(0, place - reach), past + reach):
                yield span
                begin = max(begin, span[1])

    def _anchor(self, text: str, begin: int) -> tuple[int, int] | None:
        """Where the next of the anchors begins and ends."""
        places = [(place, place + len(one)) for one in self.anchors if (place := text.find(one, begin)) >= 0]
        return min(places, default=None)

    def _spans(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        part = text[start:end]
        yield from self._found(text, start, _plain(part, drop_blanks=self.is_long))
        if not self.is_long and len(self.text) >= _WRAPPED and "\n" in part:
            yield from self._found(text, start, _plain(part, drop_blanks=False, join_lines=True))

    def _found(self, text: str, start: int, pieces: Sequence[_Piece]) -> Iterator[tuple[int, int]]:
        plain = "".join(piece[0] for piece in pieces)
        place = plain.find(self.plain)
        while place >= 0:
            last = place + len(self.plain)
            first, past = start + pieces[place][1], start + pieces[last - 1][2]
            yield self._whole_run(text, first, past) if self.encoded else (first, past)
            place = plain.find(self.plain, last)

    @staticmethod
    def _whole_run(text: str, first: int, past: int) -> tuple[int, int]:
        before = _BASE64.match(text[max(0, first - _TOO_MUCH) : first][::-1])
        after = _BASE64.match(text, past)
        return first - (before.end() if before else 0), after.end() if after else past


@functools.lru_cache(maxsize=4096)
def needles(text: str) -> tuple[Needle, ...]:
    """What to look for to find a text: the text itself, and its forms in base64 and in hexadecimal digits."""
    raw = text.encode(errors="surrogatepass")
    # Servers may bring a text into another Unicode form, or read it as Latin-1.
    forms = (text, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD")), raw.decode("latin-1"))
    found = [_needle(form) for form in dict.fromkeys(forms) if len(form) >= _SHORTEST]
    in_json = (json.dumps(text, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False))
    found += [
        _needle(core, encoded=True)
        for form in dict.fromkeys((text, *in_json))
        for core in _cores(form.encode(errors="surrogatepass"))
    ]
    if len(raw) >= 2 * _SHORTEST:
        found += [_needle(raw.hex()), _needle(raw.hex().upper())]
    return tuple(one for one in dict.fromkeys(found) if len(one.plain) >= _SHORTEST)


def _needle(text: str, *, encoded: bool = False) -> Needle:
    plain = "".join(piece[0] for piece in _plain(text, drop_blanks=len(text) >= _LONG)).strip()
    return Needle(text, plain, _anchors(text), encoded)


def _anchors(text: str) -> tuple[str, ...]:
    words = sorted(_WORD.findall(text), key=len, reverse=True)
    word = words[0] if words else ""
    half = len(word) // 2
    if half >= _SHORTEST:
        return word[:half], word[half:]
    return (word, *(one for one in words[1:2] if len(one) + 1 >= _SHORTEST))


@functools.lru_cache(maxsize=4)
def _escaped_letters(text: str) -> tuple[tuple[int, int], ...]:
    """Where letters are quoted, each place with what is around it."""
    places: list[tuple[int, int]] = []
    for match in _ESCAPED_LETTERS.finditer(text):
        start, end = max(0, match.start() - _AROUND), match.end() + _AROUND
        if places and start <= places[-1][1]:
            start, _end = places.pop()
        places.append((start, end))
    return tuple(places)


def _cores(raw: bytes) -> Iterator[str]:
    """What of the text's base64 does not depend on what stands before and after it, for each way it can begin."""
    for offset in range(3):
        begin, end = -(-offset * 8 // 6), (offset + len(raw)) * 8 // 6
        if end - begin < 2 * _SHORTEST:
            continue
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(b"\0" * offset + raw).decode()[begin:end]


@functools.lru_cache(maxsize=16)
def _plain(text: str, *, drop_blanks: bool, join_lines: bool = False) -> Sequence[_Piece]:
    """The characters of a text with all quoting taken off."""
    pieces: list[_Piece] = [(one, place, place + 1) for place, one in enumerate(text)]
    if join_lines:
        for match in reversed(list(_LINE_END.finditer(text))):
            start, end = match.span()
            del pieces[start:end]
    for _pass in range(_PASSES):
        joined = "".join(piece[0] for piece in pieces)
        if not _QUOTED.search(joined):
            break
        pieces = list(_unquoted(joined, pieces))
    kept = [piece for piece in pieces if not _QUOTES.match(piece[0])]
    result: list[_Piece] = []
    for one, start, end in kept:
        if not _BLANKS.match(one):
            result.append((one, start, end))
        elif not drop_blanks and result and result[-1][0] != " ":
            result.append((" ", start, end))
    return result


def _unquoted(text: str, pieces: list[_Piece]) -> Iterator[_Piece]:
    """One level of quoting taken off; `text` is that of the pieces."""
    begin = 0
    for match in _QUOTED.finditer(text):
        yield from pieces[begin : match.start()]
        begin = match.end()
        place = match.start()
        for one, length in _decoded(match):
            yield one, pieces[place][1], pieces[place + length - 1][2]
            place += length
    yield from pieces[begin:]


def _decoded(match: re.Match[str]) -> Iterator[tuple[str, int]]:
    """The characters that were quoted, and how many characters each took."""
    kind, quoted = match.lastgroup, match[0]
    if kind == "percent":
        yield from _of_bytes(bytes.fromhex(quoted.replace("%", "")), 3)
    elif kind == "hex":
        yield from _of_bytes(bytes.fromhex(quoted.replace("\\x", "")), 4)
    elif kind == "octal":
        yield from _of_bytes(bytes(int(one, 8) for one in quoted.split("\\")[1:]), 4)
    elif kind == "utf16":
        for one in bytes.fromhex(quoted.replace("\\u", "")).decode("utf-16-be", "surrogatepass"):
            yield one, 12 if ord(one) > 0xFFFF else 6
    elif kind == "utf32":
        number = int(match["utf32"], 16)
        yield chr(number) if number < 0x110000 else "?", len(quoted)
    elif kind == "entity":
        meant = html.unescape(quoted)
        yield from [(meant, len(quoted))] if len(meant) == 1 else ((one, 1) for one in quoted)
    elif kind == "blank":
        yield " ", len(quoted)
    else:
        yield match["escaped"], len(quoted)


def _of_bytes(raw: bytes, width: int) -> Iterator[tuple[str, int]]:
    """Bytes as UTF-8, or as Latin-1 where they are not."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        yield from ((chr(one), width) for one in raw)
        return
    for one in text:
        yield one, width * len(one.encode())
