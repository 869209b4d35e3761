# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the filters know of `truenas_cloudsync_task`. PRIVATE to the collection."""

from __future__ import annotations

from ansible_collections.nasops.cloudsync.plugins.module_utils._options import Spec
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.task import ARGUMENTS

TASK_OPTIONS: Spec = ARGUMENTS
"""Every option of the module."""
