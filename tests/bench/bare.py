# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that asks for what a run of truenas_cloudsync_config asks for: `python bare.py CONNECTION_FILE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench.module_utils.bench_bare import Session  # noqa: E402

with Session(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))) as session:
    session.call("system.version")
    session.call("cloudsync.credentials.query")
    session.call("cloudsync.query")
