# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import as one file that the NAS can run by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.program import build
from simulator.google.takeout import damage, generate

SOURCES = Path(__file__).resolve().parents[5] / "plugins/module_utils/_takeout"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The core as one file, with nothing else of the collection in it."""
    path = tmp_path_factory.mktemp("program") / "takeout.pyz"
    path.write_bytes(build({source.name: source.read_bytes() for source in SOURCES.glob("*.py")}))
    return path


def started(program: Path, exports: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it without site packages and without the environment."""
    command = [sys.executable, "-I", "-S", str(program), "--archives", str(exports.archives)]
    command += ["--library", str(exports.library), "--quiet-minutes", "0", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={}, timeout=120)


def test_it_imports_with_the_standard_library_alone(program: Path, exports: Any) -> None:
    truth = generate(exports.archives, 5, items=8)
    foretold = json.loads(started(program, exports, "--check").stdout)
    assert exports.files == {}
    done = started(program, exports, "--layout", "album", "--trashed", "apart", "--no-require-complete")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["changed"]
    assert foretold["exports"][0]["entries"] == told["exports"][0]["entries"]
    assert told["exports"][0]["photos"] == len(truth.media)


def test_its_exit_code_tells_that_something_is_missing(program: Path, exports: Any) -> None:
    generate(exports.archives, 5, items=8)
    damage(exports.archives, "truncated", 1)
    done = started(program, exports)
    assert done.returncode == 1
    assert "is incomplete, so nothing of it was imported" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"), [(("--layout", "x"), "invalid choice"), (("--library", "/x"), "not a directory")]
)
def test_what_it_does_not_take(arguments: tuple[str, str], said: str, program: Path, exports: Any) -> None:
    done = started(program, exports, *arguments)
    assert done.returncode != 0
    assert said in done.stderr
