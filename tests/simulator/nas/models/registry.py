# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which methods a release has."""

from __future__ import annotations

from typing import Any

from simulator.nas.models import account, auth, cloudsync, core, storage
from simulator.nas.models.methods import Spec


def methods(release: str) -> dict[str, Spec]:
    """Every method of a release."""
    return (
        auth.auth_methods(release)
        | core.core_methods(release)
        | core.system_methods(release)
        | account.account_methods(release)
        | storage.filesystem_methods(release)
        | storage.dataset_methods(release)
        | cloudsync.credential_methods(release)
        | cloudsync.task_methods(release)
    )


def legacy_params(method: Any) -> Any:
    return None


def legacy_result(method: Any) -> Any:
    return None
