# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from pathlib import Path

TEMPLATE = Path(__file__).parents[3] / "playbooks/templates/status.html.j2"


def test_every_expression_is_escaped():
    expressions = re.findall(r"{{(.*?)}}", TEMPLATE.read_text())
    assert expressions
    # The macro escapes what it is given.
    assert [one for one in expressions if not one.endswith("| e ") and not one.startswith(" badge(")] == []


def test_nothing_is_loaded():
    assert (
        re.findall(r"https?:|src=|href=|url\(|@import|<script", TEMPLATE.read_text().replace("https://www.gnu.org", ""))
        == []
    )
