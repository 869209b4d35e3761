# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._google import addresses
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.client import ClientError, OAuthClient

FIELDS = {
    "client_id": "123-abc.apps.googleusercontent.com",
    "project_id": "my-photos",
    "auth_uri": "https://accounts.google.com/o/oauth2/auth",
    "token_uri": "https://oauth2.googleapis.com/token",
    "client_secret": "GOCSPX-secret",
    "redirect_uris": ["http://localhost"],
}


def text(kind="installed", **changes):
    return json.dumps({kind: {name: value for name, value in {**FIELDS, **changes}.items() if value is not None}})


def test_the_downloaded_json(tmp_path):
    file = tmp_path / "client_secret.json"
    file.write_text(text())
    client = OAuthClient.from_file(str(file))
    assert (client.client_id, client.client_secret) == (FIELDS["client_id"], FIELDS["client_secret"])
    assert client.project == "my-photos"
    client.require_desktop()
    assert "GOCSPX" not in repr(client)


def test_what_the_json_leaves_out():
    client = OAuthClient.from_text(text(project_id=None, auth_uri=None, token_uri=None))
    assert (client.auth_uri, client.token_uri) == (addresses.AUTH_URI, addresses.TOKEN_URI)
    assert client.project == "123"  # its number, with which the client id begins
    assert OAuthClient("odd-id", "secret").project is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "not the JSON of an OAuth client"),
        ("[]", "not the JSON of an OAuth client"),
        ('{"installed": "no"}', "not the JSON of an OAuth client"),
        ('{"type": "service_account", "private_key": "x"}', "service account"),
        (text(client_id=None), "no client_id"),
        (text(client_secret=" "), "no client_secret"),
        (text(token_uri="http://oauth2.googleapis.com/token"), "token_uri is not an https address"),
    ],
)
def test_what_cannot_be_used(content, words):
    with pytest.raises(ClientError, match=words) as caught:
        OAuthClient.from_text(content)
    assert "https://console.cloud.google.com/auth/clients/create" in str(caught.value)
    assert "GOCSPX" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(ClientError, match="No such file"):
        OAuthClient.from_file(str(tmp_path / "none.json"))
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(ClientError, match="not the JSON"):
        OAuthClient.from_file(str(tmp_path / "binary"))


def test_a_web_client():
    with pytest.raises(ClientError, match="Web client"):
        OAuthClient.from_text(text("web")).require_desktop()
