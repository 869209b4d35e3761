# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._module_action import ModuleActionBase


class ActionModule(ModuleActionBase):
    """Works in Ansible's worker process where it can."""
