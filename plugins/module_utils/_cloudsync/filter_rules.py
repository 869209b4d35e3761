# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refuse filters of a task that can never match, or that rclone cannot read. PRIVATE to the collection. Pure.

rclone says nothing about a filter that fits no file: what was to be kept back is uploaded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_patterns import PatternError, regex

_SIGN = re.compile(r"([-+\u2012-\u2015\u2212])(\s+|(?=/))(.+)", re.DOTALL)  # editors make a dash of a minus
_QUOTES = (
    '""',
    "''",
    "``",
    "\u201c\u201d",
    "\u201e\u201c",
    "\u201d\u201d",
    "\u2018\u2019",
    "\u2019\u2019",
    "\u00ab\u00bb",
)
_ONE = r"(?:\*\.[\w-]+|/[^,;|{}]+/\*\*)"
_SEVERAL = re.compile(rf"{_ONE}(?:\s*[,;|]\s*{_ONE})+|\*\.[\w-]+(?:\s+\*\.[\w-]+)+")
_SEPARATOR = re.compile(r"[,;|\s]+(?=[*/])")
_EITHER_OR = re.compile(r"(.*?)[@+?*!]?\(([^()|/]{1,80}(?:\|[^()|/]{1,80}){1,80})\)(.*)")
_CHOICE = re.compile(r"(?<!\\)\{([^{}]*,[^{}]*)\}")
_RANGE = re.compile(r"(?<!\\)\{(\w+)\.\.(\w+)\}")
_OTHER_PROGRAM = re.compile(r"(?:re|regexp?|glob|rootglob|sh|fm|pp|pf|path):|\(\?[a-z]+\)|\$\{?HOME\}?/|%[A-Z]+%[\\/]")
_REST = re.compile(r"(\*\.[\w-]+)(?:\s*[,;]|\s+#.*)")
_OTHER_DATASET = re.compile(r"/mnt/[^*?\[\]{}\\/]+/[^*?\[\]{}\\/]+")
_ESCAPED_STARS = re.compile(r"\\\*\.[\w-]+|.*[^\\]\\\*\*")
_PLAIN = re.compile(r"[^*?\[\]{}\\]+")


def check_patterns(option: str, patterns: Iterable[str], path: str | None = None) -> None:
    """Refuse patterns that cannot do what they are there for.

    Args:
        option: `include` or `exclude`.
        path: The task's local directory, where it is known.

    Raises:
        OptionError: names the option, the pattern, and the right spelling.
    """
    for pattern in patterns:
        if problem := _problem(option, pattern, path):
            raise OptionError(f"{option}: {problem}")


def _problem(option: str, pattern: str, path: str | None) -> str | None:
    if "\n" in pattern or "\r" in pattern:
        return f"{pattern!r} holds a line end. Give one pattern an entry of the list."
    if not pattern.strip():
        return "an entry is empty. Give rclone filter patterns, or an empty list for none."
    if any(unicodedata.category(char) == "Cc" for char in pattern):
        return f"{pattern!r} holds a control character. Remove it."
    text = pattern.rstrip()
    if unseen := names.invisible(text):
        return f"{pattern!r} {unseen}, so that it can never match what is meant. Type it anew."
    for rule in (_sign, _foreign, _several, _absolute, _parts, _whole):
        if problem := rule(option, text, path):
            return f"{pattern!r} {problem}"
    try:
        regex(text)
    except PatternError as error:
        return (
            f"{pattern!r} is not a pattern that rclone can read: {error}. Every run would fail. Correct it, or give "
            "the pattern as one entry of a list if it was cut."
        )
    return None


def _sign(option: str, pattern: str, path: str | None) -> str | None:
    """The form of a filter file, or of a command line."""
    if pattern.startswith("--"):
        return "is an argument of rclone. Give the pattern alone."
    if match := _SIGN.fullmatch(pattern):
        sign, wanted = match[1], match[3].strip()
        meant = "include" if sign == "+" else "exclude"
        where = f" in {meant}" if meant != option else ""
        return (
            f"can never match: the {sign} at its beginning belongs to a filter file of rclone, and {option} stands for "
            f"it here. Write {_spelt(wanted, path)!r}{where}."
        )
    if pattern[:2] in ("# ", "; "):
        return "is a comment, which would be taken as a pattern. Remove it."
    if pattern == "!":
        return "clears the list in a filter file of rclone. Here it would be taken as a name. Remove it."
    return None


