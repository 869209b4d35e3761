# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema language of older releases, which converts numbers and texts into each other and has its own messages.

A value is first cleaned (types, unknown and missing members, choices), then validated (ranges, times, schedules). Only
what is clean is validated, and each step reports everything it finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.nas.models import cron
from simulator.nas.models.base import ABSENT

HIDDEN = "********"
Rows = list[tuple[str, str]]


class Refused(Exception):
    """What is wrong with a value.

    :param rows: path and message of each fault
    :param nested: the value was an object
    """

    def __init__(self, rows: Rows, *, nested: bool = False) -> None:
        super().__init__(rows)
        self.rows = rows
        self.nested = nested

    def __str__(self) -> str:
        if self.nested:
            return "".join(f"[EINVAL] {path}: {message}\n" for path, message in self.rows)
        return f"[{self.rows[0][0]}] {self.rows[0][1]}"


@dataclass
class Schema:
    """Any value.

    :param default: what stands in when nothing is given; ABSENT: nothing does
    :param secret: hidden from accounts that may only read
    """

    name: str
    required: bool = False
    default: Any = ABSENT
    null: bool = False
    secret: bool = False
    choices: tuple[Any, ...] | None = None

    def clean(self, value: Any, path: str) -> Any:
        """The value converted.

        :raises Refused: it can not be
        """
        if value is None and not self.null:
            raise Refused([(path, "null not allowed")])
        if value is not None:
            value = self.convert(value, path)
        if self.choices is not None and value not in self.choices:
            raise Refused([(path, f"Invalid choice: {value}")])
        return value

    def convert(self, value: Any, path: str) -> Any:
        """A value that is not null, in its own type."""
        return value

    def validate(self, value: Any, path: str) -> Rows:
        """What is wrong with a clean value."""
        return []

    def redact(self, value: Any) -> Any:
        """The value with its secrets hidden."""
        return HIDDEN if self.secret else value


@dataclass
class Str(Schema):
    """Text; whole numbers are taken for it."""

    max_length: int = 1024
    empty: bool = True
    pattern: str | None = None
    check: Callable[[str], str | None] = lambda value: None

    def convert(self, value: Any, path: str) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise Refused([(path, "Not a string")])
        if not value and not self.empty:
            raise Refused([(path, "Empty value not allowed")])
        return value

    def validate(self, value: Any, path: str) -> Rows:
        if value is None:
            return []
        if len(value) > self.max_length:
            return [(path, f"Value greater than {self.max_length} not allowed")]
        if self.pattern is not None and not re.search(self.pattern, value):
            return [(path, f"Does not match {self.pattern}")]
        problem = self.check(value)
        return [] if problem is None else [(path, problem)]


@dataclass
class Int(Schema):
    """A whole number; its digits as text are taken for it."""

    least: int | None = None
    most: int | None = None

    def convert(self, value: Any, path: str) -> Any:
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]+", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Refused([(path, "Not an integer")])
        return value

    def validate(self, value: Any, path: str) -> Rows:
        if value is None:
            return []
        if self.least is not None and value < self.least:
            return [(path, f"Should be greater than or equal to {self.least}")]
        if self.most is not None and value > self.most:
            return [(path, f"Should be less than or equal to {self.most}")]
        return []


@dataclass
class Bool(Schema):
    """True or false, and nothing that could be meant by it."""

    def convert(self, value: Any, path: str) -> Any:
        if not isinstance(value, bool):
            raise Refused([(path, "Not a boolean")])
        return value


@dataclass
class List(Schema):
    """A list whose items are alike."""

    item: Schema = field(default_factory=lambda: Schema("item"))
    check: Callable[[list[Any]], str | None] = lambda value: None

    def convert(self, value: Any, path: str) -> Any:
        if not isinstance(value, list):
            raise Refused([(path, "Not a list")])
        cleaned = []
        for number, item in enumerate(value):
            try:
                cleaned.append(self.item.clean(item, self.item.name))
            except Refused as error:
                raise Refused([(path, f"Item#{number} is not valid per list types: {error}")]) from error
        return cleaned

    def validate(self, value: Any, path: str) -> Rows:
        if value is None:
            return []
        problem = self.check(value)
        rows = [] if problem is None else [(path, problem)]
        for number, item in enumerate(value):
            rows += self.item.validate(item, f"{path}.{number}.{self.item.name}")
        return rows

    def redact(self, value: Any) -> Any:
        if self.secret:
            return HIDDEN
        if not isinstance(value, list):
            return value
        return [self.item.redact(item) for item in value]


