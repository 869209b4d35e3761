# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the unit tests are slow: `make unit` leaves them out and takes a minute."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
SLOW = (
    "playbooks",  # these run ansible-playbook
    "roles",
    "plugins/action",
    "plugins/modules/test_examples.py",
    "plugins/module_utils/_middleware/test_keeper.py",  # these wait for processes and connections
    "plugins/module_utils/_middleware/test_logins.py",
    "plugins/module_utils/_middleware/test_odd_rest_servers.py",
    "plugins/module_utils/_work",  # these speak to a simulated NAS of each release
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow."""
    for item in items:
        if any(item.path.is_relative_to(HERE / place) for place in SLOW):
            item.add_marker(pytest.mark.slow)
