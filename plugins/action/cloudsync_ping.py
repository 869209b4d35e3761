# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells a monitoring service that something has started, succeeded or failed."""

from __future__ import annotations

import ssl
import threading
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._ping import AUTO, SIGNALS, STYLES, Ping, ping

ARGUMENTS: dict[str, dict[str, Any]] = {
    "url": {"type": "str", "required": True, "no_log": True},
    "signal": {"type": "str", "required": True, "choices": list(SIGNALS)},
    "text": {"type": "str", "default": ""},
    "style": {"type": "str", "choices": list(STYLES), "default": AUTO},
    "ca_path": {"type": "path"},
    "timeout": {"type": "int", "default": 10},
}

display = Display()


class ActionModule(ActionBase):
    """Warns of a ping that does not arrive, and does not fail, so that the backup goes on."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_async = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validated, options = self.validate_argument_spec(ARGUMENTS)
        if options["timeout"] < 1:
            raise AnsibleActionFail(f"timeout: {options['timeout']} is not accepted. Give a number of seconds from 1.")
        try:
            wanted = ping(options["url"], options["signal"], options["text"], options["style"])
            context = _context(options["ca_path"])
        except OptionError as error:
            raise AnsibleActionFail(str(error)) from None
        result.update(changed=False, sent=False)
        if wanted is not None and not self._task.check_mode:
            problem = _send(wanted, context, options["timeout"])
            result["sent"] = problem is None
            if problem:
                display.warning(f"The monitoring service was not told of the {options['signal']}: {problem}")
        return result


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The address is a secret of the service, and of no other."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Follow none."""


def _context(ca_path: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_path)
    except (OSError, ssl.SSLError):
        raise OptionError(f"ca_path: {ca_path} holds no certificates that can be read.") from None


def _send(wanted: Ping, context: ssl.SSLContext, timeout: int) -> str | None:
    """Send it once; returns why it did not arrive. No reason holds a part of the address.

    The library bounds each wait and not all of them together: a service that answers letter by letter would hold up
    the playbook without end.
    """
    answers: list[str | None] = []
    sender = threading.Thread(target=lambda: answers.append(_sent(wanted, context, timeout)), daemon=True)
    sender.start()
    sender.join(timeout)
    return answers[0] if answers else _reason(TimeoutError())


def _sent(wanted: Ping, context: ssl.SSLContext, timeout: int) -> str | None:
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect(), urllib.request.HTTPSHandler(context=context)]
    if wanted.direct:
        handlers.append(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(wanted.url, data=wanted.body, method=wanted.method)
    request.add_header("User-Agent", "ansible-nasops.cloudsync")
    if wanted.body is not None:
        request.add_header("Content-Type", "text/plain; charset=utf-8")
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=timeout):
            return None
    except HTTPError as error:
        error.close()
        return f"It answered with the status {error.code}."
    except (OSError, HTTPException, ValueError) as error:
        return _reason(error.reason if isinstance(error, URLError) else error)


def _reason(error: object) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "Its certificate is not trusted. Give the certificate of its authority as ca_path."
    if isinstance(error, TimeoutError):
        return "It did not answer in time."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}."
    return f"The connection broke ({type(error).__name__})."
