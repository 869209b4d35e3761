# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan's name tells one plan from another, names what differs, and holds no secret."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import plan_id
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.plan_id import Part
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import credential, task

PHOTOS = Part("task 'Photos'", {"enabled": True}, on_nas=True)
OFF = Part("task 'Photos'", {"enabled": False}, on_nas=True)
DECLARED = Part("task 'Photos'", {"enabled": True}, on_nas=False)
OTHER = Part("task 'Other'", {}, on_nas=True)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([PHOTOS, DECLARED], [DECLARED, PHOTOS], []),
        ([PHOTOS, PHOTOS], [PHOTOS, PHOTOS], []),
        ([PHOTOS, DECLARED], [OFF, DECLARED], ["task 'Photos' has changed on the NAS"]),
        ([PHOTOS, PHOTOS], [PHOTOS, OFF], ["task 'Photos' has changed on the NAS"]),
        ([PHOTOS], [PHOTOS, OTHER], ["task 'Other' is new on the NAS"]),
        ([PHOTOS], [PHOTOS, PHOTOS], ["task 'Photos' is new on the NAS"]),
        ([PHOTOS, DECLARED], [DECLARED], ["task 'Photos' is no longer on the NAS"]),
        ([PHOTOS, DECLARED], [PHOTOS], ["task 'Photos' is no longer in the declaration"]),
        ([PHOTOS, OTHER], [PHOTOS], ["1 more that the plan saw is no longer there, or renamed"]),
    ],
)
def test_what_differs_is_told(before, after, told):
    assert plan_id.changes(plan_id.plan_id(before), after) == told
    assert (plan_id.plan_id(before) == plan_id.plan_id(after)) is (told == [])


@pytest.mark.parametrize("text", ["", "1.", "1.abc", "2.dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgcGxhbiBpZA", "1.ä", "x" * 99])
def test_another_text_is_refused(text):
    with pytest.raises(OptionError, match="expect_plan: this is not a plan_id"):
        plan_id.changes(text, [PHOTOS])


def test_of_a_secret_only_its_presence_counts():
    for spec, one in (
        (credential.ARGUMENTS, {"name": "a", "sftp": {"host": "h", "user": "u", "pass": "%s"}}),
        (credential.ARGUMENTS, {"name": "a", "sftp": {"host": "h", "user": "u", "password": "%s"}}),
        (credential.ARGUMENTS, {"name": "a", "webdav": {"url": "https://u:%s@h/?token=%s"}}),
        (task.ARGUMENTS, {"description": "a", "encryption_password": "%s", "attributes": {"api_token": "%s"}}),
    ):
        first, second = (plan_id.declared(_filled(one, secret), spec) for secret in ("guess-1", "guess-2"))
        assert first == second
        assert "guess" not in str(first)


def _filled(value, secret):
    if isinstance(value, dict):
        return {name: _filled(one, secret) for name, one in value.items()}
    return value.replace("%s", secret)
