# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on what is tested says what the sessions do."""

from __future__ import annotations

import ast
import re

from guides.reader import CHECKOUT

GUIDE = CHECKOUT / "docs/docsite/rst/guide_tested.rst"
SESSIONS = CHECKOUT / "noxfile.py"


def constants() -> dict[str, object]:
    tree = ast.parse(SESSIONS.read_text(encoding="utf-8"))
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def rows() -> list[list[str]]:
    text = GUIDE.read_text(encoding="utf-8")
    found = re.findall(r"^   \* - (\d.*(?:\n     -.*)*)", text, re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"\n     -", row)] for row in found]


def test_every_supported_core_has_its_row():
    assert [row[0] for row in rows()] == list(constants()["CORES"])
    assert {row[2] for row in rows()} == {"yes"}
    release, python = constants()["NEXT"]
    told = f"pre-releases of ansible-core {release.rpartition('.')[0]}, on Python {python}"
    assert told in " ".join(GUIDE.read_text(encoding="utf-8").split())


def test_the_tests_are_told_with_their_core_and_python_and_ways():
    ends = {core: (python, ways) for core, python, ways in constants()["ENDS"].values()}
    for core, python, _sanity, unit, integration in rows():
        if core not in ends:
            assert (unit, integration) == ("", "")
            continue
        wanted, ways = ends[core]
        assert (python, unit) == (wanted, "yes")
        assert set(re.findall(r"\d\d\.\d+", integration)) == {way.partition("-")[0] for way in ways}
        for way in ways:
            release, dummy, how = way.partition("-")
            told = {
                "": release,
                "rest": f"by REST with {release}",
                "process": f"{release} with the modules as processes",
            }
            assert told[how] in integration
