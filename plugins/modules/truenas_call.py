#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: truenas_call
short_description: Call any method of a TrueNAS's API
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Calls one method of the TrueNAS middleware, for what no other module does.
  - Values in the result that are named like secrets (passwords, keys, tokens) are not returned, and those in O(params)
    are not shown. Use C(no_log) if O(params) contains a secret as a bare value.
  - The account needs a role that TrueNAS lets call the method. The message of a refusal names the role, where it is
    known.
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.truenas
  - nasops.cloudsync._connection
requirements:
  - jmespath 1.0 or later on the controller, for O(query).
attributes:
  check_mode:
    support: partial
    details:
      - Methods that are known to read only are called in check mode too, others are not.
  diff_mode:
    support: none
    details:
      - What a method changes is not known.
  idempotent:
    support: none
    details:
      - Each time the module is called, the method is.
options:
  method:
    description:
      - The name of the method, for example V(pool.dataset.query).
    type: str
    required: true
  params:
    description:
      - The parameters of the method, in order.
      - TrueNAS tells numbers from text. With ansible-core 2.18 a number from a variable stays one only if the whole
        list is one expression, as in the example.
    type: list
    elements: raw
    default: []
  job:
    description:
      - Set for methods that start a job. The module waits for its end and returns its result.
    type: bool
    default: false
  query:
    description:
      - A JMESPath expression that is applied to RV(result), whose value it replaces.
      - It is evaluated on the controller, which needs the Python library C(jmespath).
    type: str
  changed:
    description:
      - What to report as C(changed).
    type: bool
    default: false
seealso:
  - name: TrueNAS API
    description: The methods of each release, with their parameters.
    link: https://api.truenas.com/
"""

EXAMPLES = r"""
- name: The names of all datasets
  nasops.cloudsync.truenas_call:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    method: pool.dataset.query
    params:
      - []
      - extra: {properties: []}
    query: "[].name"
  register: datasets

- name: A dataset for photos
  nasops.cloudsync.truenas_call:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    method: pool.dataset.create
    params:
      - name: tank/pictures
    changed: true
  when: "'tank/pictures' not in datasets.result"

- name: What became of a job
  nasops.cloudsync.truenas_call:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    method: core.get_jobs
    params: "{{ [[['id', '=', job_id]]] }}"
    query: "[].state"
  vars:
    job_id: 950
"""

RETURN = r"""
result:
  description: What the method returned, or what O(query) makes of it. V(null) when it was not called in check mode.
  returned: success
  type: raw
  sample: [tank, tank/photos]
"""

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Module
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.any_call import ARGUMENTS, execute, secrets

MODULE = Module(ARGUMENTS, execute, secrets=secrets)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
