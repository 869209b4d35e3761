#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: truenas_cloud_credential
short_description: Manage the cloud credentials of a TrueNAS
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Creates, updates, renames, verifies and deletes the credentials that cloud sync tasks use.
  - Give the options of exactly one provider. They are named after TrueNAS's types, and the fields in them after
    TrueNAS's fields.
  - OAuth tokens are compared by their refresh token. TrueNAS renews the rest of a token with every run of a task, and
    what it has stored then is kept.
  - The account needs the role C(CLOUD_SYNC_WRITE).
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.truenas
  - nasops.cloudsync._connection
  - nasops.cloudsync._providers
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  name:
    description:
      - The name of the credential, which is unique on a NAS.
      - Either this or O(id) is required.
    type: str
  id:
    description:
      - The number of an existing credential.
    type: int
  new_name:
    description:
      - Rename the credential. If only a credential with the new name exists, nothing changes.
    type: str
  state:
    description:
      - V(present) creates or updates the credential.
      - V(absent) deletes it. A credential that tasks use is not deleted; the error names the tasks.
    type: str
    choices: [present, absent]
    default: present
  update_secrets:
    description:
      - V(auto) writes passwords, keys and tokens when they differ from what the NAS has stored. When the account may
        not read what is stored, they are left as they are, with a warning.
      - V(always) writes them each time, so that the module always reports a change.
      - V(never) only writes them to a new credential.
    type: str
    choices: [auto, always, never]
    default: auto
  verify:
    description:
      - When to check that the credential works. The check has the NAS reach the provider; for Google Photos it lists
        C(/album), as TrueNAS's own check accepts any token there. The token is stored as one that has to be refreshed
        first, so that the client's secret is checked too.
      - A credential that fails the check is not kept. The NAS is left as it was.
      - V(on_change) checks when the provider's fields change, V(always) also when they do not. In check mode nothing
        is checked.
    type: str
    choices: [on_change, always, never]
    default: on_change
  unspecified:
    description:
      - What becomes of the provider's fields that are not given, for a credential that exists.
      - V(keep) leaves them as they are.
      - V(default) sets them to TrueNAS's defaults, so that what somebody has changed by hand is found and undone.
      - Fields without a default, such as a user, and secrets are kept. So is a field with the value V(VAULT_ME).
    type: str
    choices: [keep, default]
    default: keep
    version_added: 1.1.0
  allow_deletes:
    description:
      - Agree that tasks which delete files, such as those with C(PULL) and C(SYNC), reach another account or server.
      - Without it, a change of a field such as a host, an address or a user is refused while such a task uses the
        credential and is enabled. Another password, key or token does not need it.
      - See O(nasops.cloudsync.truenas_cloudsync_task#module:allow_deletes) for the tasks that are meant.
    type: bool
    default: false
    version_added: 1.1.0
seealso:
  - module: nasops.cloudsync.google_photos_token
  - module: nasops.cloudsync.truenas_cloudsync_task
"""

EXAMPLES = r"""
- name: Google Photos, with a token from the module google_photos_token or from rclone authorize
  nasops.cloudsync.truenas_cloud_credential:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    name: Google Photos
    google_photos:
      client_id: "{{ google_photos_client_id }}"
      client_secret: "{{ google_photos_client_secret }}"
      token: "{{ google_photos_token }}"

- name: Nextcloud, without asking the server whether the password is right
  nasops.cloudsync.truenas_cloud_credential:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    name: Nextcloud
    verify: never
    webdav:
      url: https://cloud.example.com/remote.php/dav/files/photos/
      vendor: NEXTCLOUD
      user: photos
      password: "{{ nextcloud_password }}"

- name: S3 of a provider other than Amazon
  nasops.cloudsync.truenas_cloud_credential:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    name: Object storage
    verify: never
    s3:
      endpoint: https://s3.example.com
      access_key_id: photos
      secret_access_key: "{{ s3_secret_access_key }}"

- name: SFTP
  nasops.cloudsync.truenas_cloud_credential:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    name: Backup server
    verify: never
    sftp:
      host: backup.example.com
      user: photos
      password: "{{ sftp_password }}"

- name: Backblaze B2
  nasops.cloudsync.truenas_cloud_credential:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    name: Backblaze
    verify: never
    b2:
      account: "{{ b2_key_id }}"
      key: "{{ b2_application_key }}"

- name: Rename it
  nasops.cloudsync.truenas_cloud_credential:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    name: Nextcloud
    new_name: Nextcloud at home

- name: Delete it
  nasops.cloudsync.truenas_cloud_credential:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    name: Nextcloud at home
    state: absent
"""

RETURN = r"""
credential:
  description: The credential as the NAS has it, without passwords, keys and tokens. In check mode, as it would be.
  returned: success
  type: dict
  contains:
    id:
      description: Its number. V(null) in check mode for one that does not exist yet.
      type: int
    name:
      description: Its name.
      type: str
    provider:
      description: The provider's C(type), and those of its fields that may be shown.
      type: dict
  sample:
    id: 3
    name: Google Photos
    provider:
      type: GOOGLE_PHOTOS
      client_id: 1234567890-example.apps.googleusercontent.com
verified:
  description:
    - V(true) when the NAS has just reached the provider with the credential, V(null) when that was not tried.
    - V(false) when the NAS could not reach the provider. The credential was not kept then.
  returned: success, and when the NAS could not reach the provider
  type: bool
  sample: true
tasks:
  description: The C(id) and C(description) of the tasks that use the credential.
  returned: when it is not deleted as tasks use it
  type: list
  elements: dict
  sample:
    - id: 1
      description: Photos to Google
"""

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.credential_form import refuse, secrets
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import argument_hints
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Module
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.credential import (
    ARGUMENTS,
    BLANK,
    CONSTRAINTS,
    execute,
)

MODULE = Module(
    ARGUMENTS,
    execute,
    secrets=secrets,
    constraints=CONSTRAINTS,
    refuse=refuse,
    blank=BLANK,
    hints=argument_hints(),
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
