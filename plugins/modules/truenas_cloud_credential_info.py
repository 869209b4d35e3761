#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: truenas_cloud_credential_info
short_description: Read the cloud credentials of a TrueNAS
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Reads the credentials, without their passwords, keys and tokens.
  - The account needs the role C(CLOUD_SYNC_READ). With no more than that, the NAS hides most fields as V(********).
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.truenas
  - nasops.cloudsync._attributes.info_module
  - nasops.cloudsync._connection
requirements:
  - jmespath 1.0 or later on the controller, for O(query).
options:
  name:
    description:
      - Only the credential of this name.
    type: str
  id:
    description:
      - Only the credential of this number.
    type: int
  query:
    description:
      - A JMESPath expression that is applied to RV(credentials), whose value it replaces.
      - It is evaluated on the controller, which needs the Python library C(jmespath).
    type: str
  export:
    description:
      - Also return RV(export), to be given back to M(nasops.cloudsync.truenas_cloudsync_config).
    type: bool
    default: false
seealso:
  - module: nasops.cloudsync.truenas_cloud_credential
  - module: nasops.cloudsync.truenas_cloudsync_config
"""

EXAMPLES = r"""
- name: The names of all credentials
  nasops.cloudsync.truenas_cloud_credential_info:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    query: "[].name"
  register: names
"""

RETURN = r"""
credentials:
  description: The credentials, or what O(query) makes of them.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 1
      name: Nextcloud
      provider: {type: WEBDAV, url: "https://cloud.example.com/", vendor: NEXTCLOUD, user: photos}
export:
  description:
    - The options C(credentials) for M(nasops.cloudsync.truenas_cloudsync_config).
    - In place of secrets it holds V(VAULT_ME). Replace them by variables from a vault.
  returned: when O(export=true)
  type: dict
  sample:
    credentials:
      - name: Nextcloud
        webdav: {url: "https://cloud.example.com/", vendor: NEXTCLOUD, user: photos, pass: VAULT_ME}
"""

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Module
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.info import CREDENTIAL_ARGUMENTS, credentials

MODULE = Module(CREDENTIAL_ARGUMENTS, credentials, blank=("name", "query"))


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
