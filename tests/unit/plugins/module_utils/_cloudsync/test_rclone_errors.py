# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What errors mean, in plain words, for the provider whose they are and for no other."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_errors import explain, meaning
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_meanings import GENERAL

STAMP = "2026/01/01 10:00:00 "
GOOGLE = {"GOOGLE_PHOTOS", "GOOGLE_DRIVE", "GOOGLE_CLOUD_STORAGE"}
SFTP = {"host": "nas2", "port": 2222, "user": "backup", "pass": "s3cret"}
S3 = {"access_key_id": "AKIA", "secret_access_key": "s3cret", "endpoint": "https://minio:9000", "bucket": "fotos"}


@pytest.mark.parametrize(
    ("kind", "said", "values", "words"),
    [
        ("GOOGLE_PHOTOS", "couldn't fetch token: invalid_grant: maybe token expired?", {}, ["Testing", "authorize"]),
        ("GOOGLE_PHOTOS", "max transfer duration reached as set by --max-duration", {}, ["goes on from here"]),
        ("S3", "max transfer limit reached as set by --max-transfer", {}, ["ended as planned"]),
        ("GOOGLE_PHOTOS", "oauth2: invalid_client", {}, ["client id or client secret is wrong"]),
        ("GOOGLE_PHOTOS", "Photos Library API has not been used in project 7", {}, ["Photos Library API", "Enable"]),
        ("GOOGLE_DRIVE", "googleapi: Error 403: it is disabled, accessNotConfigured", {}, ["Google Drive API"]),
        ("GOOGLE_DRIVE", "invalid_grant", {}, ["Testing", 'rclone authorize "drive"']),
        ("GOOGLE_DRIVE", "googleapi: Error 403: User Rate Limit Exceeded, userRateLimitExceeded", {}, ["--tpslimit"]),
        ("GOOGLE_DRIVE", "googleapi: Error 404: Shared drive not found: 0AB, notFound", {}, ["team_drive"]),
        ("GOOGLE_CLOUD_STORAGE", "oauth2: invalid_grant: Invalid JWT Signature", {}, ["service_account_credentials"]),
        ("ONEDRIVE", "couldn't fetch token: invalid_grant", {}, ['rclone authorize "onedrive"', "onedrive.token"]),
        ("ONEDRIVE", "AADSTS7000222: The provided client secret keys are expired", {}, ["onedrive.client_secret"]),
        ("ONEDRIVE", "invalidRequest: ObjectHandle is Invalid", {}, ["onedrive.drive_id"]),
        ("DROPBOX", "expired_access_token/...", {}, ["dropbox.token"]),
        ("DROPBOX", "path/insufficient_space/..", {}, ["Dropbox is full"]),
        ("DROPBOX", "too_many_write_operations/", {}, ["transfers: 1"]),
        ("BOX", "couldn't fetch token: invalid_grant", {}, ['rclone authorize "box"', "box.token"]),
        ("S3", "NoSuchBucket: The specified bucket does not exist", S3, ["bucket: 'fotos' does not exist"]),
        ("S3", "InvalidAccessKeyId: no", S3, ["s3.access_key_id"]),
        ("S3", "SignatureDoesNotMatch: no", S3, ["s3.secret_access_key"]),
        ("S3", "operation error S3: ListObjectsV2, StatusCode: 403, AccessDenied", S3, ["'fotos'", "s3:ListBucket"]),
        ("S3", "RequestTimeTooSkewed", S3, ["clock"]),
        ("S3", "dial tcp: lookup minio: no such host", S3, ["s3.endpoint ('https://minio:9000')"]),
        ("STORJ_IX", "NoSuchBucket", {"bucket": "b"}, ["bucket: 'b' does not exist"]),
        ("SFTP", "dial tcp 10.0.0.9: connect: connection refused", SFTP, ["sftp.host ('nas2')", "sftp.port (2222)"]),
        ("SFTP", "ssh: handshake failed: ssh: unable to authenticate", SFTP, ["sftp.user ('backup')", "sftp.pass"]),
        ("SFTP", "dial tcp: lookup nas2: no such host", SFTP, ["sftp.host ('nas2')"]),
        ("SFTP", "ssh: handshake failed: EOF", SFTP, ["does not speak SFTP"]),
        ("SFTP", "sftp: permission denied (SSH_FX_PERMISSION_DENIED)", {"folder": "/up"}, ["folder ('/up')"]),
        ("FTP", "NewFs: 530 Login incorrect", {"host": "h", "user": "u", "pass": "p"}, ["ftp.user ('u')", "ftp.pass"]),
        ("FTP", "550 Failed to change directory", {"folder": "x"}, ["folder ('x')"]),
        ("WEBDAV", "couldn't list files: 401 Unauthorized", {"url": "https://h", "user": "u"}, ["webdav.pass", "app"]),
        ("WEBDAV", "405 Method Not Allowed", {"url": "https://h/"}, ["webdav.url ('https://h/')", "remote.php/dav"]),
        ("B2", "failed to authorize account: (401 bad_auth_token)", {}, ["b2.account", "b2.key"]),
        ("B2", "storage cap exceeded", {}, ["Caps & Alerts"]),
        ("AZUREBLOB", "AuthenticationFailed: 403", {}, ["azureblob.account", "azureblob.key"]),
        ("OPENSTACK_SWIFT", "HTTP Error: 401: 401 Unauthorized", {"user": "u"}, ["openstack_swift.user ('u')"]),
        ("HTTP", "x509: certificate signed by unknown authority", {"url": "https://h"}, ["http.url", "certificate"]),
        (None, "connection refused", {}, ["its address"]),
        ("S3", "x509: certificate has expired or is not yet valid: current time 2026 is before 2031", {}, ["clock"]),
        ("S3", 'Head "https://h/": http: server gave HTTP response to HTTPS client', S3, ["TLS", "s3.endpoint"]),
        ("WEBDAV", "tls: first record does not look like a TLS handshake", {"url": "https://h"}, ["speak TLS"]),
        ("WEBDAV", "remote error: tls: protocol version not supported", {"url": "https://h"}, ["encrypt"]),
        ("S3", "StatusCode: 507, api error XMinioStorageFull: Storage backend has", S3, ["storage", "is full"]),
        ("S3", "api error ServiceUnavailable: Please reduce your request rate.", S3, ["transfers: 2"]),
        ("S3", "api error ExpiredToken: The provided token has expired", S3, ["s3.access_key_id"]),
        ("S3", "api error InvalidObjectState: not valid for the object's storage class", S3, ["Glacier"]),
        ("S3", "api error AllAccessDisabled", S3, ["suspended"]),
        ("AZUREBLOB", "AuthenticationFailed: Request date header too old: 'Sat'", {}, ["clock"]),
        ("AZUREBLOB", "KeyBasedAuthenticationNotPermitted", {}, ["takes no keys"]),
        ("GOOGLE_CLOUD_STORAGE", "invalid_grant: Invalid JWT: must be in a reasonable timeframe", {}, ["clock"]),
        ("GOOGLE_CLOUD_STORAGE", "Error 403: The billing account is disabled, accountDisabled", {}, ["billing"]),
        ("GOOGLE_CLOUD_STORAGE", "Error 403: Cloud Storage API has not been used in project 7", {}, ["Enable"]),
        ("GOOGLE_DRIVE", "Error 403: The download quota for this file has been exceeded.", {}, ["tomorrow"]),
        ("GOOGLE_DRIVE", "The file limit for this shared drive has been exceeded.", {}, ["shared drive"]),
        ("ONEDRIVE", "invalid_grant: AADSTS50076: you must use multi-factor authentication", {}, ["second factor"]),
        ("BOX", "storage_limit_exceeded (403): Account storage limit reached", {}, ["is full"]),
        ("BOX", "access_denied_insufficient_permissions (403)", {}, ["does not let this account"]),
        ("PCLOUD", "pcloud error: Log in failed. (2000)", {}, ["pcloud.token"]),
        ("YANDEX", "[507 - InsufficientStorageError] Insufficient Storage", {}, ["is full"]),
        ("OPENSTACK_SWIFT", "Authorization Failed", {"user": "u"}, ["openstack_swift.user ('u')"]),
        ("OPENSTACK_SWIFT", "Container Not Found", {}, ["does not exist"]),
        ("SFTP", "ssh: handshake failed: knownhosts: key mismatch", SFTP, ["another key"]),
        ("SFTP", "failed to parse private key file: this private key is passphrase protected", SFTP, ["passphrase"]),
        ("FTP", "552 Disk full - please upload later", {"folder": "x"}, ["is full"]),
        ("FTP", "421 Too many connections (8) from this IP", {}, ["transfers: 1"]),
        ("WEBDAV", "413 Request Entity Too Large", {}, ["larger than the server takes"]),
        ("WEBDAV", "Maintenance mode: 503 Service Unavailable", {}, ["goes on from here"]),
        ("GOOGLE_PHOTOS", "Internal error encountered. (500 INTERNAL)", {}, ["goes on from here"]),
        ("B2", "Post https://b2: read: connection reset by peer", {}, ["broke off"]),
    ],
)  # fmt: skip
def test_what_errors_mean(kind, said, values, words):
    told = explain(f"{STAMP}ERROR : {said}", PROVIDERS.get(kind or ""), values)
    assert told.endswith(f"rclone said: {said}")
    for word in words:
        assert word in told
    assert "s3cret" not in told


