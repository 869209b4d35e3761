# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A command watched while it runs: all that others on the machine see of it."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import time
from pathlib import Path
from urllib.parse import quote


def spellings(secret: str) -> set[str]:
    """A secret as it stands in forms, in addresses and, three ways round, in HTTP's Basic."""
    encoded = {
        base64.b64encode(b"x" * shift + secret.encode()).decode().rstrip("=")[shift * 4 // 3 + 1 : -2]
        for shift in range(3)
    }
    return {secret, quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1], *encoded}


class Watched:
    """A command that gets its secrets over standard input or in private files.

    Attributes:
        seen: What it has printed, with the arguments and environments of all its processes, and what stood in files of
            its folder that others may read.
    """

    def __init__(self, command: list[str], folder: Path, *, stdin: str = "", **environment: str) -> None:
        self._folder = folder
        self._looks: set[str] = set()
        output = folder / "printed"
        with output.open("w") as out, subprocess.Popen(
            command, env={**os.environ, "TMPDIR": str(folder), **environment}, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT,
        ) as process:  # fmt: skip
            assert process.stdin is not None
            process.stdin.write(stdin)
            process.stdin.close()
            while process.poll() is None:
                self._look(process.pid)
                time.sleep(0.02)
        self.status = process.returncode
        self.printed = output.read_text()
        self.seen = "\n".join([self.printed, *self._looks])

    def _look(self, session: int) -> None:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if os.getsid(int(process.name)) == session:
                    for what in ("cmdline", "environ"):
                        self._looks.add((process / what).read_text(errors="replace"))
            except OSError:
                continue
        for folder, _folders, files in os.walk(self._folder):  # which minds no folder that goes away meanwhile
            for file in (Path(folder, name) for name in files if name != "printed"):
                with contextlib.suppress(OSError):
                    if file.stat().st_mode & 0o077:
                        self._looks.add(file.read_text(errors="replace"))
