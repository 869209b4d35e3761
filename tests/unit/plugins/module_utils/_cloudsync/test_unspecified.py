# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that are not given get TrueNAS's defaults, of the release and the provider."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import schedule, task_form, unspecified
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import RELEASES
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import MISSING

KEPT = {"description", "credentials", "direction", "transfer_mode", "path", "encryption_password", "encryption_salt"}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=lambda one: one.type)
def test_every_member_that_has_a_default_gets_it(provider, release):
    known = task_form.members(provider, release)
    complete = unspecified.with_defaults({}, {}, known)
    assert complete.keys() == known.keys() - KEPT - ({"attributes"} - complete.keys())
    assert complete["schedule"] == schedule.DEFAULTS
    attributes = known["attributes"].parts({})
    assert complete.get("attributes", {}) == {
        name: one.default for name, one in attributes.items() if one.default is not MISSING
    }


def test_what_is_given_counts_also_in_part():
    known = task_form.members(PROVIDERS["B2"], "25.10")
    given = {"enabled": False, "schedule": {"hour": "5"}, "attributes": {"bucket": "b", "fast_list": True}}
    complete = unspecified.with_defaults(given, {"attributes": {"bucket": "b", "folder": "/x"}}, known)
    assert complete["enabled"] is False
    assert complete["schedule"] == {**schedule.DEFAULTS, "hour": "5"}
    assert complete["attributes"] == {"bucket": "b", "fast_list": True, "chunk_size": 96}


def test_an_attribute_that_is_left_out_by_default_is_emptied_when_it_is_set():
    known = task_form.members(PROVIDERS["S3"], "24.10")
    assert "storage_class" not in unspecified.with_defaults({}, {}, known)["attributes"]
    present = {"attributes": {"storage_class": "GLACIER", "folder": "/x", "bucket": "b"}}
    complete = unspecified.with_defaults({}, present, known)["attributes"]
    assert complete["storage_class"] == ""
    assert not complete.keys() & {"folder", "bucket"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"unspecified": "default", "encryption": None}, True),
        ({"unspecified": "default", "encryption": False}, False),
        ({"unspecified": "keep", "encryption": None}, False),
        ({"unspecified": "default"}, False),
    ],
)
def test_a_refusal_tells_that_the_option_is_not_given(given, told):
    problem = "encryption: this change is refused."
    assert ("Give encryption to keep it" in unspecified.explained(problem, given)) is told
    assert unspecified.explained(problem, given).startswith(problem)
