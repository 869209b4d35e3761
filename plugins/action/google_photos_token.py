# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's side of google_photos_token: the listener, and keeping secrets off the screen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.nasops.cloudsync.plugins.module_utils._google.addresses import LOOPBACK
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.oauth import Session
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import Problem, timeout_problem
from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import printable
from ansible_collections.nasops.cloudsync.plugins.module_utils._secret_values import problems
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._listener import page
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._listener.server import Listener, NoPort

_SECRETS: dict[str, dict[str, Any]] = {"client_secret": {"no_log": True}, "token": {"type": "json", "no_log": True}}

display = Display()


class ActionModule(ActionBase):
    """Runs the module; for `listen` twice, with the person in between."""

    TRANSFERS_FILES = False
    _supports_async = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        if wrong := _wrong_secrets(arguments):
            return {"failed": True, "changed": False, "msg": wrong}
        if isinstance(arguments.get("token"), Mapping):
            # As text it is one secret for no_log. As a mapping, every value would be, "Bearer" among them.
            arguments["token"] = json.dumps(arguments["token"], default=str)
        if arguments.get("action") == "listen" and not self._task.check_mode:
            result = self._listen(arguments, task_vars)
        else:
            result = self._module(arguments, task_vars)
        if result.get("token") or result.get("session"):
            result["_ansible_no_log"] = True  # no callback shows it; register still gets it
        if result.get("problem") and not result.get("failed"):
            display.warning(_told(result))
        return result

    def _module(self, arguments: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        return self._execute_module(module_args=arguments, task_vars=task_vars)

    def _listen(self, arguments: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        wanted = _number(arguments, "port", 53682)
        timeout = _number(arguments, "timeout", 300)
        try:
            listener = Listener(wanted)
        except NoPort as error:
            raise AnsibleActionFail(str(error)) from None
        with listener:
            begun = self._module({**arguments, "action": "start", "port": listener.port}, task_vars)
            if begun.get("failed"):
                return begun
            _invite(begun["authorization_url"], listener.port, wanted, timeout)
            session = Session.parse(begun["session"])
            answer = _wait(listener, session.state, timeout)
            if answer is None:
                problem = timeout_problem(timeout, service=session.asked)
                return {"failed": True, "msg": str(problem), "error": problem.code}
            display.display("The browser has come back. Asking Google for the token.")
            result = self._module(
                {**arguments, "action": "finish", "session": begun["session"], "authorization_response": answer},
                task_vars,
            )
            listener.close(_closing_page(result))
        return result


def _wrong_secrets(arguments: Mapping[str, Any]) -> str:
    """What is given in the place of a secret; a line end at its end comes along from a file, and does no harm here."""
    given = {name: value.strip() if isinstance(value, str) else value for name, value in arguments.items()}
    return " ".join(problems(given, _SECRETS))


def _number(arguments: Mapping[str, Any], name: str, default: int) -> int:
    try:
        return int(arguments.get(name, default))
    except (TypeError, ValueError):
        raise AnsibleActionFail(f"The option {name} is not a whole number") from None


def _invite(url: str, port: int, wanted: int, timeout: int) -> None:
    if port != wanted and wanted:
        display.display(f"\nPort {wanted} is in use here, so port {port} is taken instead.")
    display.display(
        f"\nOpen this address in a browser and tick every box:\n\n  {printable(url)}\n\n"
        f"Waiting {timeout} seconds for the browser to come back to http://{LOOPBACK}:{port}/.\n"
        f"Is the browser on another machine? Run this there first: ssh -N -L {port}:{LOOPBACK}:{port} <this machine>\n"
    )


def _wait(listener: Listener, state: str, timeout: int) -> str | None:
    for left in range(timeout, 0, -60):
        answer = listener.wait(state, min(left, 60))
        if answer is not None:
            return answer
        if left > 60:
            display.display(f"Still waiting for the browser, {left - 60} seconds left.")
    return None


def _closing_page(result: Mapping[str, Any]) -> str:
    problem = None
    if result.get("problem"):
        problem = Problem(result["error"], result["problem"], result["link"])
    if result.get("failed"):
        return page.failed(problem or Problem("failed", "Ansible shows what went wrong"))
    return page.done(problem)


def _told(result: Mapping[str, Any]) -> str:
    return f"{result['problem']}: {result['link']}" if result.get("link") else str(result["problem"])
