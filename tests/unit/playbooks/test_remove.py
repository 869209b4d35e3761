# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook remove leaves the NAS as before the first run, and revokes the access at Google on request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from simulator.fixture import SimulatedNas

from .test_nothing_to_do import play


def test_tasks_credential_and_access_are_removed(
    tmp_path: Path, nas: SimulatedNas, google: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", google.proxy)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", google.ca_path)
    variables: dict[str, Any] = {
        "truenas_api_url": nas.socket,
        "truenas_api_session": "close",
        "google_photos_credential": "To remove",
        "google_photos_tasks": [{"description": "To remove", "path": "/mnt/tank/photos"}],
        "google_photos_client_secret_file": str(google.client_secret_file),
        "google_photos_token_file": str(google.token_file),
    }
    with connect(ConnectionOptions(api_url=nas.socket)) as client:

        def records() -> list[Any]:
            return [client.call("cloudsync.query"), client.call("cloudsync.credentials.query")]

        before = records()
        token = Path(google.token_file).read_text(encoding="utf-8")
        provider = {"type": "GOOGLE_PHOTOS", "client_id": "a", "client_secret": "b", "token": token}
        made = client.call("cloudsync.credentials.create", {"name": "To remove", "provider": provider})
        place = {"path": "/mnt/tank/photos", "attributes": {"folder": "/album"}, "credentials": made["id"]}
        for description in ("To remove", "Forgotten"):
            what = {"description": description, "direction": "PUSH", "transfer_mode": "COPY"}
            client.call("cloudsync.create", {**what, **place})
        status, shown = play(tmp_path, "remove", **variables, cloudsync_revoke=True)
        assert status == 2, shown
        assert "Forgotten" in shown
        assert not [one for one in google.requests() if one["path"] == "/revoke"]
        status, shown = play(tmp_path, "remove", **variables, google_photos_purge=True, cloudsync_revoke=True)
        assert status == 0, shown
        assert records() == before
        assert [one["path"] for one in google.requests() if one["path"] == "/revoke"] == ["/revoke"]
        status, shown = play(tmp_path, "remove", **variables)
        assert status == 0, shown
        assert "changed=0" in shown
