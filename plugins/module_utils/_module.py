# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shell around every `truenas_*` module: options in, one session, one answer out. PRIVATE to the collection.

What a module does is a function of an `Invocation` that returns an `Outcome`; it neither reads Ansible's options nor
ends the process. So it can be done in a process of its own, as modules are, or in Ansible's worker (see
`plugin_utils`).
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import env_fallback

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._leaving import unforeseen
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client, connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._options import understood
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import HiddenSecretError
from ansible_collections.nasops.cloudsync.plugins.module_utils._safe_module import SafeModule
from ansible_collections.nasops.cloudsync.plugins.module_utils._secret_values import problems


def _from_environment(name: str) -> tuple[Callable[..., Any], list[str]]:
    return env_fallback, [name]


CONNECTION_ARGUMENTS: dict[str, dict[str, Any]] = {
    "api_url": {"type": "str", "fallback": _from_environment("TRUENAS_API_URL")},
    "api_key": {"type": "str", "no_log": True, "fallback": _from_environment("TRUENAS_API_KEY")},
    "api_username": {"type": "str", "fallback": _from_environment("TRUENAS_API_USERNAME")},
    "api_password": {"type": "str", "no_log": True, "fallback": _from_environment("TRUENAS_API_PASSWORD")},
    "api_otp": {"type": "str", "no_log": True},
    "api_transport": {
        "type": "str",
        "choices": ["auto", "websocket", "rest"],
        "default": "auto",
        "fallback": _from_environment("TRUENAS_API_TRANSPORT"),
    },
    "validate_certs": {"type": "bool", "default": True, "fallback": _from_environment("TRUENAS_VALIDATE_CERTS")},
    "ca_path": {"type": "path", "fallback": _from_environment("TRUENAS_CA_PATH")},
    "cert_fingerprint": {"type": "str", "fallback": _from_environment("TRUENAS_CERT_FINGERPRINT")},
    "api_timeout": {"type": "int", "default": 60},
    "read_only": {"type": "bool", "default": False, "fallback": _from_environment("TRUENAS_READ_ONLY")},
    "api_session": {
        "type": "str",
        "choices": ["keep", "close"],
        "fallback": _from_environment("TRUENAS_API_SESSION"),
    },
}


class Failure(Exception):
    """The module fails with this message.

    Attributes:
        returns: What it returns beside the message.
    """

    def __init__(self, message: str, **returns: Any) -> None:
        super().__init__(message)
        self.returns = returns


NotDone = (Failure, OptionError, HiddenSecretError, MiddlewareError)
"""What keeps a piece of work from being done, and is told in one sentence."""


@dataclass(frozen=True)
class Invocation:
    """One run of a module: its options (those not given are `None`), the session, and how to report back.

    `progress` gets what a job is for, such as the description of a task, and the job as it is.
    """

    params: Mapping[str, Any]
    client: Client
    check_mode: bool = False
    warn: Callable[[str], None] = lambda message: None
    progress: Callable[[str, Job], None] | None = None


@dataclass
class Outcome:
    """What a module did, or in check mode would do. `before` and `after` make the diff, when one of them is set."""

    changed: bool = False
    returns: dict[str, Any] = field(default_factory=dict)
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class Module:
    """What makes one module.

    Attributes:
        arguments: The module's own options; those of the connection are added.
        work: What it does.
        constraints: As for `AnsibleModule`: `mutually_exclusive`, `required_one_of` and the like.
        secrets: Finds secrets within the options that are not the value of a `no_log` option themselves.
        refuse: Raises `OptionError` for values that no NAS takes; done before one is called.
        blank: Text options for which an empty text means that they are not given.
        hints: What to give, by the names of options for which their type does not tell it.
        items: Reads the items of options that are lists of what other modules take. Raises `OptionError`.
    """

    arguments: Mapping[str, Mapping[str, Any]]
    work: Callable[[Invocation], Outcome]
    constraints: Mapping[str, Any] = field(default_factory=dict)
    secrets: Callable[[Mapping[str, Any]], Iterable[str]] = lambda params: ()
    refuse: Callable[[Mapping[str, Any]], None] = lambda params: None
    blank: Collection[str] = ()
    hints: Mapping[str, str] = field(default_factory=dict)
    items: Callable[[dict[str, Any]], dict[str, Any]] = lambda given: given

    @property
    def argument_spec(self) -> dict[str, Any]:
        """All options."""
        return {**CONNECTION_ARGUMENTS, **self.arguments}

    def understood(self, args: Mapping[str, Any], name: str) -> dict[str, Any]:
        """Read the options of a task of the module `name`, before Ansible validates them.

        Raises:
            OptionError: An option does not exist, or has a value that cannot be meant.
        """
        # An empty key or password says that there is none, in the environment neither.
        blank = {*self.blank, *(name for name, argument in CONNECTION_ARGUMENTS.items() if "no_log" not in argument)}
        return self.items(understood(args, self.argument_spec, name, blank=blank, hints=self.hints))

    def main(self) -> None:
        """Be the module's process."""
        module = SafeModule(self.argument_spec, self.secrets, supports_check_mode=True, **self.constraints)
        answer = self.answer(module.params, check_mode=module.check_mode, warn=module.warn)
        if answer.get("failed"):
            module.fail_json(**answer)
        module.exit_json(**answer)

    def answer(
        self,
        params: Mapping[str, Any],
        *,
        check_mode: bool,
        warn: Callable[[str], None],
        progress: Callable[[str, Job], None] | None = None,
    ) -> dict[str, Any]:
        """Log in, do the work, log out; what the module answers, before it passes `Leaving`."""
        try:
            # Those of the environment, too, which nobody has looked at yet.
            if wrong := " ".join(problems(params, self.argument_spec)):
                raise OptionError(wrong)
            self.refuse(params)
            # In check mode the client itself refuses to write, whatever the module does.
            options = connection_options({**params, "read_only": params["read_only"] or check_mode})
            with connect(options, warn=warn) as client:
                outcome = self.work(Invocation(params, client, check_mode, warn, progress))
        except NotDone as error:
            returns = error.returns if isinstance(error, Failure) else {}
            return {**returns, "failed": True, "msg": str(error)}
        except Exception as error:  # noqa: BLE001  Ansible would show it with everything that it quotes
            return {"failed": True, "msg": unforeseen(error), "exception": traceback.format_exc()}
        answer = {**outcome.returns, "changed": outcome.changed}
        if outcome.before is not None or outcome.after is not None:
            answer["diff"] = {"before": _diffable(outcome.before), "after": _diffable(outcome.after)}
        return answer


def understood_connection(variables: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Read connection options from variables, whose names are those of the options behind `prefix`.

    Raises:
        OptionError: A variable has a value that its option cannot have.
    """
    spec = {f"{prefix}{name}": argument for name, argument in CONNECTION_ARGUMENTS.items()}
    given = understood(variables, spec, "the connection", blank=spec)
    return {name.removeprefix(prefix): value for name, value in given.items()}


def connection_options(params: Mapping[str, Any]) -> ConnectionOptions:
    """The shared options among a module's options."""
    given = {one.name: params[one.name] for one in fields(ConnectionOptions)}
    for option in ("api_url", "api_username"):  # a line end comes along from a file or a command
        if given[option]:
            given[option] = given[option].strip()
    if given["ca_path"]:
        given["ca_path"] = str(Path(given["ca_path"]).absolute())  # a kept session is opened from another directory
    return ConnectionOptions(**given)


def _diffable(view: Any) -> Any:
    """Ansible shows an empty text for what is not there."""
    return "" if view is None else view
