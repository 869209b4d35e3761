# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vaulted_vars
short_description: Manage variables in a file encrypted by Ansible Vault
version_added: 1.0.0
description:
  - Writes variables into a vars file on the controller, the whole of it encrypted by Ansible's own vault with a
    password that C(ansible-playbook) was given (C(--vault-id), C(--vault-password-file), C(--ask-vault-pass), or the
    configuration).
  - Variables that the file already has are kept, unless they are given again. Nothing is written when nothing differs.
  - Only the owner may read the file. The owner of a file that exists does not change.
  - Several hosts of a play, or several plays on one machine, may write the same file. No variable is lost.
author:
  - The nasops.cloudsync authors (@nasops)
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.controller
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
    details:
      - All that changes is secret.
  idempotent:
    support: full
options:
  path:
    description:
      - The vars file on the controller. Its directory has to exist.
    type: path
    required: true
  variables:
    description:
      - The variables to keep there.
    type: dict
    default: {}
  remove:
    description:
      - The names of variables to remove from the file.
    type: list
    elements: str
    default: []
    version_added: 1.1.0
  vault_id:
    description:
      - Label of the vault password to encrypt with, when C(ansible-playbook) was given several.
      - Without it, a file that exists keeps its password and label. For a new file,
        E(ANSIBLE_VAULT_ENCRYPT_IDENTITY) names the label, or the first password is taken.
    type: str
seealso:
  - module: nasops.cloudsync.google_photos_token
  - name: Ansible Vault
    description: How to give passwords to Ansible, and how to use what is encrypted with them.
    link: https://docs.ansible.com/projects/ansible/latest/vault_guide/index.html
"""

EXAMPLES = r"""
- name: Keep the token
  nasops.cloudsync.vaulted_vars:
    path: group_vars/nas/google_photos.yml
    variables:
      google_photos_token: "{{ google.token }}"
"""

RETURN = r"""
path:
  description: The file.
  returned: success
  type: str
  sample: /home/me/photos/group_vars/nas/google_photos.yml
"""
