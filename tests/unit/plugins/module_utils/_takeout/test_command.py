# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import as one file that the NAS can run by itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.program import built, script
from simulator.google.takeout import damage, generate

SOURCES = Path(__file__).resolve().parents[5] / "plugins/module_utils/_takeout"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The core as one file, with nothing else of the collection in it."""
    path = tmp_path_factory.mktemp("program") / "takeout.pyz"
    path.write_bytes(built())
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


def test_the_program_is_what_the_modules_of_a_task_import(program: Path) -> None:
    # Ansible sends a module with what it imports. A file that only the controller has would give another program.
    listed = "import sys; print(*sys.modules, sep=chr(10))"
    start = f"from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import command; {listed}"
    paths = [path for path in sys.path if Path(path, "ansible_collections/nasops").exists()]
    done = subprocess.run(
        [sys.executable, "-c", start], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(paths)}
    )
    imported = {name.rpartition(".")[2] for name in done.stdout.split() if "._takeout." in name}
    with zipfile.ZipFile(program) as archive:
        files = {Path(one.filename).stem for one in archive.infolist() if "/_takeout/" in one.filename}
        assert all(one.file_size for one in archive.infolist() if not one.filename.endswith("__init__.py"))
    assert files - {"__init__"} == imported
    assert imported == {path.stem for path in SOURCES.glob("*.py")} - {"program"}


AWKWARD = 'it\'s $HOME `id` "a\\b" -x'


@pytest.fixture
def awkward(program: Path, exports: Any) -> dict[str, Any]:
    """Directories whose names a shell would read otherwise, with the program in one of them."""
    archives, library = exports.archives / AWKWARD, exports.library / f"-{AWKWARD}"
    for path in (archives, library):
        path.mkdir()
    shutil.copy(program, archives / ".takeout.pyz")
    return {"archives": str(archives), "library": str(library), "quiet_minutes": 0, "require_complete": False}


def run_script(text: str, path: Path) -> subprocess.CompletedProcess[str]:
    path.write_text(text)
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "CLOUD_SYNC_TOKEN": "s3cret",
        "TMPDIR": str(path.parent),
    }
    return subprocess.run(
        ["/bin/bash", str(path)], capture_output=True, text=True, check=False, env=environment, timeout=120
    )


def test_the_script_runs_the_program_that_was_installed(awkward: dict[str, Any], tmp_path: Path) -> None:
    truth = generate(Path(awkward["archives"]), 5, items=8)
    text = script(f"{awkward['archives']}/.takeout.pyz", awkward)
    done = run_script(text, tmp_path / "script")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["exports"][0]["photos"] == len(truth.media)
    assert Path(awkward["library"], ".nasops_takeout/report.html").exists()
    assert [one.name for one in tmp_path.glob("tmp.*")] == []


def test_the_script_runs_nothing_else(awkward: dict[str, Any], tmp_path: Path) -> None:
    path = Path(awkward["archives"], ".takeout.pyz")
    text = script(str(path), awkward)
    path.write_text("print('never')")
    done = run_script(text, tmp_path / "script")
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not the program that was installed. Run the role google_takeout again." in done.stderr
    path.unlink()
    assert run_script(text, tmp_path / "script").returncode != 0
