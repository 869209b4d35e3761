# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloudsync_metrics
short_description: Write the status of cloud sync on several NASes as metrics
version_added: 1.1.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Makes one text in the OpenMetrics format, for the textfile collector of Prometheus's node_exporter.
  - It holds no secret. Names of hosts and tasks are labels, and are escaped.
options:
  _input:
    description:
      - What the filter P(nasops.cloudsync.cloudsync_status#filter) returned for each NAS, with its option
        O(nasops.cloudsync.cloudsync_status#filter:health).
      - When what P(nasops.cloudsync.cloudsync_drift#filter) returned is added as C(drift), it has a metric, too.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: nasops.cloudsync.cloudsync_status
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write the metrics
  ansible.builtin.copy:
    content: "{{ [status] | nasops.cloudsync.cloudsync_metrics }}"
    dest: /var/lib/prometheus/node-exporter/cloudsync.prom
    mode: "0644"
  vars:
    status: "{{ tasks | nasops.cloudsync.cloudsync_status(inventory_hostname, health=health) }}"
"""

RETURN = r"""
_value:
  description: The metrics.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.metrics import metrics


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cloudsync_metrics": metrics}
