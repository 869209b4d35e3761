# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read all tasks with the collection's client: `python memory.py CONNECTION_FILE keep|close`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".cache/collections"))

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions

given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
with connect(ConnectionOptions(**given, api_timeout=600, api_session=sys.argv[2])) as client:
    client.call("cloudsync.query" if sys.argv[3] == "all" else "core.ping")
