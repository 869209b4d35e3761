# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan that was approved goes through the playbooks and the roles: nothing else is applied."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from simulator.fixture import SimulatedGoogle, SimulatedNas

from .test_nothing_to_do import play


def writes(nas: SimulatedNas) -> list[str]:
    return [one["method"] for one in nas.calls() if one["method"].endswith((".create", ".update", ".delete", ".mkdir"))]


def test_only_the_plan_that_was_approved_is_applied(tmp_path: Path, nas: SimulatedNas, google: SimulatedGoogle) -> None:
    secrets = {name: str(getattr(google, name)) for name in ("client_secret_file", "token_file")}
    connection: dict[str, Any] = {"truenas_api_url": nas.socket, "truenas_api_session": "close"}
    photos = connection | {f"google_photos_{name}": value for name, value in secrets.items()}
    photos["google_photos_tasks"] = [{"description": "Approved", "path": "/mnt/tank/photos"}]
    photos["google_photos_dry_run"] = False
    takeout = connection | {f"google_takeout_{name}": value for name, value in secrets.items()}
    takeout["google_takeout_inbox"] = "/mnt/tank/photos/takeout"

    status, shown = play(tmp_path, "google_photos", "--check", **photos)
    assert status == 0, shown
    found = re.search(r"google_photos_expect_plan=(1\.[\w.-]+)", shown)
    assert found is not None, shown
    approved = found[1]

    with connect(ConnectionOptions(api_url=nas.socket)) as client:
        by_hand = {"type": "HTTP", "url": "http://127.0.0.1:9"}
        number = client.call("cloudsync.credentials.create", {"name": "By hand", "provider": by_hand})["id"]
        before = writes(nas)
        refused = {
            "google_photos": photos | {"google_photos_expect_plan": approved},
            "google_takeout": takeout | {"google_takeout_expect_plan": approved},
        }
        for playbook, variables in refused.items():
            status, shown = play(tmp_path, playbook, **variables)
            assert status == 2, shown
            assert "nothing was changed, as this is not what the plan saw" in shown
            assert "By hand" in shown
        assert writes(nas) == before

        client.call("cloudsync.credentials.delete", number)
        status, shown = play(tmp_path, "google_photos", **photos, google_photos_expect_plan=approved)
        assert status == 0, shown
        assert [one["description"] for one in client.call("cloudsync.query")] == ["Approved"]
