# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules support of Ansible's general abilities. PRIVATE to the collection."""

from __future__ import annotations


class ModuleDocFragment:
    """Descriptions of the attributes, and their values for kinds of modules."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff
      mode.
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second invocation indicates
      no change.
"""

    TRUENAS = r"""
attributes:
  action_group:
    description: Use C(group/nasops.cloudsync.truenas) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - nasops.cloudsync.truenas
  action:
    description: Has an action plugin, so that some or all of it can be done on the controller.
    support: full
    details:
      - Where the target of the play is the controller itself, all of it is done in Ansible's worker process (see the
        notes).
  async:
    description: Supports being used with the C(async) keyword.
    support: full
    details:
      - It is then done in a process of its own.
"""

    # On the controller alone, by an action plugin.
    CONTROLLER = r"""
attributes:
  action:
    description: Is an action plugin, and runs on the controller only.
    support: full
  async:
    description: Supports being used with the C(async) keyword.
    support: none
"""

    INFO_MODULE = r"""
attributes:
  check_mode:
    support: full
    details:
      - This action does not modify state.
  diff_mode:
    support: N/A
    details:
      - This action does not modify state.
  idempotent:
    support: full
    details:
      - This action does not modify state.
"""
