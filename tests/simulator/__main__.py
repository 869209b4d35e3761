# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run simulated NASes and a simulated Google in the foreground, until SIGTERM or SIGINT."""

from __future__ import annotations

import sys
from pathlib import Path

# `python tests/simulator` puts this folder first on the path, where `google` would hide the packages of that name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from simulator.command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
