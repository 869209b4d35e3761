# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudsync_ping
short_description: Tell a monitoring service of a start, a success or a failure
version_added: 1.1.0
description:
  - Calls an address of a service that expects calls, as Healthchecks (U(https://healthchecks.io)) and Uptime Kuma do.
    When the calls stop, the service tells people.
  - One request is made, from the controller. It is not repeated, and no redirect is followed.
  - A call that does not arrive is a warning, and does not fail the task.
  - In check mode, nothing is sent.
author:
  - The nasops.cloudsync authors (@nasops)
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.info_module
  - nasops.cloudsync._attributes.controller
options:
  url:
    description:
      - The address that the service gives for a check. It is a secret, as whoever knows it can report success. It is
        never shown.
      - It has to begin with V(https://), or with V(http://) for a service on the controller itself.
    type: str
    required: true
  signal:
    description:
      - What to tell. Uptime Kuma knows no V(start), so nothing is sent to it.
    type: str
    required: true
    choices: [start, success, fail]
  text:
    description:
      - A text for people that the service keeps with the call. Healthchecks gets at most 10000 bytes of it, and Uptime
        Kuma 250 characters.
    type: str
    default: ""
  style:
    description:
      - What kind of service it is. With V(auto), an address with C(/api/push/) in its path is one of Uptime Kuma, and
        any other is one of Healthchecks.
      - For V(healthchecks), the text is sent to the address, with V(/start) or V(/fail) at its end unless it is a
        success. For V(uptime_kuma), C(status) and C(msg) are added to the address.
    type: str
    choices: [auto, healthchecks, uptime_kuma]
    default: auto
  ca_path:
    description:
      - A file with certificates of authorities on the controller, for a service with a certificate of its own.
    type: path
  timeout:
    description:
      - How many seconds to wait for an answer.
    type: int
    default: 10
seealso:
  - plugin: nasops.cloudsync.cloudsync_notice
    plugin_type: filter
  - module: nasops.cloudsync.truenas_cloudsync_health_info
"""

EXAMPLES = r"""
- name: Tell that the backup begins
  nasops.cloudsync.cloudsync_ping:
    url: "{{ vault_backup_ping_url }}"
    signal: start

- name: Tell that it has failed
  nasops.cloudsync.cloudsync_ping:
    url: "{{ vault_backup_ping_url }}"
    signal: fail
    text: The disk is full.
"""

RETURN = r"""
sent:
  description: Whether the service has accepted the call.
  returned: success
  type: bool
  sample: true
"""
