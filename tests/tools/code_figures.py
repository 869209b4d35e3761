# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count what says whether the code stays readable: `python tests/tools/code_figures.py`.

Code is what is neither a docstring, a comment nor a blank line.
"""

from __future__ import annotations

import ast
import io
import json
import shutil
import subprocess
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
LONG = 50  # lines of a function
COMPLEX = 10  # branches of a function; radon's grade C begins above
_IGNORED = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
    tokenize.ENDMARKER,
}  # fmt: skip
_DOCUMENTATION = {"DOCUMENTATION", "EXAMPLES", "RETURN"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class File:
    """A Python file, read."""

    path: Path
    text: str

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def code(self) -> int:
        """The lines that hold code."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        used = {row for one in tokens if one.type not in _IGNORED for row in range(one.start[0], one.end[0] + 1)}
        return len(used - _rows(_prose(self.tree)))

    def functions(self) -> list[Function]:
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]


def main() -> None:
    utils, modules, tests = (files(name) for name in ("plugins/module_utils", "plugins/modules", "tests"))
    plugins = files("plugins")
    show("Python files, lines", f"plugins {_extent(plugins)}; module_utils {_extent(utils)}; tests {_extent(tests)}")
    show("Lines of a module, median (most)", _spread(one.lines for one in modules))
    show("Of these code, median", f"{median(one.code() for one in modules):.0f}")
    show(
        "Share of documentation in modules",
        f"{median(len(_rows(_prose(one.tree))) / one.lines for one in modules):.0%}",
    )
    show("Lines of a file in module_utils, median (most)", _spread(one.lines for one in utils))
    show("Code in module_utils for each module", f"{sum(one.code() for one in utils) // len(modules)}")
    functions = [node for one in plugins for node in one.functions()]
    lengths = [(node.end_lineno or 0) - node.lineno + 1 for node in functions]
    long = sum(length > LONG for length in lengths)
    show("Lines of a function, median (most)", f"{_spread(lengths)}; {long} of {len(lengths)} above {LONG}")
    show(f"Functions with more than {COMPLEX} branches", f"{_complex()} of {len(lengths)}")
    public = [node for one in utils for node in one.functions() if not node.name.startswith("_")]
    show("Public functions in module_utils with a docstring", _share(bool(ast.get_docstring(one)) for one in public))
    show("Functions with an annotated return", _share(one.returns is not None for one in functions))
    ratio = sum(one.code() for one in tests) / sum(one.code() for one in plugins)
    show("Code of the tests for a line of plugin code", f"{ratio:.1f}")


def files(folder: str) -> list[File]:
    """The Python files below a folder that belong to the repository."""
    listed = _output(shutil.which("git") or "git", "ls-files", "-z", f"{folder}/*.py")
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [File(path, path.read_text(encoding="utf-8")) for path in paths if path.exists()]


def show(name: str, value: str) -> None:
    print(f"{name:55}{value}")


def _prose(tree: ast.Module) -> Iterator[ast.AST]:
    """The docstrings, and the texts of a plugin's documentation."""
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Expr) else None
        docstring = isinstance(text, ast.Constant) and isinstance(text.value, str)
        targets = {getattr(one, "id", "") for one in node.targets} if isinstance(node, ast.Assign) else set()
        if docstring or targets & _DOCUMENTATION:
            yield node


def _rows(nodes: Iterable[ast.AST]) -> set[int]:
    return {row for node in nodes for row in range(node.lineno, node.end_lineno + 1)}  # type: ignore[attr-defined]


def _complex() -> int:
    """How many functions branch much, as ruff counts."""
    ruff = shutil.which("ruff") or str(ROOT / ".venv/bin/ruff")
    rule = ["--select=C901", f"--config=lint.mccabe.max-complexity={COMPLEX}", "--output-format=json", "--exit-zero"]
    return len(json.loads(_output(ruff, "check", *rule, "plugins")))


def _output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _extent(found: list[File]) -> str:
    return f"{len(found)}, {sum(one.lines for one in found):,}"


def _spread(numbers: Iterable[int]) -> str:
    every = list(numbers)
    return f"{median(every):.0f} ({max(every)})"


def _share(truths: Iterable[bool]) -> str:
    every = list(truths)
    return f"{sum(every) / len(every):.0%}"


if __name__ == "__main__":
    main()
