# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A variable that is nearly one of the role's is found; one of the user's own is not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.nasops.cloudsync.plugins.filter.misspelt_variables import misspelt_variables

CHECKOUT = Path(__file__).resolve().parents[4]
SPECIFIED = yaml.safe_load((CHECKOUT / "roles/google_photos/meta/argument_specs.yml").read_text(encoding="utf-8"))
SPECIFIED = SPECIFIED["argument_specs"]["main"]["options"]
OF_AUTHORIZE = yaml.safe_load((CHECKOUT / "playbooks/authorize.yml").read_text(encoding="utf-8"))[0]["vars"]


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("google_photo_tasks", "google_photos_tasks"),
        ("google_photos_task", "google_photos_tasks"),
        ("googlephotos_tasks", "google_photos_tasks"),
        ("gogle_photos_tasks", "google_photos_tasks"),
        ("google_photos_Tasks", "google_photos_tasks"),
        ("google_photos_credentials", "google_photos_credential"),
        ("google_photos_dryrun", "google_photos_dry_run"),
        ("google_photos_secret_client", "google_photos_client_secret"),
        ("google_photos_client_secrets_file", "google_photos_client_secret_file"),
        ("google_photo_token", "google_photos_token"),
        ("google_photos_tokn_file", "google_photos_token_file"),
        ("google_photos_wait_time_out", "google_photos_wait_timeout"),
    ],
)
def test_what_was_meant(variable, meant):
    (found,) = misspelt_variables([variable, "inventory_hostname"], SPECIFIED, OF_AUTHORIZE)
    assert (found["variable"], found["meant"], found["default"]) == (variable, meant, SPECIFIED[meant]["default"])
    assert found["problem"] == f"{variable} is not a variable of the role. Do you mean {meant}?"


@pytest.mark.parametrize("option", ["albums", "media_only", "path", "schedule", "max_deletes", "transfer_mode"])
def test_an_option_of_a_task_that_is_given_as_a_variable(option):
    (found,) = misspelt_variables([f"google_photos_{option}"], SPECIFIED, OF_AUTHORIZE)
    assert (found["meant"], found["option"]) == ("google_photos_tasks", option)
    assert f"{option} is an option of each task in google_photos_tasks" in found["problem"]


def test_the_variables_of_another_role():
    takeout = yaml.safe_load((CHECKOUT / "roles/google_takeout/meta/argument_specs.yml").read_text(encoding="utf-8"))
    specified = takeout["argument_specs"]["main"]["options"]
    found = misspelt_variables(["google_takeout_inbx", "google_takout_provider", "google_takeout_path"], specified)
    assert [one["meant"] for one in found] == ["google_takeout_inbox", "google_takeout_provider"]
    assert misspelt_variables([*specified, "google_photos_tasks", "google_takeout_archives"], specified) == []


def test_names_that_are_right_or_the_user_s_own():
    own = ["__google_photos_tasks", "vault_google_photos_token", "my_google_photos_tasks", "_google_photos_tasks"]
    own += [
        "google_tasks",
        "google_photos_daily",
        "google_photos_base",
        "google_photos_tasks_common",
        "google_drive_tasks",
        "photos",
        "tasks",
        "nas_tasks",
    ]
    assert misspelt_variables([*SPECIFIED, *OF_AUTHORIZE, *own], SPECIFIED, OF_AUTHORIZE) == []
