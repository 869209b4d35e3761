# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The README names all that is in the collection, and its links lead somewhere."""

from __future__ import annotations

import re

import pytest

from guides.reader import CHECKOUT

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
CONTENT = sorted(
    file.stem
    for pattern in ("plugins/modules/*.py", "plugins/filter/*.py", "playbooks/*.yml", "roles/*")
    for file in CHECKOUT.glob(pattern)
)
LINKED = [
    "README.md",
    "CONTRIBUTING.md",
    *(str(file.relative_to(CHECKOUT)) for file in CHECKOUT.glob("roles/*/README.md")),
]


@pytest.mark.parametrize("name", CONTENT)
def test_it_is_named(name):
    listed = README.partition("## What is in it")[2].partition("\n## ")[0]
    assert f"`{name}`" in listed


@pytest.mark.parametrize("name", [file.name for file in CHECKOUT.glob("docs/docsite/rst/*.rst")])
def test_the_guide_is_linked(name):
    assert f"(docs/docsite/rst/{name})" in README


@pytest.mark.parametrize("page", LINKED)
def test_its_links_resolve(page):
    file = CHECKOUT / page
    links = re.findall(r"\]\((?!https?:)([^)#]+)", file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []
