# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's scripts, which get the task and its credential by their environment."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import tempfile
from pathlib import Path
from typing import Any

from simulator.nas.datasets import MOUNT, Datasets
from simulator.nas.errors import CallError


def script_environment(task: dict[str, Any], provider: dict[str, Any]) -> dict[str, str]:
    """`CLOUD_SYNC_*`: the task, every field of the credential and every attribute, secrets included."""
    fields = {
        "ID": task.get("id", ""),
        "DESCRIPTION": task["description"],
        "DIRECTION": task["direction"],
        "TRANSFER_MODE": task["transfer_mode"],
        "ENCRYPTION": int(task["encryption"]),
        "FILENAME_ENCRYPTION": int(task["filename_encryption"]),
        "ENCRYPTION_PASSWORD": task["encryption_password"],
        "ENCRYPTION_SALT": task["encryption_salt"],
        "SNAPSHOT": int(task["snapshot"]),
        "PROVIDER": provider["type"],
        "PATH": task["path"],
    }
    fields |= {name.upper(): value for name, value in provider.items() if name != "type"}
    fields |= {name.upper(): value for name, value in task["attributes"].items()}
    return {f"CLOUD_SYNC_{name}": "" if value is None else str(value) for name, value in fields.items()}


async def run_script(script: str, title: str, environment: dict[str, str], log: Path, datasets: Datasets) -> None:
    """Run a script, its output in the job's log.

    :param datasets: where the paths below the NAS's pools, which the script names, lie on this machine
    :raises CallError: it ended with another code than 0
    :raises FileNotFoundError: there is no such interpreter
    """
    script = _on_this_machine(script.strip(), datasets)
    if not script:
        return
    interpreter = shlex.split(script.splitlines()[0][2:]) if script.startswith("#!") else ["/bin/bash"]
    with tempfile.TemporaryDirectory(prefix="script-") as folder:
        file = Path(folder, "script")
        file.write_text(script)
        file.chmod(0o700)
        process = await asyncio.create_subprocess_exec(
            *interpreter,
            str(file),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={"PATH": os.environ["PATH"]} | environment,
        )
        try:
            output, dummy = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
    with log.open("ab") as stream:
        stream.writelines(f"[{title}] ".encode() + line for line in output.splitlines(keepends=True))
    if process.returncode != 0:
        raise CallError(f"{title} failed with exit code {process.returncode}")


def _on_this_machine(script: str, datasets: Datasets) -> str:
    """The script with each path below a pool as this machine has it: on the NAS itself they are below /mnt."""
    pools = "|".join(map(re.escape, datasets.pools))
    return re.sub(rf"(?<![\w/.-]){MOUNT}/(?=({pools})/)", f"{datasets.root}/".replace("\\", r"\\"), script)
