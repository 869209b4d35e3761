# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

try:
    from ansible_collections.nasops.cloudsync.plugins.module_utils import _module
except ImportError:  # ansible-rulebook runs this file by its path, without Ansible's way of finding collections
    sys.path.append(str(Path(__file__).absolute().parents[7]))
    from ansible_collections.nasops.cloudsync.plugins.module_utils import _module

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import task_form
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import RELEASES
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client, connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import LoginError, MiddlewareError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.rpc_connection import PING_EVERY
from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import printable

DOCUMENTATION = r"""
short_description: Make events of a TrueNAS's alerts and of its cloud sync jobs that fail
description:
  - Watches one NAS over one session. Makes an event of each alert that is new or has occurred again, and of each
    cloud sync job that has failed.
  - An event is a mapping C(truenas) with C(nas) (the address), C(type) (C(alert) or C(cloudsync_failed)), and for an
    alert C(text), C(level), C(class) and C(at), for a job C(task), as
    M(nasops.cloudsync.truenas_cloudsync_task_info) returns it, and C(problem), which says what the failure means. It
    holds no secret.
  - Within its texts, a blank follows each brace that would begin a template, as in C({ { x }}), and characters that
    control a terminal are told as their numbers. Playbooks that get the event as a variable would evaluate a template
    in the description of a task.
  - When the NAS cannot be reached, a warning is logged and the next look made in time. What has happened meanwhile is
    told then. A login that is refused ends the source.
  - The account needs the role C(ALERT_LIST_READ) for alerts and C(CLOUD_SYNC_READ) for jobs.
options:
  api_url:
    description: As in the modules, and so are all options of the connection and their environment variables.
    type: str
  api_key:
    type: str
  api_username:
    type: str
  api_password:
    type: str
  api_otp:
    type: str
  api_transport:
    type: str
    choices: [auto, websocket, rest]
    default: auto
  validate_certs:
    type: bool
    default: true
  ca_path:
    type: path
  cert_fingerprint:
    type: str
  api_timeout:
    type: int
    default: 60
  interval:
    description: Seconds between two looks, at least 0.1.
    type: float
    default: 60
  watch:
    description: What to make events of.
    type: list
    elements: str
    choices: [alerts, jobs]
    default: [alerts, jobs]
  past:
    description: Also make events of what stands when the source starts.
    type: bool
    default: false
"""

EXAMPLES = r"""
- nasops.cloudsync.truenas:
    api_url: https://nas.example.com
    api_username: ansible
    api_key: "{{ vault_truenas_api_key }}"
    interval: 30
    watch: [jobs]
"""

_OWN: dict[str, dict[str, Any]] = {
    "interval": {"type": "float", "default": 60},
    "watch": {"type": "list", "elements": "str", "choices": ["alerts", "jobs"], "default": ["alerts", "jobs"]},
    "past": {"type": "bool", "default": False},
}
# The source has a session of its own, so there is none to be kept for others, and it only reads.
ARGUMENTS = {
    name: one for name, one in _module.CONNECTION_ARGUMENTS.items() if name not in ("api_session", "read_only")
} | _OWN

_log = logging.getLogger(__name__)
_TEMPLATE_MARK = re.compile(r"\{(?=[{%#])")
# What tells one occurrence from another, and its event.
_Found = tuple[tuple[Any, ...], dict[str, Any]]


async def main(queue: asyncio.Queue[dict[str, Any]], args: dict[str, Any]) -> None:
    """Put an event into the queue for whatever happens on the NAS, until cancelled.

    Raises:
        ValueError: an option is missing, unknown, or of the wrong type.
        LoginError: the NAS refuses the credentials.
    """
    options = _options(args)
    watcher = _Watcher(options)
    known: set[tuple[Any, ...]] | None = set() if options["past"] else None
    loop = asyncio.get_running_loop()
    # One thread, so that the session is closed only when a look that was cancelled has come to its end.
    thread = ThreadPoolExecutor(1, thread_name_prefix="truenas")
    try:
        while True:
            found = await loop.run_in_executor(thread, watcher.look)
            if found is not None:
                for mark, event in found:
                    if known is not None and mark not in known:
                        await queue.put({"truenas": event})
                known = {mark for mark, event in found}
            await _pause(loop, thread, watcher, options["interval"])
    finally:
        await loop.run_in_executor(thread, watcher.close)
        thread.shutdown(wait=False)


