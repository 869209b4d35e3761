#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: truenas_cloudsync_task_info
short_description: Read the cloud sync tasks of a TrueNAS
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Reads the tasks, without their secrets, each with the state of its last job.
  - The account needs the role C(CLOUD_SYNC_READ).
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
      - Only the tasks of this description.
    type: str
    aliases: [name]
  id:
    description:
      - Only the task of this number.
    type: int
  query:
    description:
      - A JMESPath expression that is applied to RV(tasks), whose value it replaces.
      - It is evaluated on the controller, which needs the Python library C(jmespath).
    type: str
  export:
    description:
      - Also return RV(export), to be given back to M(nasops.cloudsync.truenas_cloudsync_config).
    type: bool
    default: false
seealso:
  - module: nasops.cloudsync.truenas_cloudsync_task
  - module: nasops.cloudsync.truenas_cloudsync_config
"""

EXAMPLES = r"""
- name: The tasks whose last run failed
  nasops.cloudsync.truenas_cloudsync_task_info:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    query: "[?job.state == 'FAILED'].{task: description, error: job.error}"
  register: failed
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
    credential:
      description: The C(id), C(name) and C(type) of its credential.
      type: dict
    job:
      description:
        - Its last job, as M(nasops.cloudsync.truenas_cloudsync_run) returns it, or V(null) when it never ran.
        - Also whether it was a dry run (C(dry_run)), the C(summary) of what it did (V(null) where its log is not known,
          and for a dry run), and in C(problem) what its failure means and how to fix it.
      type: dict
  sample:
    - id: 1
      description: Photos to Google
      credential: {id: 3, name: Google Photos, type: GOOGLE_PHOTOS}
      job: null
export:
  description:
    - The options C(tasks) for M(nasops.cloudsync.truenas_cloudsync_config).
    - In place of secrets it holds V(VAULT_ME). Replace them by variables from a vault.
  returned: when O(export=true)
  type: dict
  sample:
    tasks:
      - description: Photos to Google
        credential: Google Photos
        direction: PUSH
        transfer_mode: SYNC
        path: /mnt/tank/photos
        folder: /album
        schedule: {minute: "0", hour: "3", dom: "*", month: "*", dow: "*"}
"""

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Module
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.info import TASK_ARGUMENTS, tasks

MODULE = Module(TASK_ARGUMENTS, tasks, blank=("query",))


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
