# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: google_photos_directories
short_description: List the directories that cloud sync tasks for Google Photos require
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Turns the tasks of the role P(nasops.cloudsync.google_photos#role) into options of
    M(nasops.cloudsync.truenas_album_directories).
options:
  _input:
    description:
      - The tasks, as the role takes them.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: nasops.cloudsync.google_photos_tasks
    plugin_type: filter
  - module: nasops.cloudsync.truenas_album_directories
"""

EXAMPLES = r"""
- name: Create missing album directories
  nasops.cloudsync.truenas_album_directories:
    path: "{{ item.path }}"
    albums: "{{ item.albums }}"
    stray_files: "{{ item.stray_files }}"
  loop: "{{ google_photos_tasks | nasops.cloudsync.google_photos_directories }}"
"""

RETURN = r"""
_value:
  description:
    - For each task that is to be there, the options C(path), C(albums) and C(stray_files) of
      M(nasops.cloudsync.truenas_album_directories), and its description as C(task).
  type: list
  elements: dict
  sample:
    - task: Photos to Google
      path: /mnt/tank/photos
      albums: [Family, Holidays/2026]
      stray_files: fail
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._google_photos_role import directories
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._task_options import TASK_OPTIONS


def google_photos_directories(tasks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    try:
        return directories(tasks, TASK_OPTIONS)
    except OptionError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"google_photos_directories": google_photos_directories}
