# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options as people write them, in the types that an argument spec wants.

PRIVATE to the collection. Pure. Ansible's own validation cuts a text for a list at its commas, makes a text of a list
by Python's rules, and shows whatever it refuses. So this comes first: what has one meaning is taken as that, everything
else is refused by name, without a value that may be secret.
"""

from __future__ import annotations

import difflib
import json
import re
import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from ansible.module_utils.common.validation import check_type_dict
from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import public_address
from ansible_collections.nasops.cloudsync.plugins.module_utils._secret_values import reason

Spec = Mapping[str, Mapping[str, Any]]

_PLACEHOLDER = re.compile(r"__omit_place_holder__[0-9a-f]+")
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")
_FLAG_AND_VALUE = re.compile(r"(--?[\w-]+)\s+(\S.*)", re.DOTALL)
_LONGEST_SHOWN = 60

_WORDS = ("args",)
"""Text options that are a command line, so that a list of its words means the same."""

_OF_LINES = ("pre_script", "post_script")
"""Text options in which a line end belongs to the text. Elsewhere a block of YAML, a file or a command has added it."""


class WrongOptionsError(OptionError):
    """Options that cannot be used.

    Attributes:
        problems: A sentence or two for each.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))


class _Refused(ValueError):
    """A value that cannot be used. The message goes on from the name of the option."""


def is_omitted(value: object) -> bool:
    """Return whether a value stands for an option that is left out: Ansible's `omit`, of any release."""
    return type(value).__name__ == "_OmitType" or (isinstance(value, str) and bool(_PLACEHOLDER.fullmatch(value)))


def without_omitted(value: Any) -> Any:
    """Return a value without what is omitted in it, at any depth."""
    if isinstance(value, Mapping):
        return {name: without_omitted(item) for name, item in value.items() if not is_omitted(item)}
    if isinstance(value, (list, tuple)):
        return [without_omitted(item) for item in value if not is_omitted(item)]
    return value


