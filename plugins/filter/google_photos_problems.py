# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: google_photos_problems
short_description: Find problems in cloud sync tasks for Google Photos
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Names what the filters P(nasops.cloudsync.google_photos_tasks#filter) and
    P(nasops.cloudsync.google_photos_directories#filter) would fail with, all of it at once.
positional: credential
options:
  _input:
    description:
      - The tasks, as the role P(nasops.cloudsync.google_photos#role) takes them.
    type: list
    elements: dict
    required: true
  credential:
    description:
      - The name of the cloud credential that the tasks use. With it, a task that names this credential itself is
        compared with those that do not.
    type: str
    default: ""
    version_added: 1.1.0
  daily_requests:
    description:
      - As for P(nasops.cloudsync.google_photos_tasks#filter).
    type: int
    default: 0
    version_added: 1.1.0
seealso:
  - plugin: nasops.cloudsync.google_photos_tasks
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Stop at a misspelt option
  ansible.builtin.assert:
    that: google_photos_tasks | nasops.cloudsync.google_photos_problems | length == 0
    fail_msg: "{{ google_photos_tasks | nasops.cloudsync.google_photos_problems }}"
"""

RETURN = r"""
_value:
  description: One sentence for each problem. Empty when there is none.
  type: list
  elements: str
  sample: ["google_photos_tasks: Photos to Google: albmus is not an option of a task. Do you mean albums?"]
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._google_photos_role import problems
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._task_options import TASK_OPTIONS


def google_photos_problems(
    tasks: Iterable[Mapping[str, Any]], credential: str = "", daily_requests: int | str = 0
) -> list[str]:
    return problems(tasks, TASK_OPTIONS, credential, int(daily_requests or 0) or None)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"google_photos_problems": google_photos_problems}
