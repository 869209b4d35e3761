#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: truenas_album_directories
short_description: Create the album directories of a dataset for Google Photos
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - A push to the folder C(/album) of Google Photos makes an album of every directory below the task's path. This module
    makes the directories.
  - It also finds files that lie directly in the path. Google Photos cannot take these, and a run that meets one fails.
  - It never deletes or moves anything.
  - A directory whose name is written in another Unicode form, as macOS does, is the same directory. It is used as it
    is, and no second one is made beside it. Directories that differ in their Unicode form only are named in a warning,
    as rclone uploads the photos of one of them and ignores the others.
  - New directories belong to the owner and the group of the directory that they are in, and have its mode.
  - The account needs the role C(FILESYSTEM_ATTRS_READ), to make directories C(FILESYSTEM_DATA_WRITE), and to make them
    in a directory that does not belong to root C(FILESYSTEM_ATTRS_WRITE).
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
      - A path of the NAS, a name that begins or ends with a blank, and a name with control characters are refused. So
        is a list that holds one name in two Unicode forms.
      - A text is one name, or one name a line. It is not split at commas.
    type: list
    elements: str
  stray_files:
    description:
      - What to do about files that lie directly in O(path). V(fail) stops before anything is made, V(warn) goes on with
        a warning, V(ignore) goes on.
    type: str
    choices: [fail, warn, ignore]
    default: fail
  follow_symlinks:
    description:
      - Whether the task follows symbolic links. A link to a file directly in O(path) is then a stray file, and a link
        to a directory is an album.
    type: bool
    default: false
    version_added: 1.1.0
  owner:
    description:
      - The name or number of the account that new directories belong to. By default, the owner of the directory that
        they are in. TrueNAS 24.10 takes a number only.
      - Directories that were there before stay as they are. This is so for O(group) and O(mode) too.
    type: str
    version_added: 1.1.0
  group:
    description:
      - The name or number of the group that new directories belong to. By default, the group of the directory that they
        are in.
    type: str
    version_added: 1.1.0
  mode:
    description:
      - The mode of new directories, in quotes, such as V('0770'). By default, that of the directory that they are in.
      - On a dataset with an access control list, new directories inherit that list, whatever the mode.
    type: raw
    version_added: 1.1.0
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

- name: An album for a group of people
  nasops.cloudsync.truenas_album_directories:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    path: /mnt/tank/photos
    albums:
      - Club
    group: users
    mode: "0770"
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
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.albums import ARGUMENTS, execute, refuse

MODULE = Module(ARGUMENTS, execute, refuse=refuse, blank=("owner", "group"))


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
