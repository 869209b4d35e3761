# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read a task's arguments as rclone reads them. PRIVATE to the collection. Pure.

TrueNAS splits them as a shell does and puts them before rclone's command: `rclone ... ARGS sync FROM TO`. So a
word that is no flag is the command, and a flag that lacks its value takes the command for it.
"""

from __future__ import annotations

import difflib
import shlex
from dataclasses import dataclass

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_flags import (
    FLAGS,
    OF_COMMANDS,
    SHORT,
    Flag,
    Kind,
)

_TRUE = ("1", "t", "T", "true", "TRUE", "True")
_FALSE = ("0", "f", "F", "false", "FALSE", "False")
_COUNTS = ("verbose",)
_OTHER_DASHES = ("\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212")


@dataclass(frozen=True)
class Given:
    """A flag as it is given.

    Attributes:
        spelled: The flag as it is written, without its value.
        value: Its value; `None` for a switch that has none.
    """

    flag: Flag
    spelled: str
    value: str | None

    @property
    def off(self) -> bool:
        """Whether it is a switch that is turned off."""
        return not self.flag.takes_value and self.value in _FALSE


@dataclass(frozen=True)
class CommandLine:
    """The arguments of a task.

    Attributes:
        given: The flags, in their order, up to the first word that rclone does not take for one.
        problem: What is wrong with that word and what to do, without a value that may be secret; `None` when
            all is understood.
    """

    given: tuple[Given, ...]
    problem: str | None


class _NotUnderstood(ValueError):
    """A word cannot stand where it does."""


def parse(args: str) -> CommandLine:
    """Read the arguments of a task. Never raises."""
    try:
        words = shlex.split(args)
    except ValueError as error:
        return CommandLine((), f"its quotes cannot be read ({error}). Close every quote, or write \\ before one")
    given: list[Given] = []
    problem = None
    try:
        while words:
            word = words.pop(0)
            if word.startswith("--") and word != "--":
                given.append(_long(word, words))
            elif word.startswith("-") and word not in ("-", "--"):
                _take_letters(word, words, given)
            elif word.startswith(_OTHER_DASHES):
                raise _NotUnderstood(
                    f"the word {word!r} begins with another dash than the hyphens that rclone knows. Write "
                    f"--{word.lstrip(''.join(('-', *_OTHER_DASHES)))}"
                )
            else:
                raise _NotUnderstood(
                    f"the word {word!r} is not an option, so rclone takes it for its command instead of the task's "
                    "transfer_mode. Leave it out. If it is the value of an option, write --OPTION=VALUE, and quote "
                    "a value with blanks"
                )
    except _NotUnderstood as error:
        problem = str(error)
    return CommandLine(tuple(given), problem)


def _long(word: str, rest: list[str]) -> Given:
    name, equals, value = word[2:].partition("=")
    spelled = f"--{name}"
    flag = FLAGS.get(name)
    if flag is None and name in OF_COMMANDS:
        return Given(Flag(name, True, Kind.OF_COMMAND), spelled, value)
    if flag is None:
        raise _NotUnderstood(f"rclone has no option {spelled}. {_meant(name)}")
    if equals:
        return _checked(Given(flag, spelled, value))
    return Given(flag, spelled, _following(spelled, rest) if flag.takes_value else None)


def _take_letters(word: str, rest: list[str], given: list[Given]) -> None:
    """Read `-vx`, `-fVALUE`, `-f=VALUE`: switches in one word, of which the last may be an option with its value."""
    letters = word[1:]
    name = letters.partition("=")[0]
    if name in FLAGS:
        raise _NotUnderstood(f"rclone has no option -{name}. Do you mean --{name}?")
    for place, letter in enumerate(letters):
        spelled, after = f"-{letter}", letters[place + 1 :]
        flag = SHORT.get(letter)
        if flag is None:
            raise _NotUnderstood(f"rclone has no option {spelled}. Leave it out")
        if after.startswith("=") or flag.takes_value:
            if not after and place:
                # rclone looks for its command first, and does not see that the next word belongs to this one.
                raise _NotUnderstood(f"{spelled} needs its value in the same word. Write it by itself: {spelled} VALUE")
            value = after.removeprefix("=") if after else _following(spelled, rest)
            given.append(_checked(Given(flag, spelled, value)))
            return
        given.append(Given(flag, spelled, None))


def _following(spelled: str, rest: list[str]) -> str:
    if not rest or rest[0].startswith("--"):
        taken = rest[0].partition("=")[0] if rest else "its command"
        joined = "=" if spelled.startswith("--") else " "
        raise _NotUnderstood(
            f"{spelled} has no value, so rclone takes {taken} for it. Give one: {spelled}{joined}VALUE"
        )
    return rest.pop(0)


def _checked(one: Given) -> Given:
    if one.flag.takes_value or one.flag.name in _COUNTS or one.value in _TRUE + _FALSE:
        return one
    raise _NotUnderstood(f"{one.spelled} is on or off, and {one.value!r} is neither. Write true or false behind the =")


def _meant(name: str) -> str:
    alike = difflib.get_close_matches(name.replace("_", "-").lower(), FLAGS, n=1, cutoff=0.75)
    return f"Do you mean --{alike[0]}?" if alike else "Leave it out"
