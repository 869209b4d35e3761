# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook status tells what is not healthy in every form, and by its exit status when it is asked to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from simulator.fixture import SimulatedNas

from .monitor import monitoring
from .test_nothing_to_do import play


def test_a_task_that_is_disabled_then_ignored_then_a_nas_that_is_away(tmp_path: Path, nas: SimulatedNas) -> None:
    with connect(ConnectionOptions(api_url=nas.socket)) as client:
        provider = {"type": "FTP", "host": "ftp.example.com", "port": 21, "user": "u", "pass": "s3cret-word"}
        credential = client.call("cloudsync.credentials.create", {"name": "Status", "provider": provider})
        client.call(
            "cloudsync.create",
            {
                "description": 'Off "{{ 7 * 6 }}" \\ <b>',
                "credentials": credential["id"],
                "direction": "PUSH",
                "transfer_mode": "COPY",
                "path": "/mnt/tank/photos",
                "attributes": {"folder": "/x"},
                "enabled": False,
            },
        )
    wishes: dict[str, Any] = {
        "truenas_api_url": nas.socket,
        "truenas_api_session": "close",
        "truenas_api_timeout": 5,
        "cloudsync_status_fail": True,
        "cloudsync_status_json_file": "status.json",
        "cloudsync_status_metrics_file": "cloudsync.prom",
        "cloudsync_health_ignore": ["no_alert"],
    }
    with monitoring() as monitor:
        status, shown = play(tmp_path, "status", **wishes, cloudsync_status_ping_url=f"{monitor.url}/1234")
    assert status == 2, shown
    ((_method, where, told),) = monitor.calls
    assert where == "/1234/fail"
    assert "disabled\n    The task is disabled, so it never starts by itself.\n" in told
    assert "The task is disabled, so it never starts by itself." in shown
    assert "0 of 1 healthy." in shown
    (host,) = json.loads((tmp_path / "status.json").read_text(encoding="utf-8"))["hosts"]
    assert [one["kind"] for one in host["tasks"][0]["reasons"]] == ["disabled", "no_alert"]
    page = (tmp_path / "cloudsync_status.html").read_text(encoding="utf-8")
    assert "The task is disabled" in page
    metrics = (tmp_path / "cloudsync.prom").read_text(encoding="utf-8")
    labels = r'nas="localhost",task="Off \"{{ 7 * 6 }}\" \\ <b>",id="1"'
    assert f"cloudsync_task_healthy{{{labels}}} 0\n" in metrics
    assert f'cloudsync_task_problem{{{labels},reason="disabled"}} 1\n' in metrics
    assert "s3cret-word" not in shown + page + metrics

    damage = {"path": "{{ 7 * 6 }}", "kind": "missing"}
    proof = {"task": host["tasks"][0]["description"], "date": "2026-01-31T04:00:12Z", "damages": [damage]}
    (tmp_path / "cloudsync_proofs_localhost.json").write_text(json.dumps({"proofs": [proof]}))
    kit = {"date": "2026-01-31T04:00:12Z", "tasks": [{"id": 999, "description": "{{ 7 * 6 }}"}]}
    (tmp_path / "cloudsync_kit_localhost.json").write_text(json.dumps({"kit": kit}))
    ignored = ["no_alert", "disabled", "damaged", "no_kit"]
    with monitoring() as monitor:
        wanted = {**wishes, "cloudsync_health_ignore": ignored, "cloudsync_status_ping_url": f"{monitor.url}/1234"}
        status, shown = play(tmp_path, "status", **wanted)
    assert status == 0, shown
    assert [where for _method, where, _told in monitor.calls] == ["/1234"]
    assert "1 of 1 healthy." in shown
    assert "found damage in 1 of its files" in shown
    assert "The break-glass kit does not have the task." in shown
    (host,) = json.loads((tmp_path / "status.json").read_text(encoding="utf-8"))["hosts"]
    assert host["tasks"][0]["proof"] == proof

    status, shown = play(tmp_path, "status", **{**wishes, "truenas_api_url": str(tmp_path / "no.sock")})
    assert status == 4, shown
    assert "NOT REACHED" in shown
    assert 'cloudsync_nas_up{nas="localhost"} 0\n' in (tmp_path / "cloudsync.prom").read_text(encoding="utf-8")
