# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's README, its defaults, its argument specification and what it does agree."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.nasops.cloudsync.plugins.module_utils._work.task import ARGUMENTS
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._google_photos_role import task_options

ROLE = Path(__file__).resolve().parents[3] / "roles/google_photos"
PUSH = {"description": "Photos", "path": "/mnt/tank/photos"}


def read(path: str) -> Any:
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


def table(first: str) -> dict[str, str]:
    """A table of the README, found by its first heading: name -> default, as written."""
    _before, _heading, text = (ROLE / "README.md").read_text(encoding="utf-8").partition(f"| {first} | Default |")
    found = {}
    for row in text.partition("\n\n")[0].splitlines()[2:]:
        names, default = (cell.strip() for cell in row.split("|")[1:3])
        found.update(dict.fromkeys(re.findall(r"`(\w+)`", names), default))
    return found


def value(cell: str) -> Any:
    """The first value that a cell names."""
    text = re.findall("`(.+?)`", cell)[0]
    return text if text.startswith("@") else yaml.safe_load(text)  # YAML reserves the @ of a schedule


OPTIONS = read("meta/argument_specs.yml")["argument_specs"]["main"]["options"]


def test_the_defaults_are_those_specified() -> None:
    assert read("defaults/main.yml") == {name: option["default"] for name, option in OPTIONS.items()}


def test_the_readme_has_every_variable_with_its_default() -> None:
    told = {name: value(cell) if cell else "" for name, cell in table("Variable").items()}
    assert told == {name: option["default"] for name, option in OPTIONS.items()}


def test_the_readme_has_the_role_s_own_options_of_a_task_with_their_defaults() -> None:
    told = table("Option")
    specified = "\n".join(OPTIONS["google_photos_tasks"]["description"])
    own = dict(re.findall(r"C\((\w+)\) \((?:list of )?\w+(?:, default V\((.+?)\))?\)", specified))
    assert {name for name in told if name not in ARGUMENTS} == own.keys()
    assert {name: value(told[name]) for name in own if own[name]} == {
        name: yaml.safe_load(default) for name, default in own.items() if default
    }


def test_the_readme_has_the_defaults_that_a_push_gets() -> None:
    told = table("Option")
    ((given),) = task_options([PUSH], "Google Photos", ARGUMENTS)
    defaults = given.keys() - PUSH.keys() - {"credential", "include", "exclude"}  # the last two are those of media_only
    assert {name: value(told[name]) for name in told if name in ARGUMENTS and name not in PUSH} == {
        name: given[name] for name in defaults
    }
