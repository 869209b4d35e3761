# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print how long each gate of `make test` took, slowest first, and how many passed."""

from __future__ import annotations

import sys
from pathlib import Path


def main(folder: Path) -> int:
    """Print the table of the files in a folder, each `SECONDS STATUS`; 1 when there is none."""
    rows = [(*map(int, path.read_text(encoding="utf-8").split()), path.name) for path in folder.iterdir()]
    print("\nSeconds of each gate:")
    for seconds, status, name in sorted(rows, reverse=True):
        print(f"{seconds:6}  {name}{'  FAILED' if status else ''}")
    failed = sum(1 for _seconds, status, _name in rows if status)
    print(f"{len(rows) - failed} passed, {failed} failed")
    return 0 if rows else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
