# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on playbooks has every playbook and every variable, with its default."""

from __future__ import annotations

import re

import pytest
import yaml

from guides.reader import CHECKOUT

GUIDE = CHECKOUT / "docs/docsite/rst/guide_playbooks.rst"
PLAYBOOKS = sorted(CHECKOUT.glob("playbooks/*.yml"))
DERIVED = {
    "ansible_python_interpreter",
    "cloudsync_drifts",
    "cloudsync_given",
    "cloudsync_here",
    "cloudsync_statuses",
    "google_photos_here",
    "google_photos_prefix",
    "google_photos_stored",
}
"""Variables that a playbook sets for itself."""
OTHERS = {
    "cloudsync_ping_ca_path",
    "cloudsync_restore_scratch",
    "cloudsync_run_ping_url",
    "cloudsync_status_ping_url",
    "cloudsync_timezone",
    "google_photos_daily_requests",
}
"""Variables that a playbook reads without a default in `vars`."""


def defaults() -> dict[str, object]:
    plays = [play for file in PLAYBOOKS for play in yaml.safe_load(file.read_text(encoding="utf-8"))]
    found = {name: value for play in plays for name, value in play.get("vars", {}).items()}
    return {name: value for name, value in found.items() if name not in DERIVED and not name.endswith("_path")}


def documented() -> dict[str, str]:
    rows = re.findall(r"^   \* - ``(\w+)``\n     -(.*)\n", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: default.strip().strip("`") for name, default in rows}


@pytest.mark.parametrize("playbook", [file.stem for file in PLAYBOOKS])
def test_every_playbook_has_a_section(playbook):
    titles = re.findall(r"^(.+)\n-{3,}$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert playbook in " ".join(titles).split()


def test_every_variable_is_documented():
    assert set(documented()) == set(defaults()) | OTHERS


@pytest.mark.parametrize("name", sorted(defaults()))
def test_the_default_is_right(name):
    default = defaults()[name]
    if isinstance(default, str) and "{{" in default:
        assert documented()[name]  # said in words
    else:
        assert documented()[name] == (str(default).lower() if isinstance(default, bool) else str(default))
