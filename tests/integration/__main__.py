# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the integration targets with ansible-test: all of them once, those of the main job with every release.

`python tests/integration [--way NAME]... [ansible-test's options and targets]`. Each way to a NAS has a simulator and a
copy of the collection of its own, so that several go on at a time. Each waits now and then: one more than there are
processors keeps these busy.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))
import answers

from simulator.fixture import running

COLLECTION = Path("ansible_collections/nasops/cloudsync")
MAIN_JOB = ("every/release/",)  # the alias of its targets
CALLS = ("truenas_cloud_credential", "truenas_cloudsync_task", "truenas_cloudsync_run", "truenas_cloudsync_config")


@dataclass(frozen=True)
class Way:
    """One way in which the modules reach a NAS of one release.

    Attributes:
        variables: What the targets are told of it.
        targets: Those to run when none are asked for; all when empty.
    """

    name: str
    release: str
    variables: dict[str, Any] = field(default_factory=dict)
    targets: tuple[str, ...] = MAIN_JOB


WAYS = (
    Way("25.10", "25.10", targets=()),
    # Each target of a truenas_* module; no_secrets and on_the_nas go both ways by themselves. A role once: its modules
    # are the same.
    Way(
        "25.10-process",
        "25.10",
        {"truenas_in_worker": False},
        (*MAIN_JOB, "truenas_call", "truenas_takeout_program", "--exclude", "role_google_takeout"),
    ),
    Way("24.10", "24.10"),
    Way("25.04-rest", "25.04", {"api_transport": "rest"}, CALLS),
    Way("25.10-rest", "25.10", {"api_transport": "rest"}, CALLS),
    Way("26.0", "26.0"),
    Way("27.0", "27.0"),
)

SAME_ANSWERS = ("25.10", "25.10-process")
"""In the worker, and in processes of their own."""


@dataclass(frozen=True)
class Result:
    """What came of a way; seconds by target of those that ended well; what the modules answered."""

    way: Way
    succeeded: bool
    seconds: float
    by_target: dict[str, int]
    output: str
    told: answers.Answers


def run(way: Way, installed: Path, root: Path, arguments: Sequence[str]) -> Result:
    """Run a way's targets, in a copy of the installed collection."""
    copy = root / way.name / COLLECTION
    shutil.copytree(installed / COLLECTION, copy)
    started = time.monotonic()
    with running("--release", way.release) as simulator:
        config = copy / "tests/integration/integration_config.yml"
        config.touch(mode=0o600)
        variables = {"simulator": simulator.ready, "main_job": bool(way.targets), **way.variables}
        config.write_text(json.dumps(variables), encoding="utf-8")
        callbacks = copy / "tests/integration/callback_plugins"
        config.with_name("integration.cfg").write_text(
            f"[defaults]\ncallback_plugins = {callbacks}\n", encoding="utf-8"
        )
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        command = ["ansible-test", "integration", "--local", "--python", python, *(arguments or way.targets)]
        done = subprocess.run(
            command, cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    by_target: dict[str, int] = {}
    for report in copy.glob("tests/output/data/integration-*.json"):
        for name, target in json.loads(report.read_text())["targets"].items():
            by_target[name] = target["run_time_seconds"]
    told = answers.read(copy / "tests/output/answers.jsonl")
    return Result(way, done.returncode == 0, time.monotonic() - started, by_target, done.stdout, told)


def provide_ssh_key() -> None:
    """Make the key that ansible-test wants before several of it start at once, which would get in each other's way."""
    key = Path.home() / ".ansible/test/id_rsa"
    key.parent.mkdir(parents=True, exist_ok=True)
    with key.with_name("id_rsa.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not key.exists():
            generate = ["ssh-keygen", "-m", "PEM", "-q", "-t", "rsa", "-N", "", "-f", str(key)]
            subprocess.run(generate, check=True)


def report(results: Sequence[Result]) -> None:
    """Print which target ran in which way, and for how many seconds."""
    targets = sorted({target for result in results for target in result.by_target})
    width = max(map(len, [*targets, ""])) + 2
    print("".ljust(width) + "".join(result.way.name.rjust(15) for result in results))
    for target in targets:
        print(target.ljust(width) + "".join(str(result.by_target.get(target, "-")).rjust(15) for result in results))
    print("".ljust(width) + "".join(("ok" if result.succeeded else "FAILED").rjust(15) for result in results))


def compared(results: Sequence[Result]) -> bool:
    """Print where the modules answer differently in the worker and as processes; whether they answer the same."""
    told = {result.way.name: result.told for result in results if result.way.name in SAME_ANSWERS}
    if len(told) < len(SAME_ANSWERS):
        return True
    one, other = (told[name] for name in SAME_ANSWERS)
    different = [*answers.differences(one, other)]
    print(f"{len(other)} answers of {' and '.join(SAME_ANSWERS)} compared, {len(different)} differences")
    print(*different, sep="\n")
    return not different


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests/integration", description="Run the integration targets.")
    names = [way.name for way in WAYS]
    parser.add_argument("--way", action="append", choices=names, help="all; with targets: the first")
    chosen, arguments = parser.parse_known_args()
    wanted = chosen.way or (names[:1] if arguments else names)
    ways = [way for way in WAYS if way.name in wanted]
    provide_ssh_key()
    # ansible-test wants a real collection root, outside of any git-ignored folder.
    with tempfile.TemporaryDirectory(prefix="cloudsync-integration-") as folder:
        root = Path(folder)
        install = ["ansible-galaxy", "collection", "install", "--offline", "--force", "-p", folder, "."]
        subprocess.run(install, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        with ThreadPoolExecutor(max_workers=(os.cpu_count() or 1) + 1) as pool:
            results = []
            for result in pool.map(lambda way: run(way, root, root, arguments), ways):
                results.append(result)
                print(f"{result.output}\n{result.way.name}: {result.seconds:.0f} s", flush=True)
    report(results)
    same = compared(results)
    sys.exit(not (same and all(result.succeeded for result in results)))


if __name__ == "__main__":
    main()
