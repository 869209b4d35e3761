# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: misspelt_variables
short_description: Find misspelt variables of a role
version_added: 1.1.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Finds variables whose names are nearly those of a role, such as P(nasops.cloudsync.google_photos#role). Ansible
    itself would ignore them.
positional: specified
options:
  _input:
    description:
      - The names of all variables.
    type: list
    elements: str
    required: true
  specified:
    description:
      - The variables of the role, by their names, as its argument specification has them.
    type: dict
    required: true
  others:
    description:
      - Further names that are right.
    type: list
    elements: str
    default: []
seealso:
  - plugin: nasops.cloudsync.google_photos_problems
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Refuse misspelt variables
  ansible.builtin.fail:
    msg: "{{ item.problem }}"
  when: item.default is defined and lookup('ansible.builtin.vars', item.meant) == item.default
  loop: >-
    {{ query('ansible.builtin.varnames', '^google_photo')
       | nasops.cloudsync.misspelt_variables({'google_photos_tasks': {'default': []}}) }}
  vars:
    google_photos_tasks: []
"""

RETURN = r"""
_value:
  description:
    - For each name that is nearly that of a variable, the name as C(variable), the name that was probably meant as
      C(meant), its default as C(default), and a sentence as C(problem).
    - For the option of a task that was given as a variable, C(option) instead of C(default).
  type: list
  elements: dict
  sample:
    - variable: google_photo_tasks
      meant: google_photos_tasks
      default: []
      problem: google_photo_tasks is not a variable of the role. Do you mean google_photos_tasks?
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._options import names_of
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._google_photos_role import OWN_OPTIONS
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._misspelt_variables import misspelt
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._task_options import TASK_OPTIONS


def misspelt_variables(
    names: Iterable[str], specified: Mapping[str, Mapping[str, Any]], others: Collection[str] = ()
) -> list[dict[str, Any]]:
    options = names_of({**TASK_OPTIONS, **OWN_OPTIONS})
    return list(misspelt(names, specified, others, options))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"misspelt_variables": misspelt_variables}
