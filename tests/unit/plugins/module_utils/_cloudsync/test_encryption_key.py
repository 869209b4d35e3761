# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which changes of a task leave its files unreadable, and what is said of them."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.encryption_key import check
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN

TASK = {
    "encryption": True, "filename_encryption": False, "encryption_password": "one secret", "encryption_salt": "salty",
}  # fmt: skip
PLAIN = {**TASK, "encryption": False}


@pytest.mark.parametrize(
    ("before", "change", "words"),
    [
        (TASK, {"encryption_password": "another"}, "encryption_password: this change is refused, .* with the new key"),
        (TASK, {"encryption_salt": "another"}, "encryption_salt: .* nothing tells which"),
        (TASK, {"encryption_salt": ""}, "encryption_salt: "),
        (TASK, {"filename_encryption": True}, "filename_encryption: .* names have another form"),
        (TASK, {"encryption": False}, "encryption: .* in the clear"),
        (PLAIN, {"encryption": True}, "encryption: .* are not encrypted"),
        (
            {**TASK, "filename_encryption": True},
            {"encryption_password": "b"},
            "encryption_password: .*everything again",
        ),
    ],
)
def test_the_files_that_become_unreadable_are_told(before, change, words):
    with pytest.raises(OptionError, match=words) as refused:
        check(before, {**before, **change})
    told = str(refused.value)
    assert "allow_rekey: true" in told
    assert "nasops.cloudsync.rekey" in told
    for secret in ("one secret", "salty", "another"):
        assert secret not in told.replace("another key", "").replace("another form", "")


@pytest.mark.parametrize(
    ("before", "change"),
    [
        (TASK, {}),
        (TASK, {"path": "/mnt/b", "schedule": {}}),
        (PLAIN, {"encryption_password": "another", "filename_encryption": True}),
        ({**TASK, "encryption_password": HIDDEN}, {"encryption_password": "another"}),
        ({**TASK, "encryption_salt": ""}, {"encryption_salt": None}),
    ],
    ids=str,
)
def test_what_leaves_them_readable_is_let_pass(before, change):
    check(before, {**before, **change})