@pytest.mark.parametrize("kind", [*PROVIDERS, None])
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("write /mnt/tank/photos/a b.jpg: no space left on device", "no room"),
        ("a.jpg: Failed to copy: preallocate: file too big for remaining disk space", "no room"),
        ("failed to open source object: open /mnt/tank/x: permission denied", "permissions of the file on the NAS"),
        ("mkdir /mnt/tank/x: read-only file system", "permissions of the file on the NAS"),
        ("read /mnt/tank/x: input/output error", "health of its pool"),
    ],
)
def test_an_error_of_the_nas_itself_is_not_blamed_on_the_provider(kind, said, words):
    assert words in (meaning(said, PROVIDERS.get(kind or "")) or "")


@pytest.mark.parametrize("kind", [*PROVIDERS, None])
def test_the_name_of_a_file_is_not_taken_for_an_error(kind):
    for path in (
        "Forbidden City/permission denied 429.jpg",
        "consent/quota exceeded.png",
        "invalid_grant/SlowDown.mp4",
    ):
        assert meaning(f"{path}: Failed to copy: something new", PROVIDERS.get(kind or "")) is None


METRIC = "Quota exceeded for quota metric"


@pytest.mark.parametrize(
    ("said", "helps"),
    [
        (f"{METRIC} 'All requests' and limit 'All requests per day' of service 'x'", '(schedule: "@daily")'),
        (f"{METRIC} 'x/write_requests' and limit 'WritesPerMinutePerUser' of service 'x'", "(args: --tpslimit 5)"),
        ("Quota exceeded for quota 'concurrent write request' of service 'x'", "at the same time (schedule)"),
        ("The remaining storage in the user's account is not enough to perform this operation.", "empty the bin"),
        (f"{METRIC} 'Upload bytes' and limit 'UploadBytesPerMinutePerUser' of service 'x'", "(bwlimit: 1M)"),
    ],
)
def test_the_limits_of_google_photos_are_told_apart(said, helps):
    told = meaning(f"couldn't commit: {said} (429 RESOURCE_EXHAUSTED)", PROVIDERS["GOOGLE_PHOTOS"])
    assert helps in told
    help_of_others = {
        '(schedule: "@daily")', "--tpslimit", "at the same time (schedule)", "empty the bin", "(bwlimit: 1M)",
    }  # fmt: skip
    assert not any(other in told for other in help_of_others if other not in helps)


