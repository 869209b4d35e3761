# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page is done from its first block to its last, against the simulator: what it shows works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from guides import prerequisites
from guides.blocks import blocks
from guides.reader import CHECKOUT, Reader
from simulator.fixture import Simulator, running

PAGES = sorted(
    [
        *CHECKOUT.glob("docs/docsite/rst/*.rst"),
        CHECKOUT / "README.md",
        *CHECKOUT.glob("roles/*/README.md"),
    ]
)


@pytest.fixture(scope="module")
def two_nases() -> Iterator[Simulator]:
    with running("--count", "2") as simulator:
        yield simulator


@pytest.mark.parametrize("release", ["24.10", "27.0"])
def test_readme_with_the_oldest_and_the_newest_release(release, tmp_path):
    with running("--count", "2", "--release", release) as simulator:
        do(CHECKOUT / "README.md", Reader(tmp_path, simulator))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_page(page, two_nases, tmp_path):
    do(page, Reader(tmp_path, two_nases))


def do(page: Path, reader: Reader) -> None:
    """Do the page from its first block to its last."""
    shown = blocks(page)
    reader.begin(prerequisites.PHOTOS)
    prerequisites.prepare(page, reader)
    for number, block in enumerate(shown):
        if block.is_playbook and block.file is None:
            name = f"playbook_{number}.yml"
            reader.write(name, reader.here(block.text))
            reader.play(name)
        elif block.content is None or block.file is not None:
            reader.do(block)
    for block in shown:
        if block.is_playbook and block.file is not None and block.file not in reader.played:
            reader.play(block.file)


def test_there_are_pages():
    assert len(PAGES) > 2
    assert any(block.is_playbook for page in PAGES for block in blocks(page))
