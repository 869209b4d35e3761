# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module's documentation is whole, and right for the actions alone, whose options ansible-test does not see."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.plugin_docs import read_docstring

MODULES = Path(__file__).resolve().parents[4] / "plugins/modules"


def documentation(module: str) -> dict[str, Any]:
    return read_docstring(str(MODULES / f"{module}.py"), verbose=False)


def without_sample(returned: dict[str, Any]) -> list[str]:
    """The values that neither have an example of their own nor are part of one."""
    missing = []
    for name, value in returned.items():
        if "sample" not in value:
            missing += (
                [f"{name}.{part}" for part in without_sample(value["contains"])] if "contains" in value else [name]
            )
    return missing


@pytest.mark.parametrize("module", sorted(file.stem for file in MODULES.glob("*.py")))
def test_it_says_where_to_read_on_and_what_it_returns(module: str) -> None:
    told = documentation(module)
    assert told["doc"]["seealso"]
    assert without_sample(told["returndocs"] or {}) == []
    assert "nasops.cloudsync._attributes" in told["doc"]["extends_documentation_fragment"]


@pytest.mark.parametrize(
    "module",
    [
        "cloudsync_drift_verdict",
        "cloudsync_ping",
        "cloudsync_status_verdict",
        "show_text",
        "truenas_cloudsync_kit",
        "vaulted_vars",
    ],
)
def test_the_options_of_an_action_are_those_documented(module: str) -> None:
    action = importlib.import_module(f"ansible_collections.nasops.cloudsync.plugins.action.{module}")
    taken = {
        name: {"required": False, **{key: value for key, value in option.items() if key != "no_log"}}
        for name, option in action.ARGUMENTS.items()
    }
    documented = {
        name: {
            "required": False,
            **{key: value for key, value in option.items() if key not in ("description", "version_added")},
        }
        for name, option in documentation(module)["doc"]["options"].items()
    }
    assert taken == documented
