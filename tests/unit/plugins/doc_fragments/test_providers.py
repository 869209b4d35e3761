# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The generated documentation of the provider options is that of the table, and right for Ansible."""

from __future__ import annotations

from typing import Any

import generate_fragments
import pytest
import yaml

from ansible_collections.nasops.cloudsync.plugins.doc_fragments._providers import ModuleDocFragment
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import argument_spec

OPTIONS: dict[str, Any] = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]


def test_the_file_is_not_stale() -> None:
    assert generate_fragments.main(["--check"]) is None


@pytest.mark.parametrize("option", argument_spec())
def test_options_are_documented_as_they_are(option: str) -> None:
    documented = OPTIONS[option]["suboptions"]
    described = {
        name: {key: value for key, value in one.items() if key != "description"} for name, one in documented.items()
    }
    for one in described.values():
        one.setdefault("required", False)
    specified = {
        name: {"required": False, **{key: value for key, value in one.items() if key != "no_log"}}
        for name, one in argument_spec()[option]["options"].items()
    }
    assert described == specified


@pytest.mark.parametrize("option", OPTIONS)
def test_every_description_is_made_of_sentences(option: str) -> None:
    for one in (OPTIONS[option], *OPTIONS[option]["suboptions"].values()):
        assert one["description"]
        assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in one["description"])
