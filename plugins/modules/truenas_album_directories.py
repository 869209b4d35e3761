#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: truenas_album_directories
short_description: Prepare the album directories of a dataset for Google Photos
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - A push to the folder C(/album) of Google Photos makes an album of every directory below the task's path. This module
    makes the directories.
  - It also finds files that lie directly in the path. Google Photos cannot take these, and a run that meets one fails.
  - It never deletes or moves anything.
  - The account needs the roles C(FILESYSTEM_ATTRS_READ) and, to make directories, C(FILESYSTEM_DATA_WRITE).
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
      - The directory below which the albums are, as the NAS names it, for example V(/mnt/tank/photos). It has to exist.
    type: str
    required: true
  albums:
    description:
      - The names of the albums. C(/) nests directories; the album V(2026/Rome) is made of the directory C(Rome) in
        C(2026).
    type: list
    elements: str
  stray_files:
    description:
      - What to do about files that lie directly in O(path). V(fail) stops before anything is made, V(warn) goes on with
        a warning, V(ignore) goes on.
    type: str
    choices: [fail, warn, ignore]
    default: fail
seealso:
  - module: nasops.cloudsync.truenas_cloudsync_task
"""

EXAMPLES = r"""
- name: Two albums
  nasops.cloudsync.truenas_album_directories:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    path: /mnt/tank/photos
    albums:
      - Family
      - 2026/Rome
"""

RETURN = r"""
albums:
  description: The albums, by whether their directory was there.
  returned: success
  type: dict
  contains:
    created:
      description: Those whose directory was made, or would be in check mode.
      type: list
      elements: str
    existing:
      description: Those whose directory was there.
      type: list
      elements: str
  sample: {created: [2026/Rome], existing: [Family]}
stray_files:
  description: The names of the files that lie directly in O(path).
  returned: always
  type: list
  elements: str
  sample: [notes.txt]
"""

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Module
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.albums import ARGUMENTS, converge, refuse

MODULE = Module(ARGUMENTS, converge, refuse=refuse)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
