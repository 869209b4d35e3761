# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[3] / "playbooks/templates"
PAGES = sorted(TEMPLATES.glob("*.html.j2"))


def test_there_are_pages():
    assert [page.name for page in PAGES] == ["forecast.html.j2", "status.html.j2"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_expression_is_escaped(page):
    expressions = re.findall(r"{{(.*?)}}", page.read_text())
    assert expressions
    # The macros escape what they are given.
    assert [
        one for one in expressions if not one.endswith("| e ") and not one.startswith((" badge(", " listing("))
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_is_loaded(page):
    text = page.read_text().replace("https://www.gnu.org", "")
    assert re.findall(r"https?:|src=|href=|url\(|@import|<script\s", text) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_only_scripts_of_the_page_run_and_nothing_is_put_into_them(page):
    text = page.read_text()
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]
    assert re.findall(r"'sha256-(.*?)'", text) == digests
    assert not [one for one in scripts if "{{" in one or "{%" in one]
