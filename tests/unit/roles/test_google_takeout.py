# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's README, its defaults, its argument specification and the collection's tables agree."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.nasops.cloudsync.plugins.module_utils._google.services import SERVICES
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.credential import ARGUMENTS
from ansible_collections.nasops.cloudsync.plugins.modules import google_takeout_import

ROLE = Path(__file__).resolve().parents[3] / "roles/google_takeout"


def read(path: str) -> Any:
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


OPTIONS = read("meta/argument_specs.yml")["argument_specs"]["main"]["options"]
VARIABLES = read("vars/main.yml")


def told() -> dict[str, str]:
    """The README's table: name -> default, as written."""
    _before, _heading, text = (ROLE / "README.md").read_text(encoding="utf-8").partition("| Variable | Default |")
    found = {}
    for row in text.partition("\n\n")[0].splitlines()[2:]:
        names, default = (cell.strip() for cell in row.split("|")[1:3])
        found.update(dict.fromkeys(re.findall(r"`(\w+)`", names), default))
    return found


def test_the_defaults_are_those_specified() -> None:
    assert read("defaults/main.yml") == {
        name: option["default"] for name, option in OPTIONS.items() if not option.get("required")
    }


def test_the_readme_has_every_variable_with_its_default() -> None:
    specified = {name: option.get("default", "required") for name, option in OPTIONS.items()}
    assert {name: cell.strip("`") for name, cell in told().items()} == {
        name: str(default).lower() if isinstance(default, bool) else str(default) for name, default in specified.items()
    }


def test_each_provider_has_an_option_of_the_credential_and_a_folder() -> None:
    providers = OPTIONS["google_takeout_provider"]["choices"]
    assert set(providers) <= set(ARGUMENTS)
    assert list(VARIABLES["__google_takeout_folders"]) == providers


def test_the_folder_on_onedrive_has_its_invisible_character() -> None:
    assert VARIABLES["__google_takeout_folders"]["onedrive"] == "/Apps/Google\u2060 Download Your Data"


def test_the_services_are_those_of_the_token_module() -> None:
    assert set(VARIABLES["__google_takeout_services"].values()) <= set(SERVICES)


def test_the_options_of_the_import_are_the_module_s() -> None:
    module = yaml.safe_load(google_takeout_import.DOCUMENTATION)["options"]
    for name, option in module.items():
        if name not in ("archives", "library"):
            own = OPTIONS[f"google_takeout_{name}"]
            assert {key: own.get(key) for key in ("type", "choices", "default")} == {
                key: option.get(key) for key in ("type", "choices", "default")
            }
