# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloudsync_drift
short_description: Compare a NAS with what is declared
version_added: 1.1.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Turns what M(nasops.cloudsync.truenas_cloudsync_config) returned in check mode into a report, field by field.
positional: host
options:
  _input:
    description:
      - The registered result of the module, also that of a failure.
    type: dict
    required: true
  host:
    description:
      - What to call the NAS.
    type: str
    required: true
seealso:
  - plugin: nasops.cloudsync.cloudsync_drift_table
    plugin_type: filter
  - module: nasops.cloudsync.cloudsync_drift_verdict
"""

EXAMPLES = r"""
- name: Keep the report
  ansible.builtin.set_fact:
    drift: "{{ compared | nasops.cloudsync.cloudsync_drift(inventory_hostname) }}"
"""

RETURN = r"""
_value:
  description:
    - The C(host), its C(state) (V(in sync), V(drift) or V(not compared)), and the C(problem) that kept it from being
      compared.
    - The C(changes) with their C(fields), the items that cannot be applied as C(failures), and the tasks that are
      declared nowhere as C(unlisted).
  type: dict
  sample:
    host: nas1
    state: drift
    problem: null
    changes:
      - kind: task
        name: Photos to Google
        action: update
        words: differs
        fields:
          - {field: enabled, on_nas: false, declared: true, words: "enabled: false on the NAS, true declared"}
    failures: []
    unlisted: []
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._drift import drift


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cloudsync_drift": drift}
