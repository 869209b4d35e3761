# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloudsync_notice
short_description: Write the health of cloud sync on several NASes as a short message
version_added: 1.1.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Makes the subject and the text of a mail or another notification, and the signal for
    M(nasops.cloudsync.cloudsync_ping).
  - It holds no secret. It is not escaped for HTML.
options:
  _input:
    description:
      - What the filter P(nasops.cloudsync.cloudsync_status#filter) returned for each NAS, with its option
        O(nasops.cloudsync.cloudsync_status#filter:health).
    type: list
    elements: dict
    required: true
seealso:
  - module: nasops.cloudsync.cloudsync_ping
  - plugin: nasops.cloudsync.cloudsync_status
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Tell the monitoring service whether all tasks are healthy
  nasops.cloudsync.cloudsync_ping:
    url: "{{ vault_status_ping_url }}"
    signal: "{{ notice.signal }}"
    text: "{{ notice.text }}"
  vars:
    notice: "{{ [status] | nasops.cloudsync.cloudsync_notice }}"
    status: "{{ tasks | nasops.cloudsync.cloudsync_status(inventory_hostname, health=health) }}"
"""

RETURN = r"""
_value:
  description: The message.
  type: dict
  contains:
    signal:
      description: V(success) when all tasks are healthy. V(fail) when one is not, or when a NAS was not reached.
      type: str
    subject:
      description: What is wrong, in one line.
      type: str
    text:
      description: The tasks that are not healthy, with their reasons, and a last line that counts.
      type: str
  sample:
    signal: fail
    subject: "Cloud sync: 1 of 2 tasks not healthy"
    text: "nas: not healthy\n  Photos: late\n    No run has begun since Sat 21 Nov 03:00.\n\n1 NAS. 2 tasks: 2 success."
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.notice import notice


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cloudsync_notice": notice}
