#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: truenas_cloudsync_health_info
short_description: Judge whether the cloud sync tasks of a TrueNAS do their work
version_added: 1.1.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Gives a verdict on each task with its reasons. It also finds what TrueNAS itself never reports, for example a
    disabled task, a run that did not start, a locked dataset, or mail settings without a mail server.
  - Reads only. It logs in once and makes two exchanges with the NAS, however many tasks there are.
  - The account needs the role C(CLOUD_SYNC_READ). With further roles, it finds more. C(READONLY_ADMIN) lets it read the
    clock and the time zone, C(ALERT_LIST_READ) the alerts, C(ALERT_READ) the settings of alerts and mail, and
    C(FILESYSTEM_ATTRS_READ) whether the paths exist. What the account may not read is in RV(unknown), and does not
    count against a task.
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.truenas
  - nasops.cloudsync._attributes.info_module
  - nasops.cloudsync._connection
requirements:
  - jmespath 1.0 or later on the controller, for O(query).
options:
  description:
    description:
      - Only the tasks of this description. Without any, the module fails.
    type: str
    aliases: [name]
  id:
    description:
      - Only the task of this number. If it does not exist, the module fails.
    type: int
  grace:
    description:
      - How long after its scheduled start a run may begin, and how long it may go on after the next scheduled start,
        before the task is V(late).
      - A whole number with one of the units V(s), V(m), V(h), V(d) and V(w).
    type: str
    default: 1h
  restore_test_max_age:
    description:
      - How old the last test of a restore may be. A PUSH task without one, or with an older one, is V(untested).
      - A duration as for O(grace), for example V(90d). Without it, tests of restores are not required.
    type: str
  stale_after:
    description:
      - After so many successful runs in a row that transferred nothing, a task is V(nothing_sent).
      - Without it, such runs are healthy.
    type: int
  ignore:
    description:
      - Kinds of reasons with which a task still counts as healthy. They are in the result all the same.
    type: list
    elements: str
    default: []
    choices:
      - failed
      - damaged
      - missing
      - locked
      - aborted
      - disabled
      - never_starts
      - never_run
      - only_dry_runs
      - late
      - shrunk
      - left_out
      - nothing_sent
      - credential_ends
      - untested
      - no_kit
      - no_alert
      - clock_wrong
  proofs:
    description:
      - Results of tests of restores, as RV(nasops.cloudsync.truenas_cloudsync_restore_test#module:proofs) returns them.
        Of those of a task, the last one counts. One that restored no file does not count as a test.
    type: list
    elements: dict
    default: []
  kit:
    description:
      - What RV(nasops.cloudsync.truenas_cloudsync_kit#module:kit) was when the break-glass kit was last written.
      - A PUSH task is V(no_kit) when the kit does not have it, or when its path, credential, encryption, bucket or
        folder has changed since.
      - A changed secret is not found by this.
    type: dict
  kit_max_age:
    description:
      - How old O(kit) may be. With it, a PUSH task without a kit, or with an older one, is V(no_kit).
      - A duration as for O(grace), for example V(180d). Without it, a kit is not required.
    type: str
  token_ends:
    description:
      - When the OAuth tokens of credentials end (RFC 3339), by the names of the credentials, as far as it is known.
      - RV(nasops.cloudsync.google_photos_token#module:expires_on) tells it for Google Photos.
    type: dict
    default: {}
  timezone:
    description:
      - The time zone of the NAS, as in V(Europe/Berlin). The default is what the NAS says.
      - If neither is known, a task is V(late) only when two starts in any time zone were missed.
    type: str
  query:
    description:
      - A JMESPath expression that is applied to RV(tasks), whose value it replaces.
      - It is evaluated on the controller, which needs the Python library C(jmespath).
    type: str
notes:
  - The NAS remembers the last 1000 jobs, and after a restart only the last one of each task.
    A comparison with earlier runs, as for V(shrunk), V(left_out) and V(nothing_sent), needs these.
seealso:
  - module: nasops.cloudsync.truenas_cloudsync_task_info
  - module: nasops.cloudsync.truenas_cloudsync_restore_test
  - module: nasops.cloudsync.truenas_cloudsync_kit
  - module: nasops.cloudsync.truenas_cloudsync_run
"""

EXAMPLES = r"""
- name: Judge all tasks
  nasops.cloudsync.truenas_cloudsync_health_info:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    grace: 2h
    ignore: [disabled]
  register: health

- name: Fail when a task is not healthy
  ansible.builtin.assert:
    that: unhealthy | length == 0
    fail_msg: "{{ unhealthy | map(attribute='reasons') | flatten | map(attribute='text') | join(' ') }}"
  vars:
    unhealthy: "{{ health.tasks | rejectattr('ok') }}"
"""

RETURN = r"""
tasks:
  description: The tasks, or what O(query) makes of them.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Its number.
      type: int
    description:
      description: Its description.
      type: str
    verdict:
      description:
        - The kind of its gravest reason. Without any it is V(running) while it runs, and V(healthy) otherwise.
        - V(failed), V(aborted) - the last run that was not a dry run ended so.
        - V(damaged) - the last test of a restore found damaged files.
        - V(missing), V(locked) - the path does not exist, or its dataset is locked.
        - V(disabled) - the task never starts by itself.
        - V(never_starts) - cron does not understand the schedule, or it names no day that exists.
        - V(never_run), V(only_dry_runs) - the NAS knows no run, or only dry runs.
        - V(late) - no run began when one was due, or one takes so long that the next is late. See O(grace).
        - V(shrunk) - the last run found much fewer files than one of the five before it.
        - V(left_out) - the last run left out more files than one of the five before it.
        - V(nothing_sent) - see O(stale_after).
        - V(credential_ends) - the token of its credential ends within 14 days, or has ended. See O(token_ends).
        - V(untested) - see O(restore_test_max_age).
        - V(no_kit) - see O(kit) and O(kit_max_age).
        - V(no_alert) - no alert of the NAS about a failed run would reach anybody.
        - V(clock_wrong) - the clock of the NAS differs by more than two minutes from the one here.
      type: str
    ok:
      description: Whether it has no reasons but those of O(ignore).
      type: bool
    reasons:
      description: Why it is not healthy, the gravest first, each with its C(kind) and a C(text) for people.
      type: list
      elements: dict
    last_run:
      description: When the last run that was not a dry run began, in UTC. V(null) when none is known.
      type: str
    next_run:
      description: When the next run begins, in UTC. V(null) when it does not, or when that is not known.
      type: str
    runs:
      description:
        - The last runs that the NAS remembers, without dry runs, the newest first, at most 14.
        - A figure is V(null) when it is not known.
        - C(goes_on) is true for a run that ended where its arguments told it to end, for example at a limit of
          C(rclone), so that the next one goes on from there.
      type: list
      elements: dict
    proof:
      description: The last one of O(proofs), or V(null).
      type: dict
  sample:
    - id: 1
      description: Photos to Google
      verdict: late
      ok: false
      reasons:
        - kind: late
          text: No run has begun since Sat 21 Nov 03:00. The schedule asked for one at Sun 22 Nov 03:00.
      last_run: "2026-11-21T02:00:00Z"
      next_run: "2026-11-23T02:00:00Z"
      runs:
        - {state: SUCCESS, started: "2026-11-21T02:00:00Z", finished: "2026-11-21T02:02:05Z", goes_on: false,
           transferred: 3, bytes: 12900000, deleted: 0, errors: 0}
      proof: null
nas:
  description:
    - The C(release) of the NAS, its C(time) in UTC and its C(timezone), each V(null) when it is not known.
    - C(reasons) holds what is wrong with the NAS itself. Each of RV(tasks) has these reasons too.
  returned: success
  type: dict
  sample: {release: TrueNAS-25.10.1, time: "2026-11-22T21:00:00Z", timezone: Europe/Berlin, reasons: []}
unknown:
  description:
    - What could not be read. Nothing was concluded from it. Each has its C(method), the C(role) that reads it, and in
      C(msg) what the NAS said.
  returned: success
  type: list
  elements: dict
  sample: []
"""

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Module
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import health

MODULE = Module(health.ARGUMENTS, health.judged, refuse=health.refuse, blank=("query",))


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
