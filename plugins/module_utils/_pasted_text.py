# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the JSON in a text as people have it: pasted, wrapped, saved by an editor or a shell of Windows.

PRIVATE to the collection. Pure. Only what changes no value is undone: the values of tokens and clients hold neither
blanks nor quotes.
"""

from __future__ import annotations

import ast
import base64
import binascii
import codecs
import json
import re
import warnings
from collections.abc import Iterator
from typing import Any

MAX_LENGTH = 100_000
"""No token or client is longer, and text is not searched for one beyond that."""

_LONGEST_LITERAL = 10_000

_QUOTES = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"') | dict.fromkeys("\u2018\u2019", "'")
)
_INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u2060\u00ad\u202a-\u202e]|\x1b\\[[0-9;?]*[A-Za-z]")
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_FRAME = re.compile(r"Paste the following into your remote machine\s*-+>|<-+\s*End paste", re.IGNORECASE)
_SECTION = re.compile(r"\s*\[(?P<name>[^\]\n{}\"]+)\]\s*")
_SETTING = re.compile(r"\s*(?P<name>[A-Za-z_]\w*)\s*[=:]\s*(?P<value>\S.*)")
_BASE64 = re.compile(r"[A-Za-z0-9+/_=-]+")


def repaired(text: str) -> str:
    """Return a text without what editors and terminals add, which is in no token and in no client.

    A file in UTF-16 that was read as UTF-8 is read again.
    """
    if "\0" in text:
        text = _read_again(text)
    return _BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip()


def from_bytes(data: bytes) -> str:
    """Decode a file as the byte order mark or the zero bytes in it tell. Raises `UnicodeDecodeError`."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    if data[1:2] == b"\0":
        return data.decode("utf-16-le")
    if data[:1] == b"\0":
        return data.decode("utf-16-be")
    return data.decode("utf-8-sig")


def _read_again(text: str) -> str:
    try:
        return from_bytes(text.encode("utf-8", "surrogateescape"))
    except UnicodeError:
        return re.sub("[\0\ufffd\udc80-\udcff]", "", text)


def documents(text: str) -> Iterator[Any]:
    """Yield what the text can be read as, the most literal reading first."""
    if len(text) > MAX_LENGTH:
        return
    try:
        yield json.loads(text)
    except (ValueError, RecursionError):
        pass
    else:
        return
    for quoted in (text, text.translate(_QUOTES)):
        remotes = _remotes(quoted)
        if remotes:
            yield remotes
            return
    for reading in _readings(text):
        try:
            yield json.loads(reading)
        except (ValueError, RecursionError):
            continue
    yield from _literals(text)
    blob = from_base64(text)
    if blob is not None:
        yield blob


def _readings(text: str) -> Iterator[str]:
    for one in (text, text.translate(_QUOTES)):
        within = one[one.find("{") : one.rfind("}") + 1]
        yield one
        yield within
        yield _joined(within)  # a terminal's line breaks, inside values, too
        yield within.replace('\\"', '"')  # JSON that was quoted for a shell
        yield re.sub(r"\s+", "", within)  # a fold of YAML


def _literals(text: str) -> Iterator[Any]:
    """A mapping as Python writes it: with single quotes, None and True."""
    within = text.translate(_QUOTES)
    within = within[within.find("{") : within.rfind("}") + 1]
    if "'" not in within or len(within) > _LONGEST_LITERAL:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about odd escapes in what may be anything
        try:
            yield ast.literal_eval(_joined(within))
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return


def _joined(text: str) -> str:
    return "".join(line.strip() for line in text.splitlines())


def _remotes(text: str) -> dict[str, dict[str, str]]:
    """The sections of an rclone.conf that have a token; a line `token = ...` alone is one without a name."""
    if not re.search(r"(?m)^\s*token\s*[=:]", text):
        return {}
    found: dict[str, dict[str, str]] = {}
    section = found.setdefault("", {})
    last = ""
    for line in text.splitlines():
        heading, setting = _SECTION.fullmatch(line), _SETTING.fullmatch(line)
        if heading:
            section, last = found.setdefault(heading["name"].strip(), {}), ""
        elif setting and (not last or section[last].count("{") == section[last].count("}")):
            last = setting["name"]
            section[last] = setting["value"].rstrip()
        elif last:
            section[last] += line.strip()
    return {name: settings for name, settings in found.items() if "token" in settings}


def from_base64(text: str) -> Any:
    """Return what a blob of `rclone authorize` holds, also wrapped; `None` when it is none or not whole."""
    decoded = decoded_base64(text)
    try:
        return None if decoded is None else json.loads(decoded)
    except (ValueError, RecursionError):
        return None


def decoded_base64(text: str) -> str | None:
    """Return the text in base64 that begins a JSON object; `None` when there is none. It may be cut off."""
    words = _FRAME.sub(" ", text).strip("'\" \n").split()
    begins = [place for place, word in enumerate(words) if word.startswith("ey")]
    if not begins:
        return None
    packed = ""
    for word in words[begins[0] :]:
        if not _BASE64.fullmatch(word) or (packed and word.startswith("ey") and len(begins) > 1):
            break
        packed += word
    packed = packed.rstrip("=").translate(str.maketrans("+/", "-_"))
    for length in (len(packed), len(packed) - 1):
        try:
            return base64.urlsafe_b64decode(packed[:length] + "=" * (-length % 4)).decode("utf-8", "ignore")
        except binascii.Error:
            continue
    return None


def is_cut_off(text: str) -> bool:
    """Return whether a text begins a JSON object, or a blob with one, and does not end it."""
    text = text.translate(_QUOTES)
    if "{" not in text:
        text = decoded_base64(text) or ""
    inside = False
    depth = 0
    letters = iter(text[text.find("{") :] if "{" in text else "")
    for letter in letters:
        if letter == "\\":
            next(letters, None)
        elif letter == '"':
            inside = not inside
        elif not inside and letter in "{}":
            depth += 1 if letter == "{" else -1
            if not depth:
                return False
    return depth > 0
