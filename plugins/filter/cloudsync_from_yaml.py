# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloudsync_from_yaml
short_description: Read an export of cloud sync from YAML
version_added: 1.1.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Reads the text that P(nasops.cloudsync.cloudsync_to_yaml#filter) or the playbook C(nasops.cloudsync.export) wrote.
  - It is for a lookup. C(vars_files), C(include_vars) and C(-e @FILE) read such a file by themselves;
    C(ansible.builtin.from_yaml) does not know the tag C(!unsafe).
  - Nothing in the text is evaluated.
options:
  _input:
    description:
      - The text of the file.
    type: str
    required: true
seealso:
  - plugin: nasops.cloudsync.cloudsync_to_yaml
    plugin_type: filter
  - module: nasops.cloudsync.truenas_cloudsync_config
"""

EXAMPLES = r"""
- name: Give the export back
  nasops.cloudsync.truenas_cloudsync_config:
    tasks: "{{ (lookup('ansible.builtin.file', 'cloudsync_nas1.yml') | nasops.cloudsync.cloudsync_from_yaml).tasks }}"
"""

RETURN = r"""
_value:
  description: The options C(credentials) and C(tasks) of M(nasops.cloudsync.truenas_cloudsync_config).
  type: dict
"""

from collections.abc import Callable
from typing import Any

import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._export_yaml import load


def cloudsync_from_yaml(text: str) -> Any:
    try:
        return load(text)
    except yaml.YAMLError as error:
        raise AnsibleFilterError(
            f"cloudsync_from_yaml: the text is not the YAML of an export: {error}. Read a file that has other tags, "
            "such as !vault, with vars_files or include_vars"
        ) from None


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cloudsync_from_yaml": cloudsync_from_yaml}
