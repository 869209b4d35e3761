# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloudsync_status
short_description: Describe the status of the cloud sync tasks of a NAS
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Turns what M(nasops.cloudsync.truenas_cloudsync_task_info) returned for a NAS into texts for people, with the
    schedule in words, the next run in the NAS's own time zone, and durations and sizes in handy units.
  - The texts hold no secret and no control characters. They are not escaped for HTML.
positional: host
options:
  _input:
    description:
      - The result of M(nasops.cloudsync.truenas_cloudsync_task_info), also that of a failure.
    type: dict
    required: true
  host:
    description:
      - What to call the NAS.
    type: str
    required: true
  timezone:
    description:
      - The time zone of the NAS, as in V(Europe/Berlin). Without it, times are in UTC and the result says so.
    type: str
  release:
    description:
      - The release of the NAS, as in V(TrueNAS-25.10.1).
    type: str
  health:
    description:
      - The result of M(nasops.cloudsync.truenas_cloudsync_health_info), also that of a failure. It has to be without
        its O(nasops.cloudsync.truenas_cloudsync_health_info#module:query).
    type: dict
    version_added: 1.1.0
  token_ends:
    description:
      - When the OAuth tokens of credentials end (RFC 3339), by the names of the credentials, as far as it is known.
      - RV(nasops.cloudsync.google_photos_token#module:expires_on) tells it for Google Photos.
    type: dict
    default: {}
seealso:
  - plugin: nasops.cloudsync.cloudsync_status_table
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read the tasks
  nasops.cloudsync.truenas_cloudsync_task_info:
  register: tasks

- name: Tell when they run next
  ansible.builtin.debug:
    msg: "{{ status.tasks | items2dict(key_name='description', value_name='next_run') }}"
  vars:
    status: "{{ tasks | nasops.cloudsync.cloudsync_status(inventory_hostname, timezone='Europe/Berlin') }}"
"""

RETURN = r"""
_value:
  description: The status of the NAS.
  type: dict
  contains:
    host:
      description: What O(host) says.
      type: str
    reached:
      description: Whether the tasks could be read.
      type: bool
    problem:
      description: Why they could not, else an empty text.
      type: str
    release:
      description: What O(release) says.
      type: str
    timezone:
      description: The time zone of all times.
      type: str
    note:
      description: What to know about the times, mostly an empty text.
      type: str
    at:
      description: When this was found.
      type: str
    at_time:
      description: The same in UTC (RFC 3339).
      type: str
      version_added: 1.1.0
    reasons:
      description: What is wrong with the NAS itself, each with its C(kind) and C(text).
      type: list
      elements: dict
      version_added: 1.1.0
    unknown:
      description: The roles without which a part of the health was not judged.
      type: list
      elements: str
      version_added: 1.1.0
    not_judged:
      description: Why there are no verdicts, though O(health) was given. Else an empty text.
      type: str
      version_added: 1.1.0
    tokens:
      description:
        - How long tokens last that tasks use, in C(days) and as C(text). C(state) is one of V(success), V(waiting) if
          it soon ends, and V(failed) if it has ended.
      type: list
      elements: dict
      sample:
        - days: 3
          state: waiting
          text: The token of Google Photos ends in 3 days (Thu 26 Nov 09:00)
    tasks:
      description:
        - The status of each task. C(state) is one of V(waiting), V(running), V(success), V(failed), V(aborted),
          V(locked) and V(never).
        - With O(health), C(verdict), C(ok), C(reasons), C(runs), C(proof), and the times C(last_run_at) and
          C(next_run_at) are what it says of the task. C(own_reasons) leaves out what C(reasons) and C(tokens) of the
          NAS tell already. C(history) has the C(runs) for people, the oldest first, each with its C(state), a C(text),
          and as C(height) how long it took in percent of the longest of them. C(restore_test), C(restore_test_ago) and
          C(restore_test_time) tell of C(proof).
        - TrueNAS shows a dry run in place of the run before it. With O(health), a dry run that has ended is told as
          C(dry_run_after), and the rest is about the run.
      type: list
      elements: dict
      sample:
        - id: 1
          description: Photos to Google
          direction: PUSH
          transfer_mode: SYNC
          path: /mnt/tank/photos
          remote: Google Photos:/album
          schedule: daily at 03:00
          next_run: Mon 23 Nov 03:00
          next_run_in: in 5 h
          next_run_time: "2026-11-23T02:00:00Z"
          state: success
          dry_run: false
          percent: null
          progress: ""
          last_run: Sun 22 Nov 03:00
          last_run_ago: 19 h ago
          last_run_time: "2026-11-22T02:00:00Z"
          duration: 2 min 5 s
          done: 3 transferred (12.3 MiB), 0 deleted
          dry_run_after: ""
          problem: ""
          error: ""
          verdict: healthy
          ok: true
          reasons: []
          own_reasons: []
          runs: []
          last_run_at: "2026-11-22T02:00:00Z"
          next_run_at: "2026-11-23T02:00:00Z"
          proof: null
          history: []
          restore_test: ""
          restore_test_ago: ""
          restore_test_time: null
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from ansible.errors import AnsibleFilterError

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.job import text
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.words import clean, moment_text
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.tokens import token_status
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.health import by_task, of_nas, of_task, own
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.history import bars, restore_test
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.status import task_status

_IN_UTC = "Times are in UTC, and next runs are right only if the NAS's clock is in UTC too."


def cloudsync_status(
    result: Mapping[str, Any],
    host: str,
    timezone: str | None = None,
    release: str | None = None,
    token_ends: Mapping[str, str] | None = None,
    health: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    now = datetime.now(UTC)
    zone, note = _zone(timezone)
    ends = {name: _moment(text) for name, text in (token_ends or {}).items()}
    reached = "tasks" in result
    tasks = result["tasks"] if reached else []
    used = sorted({task["credential"]["name"] for task in tasks})
    nas = of_nas(health if reached else None)
    judged = by_task(health)
    healths = [of_task(judged.get(task["id"])) for task in tasks]
    views = [
        {**task_status(task, now, zone, health["runs"]), **health} for task, health in zip(tasks, healths, strict=True)
    ]
    for task, view in zip(tasks, views, strict=True):
        token_told = task["credential"]["name"] in ends
        view["own_reasons"] = own(view["reasons"], nas["reasons"], token_told=token_told)
        view["history"] = bars(view["runs"], now, zone)
        view.update(restore_test(view["proof"], now))
    return {
        "host": clean(host),
        "reached": reached,
        "problem": "" if reached else clean(str(result.get("msg") or "The NAS gave no reason.")),
        "release": clean(release or ""),
        "timezone": str(zone),
        "note": note if reached else "",
        "at": moment_text(now, now, zone),
        "at_time": text(now),
        **nas,
        "tokens": [token_status(name, ends[name], now, zone) for name in used if name in ends],
        "tasks": views,
    }


def _zone(name: str | None) -> tuple[tzinfo, str]:
    """The zone to tell times in, and what to say about it."""
    if not name:
        return UTC, (
            f"The time zone of the NAS is not known: the account needs the role READONLY_ADMIN to read it. {_IN_UTC}"
        )
    try:
        return ZoneInfo(name), ""
    except (OSError, ValueError, KeyError):
        return (
            UTC,
            f"This machine does not know the time zone {clean(name)} (the Python library tzdata does). {_IN_UTC}",
        )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise AnsibleFilterError(f"token_ends: {text!r} is not a time with a zone, as in 2026-01-31T12:00:00Z.")
    return moment


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cloudsync_status": cloudsync_status}
