# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's command line."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

from simulator.admin import AdminDoor
from simulator.google import GoogleSimulator
from simulator.nas.features import FEATURES
from simulator.nas.server import Nas


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command's options."""
    parser = argparse.ArgumentParser(
        prog="python tests/simulator",
        description="Simulated TrueNAS systems and a simulated Google. Prints one line of JSON when all is ready.",
    )
    parser.add_argument("--release", default="25.10", choices=list(FEATURES), help="release that the NASes play")
    parser.add_argument("--count", type=int, default=1, help="number of NASes")
    parser.add_argument("--latency-ms", type=float, default=0, help="delay of every message to a NAS")
    parser.add_argument("--state", type=Path, help="file that keeps the NASes' state over restarts")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop."""
    options = parse(arguments)
    os.umask(0o077)
    with contextlib.ExitStack() as stack:
        if options.state is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nasops-simulator-")))
        else:
            folder = options.state.resolve().with_name(options.state.name + ".d")
        asyncio.run(_run(options, folder))
    return 0


async def _run(options: argparse.Namespace, folder: Path) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        google = GoogleSimulator()
        stack.push_async_callback(google.stop)
        await google.start(folder / "google")
        environment = {
            "HTTPS_PROXY": google.proxy,
            "RCLONE_CA_CERT": str(google.ca_path),
            "NO_PROXY": "127.0.0.1,localhost",
        }
        nases = [
            Nas(
                options.release,
                folder=folder / f"nas{index}",
                state_file=_state_file(options.state, index),
                rclone_environment=environment,
                latency_ms=options.latency_ms,
                index=index,
            )
            for index in range(options.count)
        ]
        for nas in nases:
            stack.push_async_callback(nas.stop)
            await nas.start()
        door = AdminDoor(nases)
        stack.push_async_callback(door.stop)
        ready = {
            "nas": [nas.describe() for nas in nases],
            "google": google.describe(),
            "admin": await door.start(),
        }
        print(json.dumps(ready), flush=True)
        await stop.wait()


def _state_file(path: Path | None, index: int) -> Path | None:
    """The state file of one NAS: the given one for the first, numbered ones for the others."""
    if path is None:
        return None
    return path.resolve() if index == 0 else path.resolve().with_name(f"{path.name}.{index}")
