# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: google_photos_tasks
short_description: Build the options of cloud sync tasks for Google Photos
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Turns the tasks of the role P(nasops.cloudsync.google_photos#role) into options of
    M(nasops.cloudsync.truenas_cloudsync_task), with the defaults of TrueNAS's guide, and with filters that keep runs
    from failing.
positional: credential
options:
  _input:
    description:
      - The tasks, as the role takes them.
    type: list
    elements: dict
    required: true
  credential:
    description:
      - The name of the cloud credential that the tasks use.
    type: str
    required: true
  own:
    description:
      - Keep the options that only the role has, such as C(max_deletes), in their types.
    type: bool
    default: false
    version_added: 1.1.0
  daily_requests:
    description:
      - Give the tasks that push arguments for rclone with which the runs of all tasks together stay below so many
        requests a day. With V(0) they have no limit.
    type: int
    default: 0
    version_added: 1.1.0
seealso:
  - plugin: nasops.cloudsync.google_photos_directories
    plugin_type: filter
  - module: nasops.cloudsync.truenas_cloudsync_config
"""

EXAMPLES = r"""
- name: Push the albums every night, photos and videos only
  nasops.cloudsync.truenas_cloudsync_config:
    tasks: "{{ albums | nasops.cloudsync.google_photos_tasks('Google Photos') }}"
  vars:
    albums:
      - description: Photos to Google
        path: /mnt/tank/photos
        media_only: true
"""

RETURN = r"""
_value:
  description: The options of each task.
  type: list
  elements: dict
  sample:
    - description: Photos to Google
      credential: Google Photos
      direction: PUSH
      transfer_mode: SYNC
      path: /mnt/tank/photos
      folder: /album
      schedule: "@daily"
      transfers: 16
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._google_photos_role import task_options
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._task_options import TASK_OPTIONS


def google_photos_tasks(
    tasks: Iterable[Mapping[str, Any]], credential: str, own: bool = False, daily_requests: int | str = 0
) -> list[dict[str, Any]]:
    try:
        return task_options(tasks, credential, TASK_OPTIONS, own=own, daily_requests=int(daily_requests or 0) or None)
    except OptionError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"google_photos_tasks": google_photos_tasks}
