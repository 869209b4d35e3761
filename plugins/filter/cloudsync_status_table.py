# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloudsync_status_table
short_description: Show the status of cloud sync on several NASes as a table
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Makes one text of lines with aligned columns, for M(nasops.cloudsync.show_text) or a mail.
options:
  _input:
    description:
      - What the filter P(nasops.cloudsync.cloudsync_status#filter) returned for each NAS.
      - When what P(nasops.cloudsync.cloudsync_drift#filter) returned is added as C(drift), the table shows it, too.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: nasops.cloudsync.cloudsync_status
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the status of cloud sync
  nasops.cloudsync.show_text:
    text: "{{ [status] | nasops.cloudsync.cloudsync_status_table }}"
  vars:
    status: "{{ tasks | nasops.cloudsync.cloudsync_status(inventory_hostname) }}"
"""

RETURN = r"""
_value:
  description: The table.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.status_table import table


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cloudsync_status_table": table}
