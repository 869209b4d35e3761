#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: truenas_takeout_program
short_description: Install the import of Google Takeout exports on a TrueNAS
version_added: 1.1.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Installs the work of M(nasops.cloudsync.google_takeout_import) as one file on the NAS, which the Python of TrueNAS
    can run. The role P(nasops.cloudsync.google_takeout#role) has the cloud sync task run it after each delivery, so
    that the NAS imports by itself.
  - The file is uploaded through the API, over HTTPS only. It is compared by its content, so a newer version of this
    collection updates it. A file that was changed by hand is replaced.
  - TrueNAS cannot delete a file through its API. With O(state=absent) the content is replaced with one line of text,
    which says that the file may be deleted.
  - The account needs full administrator rights.
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
  path:
    description:
      - The file on the NAS, below a pool. Only root can read and change it. Missing directories are created.
    type: str
    required: true
  state:
    description:
      - V(present) installs and updates the program, V(absent) replaces it with one line of text.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: nasops.cloudsync.google_takeout_import
"""

EXAMPLES = r"""
- name: Install the import
  nasops.cloudsync.truenas_takeout_program:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    path: /mnt/tank/photos/takeout/.nasops_takeout.pyz
"""

RETURN = r"""
path:
  description: The file on the NAS.
  returned: success
  type: str
  sample: /mnt/tank/photos/takeout/.nasops_takeout.pyz
digest:
  description: The SHA-256 of the program; nothing when it is removed.
  returned: success
  type: str
  sample: 5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5
"""

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Module
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.takeout_program import ARGUMENTS, execute, refuse

MODULE = Module(ARGUMENTS, execute, refuse=refuse)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
