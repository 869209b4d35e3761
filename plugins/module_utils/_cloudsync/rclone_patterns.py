# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read rclone's filter patterns as rclone does. PRIVATE to the collection. Pure.

TrueNAS writes each pattern of `exclude` as `- PATTERN` and each of `include` as `+ PATTERN` into a filter file. A
pattern fits the end of a path, or the whole path when it begins with a slash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_ESCAPED = frozenset(".+()|^$")
_TOO_HARD = re.compile(r"\{[^{}]*(\*\*|/)[^{}]*\}")
_FLAGS = re.compile(r"\(\?([ims]+)\)")
# What Go's regular expressions do not have, and Python's do.
_NOT_IN_GO = re.compile(r"\(\?(=|!|<[=!]|P=|>|\()|\\[1-9]")


class PatternError(ValueError):
    """rclone cannot read a pattern; each run would fail. The message says what is wrong with it."""


@lru_cache(maxsize=1024)
def regex(pattern: str) -> re.Pattern[str] | None:
    """The regular expression that rclone makes of a pattern; `None` for one that only rclone can read.

    Raises:
        PatternError: rclone cannot read it.
    """
    text = _Glob(pattern.removeprefix("/")).read()
    whole = f"{'^' if pattern.startswith('/') else '(?:^|/)'}{text}$"
    if own := _NOT_IN_GO.search(whole):
        raise PatternError(f"rclone's regular expressions do not have {own[0]!r}")
    if "[:" in pattern:  # classes of characters, which Python does not have
        return None
    try:
        return re.compile(_FLAGS.sub(r"(?\1:", whole) + ")" * len(_FLAGS.findall(whole)), re.DOTALL)
    except re.error as error:
        if "{{" in pattern and not _is_wrong_anywhere(error):
            return None
        raise PatternError(f"rclone cannot read it ({error.msg})") from None


def _is_wrong_anywhere(error: re.error) -> bool:
    words = (
        "missing )",
        "unbalanced parenthesis",
        "unterminated character set",
        "bad character range",
        "nothing to",
        "multiple repeat",
    )
    return error.msg.startswith(words)


class _Glob:
    """One pattern, read letter by letter."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._out: list[str] = []
        self._stars = self._braces = self._brackets = 0
        self._slashed = self._in_regex = self._after_regex = False
        self._last = ""

    def read(self) -> str:
        for char in self._pattern:
            self._take(char)
            self._last = char
        self._end_stars()
        if self._brackets:
            raise PatternError("its [ has no ]")
        if self._in_regex:
            raise PatternError("its {{ has no }}")
        if self._braces:
            raise PatternError("its { has no }" if self._braces > 0 else "its } has no {")
        if self._slashed:
            raise PatternError("it ends with a backslash, which takes the meaning of the character behind it away")
        return "".join(self._out)

    def _take(self, char: str) -> None:
        if self._slashed:
            if char.isascii() and char.isalnum():
                raise PatternError(f"it separates directories by a backslash (\\{char}); rclone wants /")
            self._out.append(char)
            self._slashed = False
            return
        if char != "*":
            self._end_stars()
        if self._brackets:
            self._out.append(char)
            self._brackets += {"[": 1, "]": -1}.get(char, 0)
        elif self._after_regex and char == "}":
            self._out[-1:] = ["}", ")"]
        elif self._in_regex:
            self._take_regex(char)
        else:
            self._after_regex = False
            self._take_glob(char)

    def _take_regex(self, char: str) -> None:
        if char == "}" and self._last == "}":
            self._out[-1] = ")"
            self._in_regex, self._after_regex = False, True
        else:
            self._out.append(char)

    def _take_glob(self, char: str) -> None:
        if char == "{" and self._last == "{":
            self._braces -= 1
            self._in_regex = True
        elif char == "\\":
            self._out.append(char)
            self._slashed = True
        elif char == "*":
            self._stars += 1
        elif char == "?":
            self._out.append("[^/]")
        elif char == "[":
            self._out.append(char)
            self._brackets += 1
        elif char == "]":
            raise PatternError("its ] has no [")
        elif char in "{}":
            self._out.append("(" if char == "{" else ")")
            self._braces += 1 if char == "{" else -1
        elif char == "," and self._braces > 0:
            self._out.append("|")
        else:
            self._out.append(f"\\{char}" if char in _ESCAPED else char)

    def _end_stars(self) -> None:
        if self._stars > 2:
            raise PatternError(f"it has {self._stars} stars in a row; rclone knows * and **")
        if self._stars:
            self._out.append("[^/]*" if self._stars == 1 else ".*")
        self._stars = 0


class Filters:
    """The filters of one task.

    Attributes:
        known: Whether all of them could be read.
    """

    def __init__(self, include: Iterable[str], exclude: Iterable[str]) -> None:
        self.known = True
        self._files: list[tuple[re.Pattern[str], bool]] = []
        self._directories: list[tuple[re.Pattern[str], bool]] = []
        for pattern in map(str.rstrip, exclude):
            whole = f"{pattern}**" if pattern.endswith("/") else pattern
            self._add(self._files, whole, keeps=False)
            if "**" in whole:
                self._add(self._directories, whole, keeps=False)
        self._takes_all = True
        for pattern in map(str.rstrip, include):
            self._takes_all = False
            if not pattern.endswith("/"):
                self._add(self._files, pattern, keeps=True)
            for one in _directories_of(pattern):
                self._add(self._directories, one, keeps=True)

    def _add(self, rules: list[tuple[re.Pattern[str], bool]], pattern: str, *, keeps: bool) -> None:
        try:
            compiled = regex(pattern)
        except PatternError:
            compiled = None
        if compiled is None:
            self.known = False
        else:
            rules.append((compiled, keeps))

    def keep(self, path: str) -> bool:
        """Whether a file with this path below the task's is transferred, as far as its own path says so."""
        return next((keeps for fits, keeps in self._files if fits.search(path)), self._takes_all)

    def enter(self, path: str) -> bool:
        """Whether rclone looks into the directory with this path."""
        return next((keeps for fits, keeps in self._directories if fits.search(f"{path}/")), self._takes_all)


def _directories_of(pattern: str) -> list[str]:
    """The directories in which rclone looks for what a pattern of `include` fits."""
    if _TOO_HARD.search(pattern):
        return ["/**"]
    found: list[str] = []
    left = re.sub("/{2,}", "/", pattern)
    while True:
        slash, stars = left.rfind("/"), left.rfind("**")
        if slash < 0 and stars < 0:
            return found or ["/**"]
        left, what = (left[:stars], "**") if stars > slash else (left[:slash], "")
        if found[-1:] != [f"{left}{what}/"]:
            found.append(f"{left}{what}/")
