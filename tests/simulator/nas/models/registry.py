# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which methods a release has, and in which of the two languages each is written down."""

from __future__ import annotations

from simulator.nas.models import account, alerting, auth, cloudsync, core, credentials_2410, legacy_methods, storage
from simulator.nas.models.base import at_least
from simulator.nas.models.methods import Spec


def methods(release: str) -> dict[str, Spec]:
    """Every method of a release."""
    if release == "24.10":
        return (
            legacy_methods.methods_2410()
            | legacy_methods.common_methods(release)
            | legacy_methods.task_methods(release)
            | credentials_2410.methods()
            | alerting.alerting_methods(release)
        )
    specs = (
        auth.auth_methods(release)
        | core.core_methods(release)
        | core.system_methods(release)
        | account.account_methods(release)
        | storage.filesystem_methods(release)
        | storage.dataset_methods(release)
        | cloudsync.credential_methods(release)
        | cloudsync.task_methods(release)
        | alerting.alerting_methods(release)
    )
    if not at_least(release, "25.10"):
        specs |= legacy_methods.common_methods(release) | legacy_methods.task_methods(release)
    return specs
