# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module says passes here on its way out: redacted, and safe for a terminal. PRIVATE to the collection. Pure.

It is the same for a module in a process of its own, one in Ansible's worker, and those for Google.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ansible.module_utils.common.parameters import remove_values

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import VAULT_ME
from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import WORDS, printable, words
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import (
    HIDDEN,
    Redactor,
    in_addresses,
    without_framed,
)

Spec = Mapping[str, Mapping[str, Any]]

# Of what people are told and shown, neither is the NAS's data.
_NOT_DATA = {*WORDS, "diff", "invocation"}


class Leaving:
    """What leaves a module that was given these options.

    Args:
        params: The options, as far as they are known.
        spec: As for `AnsibleModule`.
        secrets: Further secrets within the options.
        exact: Return values that hold secrets and have to: whoever asked for them wants just that.
    """

    def __init__(
        self, params: Mapping[str, Any], spec: Spec, secrets: Iterable[str] = (), exact: Iterable[str] = ()
    ) -> None:
        self._spec = spec
        self._options = {text: option for option, text in given_secrets(params, spec)}
        self.secrets = {one for one in (*self._options, *secrets, *in_addresses(params)) if is_secret(one)}
        self._redactor = Redactor(self.secrets)
        self._exact = frozenset(exact)

    def text(self, text: str) -> str:
        """A message, a warning or a line of progress."""
        shown: str = self._redactor.text(remove_values(text, self.secrets))
        return printable(without_framed(shown))

    def answer(self, answer: Mapping[str, Any], warn: Callable[[str], None] = lambda message: None) -> dict[str, Any]:
        """A module's answer. An export in which something would be hidden becomes a failure; `warn` gets the others."""
        exact = {name: item for name, item in answer.items() if name in self._exact}
        given = {name: item for name, item in answer.items() if name not in exact}
        shown = self._redactor.value(remove_values(given, self.secrets))
        if places := list(_differences(given, shown)):
            message = self._told(given, places)
            if "export" in given and not given.get("failed"):
                return {"failed": True, "changed": False, "msg": f"export: not made, as it would be wrong. {message}"}
            warn(message)
        return {**words(shown, lambda text: printable(without_framed(text))), **exact}

    def options(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The options as Ansible shows them with `-vvv`: what is not an option may be a secret by a misspelt name."""
        known = {name for option, argument in self._spec.items() for name in (option, *argument.get("aliases", ()))}
        shown = {
            name: value if name in known or name.startswith("_ansible") or value is None else HIDDEN
            for name, value in params.items()
        }
        redacted: dict[str, Any] = self._redactor.value(_without_framed(remove_values(shown, self.secrets)))
        return redacted

    def _told(self, answer: Mapping[str, Any], places: list[str]) -> str:
        text = "\0".join(_texts(answer))
        options = sorted({option for secret, option in self._options.items() if secret in text})
        which = f"the value of {' and '.join(options)}" if options else "a secret among the options"
        more = ", ..." if len(places) > 3 else ""
        return (
            f"The NAS has {which} in other texts too, where Ansible hides it: {', '.join(places[:3])}{more}. Choose a "
            "value that is not a part of other texts, or log in with an API key."
        )


def unforeseen(error: Exception) -> str:
    """What to tell people of an error that the collection does not know."""
    return (
        f"{type(error).__name__}: {error}. Either the server answers in a form that nasops.cloudsync does not know, or "
        "this is a defect of the collection. Please report it together with what -vvv shows."
    )


def given_secrets(values: Mapping[str, Any], spec: Spec, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The texts that are given to `no_log` options, by any of their names and at any depth, each after its option."""
    for name, argument in spec.items():
        for spelling in (name, *argument.get("aliases", ())):
            value = values.get(spelling)
            if isinstance(value, Mapping) and "options" in argument:
                yield from given_secrets(value, argument["options"], f"{prefix}{spelling}.")
            elif argument.get("no_log"):
                yield from ((f"{prefix}{spelling}", text) for text in _texts(value) if is_secret(text))


def secrets_in(values: Mapping[str, Any], spec: Spec) -> Iterator[str]:
    """The texts that are given to `no_log` options."""
    yield from (text for _option, text in given_secrets(values, spec))


def is_secret(text: str) -> bool:
    """Whether a text given as a secret is one. To hide blanks or the placeholder would only spoil messages."""
    return bool(text.strip()) and text != VAULT_ME


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield str(value)  # YAML makes a number of 12345678, and Ansible shows it as one


def _without_framed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_framed(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_framed(item) for item in value]
    return without_framed(value) if isinstance(value, str) else value


def _differences(given: Any, shown: Any, place: str = "") -> Iterator[str]:
    """Where data has changed: `tasks[0].path`."""
    if isinstance(given, Mapping) and isinstance(shown, Mapping):
        for (name, item), hidden in zip(given.items(), shown.values(), strict=True):
            if name not in _NOT_DATA:
                yield from _differences(item, hidden, f"{place}.{name}" if place else str(name))
    elif isinstance(given, (list, tuple)) and isinstance(shown, (list, tuple)):
        for number, (item, hidden) in enumerate(zip(given, shown, strict=True)):
            yield from _differences(item, hidden, f"{place}[{number}]")
    elif given != shown:
        yield place
