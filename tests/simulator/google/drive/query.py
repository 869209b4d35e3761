# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The language of `q` in `files.list`: terms, `and`, `or`, `not` and brackets."""

from __future__ import annotations

import re
from collections.abc import Callable

from simulator.google.drive.store import File

Test = Callable[[File], bool]
"""Whether a file is meant."""

_TOKEN = re.compile(r"\s*(?:('(?:[^'\\]|\\.)*')|([A-Za-z0-9_]+)|(!=|<=|>=|[=<>()]))")


class QueryError(ValueError):
    """A query that cannot be understood."""


class Facts:
    """What a query may ask about a file, as one account sees it."""

    def __init__(self, is_trashed: Test, is_shared_with_me: Test, resolve: Callable[[str], str]) -> None:
        self.is_trashed = is_trashed
        self.is_shared_with_me = is_shared_with_me
        self.resolve = resolve
        """The id that an id stands for: `root` is the account's own."""


def parse(text: str, facts: Facts) -> Test:
    """Raises `QueryError`."""
    tokens = _tokens(text)
    if not tokens:
        return lambda file: True
    parser = _Parser(tokens, facts)
    test = parser.any_of()
    parser.end()
    return test


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise QueryError(f"not understood: {text[at:]}")
        tokens.append(match.group().strip())
        at = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[str], facts: Facts) -> None:
        self._tokens = tokens
        self._facts = facts
        self._at = 0

    def any_of(self) -> Test:
        tests = [self._all_of()]
        while self._accept("or"):
            tests.append(self._all_of())
        return lambda file: any(test(file) for test in tests)

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise QueryError(f"not understood: {self._tokens[self._at]}")

    def _all_of(self) -> Test:
        tests = [self._one()]
        while self._accept("and"):
            tests.append(self._one())
        return lambda file: all(test(file) for test in tests)

    def _one(self) -> Test:
        if self._accept("not"):
            test = self._one()
            return lambda file: not test(file)
        if self._accept("("):
            test = self.any_of()
            self._expect(")")
            return test
        return self._term()

    def _term(self) -> Test:
        first = self._next()
        if first.startswith("'"):
            self._expect("in")
            if self._next() != "parents":
                raise QueryError("only parents can be asked for")
            wanted = self._facts.resolve(_text(first))
            return lambda file: file.parent == wanted
        if first in ("trashed", "sharedWithMe", "starred"):
            return self._flag(first)
        operator, value = self._next(), _text(self._next())
        if first == "name":
            return _on_name(operator, value)
        if first == "mimeType" and operator in ("=", "!="):
            return lambda file: (file.mime_type == value) == (operator == "=")
        raise QueryError(f"not understood: {first}")

    def _flag(self, name: str) -> Test:
        wanted = True
        if self._peek() in ("=", "!="):
            wanted = (self._next() == "=") == (self._next() == "true")
        test = {
            "trashed": self._facts.is_trashed,
            "sharedWithMe": self._facts.is_shared_with_me,
            "starred": lambda file: False,
        }[name]
        return lambda file: test(file) == wanted

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> str:
        token = self._peek()
        if token is None:
            raise QueryError("it ends too early")
        self._at += 1
        return token

    def _accept(self, token: str) -> bool:
        if self._peek() == token:
            self._at += 1
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._accept(token):
            raise QueryError(f"{token} is missing")


def _on_name(operator: str, value: str) -> Test:
    """`contains` finds the beginnings of words, whatever their case."""
    if operator in ("=", "!="):
        return lambda file: (file.name == value) == (operator == "=")
    if operator == "contains":
        begin = re.compile(r"(?:^|[\W_])" + re.escape(value), re.IGNORECASE)
        return lambda file: bool(begin.search(file.name))
    raise QueryError(f"no operator for a name: {operator}")


def _text(token: str) -> str:
    if not token.startswith("'"):
        raise QueryError(f"a text is missing at {token}")
    return re.sub(r"\\(.)", r"\1", token[1:-1])
