# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of a destination a run may delete."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.delete_share import is_too_large


@pytest.mark.parametrize(
    ("deletes", "present", "percent"),
    [
        (0, 0, 50), (0, 1, 50), (0, 6000, 50), (0, 6000, 0), (1, 2, 50), (1, 3, 50), (2, 3, 50), (2, 4, 50), (3, 5, 50),
        (5, 10, 50), (50, 100, 50), (3000, 6000, 50), (60, 100, 60), (100, 100, 100), (5, 5, 100), (1, 1, 100),
        (1, 5, 10), (1, 10, 10),
    ],
)  # fmt: skip
def test_a_usual_run_may_delete(deletes, present, percent):
    assert not is_too_large(deletes, present, percent)


@pytest.mark.parametrize(
    ("deletes", "present", "percent"),
    [
        (1, 1, 50), (2, 2, 50), (5, 5, 50), (9, 9, 90), (3, 4, 50), (4, 5, 50), (8, 9, 90), (6, 9, 50), (6, 10, 50),
        (51, 100, 50), (3001, 6000, 50), (61, 100, 60), (1, 3, 0), (1, 6000, 0), (2, 10, 10), (2, 5, 10),
    ],
)  # fmt: skip
def test_a_source_that_is_not_what_it_was_is_noticed(deletes, present, percent):
    assert is_too_large(deletes, present, percent)
