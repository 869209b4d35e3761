# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports do not change by themselves."""

from __future__ import annotations

from ansible_collections.nasops.cloudsync.plugins.module_utils._work import credential, info, task

B2 = {"account": "a", "key": "k" * 8}
TASK = {"direction": "PUSH", "transfer_mode": "COPY", "path": "/mnt/tank/photos", "bucket": "b"}


def test_they_are_in_the_order_of_names_whatever_was_made_first(modules_2510):
    for name in ("beta", "alpha"):
        modules_2510.run(
            credential.execute, credential.ARGUMENTS, check=False, name=name, b2=B2, verify="never", state="present"
        )
        modules_2510.run(task.execute, task.ARGUMENTS, check=False, description=name, credential=name, **TASK)
    found = modules_2510.run(info.credentials, info.CREDENTIAL_ARGUMENTS, check=False, export=True).returns
    assert [one["name"] for one in found["export"]["credentials"]] == ["alpha", "beta"]
    found = modules_2510.run(info.tasks, info.TASK_ARGUMENTS, check=False, export=True).returns
    assert [one["description"] for one in found["export"]["tasks"]] == ["alpha", "beta"]
