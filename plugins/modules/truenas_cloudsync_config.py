#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: truenas_cloudsync_config
short_description: Manage all cloud credentials and cloud sync tasks of a TrueNAS at once
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Manages lists of credentials and tasks in one session with one login.
  - Credentials come before the tasks that use them, and are deleted after the tasks that used them.
  - Unchanged items cost no calls beyond the two queries at the start.
  - A failing item does not stop the others. In the end the module fails, and names every item that failed.
  - The account needs the role C(CLOUD_SYNC_WRITE).
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.truenas
  - nasops.cloudsync._connection
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  credentials:
    description:
      - The credentials. Each has the options of M(nasops.cloudsync.truenas_cloud_credential) except those of the
        connection.
    type: list
    elements: dict
    default: []
  tasks:
    description:
      - The tasks. Each has the options of M(nasops.cloudsync.truenas_cloudsync_task) except those of the connection.
      - Two of them that push with V(SYNC) to the same place are refused, and so is one that is changed and shares its
        place with a task of the NAS that is not in the list, as described for
        O(nasops.cloudsync.truenas_cloudsync_task#module:transfer_mode).
    type: list
    elements: dict
    default: []
  purge_credentials:
    description:
      - Delete the credentials of the NAS that are not in O(credentials).
    type: bool
    default: false
  purge_tasks:
    description:
      - Delete tasks of the NAS that are not in O(tasks). No files are deleted.
      - V(true) deletes all of them, V(false) none.
      - V(credential) deletes those that use a credential of O(credentials). Tasks with other credentials stay.
      - V(warn) deletes none, and warns of those that V(credential) would delete.
      - Since 1.1.0, neither tasks nor credentials are purged when an item failed, as it may mean one of them.
      - V(credential) and V(warn) are new in version 1.1.0.
    type: raw
    default: false
  unspecified:
    description:
      - What becomes of the options that an item of O(tasks), and of the provider's fields that an item of
        O(credentials), does not give, unless the item has the option
        O(nasops.cloudsync.truenas_cloudsync_task#module:unspecified) itself.
      - V(keep) leaves them as they are. V(default) sets them to TrueNAS's defaults, so that each change by hand is
        found and undone.
    type: str
    choices: [keep, default]
    default: keep
    version_added: 1.1.0
  expect_plan:
    description:
      - The RV(plan_id) of a run in check mode that has been approved. When the NAS, or what is declared, is no longer
        what that run saw, nothing is written, and the module fails with what has changed.
      - Every credential and every task of the NAS counts, also those that are not in the lists. What a task has done
        does not count, and neither do tokens that the NAS has refreshed.
      - Use the same account for both runs. An account that may not read the fields of a credential sees another NAS.
    type: str
    version_added: 1.1.0
notes:
  - A secret with the value V(VAULT_ME), as in an export, leaves the stored secret unchanged. It has to be replaced by
    the secret before the credential or task can be created on another NAS.
seealso:
  - module: nasops.cloudsync.truenas_cloud_credential
  - module: nasops.cloudsync.truenas_cloudsync_task
  - module: nasops.cloudsync.truenas_cloud_credential_info
  - module: nasops.cloudsync.truenas_cloudsync_task_info
"""

EXAMPLES = r"""
- name: Everything about cloud sync on this NAS
  nasops.cloudsync.truenas_cloudsync_config:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    credentials:
      - name: Nextcloud
        verify: never
        webdav:
          url: https://cloud.example.com/remote.php/dav/files/photos/
          vendor: NEXTCLOUD
          user: photos
          password: "{{ nextcloud_password }}"
    tasks:
      - description: Photos to Nextcloud
        credential: Nextcloud
        direction: PUSH
        transfer_mode: COPY
        path: /mnt/tank/photos
        folder: /Photos
        schedule: "@daily"
    purge_tasks: true
"""

RETURN = r"""
credentials:
  description: The credentials of the list, as M(nasops.cloudsync.truenas_cloud_credential) returns them, each with its
    C(action).
  returned: always
  type: list
  elements: dict
  sample: [{id: 1, name: Nextcloud, provider: {type: WEBDAV, user: photos}, action: none}]
tasks:
  description: The tasks of the list, as M(nasops.cloudsync.truenas_cloudsync_task) returns them, each with its
    C(action).
  returned: always
  type: list
  elements: dict
  sample: [{id: 1, description: Photos to Nextcloud, action: create}]
plan_id:
  description:
    - The name of this plan, for O(expect_plan). It is the same in check mode and without, as long as neither the NAS
      nor what is declared changes.
    - It is made from no secret, so no secret can be guessed from it. It holds only whether each secret is given and
      whether the plan would change it. So one new secret in place of another new one makes no other plan.
  returned: when the plan could be made
  type: str
  sample: 1.dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgcGxhbiBpZA
  version_added: 1.1.0
unlisted:
  description: The tasks of the NAS that are not in the list and that stay, each with its C(id), C(description) and
    C(credential).
  returned: when the plan could be made
  type: list
  elements: dict
  sample: [{id: 7, description: Documents, credential: Nextcloud}]
  version_added: 1.1.0
failures:
  description: What failed, with the C(item) and its message C(msg).
  returned: always
  type: list
  elements: dict
  sample:
    - item: task Photos to Nextcloud
      msg: Cloud sync task "Photos to Nextcloud" does not exist. To create it, give path too.
"""

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Module
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.configuration import (
    ARGUMENTS,
    execute,
    items,
    secrets,
)

MODULE = Module(ARGUMENTS, execute, secrets=secrets, items=items)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