def similar(name: str, names: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the one of `names` that was probably meant by `name`, if there is one."""
    by_form = {_form(one): one for one in names}
    words = sorted(_form(name).split("_"))
    for form, one in by_form.items():
        if sorted(form.split("_")) == words:  # the right words in another order
            return one
    alike = difflib.get_close_matches(_form(name), by_form, n=1, cutoff=cutoff)
    return by_form[alike[0]] if alike else None


def _form(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).replace("-", "_").replace(" ", "_").lower()


def unknown(name: str, of: str, names: Iterable[str]) -> str:
    """Return the message about an option that does not exist."""
    names = sorted(names)
    alike = similar(name, names, 1) or _with_all_words(name, names) or similar(name, names)
    meant = f"Do you mean {alike}?" if alike else f"There are {', '.join(names)}."
    return f"{name} is not an option of {of}. {meant}"


def _with_all_words(name: str, names: Iterable[str]) -> str | None:
    """Return the only one of `names` that has all words of `name`, and more: `transfer_mode` for `mode`."""
    found = [one for one in names if {*_form(name).split("_")} < {*one.split("_")}]
    return found[0] if len(found) == 1 else None


def names_of(spec: Spec) -> set[str]:
    """Return the names of all options, aliases included."""
    return {*spec} | {alias for argument in spec.values() for alias in argument.get("aliases", ())}


def understood(
    values: Mapping[str, Any],
    spec: Spec,
    of: str,
    *,
    blank: Collection[str] = (),
    hints: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the options that are given, in the types of the spec.

    What is omitted or `None` is not given, nor is an empty text for an option that is no text.

    Args:
        values: The options as they are given.
        spec: As for `AnsibleModule`.
        of: What the options belong to, for messages.
        blank: Text options for which an empty text means that they are not given.
        hints: What to give, by the names of options for which their type does not tell it.

    Raises:
        WrongOptionsError: An option does not exist, or has a value that cannot be meant.
    """
    reader = _Reader(hints or {}, frozenset(blank))
    result = reader.options(values, spec, of, "")
    if reader.problems:
        raise WrongOptionsError(reader.problems)
    return result


class _Reader:
    """Reads options, and collects what is wrong with them."""

    def __init__(self, hints: Mapping[str, str], blank: Collection[str]) -> None:
        self.problems: list[str] = []
        self._hints = hints
        self._blank = blank

    def options(self, values: Mapping[str, Any], spec: Spec, of: str, prefix: str) -> dict[str, Any]:
        result: dict[str, Any] = {}
        arguments = dict(spec)
        for argument in spec.values():
            arguments.update(dict.fromkeys(argument.get("aliases", ()), argument))
        for name, value in values.items():
            name, path = str(name), f"{prefix}{name}"
            if name not in arguments:
                self.problems.append(f"{prefix}{unknown(name, of, names_of(spec))}")
                continue
            value = without_omitted(value)
            if value is None or is_omitted(value) or self._is_blank(path, value, arguments[name]):
                continue
            try:
                result[name] = self._read(path, value, arguments[name])
            except _Refused as error:
                self.problems.append(f"{path}: {error}.".replace("?.", "?"))
        return result

    def _is_blank(self, path: str, value: Any, argument: Mapping[str, Any]) -> bool:
        if not isinstance(value, str) or value.strip():
            return False
        kind = argument.get("type", "str")
        if kind in ("str", "path"):
            return not value and ("choices" in argument or path in self._blank)
        # An empty text for a list of items is refused: it may be a variable that was meant to hold them.
        return bool(kind != "list" and not argument.get("no_log"))

    def _read(self, path: str, value: Any, argument: Mapping[str, Any]) -> Any:
        if isinstance(value, str) and _PLACEHOLDER.search(value):
            raise _Refused("omit is used within a text. Use it as the whole value, or not at all")
        if not_the_secret := reason(value, argument):
            raise _Refused(not_the_secret)
        kind = argument.get("type", "str")
        if kind == "dict":
            return self._mapping(path, value, argument)
        if kind == "list":
            return _entries(value, argument)
        read: Callable[[Any, str, bool], Any] | None = {
            "str": _words if path in _WORDS else _text if path in _OF_LINES else _line,
            "path": _line,
            "int": _number,
            "bool": _truth,
        }.get(kind)
        if read is None:
            return value
        if "choices" in argument:
            return _chosen(value, argument["choices"], secret=bool(argument.get("no_log")))
        return read(value, self._hints.get(path, ""), bool(argument.get("no_log")))

    def _mapping(self, path: str, value: Any, argument: Mapping[str, Any]) -> dict[str, Any]:
        if isinstance(value, str):
            try:
                value = check_type_dict(value)
            except (TypeError, ValueError):
                raise _Refused("a text was given. Give a mapping (dict)") from None
        if not isinstance(value, Mapping):
            raise _Refused(f"{_kind(value)} was given. Give a mapping (dict)")
        if "options" not in argument:
            return dict(value)
        return self.options(value, argument["options"], path, f"{path}.")


def shown(value: object, *, secret: bool = False) -> str:
    """Return a value as a message may show it."""
    if secret:
        return "the value"
    text = public_address(str(value) if not isinstance(value, str) else repr(value))
    if len(text) > _LONGEST_SHOWN or "\\n" in text or "PRIVATE KEY" in text:
        return "the text that was given" if isinstance(value, str) else f"{_kind(value)} that was given"
    return text


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple, set)):
        return "a list"
    return "a number" if isinstance(value, (int, float)) else "a text"


def _text(value: Any, hint: str, secret: bool) -> Any:
    if isinstance(value, bool):
        raise _Refused(f"{_kind(value)} was given, which YAML makes of words such as yes, no, on and off. Quote it")
    if isinstance(value, (Mapping, list, tuple, set)):
        raise _Refused(f"{_kind(value)} was given. Give {hint or 'one text'}")
    if isinstance(value, float):
        raise _Refused(f"{shown(value, secret=secret)} is a number, of which YAML may drop digits. Quote it")
    return value


def _line(value: Any, hint: str, secret: bool) -> Any:
    text = _text(value, hint, secret)
    return text.rstrip("\r\n") if isinstance(text, str) and not secret else text


