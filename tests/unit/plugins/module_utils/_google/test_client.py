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


@pytest.mark.parametrize(
    "given_as",
    [
        text().encode("utf-8-sig"),
        text().encode("utf-16"),
        text().encode("utf-16-le"),
        b"\xfe\xff" + text().encode("utf-16-be"),
        text().replace(",", ",\r\n").encode(),
        json.dumps(FIELDS).encode(),
        json.dumps([json.loads(text())]).encode(),
        json.dumps({"comment": "mine", **json.loads(text())}).encode(),
        text(client_secret="GOCSPX-secret\n").encode(),
        text().replace('"', "\u201d").encode(),
        str(json.loads(text())).encode(),
    ],
    ids=["bom", "utf-16", "utf-16-le", "utf-16-be", "crlf", "inner", "in-list", "second-member", "line-end", "curly",
         "python"],
)  # fmt: skip
def test_every_form_that_holds_the_client(given_as, tmp_path):
    file = tmp_path / "client_secret.json"
    file.write_bytes(given_as)
    client = OAuthClient.from_file(str(file))
    assert (client.client_id, client.client_secret) == (FIELDS["client_id"], FIELDS["client_secret"])
    # As Ansible's lookup of a file gives it.
    assert OAuthClient.from_text(given_as.decode("utf-8", "surrogateescape")) == client


def test_a_line_end_of_the_options():
    client = OAuthClient("123-abc\n", " secret\r\n")
    assert (client.client_id, client.client_secret) == ("123-abc", "secret")


def test_what_the_json_leaves_out():
    client = OAuthClient.from_text(text(project_id=None, auth_uri=None, token_uri=None))
    assert (client.auth_uri, client.token_uri) == (addresses.AUTH_URI, addresses.TOKEN_URI)
    assert client.project == "123"  # its number, with which the client id begins
    assert OAuthClient("odd-id", "secret").project is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        (text()[:-40], "is cut off"),
        (text(client_secret=None), "no client_secret: Google shows it only when it is made"),
        (json.dumps({"type": "authorized_user", "client_id": "i", "client_secret": "s"}), "a login of gcloud"),
        (json.dumps({"access_token": "ya29.x", "refresh_token": "1//x"}), "is a token"),
        (json.dumps({"api_key": "AIzaX"}), "an API key"),
        ("AIzaX", "an API key"),
        ("GOCSPX-secret", "the secret of an OAuth client alone"),
        ("$ANSIBLE_VAULT;1.1;AES256\n61", "still encrypted"),
        ("<!DOCTYPE html>", "a web page"),
        ("-----BEGIN PRIVATE KEY-----\nx", "PEM"),
        ('{"installed": 1, "other": 2}', "has no member installed"),
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
    assert "https://console.cloud.google.com/auth/clients" in str(caught.value)
    assert "GOCSPX" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(ClientError, match="No such file"):
        OAuthClient.from_file(str(tmp_path / "none.json"))
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(ClientError, match="is empty"):
        OAuthClient.from_file(str(tmp_path / "binary"))
    (tmp_path / "binary").write_bytes(b"\x89PNG\r\n")
    with pytest.raises(ClientError, match="not the JSON"):
        OAuthClient.from_file(str(tmp_path / "binary"))


def test_a_web_client():
    with pytest.raises(ClientError, match="Web client"):
        OAuthClient.from_text(text("web")).require_desktop()


@pytest.mark.parametrize("masked", ["********", "****a1B2", "<redacted>", "$ANSIBLE_VAULT;1.1;AES256\n3133"])
def test_a_secret_that_is_not_shown_or_not_decrypted_is_refused(masked):
    with pytest.raises(ClientError, match=r"client_secret is (what is shown|still encrypted)") as refused:
        OAuthClient.from_text(text(client_secret=masked))
    assert masked not in str(refused.value)
