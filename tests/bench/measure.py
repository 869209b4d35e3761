# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command and tell what it cost, with all processes that it leaves behind: `python measure.py COMMAND...`.

Prints one line of JSON: `wall` until the command ends (s), `cpu` of it and of everything that it has started (s),
`memory` of the largest process (MB), `status`.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import time

_PR_SET_CHILD_SUBREAPER = 36


def main(command: list[str]) -> None:
    # Processes that detach themselves, such as session keepers, become children of this one when their parent ends.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=sys.stderr)
    cpu, memory, wall, status = 0.0, 0, 0.0, 0
    with contextlib.suppress(ChildProcessError):
        while True:
            number, ended, usage = os.wait4(-1, 0)
            cpu += usage.ru_utime + usage.ru_stime
            memory = max(memory, usage.ru_maxrss)
            if number == process.pid:
                wall, status = time.monotonic() - started, os.waitstatus_to_exitcode(ended)
                process.returncode = status
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory / 1024, "status": status}))


if __name__ == "__main__":
    main(sys.argv[1:])
