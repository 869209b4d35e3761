# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show the main job: from a token to photos in albums, on a simulated NAS with the real rclone."""

from __future__ import annotations

import sys
from pathlib import Path

# `python tests/demo` puts this folder first on the path; the simulator and the demo are found beside it.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from demo.story import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
