# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: truenas_cloudsync_kit
short_description: Write what restores the files of cloud sync tasks without the NAS
version_added: 1.1.0
description:
  - Writes a break-glass kit. It is a file on the controller, the whole of it encrypted by Ansible Vault with a password
    that C(ansible-playbook) was given. It holds all that C(rclone) needs to restore the files of every cloud sync task
    of a NAS that is lost.
  - The decrypted text is a configuration of C(rclone). For each task it has a remote with the credential, and one that
    decrypts when the task encrypts. Comments list the tasks with their paths and the command that restores each.
  - The credentials are read from the NAS. The account needs the role C(CLOUD_SYNC_WRITE). When a credential uses an SSH
    key pair, the account also needs C(KEYCHAIN_CREDENTIAL_WRITE). Other accounts do not get the secrets, and the module
    fails.
  - Nothing secret is returned. Only the owner may read the file.
author:
  - The nasops.cloudsync authors (@nasops)
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.controller
  - nasops.cloudsync._connection
attributes:
  action_group:
    description: Use C(group/nasops.cloudsync.truenas) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - nasops.cloudsync.truenas
  check_mode:
    support: full
  diff_mode:
    support: none
    details:
      - The kit holds secrets.
  idempotent:
    support: full
    details:
      - The file does not change when the NAS has only refreshed an access token.
options:
  path:
    description:
      - The file on the controller. Its directory has to exist.
      - A file that exists is replaced. It has to be encrypted with one of the vault passwords.
    type: path
    required: true
  title:
    description:
      - The name of the NAS, for the first line of the text.
    type: str
    default: a NAS
  vault_id:
    description:
      - Label of the vault password to encrypt with, when C(ansible-playbook) was given several.
      - Without it, a file that exists keeps its password and label. For a new file,
        E(ANSIBLE_VAULT_ENCRYPT_IDENTITY) names the label, or the first password is taken.
    type: str
notes:
  - Keep the vault password and a copy of the file where they are when the NAS is lost.
seealso:
  - module: nasops.cloudsync.truenas_cloudsync_health_info
  - module: nasops.cloudsync.truenas_cloudsync_restore_test
  - module: nasops.cloudsync.vaulted_vars
  - name: Rclone
    description: How to install rclone.
    link: https://rclone.org/downloads/
"""

EXAMPLES = r"""
- name: Write the break-glass kit
  nasops.cloudsync.truenas_cloudsync_kit:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    path: cloudsync_kit_nas.vault
"""

RETURN = r"""
path:
  description: The file.
  returned: success
  type: str
  sample: /home/me/nas/cloudsync_kit_nas.vault
tasks:
  description: The descriptions of the tasks in it.
  returned: success
  type: list
  elements: str
  sample: [Photos to Google]
kit:
  description:
    - When the kit was made or found to be still right, as C(date), and its C(tasks) without secrets. Keep it for
      O(nasops.cloudsync.truenas_cloudsync_health_info#module:kit).
  returned: success
  type: dict
  sample:
    date: "2026-11-22T21:00:00Z"
    tasks:
      - {id: 1, description: Photos to Google, path: /mnt/tank/photos, credential: Google Photos, encryption: false,
         bucket: "", folder: /album}
"""
