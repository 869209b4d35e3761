# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The code blocks of a page: files that a reader writes, and commands that a reader types."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_RST = re.compile(
    r"^(?P<indent> *)\.\. code-block:: (?P<language>\S+)\n"
    r"(?P<options>(?:(?P=indent) +:[a-z-]+:.*\n)*)"
    r"\n(?P<text>(?:(?:(?P=indent) +.*)?\n)+)",
    re.MULTILINE,
)
_MARKDOWN = re.compile(r"^```(?P<language>[\w+-]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_CAPTION = re.compile(r":caption: ``(\S+)``")


@dataclass(frozen=True)
class Command:
    """A line that a reader types, and the lines that the page shows as its output."""

    line: str
    output: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """One code block.

    Attributes:
        file: The name of the file that it is, as its caption says.
    """

    language: str
    text: str
    file: str | None = None

    @property
    def commands(self) -> list[Command]:
        """What is typed: lines that begin with a prompt, or all where there is none."""
        if self.language not in ("console", "bash", "shell"):
            return []
        lines = self.text.replace("\\\n", " ").splitlines()
        if not any(line.startswith("$ ") for line in lines):
            return [Command(" ".join(line.split())) for line in lines if line.strip() and not line.startswith("#")]
        typed: list[Command] = []
        for line in filter(str.strip, lines):
            if line.startswith("$ "):
                typed.append(Command(" ".join(line[2:].split())))
            else:
                typed[-1] = Command(typed[-1].line, (*typed[-1].output, line))
        return typed

    @property
    def content(self) -> Any:
        """The YAML of the block; None for other languages."""
        return yaml.safe_load(self.text) if self.language.startswith("yaml") else None

    @property
    def is_playbook(self) -> bool:
        return is_playbook(self.content)


def is_playbook(content: Any) -> bool:
    """Whether this YAML is a list of plays."""
    return isinstance(content, list) and all(
        isinstance(play, dict)
        and bool({"hosts", "ansible.builtin.import_playbook"} & set(play))
        and "sources" not in play  # a rulebook
        for play in content
    )


def blocks(page: Path) -> list[Block]:
    """The code blocks of a page of reStructuredText or Markdown, in their order."""
    return list(_blocks(page.read_text(encoding="utf-8"), page.suffix))


def _blocks(text: str, kind: str) -> Iterator[Block]:
    for found in (_RST if kind == ".rst" else _MARKDOWN).finditer(text):
        caption = _CAPTION.search(found["options"]) if kind == ".rst" else None
        yield Block(
            found["language"], textwrap.dedent(found["text"]).strip("\n") + "\n", caption[1] if caption else None
        )
