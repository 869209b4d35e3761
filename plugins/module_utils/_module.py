# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shell around every C(truenas_*) module: options in, one session, one answer out. PRIVATE to the collection.

What a module does is a function of an L(Invocation) that returns an L(Outcome); it neither reads Ansible's options nor
ends the process. This is the one place through which results and messages leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.options import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client, connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import HiddenSecretError


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
}


class Failure(Exception):
    """The module fails with this message.

    Attributes:
        returns: What it returns beside the message.
    """

    def __init__(self, message: str, **returns: Any) -> None:
        super().__init__(message)
        self.returns = returns


@dataclass(frozen=True)
class Invocation:
    """One run of a module: its options (those not given are C(None)), the session, and a way to warn."""

    params: Mapping[str, Any]
    client: Client
    check_mode: bool = False
    warn: Callable[[str], None] = lambda message: None


@dataclass
class Outcome:
    """What a module did, or in check mode would do. C(before) and C(after) make the diff, when one of them is set."""

    changed: bool = False
    returns: dict[str, Any] = field(default_factory=dict)
    before: Any = None
    after: Any = None


Work = Callable[[Invocation], Outcome]


def run(
    argument_spec: Mapping[str, Any],
    work: Work,
    *,
    secrets: Callable[[Mapping[str, Any]], Iterable[str]] = lambda params: (),
    **constraints: Any,
) -> None:
    """Be the module: check the options, log in, do the work, answer, log out.

    Args:
        argument_spec: The module's own options; those of the connection are added.
        secrets: Finds secrets within the options that are not the value of a C(no_log) option themselves.
        constraints: As for C(AnsibleModule): C(mutually_exclusive), C(required_one_of) and the like.
    """
    module = AnsibleModule(
        argument_spec={**CONNECTION_ARGUMENTS, **argument_spec}, supports_check_mode=True, **constraints
    )
    module.no_log_values.update(text for text in secrets(module.params) if text)
    try:
        with connect(connection_options(module.params), say=module.warn) as client:
            outcome = work(Invocation(module.params, client, module.check_mode, module.warn))
    except Failure as failure:
        module.fail_json(msg=str(failure), **failure.returns)
    except (MiddlewareError, OptionError, HiddenSecretError) as error:
        module.fail_json(msg=str(error))
    answer = dict(outcome.returns, changed=outcome.changed)
    if outcome.before is not None or outcome.after is not None:
        answer["diff"] = {"before": _diffable(outcome.before), "after": _diffable(outcome.after)}
    module.exit_json(**answer)


def connection_options(params: Mapping[str, Any]) -> ConnectionOptions:
    """The shared options among a module's options."""
    return ConnectionOptions(**{one.name: params[one.name] for one in fields(ConnectionOptions)})


def _diffable(view: Any) -> Any:
    """Ansible shows an empty text for what is not there."""
    return "" if view is None else view
