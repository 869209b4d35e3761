# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run playbooks and scripts against simulated NASes, and tell what they cost here and there."""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.tasks import CREDENTIALS, credential, task
from simulator.fixture import SimulatedNas

HERE = Path(__file__).parent
_COLLECTIONS = HERE.parents[1] / ".cache/collections"

Play = list[dict[str, Any]]
Figures = dict[str, Any]


def connection(nas: SimulatedNas) -> dict[str, Any]:
    """Options that every module takes."""
    return {"api_url": nas.api_url, "ca_path": nas.ca_path, "api_username": nas.username, "api_key": nas.api_key}


def play(tasks: Sequence[Mapping[str, Any]], **more: Any) -> Play:
    """A playbook of these tasks."""
    return [{"hosts": "all", "gather_facts": False, "tasks": list(tasks), **more}]


def config(count: int, change: int = 0) -> list[dict[str, Any]]:
    """All in one task."""
    lists = {
        "credentials": [credential(number) for number in range(CREDENTIALS)],
        "tasks": [task(number, change) for number in range(count)],
    }
    return [{"name": "All", "nasops.cloudsync.truenas_cloudsync_config": lists}]


def single(count: int, change: int = 0) -> list[dict[str, Any]]:
    """One task of Ansible for each task of the NAS."""
    return [
        {"name": f"Task {number}", "nasops.cloudsync.truenas_cloudsync_task": task(number, change)}
        for number in range(count)
    ]


class Bench:
    """Runs things in a folder of their own."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._say = say
        self._count = 0

    def ansible(
        self,
        playbook: Play,
        nases: Sequence[SimulatedNas],
        *,
        variables: Mapping[str, Any] | None = None,
        forks: int = 5,
    ) -> Figures:
        """Run a playbook on a host for each NAS, all of them this machine."""
        hosts = {
            f"nas{nas.index}": {
                "ansible_connection": "local",
                "ansible_python_interpreter": sys.executable,
                "bench_connection": connection(nas),
                **(variables or {}),
            }
            for nas in nases
        }
        for one in playbook:
            one["module_defaults"] = {
                "group/nasops.cloudsync.truenas": {
                    name: f"{{{{ bench_connection.{name} }}}}" for name in connection(nases[0])
                }
            }
        inventory = self._write("inventory", {"all": {"hosts": hosts}})
        command = ["ansible-playbook", f"--inventory={inventory}", f"--forks={forks}"]
        command.append(self._write("play", playbook))
        return self.run(command, nases)

    def script(self, name: str, nas: SimulatedNas, *arguments: object) -> Figures:
        """Run a script of this folder with the connection of a NAS."""
        given = self._write("connection", connection(nas))
        return self.run([sys.executable, str(HERE / name), given, *map(str, arguments)], [nas])

    def run(self, command: Sequence[str], nases: Sequence[SimulatedNas] = ()) -> Figures:
        """Run a command; what it cost, and how often it logged in to and called the NASes."""
        before = [(len(nas.logins()), len(nas.calls())) for nas in nases]
        environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(_COLLECTIONS),
            "ANSIBLE_LIBRARY": str(HERE / "library"),
            "ANSIBLE_MODULE_UTILS": str(HERE / "module_utils"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONWARNINGS": "ignore",
        }
        environment.pop("TRUENAS_API_SESSION", None)
        done = subprocess.run(
            [sys.executable, str(HERE / "measure.py"), *command],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        )
        figures: Figures = json.loads(done.stdout)
        if figures.pop("status"):
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
        calls = [call for nas, (dummy, seen) in zip(nases, before, strict=True) for call in nas.calls()[seen:]]
        figures["logins"] = sum(len(nas.logins()) - seen for nas, (seen, dummy) in zip(nases, before, strict=True))
        # What is refused for the limit on logins never gets as far as the list of logins.
        figures["refused"] = sum(call["method"].startswith("auth.login") and not call["ok"] for call in calls)
        figures["calls"] = len(calls)
        figures["writes"] = sum(call["method"].endswith((".create", ".update", ".delete")) for call in calls)
        figures["arrivals"] = sorted(call["at"] for call in calls)
        return figures

    def median(self, measurements: Mapping[str, Callable[[], Figures]], times: int) -> dict[str, Figures]:
        """Take measurements in turn, several times each, so that whatever else this machine does hits all alike."""
        taken: dict[str, list[Figures]] = {name: [] for name in measurements}
        for dummy in range(times):
            for name, measure in measurements.items():
                taken[name].append(measure())
                self._say(f"  {name}: {taken[name][-1]['wall']:.2f} s")
        return {name: _median(figures) for name, figures in taken.items()}

    def _write(self, name: str, content: Any) -> str:
        self._count += 1
        path = self._folder / f"{name}{self._count}.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(content), encoding="utf-8")
        return str(path)


def _median(figures: Sequence[Figures]) -> Figures:
    middle = {
        name: value if name == "arrivals" else statistics.median(one[name] for one in figures)
        for name, value in figures[-1].items()
    }
    return {**middle, "runs": len(figures)}


def round_trips(arrivals: Iterable[Any], latency: float) -> int:
    """How many times calls arrived after a wait for answers, with so many seconds of delay on the way."""
    times = sorted(arrivals)
    return bool(times) + sum(later - earlier > latency for earlier, later in itertools.pairwise(times))
