# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudsync_status_verdict
short_description: Fail for a NAS on which a task is not healthy
version_added: 1.1.0
description:
  - Succeeds for a NAS whose tasks are all healthy, and fails for one on which a task is not.
  - A NAS that was not reached, or whose tasks were not judged, counts as unreachable. So C(ansible-playbook) exits with
    0 when all are healthy, with 2 when a task is not, and with 4 when a NAS was not reached.
author:
  - The nasops.cloudsync authors (@nasops)
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.info_module
  - nasops.cloudsync._attributes.controller
options:
  status:
    description:
      - What the filter P(nasops.cloudsync.cloudsync_status#filter) returned, with its option
        O(nasops.cloudsync.cloudsync_status#filter:health).
    type: dict
    required: true
seealso:
  - plugin: nasops.cloudsync.cloudsync_status
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read the tasks
  nasops.cloudsync.truenas_cloudsync_task_info:
  register: tasks

- name: Judge the tasks
  nasops.cloudsync.truenas_cloudsync_health_info:
  register: health

- name: Fail when a task is not healthy
  nasops.cloudsync.cloudsync_status_verdict:
    status: "{{ tasks | nasops.cloudsync.cloudsync_status(inventory_hostname, health=health) }}"
"""

RETURN = r"""#"""
