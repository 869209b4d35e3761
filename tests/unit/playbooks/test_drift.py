# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook drift exits with 0, 2 or 4, reports what differs, and writes nothing to the NAS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from simulator.fixture import SimulatedNas

from .test_nothing_to_do import play


def test_in_sync_then_drift_then_not_reached(tmp_path: Path, nas: SimulatedNas) -> None:
    with connect(ConnectionOptions(api_url=nas.socket)) as client:
        provider = {"type": "FTP", "host": "ftp.example.com", "port": 21, "user": "u", "pass": "s3cret-word"}
        credential = client.call("cloudsync.credentials.create", {"name": "Drift", "provider": provider})
        task = client.call(
            "cloudsync.create",
            {
                "description": "Drifting",
                "credentials": credential["id"],
                "direction": "PUSH",
                "transfer_mode": "COPY",
                "path": "/mnt/tank/photos",
                "attributes": {"folder": "/x"},
            },
        )
        connection: dict[str, Any] = {"truenas_api_url": nas.socket, "truenas_api_session": "close"}
        status, shown = play(tmp_path, "drift", **connection)
        assert status == 4, shown
        assert "nothing to compare localhost with" in shown
        status, shown = play(tmp_path, "export", **connection)
        assert status == 0, shown
        status, shown = play(tmp_path, "drift", **connection)
        assert status == 0, shown
        assert "localhost: IN SYNC" in shown

        client.call("cloudsync.update", task["id"], {"enabled": False, "exclude": ["{{ 7 * 6 }}"]})
        before = len(nas.calls())
        status, shown = play(tmp_path, "drift", **connection)
        assert status == 2, shown
        assert "enabled: false on the NAS, true declared" in shown
        (host,) = json.loads((tmp_path / "cloudsync_drift.json").read_text(encoding="utf-8"))["hosts"]
        assert [one["field"] for one in host["changes"][0]["fields"]] == ["enabled", "exclude"]
        assert host["changes"][0]["fields"][1]["on_nas"] == ["{{ 7 * 6 }}"]
        status, shown = play(tmp_path, "status", **connection, cloudsync_status_json_file="status.json")
        assert status == 0, shown
        assert "Compared with what is declared: drift" in shown
        assert "enabled: false on the NAS, true declared" in shown
        (of_status,) = json.loads((tmp_path / "status.json").read_text(encoding="utf-8"))["hosts"]
        assert of_status["drift"] == host
        page = (tmp_path / "cloudsync_status.html").read_text(encoding="utf-8")
        assert "Compared with what is declared" in page
        assert "enabled: false on the NAS, true declared" in page
        assert "{{ 7 * 6 }}" in page
        written = [
            one["method"] for one in nas.calls()[before:] if one["method"].endswith(("create", "update", "delete"))
        ]
        assert written == []
        assert "s3cret-word" not in shown

    status, shown = play(tmp_path, "drift", **{**connection, "truenas_api_url": str(tmp_path / "no.sock")})
    assert status == 4, shown
    assert "NOT COMPARED" in shown
