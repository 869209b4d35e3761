# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: google_takeout_script
short_description: Make the script that imports Google Takeout exports on a NAS
version_added: 1.1.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Makes the text for the option C(post_script) of a cloud sync task, which runs the program that
    M(nasops.cloudsync.truenas_takeout_program) installs.
  - The script runs the program only if it is the one that this version of the collection installs.
positional: path
options:
  _input:
    description:
      - The options of the import, as M(nasops.cloudsync.google_takeout_import) has them.
    type: dict
    required: true
  path:
    description:
      - Where the program is on the NAS.
    type: str
    required: true
seealso:
  - module: nasops.cloudsync.truenas_takeout_program
"""

EXAMPLES = r"""
- name: Import after each delivery
  nasops.cloudsync.truenas_cloudsync_task:
    description: Google Takeout
    post_script: "{{ options | nasops.cloudsync.google_takeout_script('/mnt/tank/takeout/.nasops_takeout.pyz') }}"
  vars:
    options:
      archives: /mnt/tank/takeout
      library: /mnt/tank/photos
"""

RETURN = r"""
_value:
  description:
    - The script.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.program import script


def google_takeout_script(options: Any, path: Any) -> str:
    """Return the script for the options of an import."""
    if not isinstance(options, dict) or not isinstance(path, str):
        raise AnsibleFilterError("google_takeout_script takes the options of the import, and the path of the program")
    return script(path, options)


class FilterModule:
    """The filter `google_takeout_script`."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """What Ansible calls it by."""
        return {"google_takeout_script": google_takeout_script}