def _foreign(dummy: str, pattern: str, path: str | None) -> str | None:
    """Spellings of other programs."""
    if len(pattern) > 2 and pattern[0] + pattern[-1] in _QUOTES:
        return f"can never match, as its quotes are part of it. Write {_spelt(pattern[1:-1], path)!r}."
    if pattern != pattern.lstrip():
        return f"can never match, as it begins with a blank. Write {_spelt(pattern.lstrip(), path)!r}."
    if re.match(r"[A-Za-z]:[\\/]|\\\\|[a-z]+://|~/", pattern):
        return "can never match: paths are relative to the path of the task. Write /DIRECTORY/** for a directory."
    if prefix := _OTHER_PROGRAM.match(pattern):
        return (
            f"can never match: {prefix[0]!r} means something to other programs, and is part of a name here. Write an "
            "rclone pattern (*.tmp, /DIRECTORY/**), or a regular expression as {{EXPRESSION}}."
        )
    if pattern.startswith("^") or (pattern.endswith("$") and ".*" in pattern):
        inner = pattern.removeprefix("^").removesuffix("$")
        return (
            "looks like a regular expression, and would be taken as a name. Write an rclone pattern (*.tmp, "
            f"/DIRECTORY/**), or {'{{' + inner + '}}'!r}."
        )
    return None


def _several(dummy: str, pattern: str, path: str | None) -> str | None:
    """Several patterns in one, and signs that mean something to other programs."""
    if _SEVERAL.fullmatch(pattern):
        entries = ", ".join(repr(_spelt(one, path)) for one in _SEPARATOR.split(pattern))
        return f"can never match, as it is several patterns in one. Give each an entry of the list: [{entries}]."
    if rest := _REST.fullmatch(pattern):
        return f"can never match, as what follows {rest[1]} is part of it. Write {rest[1]!r}."
    if "{{" not in pattern and (problem := _choices(pattern)):
        return problem
    if _ESCAPED_STARS.fullmatch(pattern):
        meant = pattern.removeprefix("\\") if pattern.startswith("\\*.") else pattern[:-3].replace("\\", "/") + "/**"
        return f"can never match, as a backslash before a star makes it a letter like others. Write {meant!r}."
    return None


def _choices(pattern: str) -> str | None:
    """Ways to write one of several, of which rclone has another."""
    if either := _EITHER_OR.fullmatch(pattern):
        meant = either[1] + "{" + either[2].replace("|", ",") + "}" + either[3]
        return f"can never match, as ( | ) are letters like others in a pattern of rclone. Write {meant!r}."
    if a_range := _RANGE.search(pattern):
        return (
            f"can never match, as rclone knows no {a_range[0]}. Write {f'[{a_range[1]}-{a_range[2]}]'!r} for single "
            "letters or digits, or name each: {a,b,c}."
        )
    meant = _CHOICE.sub(lambda choice: "{" + ",".join(map(str.strip, choice[1].split(","))) + "}", pattern)
    if meant != pattern:
        return f"can never match all that is meant, as the blanks between its braces are part of it. Write {meant!r}."
    return None


def _absolute(dummy: str, pattern: str, path: str | None) -> str | None:
    """A path of the NAS in place of one below the task's path."""
    if path is None:
        return None
    wanted = _below(pattern, path)
    if wanted is not None:
        return (
            f"can never match: patterns are relative to the path of the task, {path}. Write {_spelt(wanted, path)!r}."
        )
    pool = "/".join(path.split("/")[:3])
    if pattern.startswith(f"{pool}/") or pattern == pool or _OTHER_DATASET.match(pattern):
        return f"can never match: it is not below the path of the task, {path}. Remove it, or correct it."
    return None


