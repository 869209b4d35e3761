# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloudsync_drift_table
short_description: Show how several NASes differ from what is declared
version_added: 1.1.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Makes one text of the reports of several NASes, for M(nasops.cloudsync.show_text) or a mail.
options:
  _input:
    description:
      - What the filter P(nasops.cloudsync.cloudsync_drift#filter) returned for each NAS.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: nasops.cloudsync.cloudsync_drift
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the drift
  nasops.cloudsync.show_text:
    text: "{{ [compared | nasops.cloudsync.cloudsync_drift('nas1')] | nasops.cloudsync.cloudsync_drift_table }}"
"""

RETURN = r"""
_value:
  description: The text.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._drift import table


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cloudsync_drift_table": table}
