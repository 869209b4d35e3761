# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudsync_drift_verdict
short_description: Fail for a NAS that differs from what is declared
version_added: 1.1.0
description:
  - Succeeds for a NAS that is as declared, and fails for one that differs.
  - A NAS that could not be compared counts as unreachable. So C(ansible-playbook) exits with 0 when all are as
    declared, with 2 when one differs, and with 4 when one could not be compared.
author:
  - The nasops.cloudsync authors (@nasops)
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.info_module
  - nasops.cloudsync._attributes.controller
options:
  drift:
    description:
      - What the filter P(nasops.cloudsync.cloudsync_drift#filter) returned.
    type: dict
    required: true
seealso:
  - plugin: nasops.cloudsync.cloudsync_drift
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Fail when the NAS differs
  nasops.cloudsync.cloudsync_drift_verdict:
    drift: "{{ compared | nasops.cloudsync.cloudsync_drift(inventory_hostname) }}"
"""

RETURN = r"""#"""