def _below(pattern: str, path: str) -> str | None:
    place = path.strip("/")
    if not place:
        return None
    given = pattern.lstrip("/")
    spellings = [place] + ([place.removeprefix("mnt/")] if pattern.startswith("/") and place.count("/") > 1 else [])
    for spelling in spellings:
        if given == spelling or given == f"{spelling}/":
            return "/**"
        if names.normal(given).startswith(names.normal(spelling) + "/"):
            return "/" + "/".join(given.split("/")[spelling.count("/") + 1 :])
    return None


def _parts(dummy: str, pattern: str, path: str | None) -> str | None:
    """Parts that no path of rclone's has."""
    if "{{" in pattern:
        return None
    parts = pattern.removeprefix("/").removesuffix("/").split("/")
    if pattern.strip("/") and any(part in ("", ".", "..") for part in parts):
        part = next(part for part in parts if part in ("", ".", ".."))
        what = "two slashes in a row" if not part else f"the part {part!r}"
        return f"can never match, as no path has {what}. Write {_spelt(pattern, path)!r}."
    return None


def _whole(option: str, pattern: str, dummy: str | None) -> str | None:
    if not pattern.strip("/"):
        return "fits everything as exclude and nothing as include. Write '/*' for the files directly in the path."
    if option == "include" and pattern.endswith("/"):
        return f"fits directories and no file, so that nothing is transferred. Write {pattern + '**'!r}."
    return None


def _spelt(pattern: str, path: str | None) -> str:
    """The pattern that is most likely meant."""
    text = pattern.strip()
    if path is not None:
        text = _below(text, path) or text
    anchored = text.startswith(("/", "./", "../"))
    parts = [part for part in text.split("/") if part not in ("", ".", "..")]
    last = "/" if text.endswith("/") and parts else ""
    return ("/" if anchored else "") + "/".join(parts) + last if parts else "/**"


def names_directory(pattern: str) -> bool:
    """Whether a pattern begins with a name, which can be that of a directory in the task's path."""
    return _PLAIN.fullmatch(_first(pattern)) is not None


def _first(pattern: str) -> str:
    return pattern.strip().removeprefix("/").partition("/")[0]


def check_against(option: str, patterns: Iterable[str], directories: Collection[str]) -> list[str]:
    """Compare patterns with the directories that are there.

    Args:
        directories: Names of the directories directly in the task's path.

    Returns:
        What to warn of: patterns that differ from a directory's name in the case of letters or the Unicode form.

    Raises:
        OptionError: a pattern is the name of a directory, so that it fits none of the files in it.
    """
    warnings = []
    for pattern in patterns:
        if not names_directory(pattern):
            continue
        first = _first(pattern)
        rest = pattern.strip().removeprefix("/")[len(first) :]
        if first in directories:
            if not rest:
                raise OptionError(
                    f"{option}: {pattern!r} fits files of that name only, and {first!r} is a directory. Write "
                    f"{pattern.strip() + '/**'!r} for all that is in it."
                )
            continue
        if rest or pattern.startswith("/"):
            warnings += _nearly(option, pattern, first, directories)
        elif bare := _alike(first, directories):
            warnings.append(
                f"{option}: {pattern!r} fits files of that name only. Write {bare + '/**'!r} for all that is in the "
                f"directory {bare!r}."
            )
    return warnings


def _nearly(option: str, pattern: str, first: str, directories: Iterable[str]) -> list[str]:
    there = _alike(first, directories)
    if there is None:
        return []
    how = "their Unicode form" if names.same(first, there) else "upper and lower case"
    right = pattern.replace(first, there, 1)
    return [
        f"{option}: {pattern!r} does not fit the directory {there!r}, as rclone tells names apart that differ in "
        f"{how}. Write {right!r}."
    ]


def _alike(name: str, directories: Iterable[str]) -> str | None:
    """The directory that a name nearly is."""
    return next((one for one in sorted(directories) if names.twins([name, one], folds_case=True)), None)
