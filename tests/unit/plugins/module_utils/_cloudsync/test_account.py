# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which credentials reach one account, and which do not or do not tell."""

from __future__ import annotations

import json

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.account import account, moved
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS


def token(refresh, access="a"):
    return json.dumps({"access_token": access, "refresh_token": refresh, "expiry": "2030-01-01T00:00:00Z"})


DAV = {"url": "https://cloud.example.com/dav/U/", "user": "u", "pass": "p", "vendor": "OTHER"}
SFTP = {"host": "nas.example.com", "port": 22, "user": "u", "pass": "p"}
S3 = {"access_key_id": "k", "secret_access_key": "s", "endpoint": "https://minio:9000"}


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("GOOGLE_PHOTOS", {"token": token("r")}, {"token": token("r", "b"), "client_id": "c"}, True),
        ("GOOGLE_PHOTOS", {"token": token("r")}, {"token": token("q")}, False),
        ("PCLOUD", {"token": '{"access_token":"a"}'}, {"token": '{"access_token":"a","expiry":""}'}, True),
        ("GOOGLE_DRIVE", {"token": token("r")}, {"token": token("r"), "team_drive": "t"}, False),
        ("ONEDRIVE", {"token": token("r"), "drive_id": "d"}, {"token": token("q"), "drive_id": "d"}, True),
        ("WEBDAV", DAV, DAV | {"pass": "q", "url": "HTTPS://Cloud.example.com/dav/U"}, True),
        ("WEBDAV", DAV, DAV | {"url": "https://cloud.example.com/dav/u"}, False),
        ("WEBDAV", DAV | {"user": ""}, DAV | {"user": ""}, True),
        ("WEBDAV", DAV, DAV | {"user": "v"}, False),
        ("SFTP", SFTP, {"host": "NAS.example.com", "user": "u", "private_key": 3}, True),
        ("SFTP", SFTP, SFTP | {"port": 2222}, False),
        ("S3", S3, S3 | {"secret_access_key": "t", "endpoint": "https://minio:9000/"}, True),
        ("S3", S3, S3 | {"endpoint": ""}, False),
        ("B2", {"account": "a", "key": "k"}, {"account": "b", "key": "l"}, True),
        ("AZUREBLOB", {"account": "a", "key": "k"}, {"account": "a", "key": "l", "endpoint": ""}, True),
    ],
)
def test_two_credentials(kind, one, other, same):
    found = [account(PROVIDERS[kind], values) for values in (one, other)]
    assert None not in found
    assert len({*found}) == (1 if same else 2)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("GOOGLE_PHOTOS", {"token": "********"}),
        ("GOOGLE_PHOTOS", {"token": "[1]"}),
        ("GOOGLE_PHOTOS", {"token": "{}"}),
        ("GOOGLE_PHOTOS", {}),
        ("WEBDAV", DAV | {"user": "********"}),
        ("WEBDAV", {}),
        ("HTTP", {"url": "********"}),
    ],
)
def test_what_does_not_tell(kind, values):
    assert account(PROVIDERS[kind], values) is None
    assert account(None, values) is None


@pytest.mark.parametrize(
    ("kind", "before", "change", "field"),
    [
        ("S3", S3, {"endpoint": "https://other:9000"}, "endpoint"),
        ("S3", S3, {"endpoint": "https://MinIO:9000/"}, None),
        ("S3", S3, {"access_key_id": "l", "secret_access_key": "t"}, None),
        ("S3", S3, {"endpoint": "********"}, None),
        ("HTTP", {"url": "https://one.example.com/"}, {"url": "https://two.example.com/"}, "url"),
        ("GOOGLE_PHOTOS", {"token": token("r")}, {"token": token("q")}, None),
        ("GOOGLE_DRIVE", {"token": token("r")}, {"team_drive": "t"}, "team_drive"),
        ("SFTP", SFTP, {"type": "FTP"}, "type"),
        ("SFTP", SFTP | {"type": "********"}, {"type": "SFTP"}, None),
        ("NEW_IN_30", {"url": "a"}, {"url": "b"}, None),
    ],
)
def test_a_change_that_leads_elsewhere(kind, before, change, field):
    stored = {"type": kind, **before}
    assert moved(stored, stored) is None
    assert moved(stored, {**stored, **change}) == field


def test_every_provider_tells():
    for provider in PROVIDERS.values():
        assert provider.account is not None, provider.type
        assert {*provider.account} <= {one.name for one in provider.fields}
