# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on troubleshooting quotes messages that the collection really gives."""

from __future__ import annotations

import ast
import re

import pytest

from guides.reader import CHECKOUT

GUIDE = CHECKOUT / "docs/docsite/rst/guide_troubleshooting.rst"
OF_ANSIBLE = ("Failed to import the required Python library",)


def quoted() -> list[str]:
    terms = [line for line in GUIDE.read_text(encoding="utf-8").splitlines() if line.startswith("``")]
    return [message for line in terms for message in re.findall(r"``(.+?)``", line)]


def spoken(source: str) -> set[str]:
    """The texts in a program; a value that is put into one counts as a blank."""
    texts = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else " " for part in node.values)
            texts.add("".join(map(str, parts)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.add(node.value)
    return {" ".join(text.split()) for text in texts}


@pytest.fixture(scope="module")
def messages() -> set[str]:
    return {text for file in CHECKOUT.glob("plugins/**/*.py") for text in spoken(file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("message", quoted())
def test_the_message_exists(message, messages):
    if message in OF_ANSIBLE:
        return
    pattern = re.compile(".*".join(re.escape(part.strip()) for part in message.split("...")))
    assert any(pattern.search(text) for text in messages)
