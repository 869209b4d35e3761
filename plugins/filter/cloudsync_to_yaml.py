# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloudsync_to_yaml
short_description: Write an export of cloud sync as YAML
version_added: 1.1.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Makes the text of a file of variables from what M(nasops.cloudsync.truenas_cloud_credential_info) and
    M(nasops.cloudsync.truenas_cloudsync_task_info) return as C(export).
  - A text in which Ansible would see a template gets the tag C(!unsafe), so that it is never evaluated. Such a text can
    be a filter of rclone with a regular expression, a script with C({{.Names}}), or the work of somebody else who may
    name tasks on the NAS.
  - The playbook C(nasops.cloudsync.export) uses it.
options:
  _input:
    description:
      - An export, or several that were combined.
    type: dict
    required: true
seealso:
  - plugin: nasops.cloudsync.cloudsync_from_yaml
    plugin_type: filter
  - module: nasops.cloudsync.truenas_cloudsync_config
"""

EXAMPLES = r"""
- name: Read the tasks
  nasops.cloudsync.truenas_cloudsync_task_info:
    export: true
  register: found

- name: Write them to a file of variables
  ansible.builtin.copy:
    content: "{{ found.export | nasops.cloudsync.cloudsync_to_yaml }}"
    dest: cloudsync_nas1.yml
    mode: "0600"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The text of the file.
  type: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._export_yaml import dump


def cloudsync_to_yaml(export: Mapping[str, Any]) -> str:
    return dump(export)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cloudsync_to_yaml": cloudsync_to_yaml}