def _words(value: Any, hint: str, secret: bool) -> str:
    """A command line; each entry of a list is one word, or an option with its value."""
    if not isinstance(value, (list, tuple)):
        text = str(_text(value, hint, secret)).strip()
        return _one_line(text) if "\n" in text or "\r" in text else text
    words: list[str] = []
    for one in value:
        if isinstance(one, (bool, Mapping, list, tuple)) or one is None:
            raise _Refused(f"{_kind(one)} is in the list. Give each word of the command line as a text")
        match = _FLAG_AND_VALUE.fullmatch(str(one).strip())
        words += match.groups() if match else [str(one).strip()]
    return shlex.join(word for word in words if word)


def _one_line(text: str) -> str:
    text = re.sub(r"\\[ \t]*\r?\n", " ", text)
    try:
        return shlex.join(shlex.split(text))
    except ValueError:  # the check of the command line says what is wrong
        return text


def _number(value: Any, hint: str, secret: bool) -> int:
    wanted = f"Give {hint}" if hint else "Give an int, such as 4"
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        # Where a number is not expected, people give the secret that it stands for.
        said = "the text that was given" if hint else shown(value, secret=secret)
        raise _Refused(f"{said} is not a whole number. {wanted}")
    return value


def _truth(value: Any, hint: str, secret: bool) -> bool:
    try:
        return bool(boolean(value.strip() if isinstance(value, str) else value))
    except TypeError:
        raise _Refused(f"{shown(value, secret=secret)} is not a boolean (bool). Give true or false") from None


def _chosen(value: Any, choices: Iterable[Any], *, secret: bool) -> Any:
    choices = list(choices)
    for one in choices:
        if value == one and not (isinstance(value, bool) and not isinstance(one, bool)):
            return one
    if isinstance(value, str):
        for one in choices:
            if value.strip() == str(one):
                return one
    alike = similar(value, map(str, choices)) if isinstance(value, str) else None
    meant = f". Do you mean {alike}?" if alike else ""
    raise _Refused(f"{shown(value, secret=secret)} is not one of {', '.join(map(str, choices))}{meant}")


def _entries(value: Any, argument: Mapping[str, Any]) -> list[Any]:
    kind = argument.get("elements", "raw")
    if isinstance(value, Mapping):
        raise _Refused("a mapping was given. Give a list, of which each entry begins with a dash")
    if isinstance(value, str):
        value = _listed(value, kind)
    elif not isinstance(value, (list, tuple, set)):
        value = [value]
    if kind == "str":
        return [_entry(one) for one in value]
    if kind == "dict":
        for one in value:
            if not isinstance(one, Mapping):
                raise _Refused(f"{_kind(one)} is in the list. Give a mapping (dict) for each entry")
    return list(value)


def _listed(text: str, kind: str) -> list[Any]:
    """The list that a text for a list means: JSON, one entry a line, or one entry."""
    if text.lstrip().startswith("["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list):
            return found
    if kind == "dict":
        raise _Refused("a text was given. Give a list of mappings")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if kind != "str" and len(lines) > 1:
        raise _Refused("a text of several lines was given. Give a list")
    if len(lines) == 1 and _has_comma(lines[0]):
        raise _Refused(
            f"{shown(lines[0])} is one text with a comma, so it may mean one entry or several. Give a list: "
            f"[{', '.join(repr(part.strip()) for part in lines[0].split(','))}] for several, "
            f"[{lines[0]!r}] for one"
        )
    return lines


def _has_comma(text: str) -> bool:
    """Whether a comma stands outside the brackets of a pattern, unescaped."""
    closing = {"{": "}", "[": "]"}
    inside: list[str] = []
    letters: Iterator[str] = iter(text)
    for letter in letters:
        if letter == "\\":
            next(letters, None)
        elif inside and letter == inside[-1]:
            inside.pop()
        elif letter in closing and (not inside or inside[-1] != "]"):
            inside.append(closing[letter])
        elif letter == "," and not inside:
            return True
    return "," in text and bool(inside)


def _entry(one: Any) -> str:
    if one is None:
        return ""  # refused with the other empty entries
    if isinstance(one, (bool, float, Mapping, list, tuple)):
        raise _Refused(
            f"the entry {shown(one)} is {_kind(one)}. Give each entry as a text"
            + (", in quotes" if isinstance(one, (bool, float)) else "")
        )
    return str(one).strip("\r\n")