@pytest.mark.parametrize(
    ("said", "helps"),
    [
        ('HTTP error 429 (429 Too Many Requests) returned body: ""', "(bwlimit: 1M)"),
        ("Quota exceeded for limit 'All requests per day' (429 RESOURCE_EXHAUSTED)", '(schedule: "@daily")'),
    ],
)
def test_a_limit_of_bytes_need_not_be_named(said, helps):
    assert helps in meaning(f"Trip/1.jpg: Failed to copy: couldn't upload file: {said}", PROVIDERS["GOOGLE_PHOTOS"])


@pytest.mark.parametrize("kind", sorted(set(PROVIDERS) - GOOGLE))
@pytest.mark.parametrize(
    "said",
    [
        "invalid_grant",
        "invalid_client",
        "unauthorized_client",
        "rateLimitExceeded",
        "Quota exceeded",
        "429 RESOURCE_EXHAUSTED",
        "insufficient authentication scopes",
        "it is disabled",
        "can't upload files here",
        "401 UNAUTHENTICATED",
        "connection refused",
    ],
)
def test_nobody_else_gets_the_advice_for_google(kind, said):
    told = explain(said, PROVIDERS[kind]).removesuffix(said)
    assert not re.search(r"Google|nasops.cloudsync.authorize|media_only|album", told)


@pytest.mark.parametrize("kind", [*PROVIDERS, None])
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("NewFs: couldn't connect SSH: dial tcp: lookup nas2 on 10.2.5.53:53: no such host", "no server of this name"),
        ("couldn't list files: dial tcp 10.0.4.530:422: connect: connection refused", "nothing accepts connections"),
        ("dial tcp 10.0.0.9:403: i/o timeout", "cannot reach the provider"),
        ('Get "https://h:429/550": tls: failed to verify certificate: x509: certificate has expired', "certificate"),
    ],
)
def test_an_unreachable_provider_is_told_as_that(kind, said, words):
    assert words in (meaning(said, PROVIDERS.get(kind or "")) or "")


@pytest.mark.parametrize("kind", [*PROVIDERS, None])
def test_every_meaning_can_be_told(kind):
    provider = PROVIDERS.get(kind or "")
    for pattern, words in (*(provider.meanings if provider else ()), *GENERAL):
        re.compile(pattern)
        assert words[-1] not in ".!?"
        assert words[0].islower() or words.startswith(("Google", "Azure", "Backblaze", "Dropbox", "Microsoft"))
    assert "{" not in (meaning("no such host", provider) or "")
    assert "{" not in (meaning("invalid_grant", provider) or "")


@given(
    st.text(),
    st.sampled_from([None, *PROVIDERS]),
    st.dictionaries(st.sampled_from(["host", "bucket", "pass"]), st.text()),
)
def test_any_text_can_be_explained(said, kind, values):
    told = explain(said, PROVIDERS.get(kind or ""), values)
    assert "\n" not in told.replace(said, "")


def test_an_error_is_explained_and_still_quoted():
    told = explain(
        f"{STAMP}ERROR : error listing: couldn't fetch token: invalid_grant: maybe token expired?\nmore",
        PROVIDERS["GOOGLE_PHOTOS"],
    )
    assert "Make a new token" in told
    assert told.endswith("rclone said: error listing: couldn't fetch token: invalid_grant: maybe token expired?")


def test_an_unknown_error_is_passed_on_as_it_is():
    assert explain(f"[EFAULT] {STAMP}ERROR : something new", None) == "something new"