async def _pause(
    loop: asyncio.AbstractEventLoop, thread: ThreadPoolExecutor, watcher: _Watcher, seconds: float
) -> None:
    """Wait for the next look, and keep the session from being cut meanwhile."""
    left = seconds
    while left > 0:
        await asyncio.sleep(min(left, PING_EVERY))
        left -= PING_EVERY
        if left > 0:
            await loop.run_in_executor(thread, watcher.keep_alive)


def _options(args: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in args.items() if not name.startswith("eda_")}  # what ansible-rulebook adds
    checked = ArgumentSpecValidator(ARGUMENTS).validate(own)
    if checked.error_messages:
        raise ValueError("; ".join(checked.error_messages))
    if checked.validated_parameters["interval"] < 0.1:
        raise ValueError(f"interval: {checked.validated_parameters['interval']:g} s is too short. Give 0.1 or more.")
    return {**checked.validated_parameters, "api_session": "close", "read_only": True}


class _Watcher:
    """Looks at one NAS, over a session that is opened when needed. Blocks, so it belongs into a thread."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._connection = _module.connection_options(options)
        self._looks: Sequence[tuple[str, Callable[[Client, Any], Iterator[_Found]]]] = [
            look for name, look in _LOOKS.items() if name in options["watch"]
        ]
        self._client: Client | None = None

    def look(self) -> list[_Found] | None:
        """What stands now; None when the NAS could not be asked."""
        try:
            client = self._client = self._client or connect(self._connection, warn=_log.warning)
            found = [one for method, events in self._looks for one in events(client, client.call(method))]
        except LoginError:
            raise
        except MiddlewareError as error:
            _log.warning("%s", error)
            self.close()
            return None
        return [(mark, _harmless({"nas": self._connection.api_url or "", **event})) for mark, event in found]

    def keep_alive(self) -> None:
        """Keep an idle session from being cut."""
        if self._client is not None:
            self._client.keep_alive()

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def _harmless(value: Any) -> Any:
    """An event without what a terminal obeys, and without templates.

    `run_playbook` hands events to playbooks as variables, and Ansible evaluates every template in those: whoever may
    name a task on the NAS could run code on the machine of the rulebook.
    """
    if isinstance(value, Mapping):
        return {_harmless(name): _harmless(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_harmless(item) for item in value]
    return _TEMPLATE_MARK.sub("{ ", printable(value)) if isinstance(value, str) else value


def _alerts(client: Client, alerts: Sequence[Mapping[str, Any]]) -> Iterator[_Found]:
    for alert in alerts:
        if not alert["dismissed"]:
            at = alert["last_occurrence"].astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            event = {"text": alert["formatted"], "level": alert["level"], "class": alert["klass"], "at": at}
            yield ("alert", alert["klass"], alert["key"], at), {"type": "alert", **event}


def _failed_jobs(client: Client, entries: Sequence[Mapping[str, Any]]) -> Iterator[_Found]:
    release = client.release.nearest(RELEASES)
    for entry in entries:
        shown = task_form.result(entry, release)
        job = shown["job"]
        if job and job["state"] == "FAILED":
            mark = ("job", entry["id"], job["id"], job["finished"])
            yield mark, {"type": "cloudsync_failed", "task": shown, "problem": job["problem"]}


_LOOKS: dict[str, tuple[str, Callable[[Client, Any], Iterator[_Found]]]] = {
    "alerts": ("alert.list", _alerts),
    "jobs": ("cloudsync.query", _failed_jobs),
}