@dataclass
class Dict(Schema):
    """An object.

    :param open: may have further members
    :param update: nothing is required, nothing filled in
    """

    members: tuple[Schema, ...] = ()
    open: bool = False
    update: bool = False

    def convert(self, value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise Refused([(path, "A dict was expected")])
        known = {member.name: member for member in self.members}
        rows: Rows = []
        cleaned = {}
        for name, item in value.items():
            if name in known:
                try:
                    cleaned[name] = known[name].clean(item, f"{path}.{name}")
                except Refused as error:
                    rows += error.rows
            elif self.open:
                cleaned[name] = item
            else:
                rows.append((f"{path}.{name}", "Field was not expected"))
        if not self.update:
            rows += self._complete(cleaned, value, path)
        if rows:
            raise Refused(rows, nested=True)
        return cleaned

    def _complete(self, cleaned: dict[str, Any], given: dict[str, Any], path: str) -> Rows:
        rows: Rows = []
        for member in self.members:
            if member.name in given:
                continue
            if member.required:
                rows.append((f"{path}.{member.name}", "attribute required"))
            elif member.default is not ABSENT:
                cleaned[member.name] = member.clean(member.default, f"{path}.{member.name}")
        return rows

    def validate(self, value: Any, path: str) -> Rows:
        if value is None:
            return []
        rows: Rows = []
        for member in self.members:
            if member.name in value:
                rows += member.validate(value[member.name], f"{path}.{member.name}")
        return rows

    def redact(self, value: Any) -> Any:
        if self.secret:
            return HIDDEN
        if not isinstance(value, dict):
            return value
        known = {member.name: member for member in self.members}
        return {name: known[name].redact(item) if name in known else item for name, item in value.items()}


@dataclass
class Cron(Dict):
    """A schedule."""

    members: tuple[Schema, ...] = tuple(Str(name, default=default) for name, default in cron.SCHEDULE.items())

    def validate(self, value: Any, path: str) -> Rows:
        problem = cron.check_schedule(value)
        return [] if problem is None else [(path, problem)]


@dataclass
class OneOf(Schema):
    """A value of the first schema that takes it."""

    schemas: tuple[Schema, ...] = ()

    def convert(self, value: Any, path: str) -> Any:
        for schema in self.schemas:
            try:
                return schema.clean(value, path)
            except Refused as error:
                last = error
        raise last

    def redact(self, value: Any) -> Any:
        for schema in self.schemas:
            same = isinstance(value, dict) == isinstance(schema, Dict)
            if same and isinstance(value, list) == isinstance(schema, List):
                return schema.redact(value)
        return value


def accept(schemas: tuple[Schema, ...], params: list[Any]) -> list[Any]:
    """Parameters checked, with defaults filled in.

    :raises Refused: everything that is wrong
    """
    rows: Rows = []
    accepted = []
    for number, schema in enumerate(schemas):
        try:
            if number < len(params):
                accepted.append(schema.clean(params[number], schema.name))
            elif isinstance(schema, Dict):
                accepted.append(schema.clean({}, schema.name))
            elif schema.default is ABSENT:
                raise Refused([(schema.name, "attribute required")])
            else:
                accepted.append(schema.default)
        except Refused as error:
            rows += error.rows
    if not rows:
        for schema, value in zip(schemas, accepted, strict=True):
            rows += schema.validate(value, schema.name)
    if rows:
        raise Refused(rows)
    return accepted


def check(schema: Schema, value: Any) -> None:
    """Refuse an answer that a schema would refuse, or would have to convert or complete.

    :raises Refused: always when anything is wrong
    """
    if schema.clean(value, "result") != value:
        raise Refused([("result", "The answer is not in its final form")])
    if rows := schema.validate(value, "result"):
        raise Refused(rows)
