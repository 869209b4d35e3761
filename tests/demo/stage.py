# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo plays on: the simulator, the real rclone, and ansible-playbook."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simulator.google.visitor import Visitor

TESTS = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
COLLECTIONS = TESTS.parent / ".cache/collections"
LINK = "following link: "
PATIENCE = 60
"""Seconds that a program may take."""


class Disappointed(Exception):
    """Something is not as the demo promises."""


def expect(condition: object, promise: str) -> None:
    if not condition:
        raise Disappointed(promise)


@contextlib.contextmanager
def simulator() -> Iterator[dict[str, Any]]:
    """A TrueNAS and Google; the addresses that the simulator prints."""
    process = subprocess.Popen([sys.executable, TESTS / "simulator"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process:
        try:
            line = process.stdout.readline()
            expect(line, "the simulator starts")
            yield json.loads(line)
        finally:
            process.send_signal(signal.SIGTERM)
    expect(process.returncode == 0, "the simulator ends cleanly")


def get(url: str) -> Any:
    """Ask one of the simulator's admin doors."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=PATIENCE) as answer:
        return json.load(answer)


def post(url: str, **body: Any) -> Any:
    """Change something by one of the simulator's admin doors."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with opener.open(request, timeout=PATIENCE) as answer:
        return json.load(answer)


def authorize(google: dict[str, str], backend: str, prefix: str, **options: str) -> str:
    """Let `rclone authorize` get a token, with somebody at the browser who agrees; returns the token's line.

    Args:
        prefix: What the backend's variables begin with.
        options: More of them.
    """
    client = json.loads(Path(google["client_secret_file"]).read_text(encoding="utf-8"))["installed"]
    environment = {name: value for name, value in os.environ.items() if not foreign(name)} | {
        "HTTPS_PROXY": google["proxy"],
        "NO_PROXY": "127.0.0.1,localhost",
        "RCLONE_CA_CERT": google["ca_path"],
        "RCLONE_CONFIG": os.devnull,
        # Not on the command line, where everybody on the machine could read them.
        **{f"RCLONE_{prefix}_{name.upper()}": value for name, value in options.items()},
        f"RCLONE_{prefix}_CLIENT_ID": client["client_id"],
        f"RCLONE_{prefix}_CLIENT_SECRET": client["client_secret"],
    }
    command = [str(PROGRAMS / "rclone"), "authorize", backend, "--auth-no-open-browser"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    with process:
        said = []
        for line in process.stderr:
            said.append(line)
            if LINK in line:
                Visitor(google["proxy"], google["ca_path"]).visit(line.partition(LINK)[2].strip())
                break
        printed, rest = process.communicate()
    watchdog.cancel()
    expect(process.returncode == 0, "rclone authorize gets a token. It said:\n" + "".join(said) + rest)
    return next(line for line in printed.splitlines() if line.startswith("{"))


def foreign(name: str) -> bool:
    """Whether a variable of the environment is somebody's own setting, which must not decide what the demo does."""
    return name.startswith(("ANSIBLE_", "TRUENAS_", "RCLONE_")) or name.lower().endswith("_proxy")


def narrowed(line: str) -> str:
    """A line of Ansible's output for a terminal of 80 columns: no row of stars or blanks to its end."""
    line = re.sub(r"\*{4,}(?=\s*$|\x1b)", "***", line.rstrip("\n"))
    line = re.sub(r" +(?=\S+=)", " ", line).replace(" rescued=0 ignored=0", "")
    return "\n".join(textwrap.wrap(line, 80, subsequent_indent="    ", break_long_words=False)) or line


class Ansible:
    """Runs playbooks against a NAS, with their output on the screen."""

    def __init__(self, nas: dict[str, str], folder: Path, secrets: set[str]) -> None:
        self.folder = folder
        self.secrets = set(secrets)
        self.environment = {name: value for name, value in os.environ.items() if not foreign(name)} | {
            "ANSIBLE_FORCE_COLOR": str(sys.stdout.isatty()),
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "LC_ALL": "C.UTF-8",
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "TRUENAS_API_URL": nas["api_url"],
            "TRUENAS_API_USERNAME": nas["username"],
            "TRUENAS_API_KEY": nas["api_key"],
            "TRUENAS_CA_PATH": nas["ca_path"],
        }

    def play(self, playbook: str, variables: Path) -> int:
        """Run a playbook; returns how many tasks changed something."""
        output = self._run("ansible-playbook", playbook, "--extra-vars", f"@{variables}", shown=True)
        recap = re.search(r"changed=(\d+) +unreachable=0 +failed=0 ", re.sub(r"\x1b\[[0-9;]*m", "", output))
        expect(recap, f"the playbook {playbook} succeeds")
        assert recap is not None
        return int(recap[1])

    def ask(self, module: str) -> Any:
        """What a module returns."""
        output = self._run("ansible", "localhost", "--one-line", "--module-name", module)
        expect("SUCCESS" in output, f"the module {module} succeeds. It said:\n{output}")
        return json.loads(output.partition("=>")[2])

    def _run(self, *command: str, shown: bool = False) -> str:
        output = ""
        process = subprocess.Popen(
            [PROGRAMS / command[0], *command[1:]],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        with process:
            for line in process.stdout:
                output += line
                expect(not any(secret in line for secret in self.secrets), "no secret gets onto the screen")
                if shown and line.strip():
                    print(narrowed(line), flush=True)
        return output
