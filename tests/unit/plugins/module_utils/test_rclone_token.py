# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import json
import re
import textwrap
import traceback
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._rclone_token import (
    RcloneToken,
    TokenError,
    format_expiry,
)

FIELDS = {
    "access_token": "ya29.a0AfB_example-access",
    "token_type": "Bearer",
    "refresh_token": "1//09example-refresh",
    "expiry": "2026-11-22T20:12:31.443697958Z",
}
LINE = json.dumps(FIELDS, separators=(",", ":"))
RCLONE_OUTPUT = f"Paste the following into your remote machine --->\n{LINE}\n<---End paste\n"
BLOB = base64.urlsafe_b64encode(json.dumps({"token": LINE}).encode()).decode().rstrip("=")

WRAPPED = "\n".join(textwrap.wrap(BLOB, 80))
CONF = f"[photos]\ntype = google photos\nclient_id = i\ntoken = {LINE}\n"
OTHER = f"[drive]\ntype = drive\ntoken = {LINE.replace('1//', '1//other')}\n\n"
LIBRARY = {"token": FIELDS["access_token"], "refresh_token": FIELDS["refresh_token"], "expiry": FIELDS["expiry"][:-1]}
LIBRARY |= {"token_uri": "https://oauth2.googleapis.com/token", "client_id": "i", "client_secret": "s"}
BY_NAME = {
    "blob-wrapped": WRAPPED,
    "blob-wrapped-crlf": WRAPPED.replace("\n", "\r\n"),
    "blob-folded": WRAPPED.replace("\n", " "),
    "blob-in-frame": f"Paste the following into your remote machine --->\n{WRAPPED}\n<---End paste",
    "blob-padded": BLOB + "=" * (-len(BLOB) % 4),
    "blob-standard-alphabet": BLOB.translate(str.maketrans("-_", "+/")),
    "config-dump": json.dumps({"photos": {"type": "google photos", "token": LINE}}),
    "config-dump-of-several": json.dumps({"p": {"type": "google photos", "token": LINE}, "s": {"type": "s3"}}),
    "config-dump-of-one-token": {"a": {"token": LINE}, "b": {"token": LINE}},
    "rclone.conf": CONF,
    "rclone.conf-of-several": f"{OTHER}{CONF}",
    "rclone.conf-crlf": f"{OTHER}{CONF}".replace("\n", "\r\n"),
    "rclone.conf-wrapped": CONF.replace("example-", "exam\nple-"),
    "line-of-rclone.conf": f"token = {LINE}",
    "line-of-yaml": f"token: '{LINE}'",
    "google-library": LIBRARY,
    "google-library-json": json.dumps(LIBRARY),
    "utf-16-of-powershell": ("\ufeff" + LINE).encode("utf-16-le").decode("utf-8", "surrogateescape"),
    "utf-16-big-endian": ("\ufeff" + LINE).encode("utf-16-be").decode("utf-8", "surrogateescape"),
    "utf-16-without-mark": LINE.encode("utf-16-le").decode(),
    "bom": "\ufeff" + LINE,
    "curly-quotes": re.sub('"([^"]*)"', "\u201c\\1\u201d", LINE),
    "no-break-spaces": json.dumps(FIELDS, indent=1).replace(" ", "\u00a0"),
    "zero-width": LINE.replace("example", "exam\u200bple"),
    "colours-of-a-terminal": f"\x1b[1m{LINE}\x1b[0m",
    "python": str(FIELDS),
    "python-of-more": str({**FIELDS, "scope": None, "ok": True}),
    "quoted-for-a-shell": LINE.replace('"', '\\"'),
    "in-quotes": f"'{LINE}'",
    "folded": LINE.replace("example-", "exam ple-").replace("T20", " T20"),
    "folded-between": LINE.replace(",", ", "),
    "surrounded": f"Config for photos:\n  {LINE}\nKeep this?",
}

token_text = st.text(
    st.characters(codec="ascii", categories=["L", "N"], include_characters="-._/~+"),
    min_size=1,
)
moments = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9000, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def changed(**changes):
    fields = {**FIELDS, **changes}
    return {name: value for name, value in fields.items() if value is not None}


@pytest.mark.parametrize(
    "given_as",
    [
        LINE,
        f"\n  {LINE}  \n",
        json.dumps(FIELDS, indent=4),
        FIELDS,
        RCLONE_OUTPUT,
        RCLONE_OUTPUT.replace("\n", "\r\n"),
        json.dumps(LINE),
        BLOB,
        f"Paste the following into your remote machine --->\n{BLOB}\n<---End paste",
        {"changed": True, "token": LINE, "scopes": ["openid"], "testing": None},
        json.dumps({"token": FIELDS}),
        LINE.replace("example-", "exam\n    ple-"),
        *BY_NAME.values(),
    ],
    ids=["line", "blanks", "indented", "mapping", "rclone", "crlf", "json-in-json", "blob", "rclone-blob", "result",
         "result-json", "wrapped-by-terminal", *BY_NAME],
)  # fmt: skip
def test_every_form_people_have_at_hand(given_as):
    assert RcloneToken.parse(given_as, remote="google photos").text() == LINE


@given(token_text, token_text, moments)
def test_text_round_trips_on_one_line(access_token, refresh_token, moment):
    token = RcloneToken(access_token, refresh_token, format_expiry(moment))
    assert RcloneToken.parse(token.text()) == token
    assert RcloneToken.parse(json.dumps(json.dumps(json.loads(token.text()), indent=1))) == token
    assert "\n" not in token.text()
    assert "%" not in token.text()
    assert token.expires_at() == moment


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("not json", "not valid JSON"),
        (LINE.replace('"', ""), "no double quotes"),
        (LINE.replace(",", ";"), "not valid JSON"),
        (LINE[:-10], "cut off: its closing brace is missing"),
        (LINE[:40], "cut off"),
        (BLOB[:-60], "cut off: the end of its base64 text is missing"),
        (f"Paste the following into your remote machine --->\n{BLOB[:80]}", "cut off: the end of its base64 text"),
        (FIELDS["access_token"], "an access token alone"),
        (FIELDS["refresh_token"], "a refresh token alone"),
        ("4/0AeanS0example", "the code of an approval"),
        ("GOCSPX-example", "the secret of an OAuth client"),
        ("123-abc.apps.googleusercontent.com", "the id of an OAuth client"),
        ("AIzaExample", "an API key"),
        ("http://127.0.0.1:53682/?state=x&code=y", "is an address"),
        ("/home/me/token.json", "is a path.*lookup"),
        ("token.json", "is a path"),
        ("C:\\Users\\me\\token.json", "is a path"),
        ("$ANSIBLE_VAULT;1.1;AES256\n6162", "still encrypted by ansible-vault"),
        ("********", "shown? in its place|shows in its place"),
        ("VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "shows in its place"),
        ("-----BEGIN PRIVATE KEY-----\nx", "PEM"),
        ("<html></html>", "web page"),
        ("rclone authorize 'google photos'", "is a command"),
        ({"installed": {"client_id": "i", "client_secret": "s"}}, "JSON of an OAuth client"),
        (json.dumps({"web": {"client_id": "i"}}), "JSON of an OAuth client"),
        ({"type": "service_account", "private_key": "k"}, "key of a service account"),
        ({"error": "invalid_grant"}, "refused to make one"),
        ({"a": {"token": LINE}, "b": {"token": LINE.replace("1//", "1//x")}}, r"one of several remotes \(a, b\)"),
        ("[1, 2]", "not a JSON object"),
        ("12", "not a JSON object"),
        (None, "not a JSON object"),
        ("[" * 200_000, "not valid JSON"),
        (json.dumps(json.dumps(json.dumps(json.dumps("no token")))), "not a JSON object"),
        ({}, "no access_token"),
        (changed(access_token=""), "no access_token"),
        (changed(access_token=5), "access_token is not a string"),
        (changed(refresh_token=None), "no refresh_token"),
        (changed(refresh_token=" "), "no refresh_token"),
        (changed(expiry=None, expires_in=3599), "no expiry"),
        (changed(expiry="0001-01-01T00:00:00Z"), "no expiry"),
        (changed(expiry="2026-11-22T20:12:31"), "no time zone"),
        (changed(expiry="2026-11-22T20:12:31.5"), "no time zone"),
        (changed(expiry="2026-13-22T20:12:31Z"), "not a time"),
        (changed(expiry="2026-11-22 20:12:31Z"), "not a time"),
        (changed(expiry="tomorrow"), "not a time"),
        (changed(access_token="a%b"), "percent sign"),
        (changed(refresh_token="a%(b)s"), "percent sign"),
    ],
)
def test_each_defect_has_one_message_without_token_text(value, cause):
    with pytest.raises(TokenError, match=cause) as caught:
        RcloneToken.parse(value)
    shown = "".join(traceback.format_exception(caught.value))
    assert str(caught.value) in shown
    for secret in (FIELDS["access_token"], FIELDS["refresh_token"], LINE):
        assert secret not in shown


@given(st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), lambda x: st.dictionaries(
    st.sampled_from(["token", "access_token", "refresh_token", "expiry", "other"]), x))))  # fmt: skip
def test_whatever_is_given_it_parses_or_says_why(value):
    try:
        token, why = RcloneToken.parse(value), ""
    except TokenError as error:
        token, why = None, str(error)
    assert why.startswith("The token") if token is None else RcloneToken.parse(token.text()) == token


def test_identity_is_the_refresh_token():
    token = RcloneToken.parse(FIELDS)
    assert token.same_grant(RcloneToken.parse(changed(access_token="new", expiry="2027-01-01T00:00:00+01:00")))
    assert not token.same_grant(RcloneToken.parse(changed(refresh_token="other")))


def test_tokens_that_live_for_ever():
    fields = {
        "access_token": "pcloud-access",
        "token_type": "bearer",
        "expiry": "0001-01-01T00:00:00Z",
    }
    token = RcloneToken.parse(fields, require_expiry=False, require_refresh=False)
    assert token.text() == '{"access_token":"pcloud-access","token_type":"bearer"}'
    assert token.expires_at() is None
    assert token.same_grant(RcloneToken.parse(fields, require_expiry=False, require_refresh=False))
    assert not token.same_grant(RcloneToken.parse(changed(access_token="pcloud-other")))


def test_the_rest_of_a_providers_answer_is_kept_apart():
    token = RcloneToken.parse(changed(id_token="e" * 200, expires_in=3599))
    assert token.extra == {"id_token": "e" * 200, "expires_in": 3599}
    assert token.text() == LINE
    assert token.secrets() == {
        FIELDS["access_token"], FIELDS["refresh_token"], LINE, json.dumps(LINE)[1:-1], "e" * 200,
    }  # fmt: skip


def test_nothing_shows_in_a_repr():
    token = RcloneToken.parse(FIELDS)
    assert not any(secret in repr(token) + str(token) for secret in token.secrets())


def test_format_expiry():
    moment = datetime(2026, 1, 31, 12, 0, 0, 250)  # noqa: DTZ001 - as google-auth gives it
    assert format_expiry(moment) == "2026-01-31T12:00:00.000250Z"
    assert format_expiry(moment.replace(tzinfo=timezone(timedelta(hours=2)))) == "2026-01-31T10:00:00.000250Z"


def test_an_outdated_token_is_refreshed_before_it_is_used():
    outdated = RcloneToken.parse(LINE).outdated()
    assert outdated.same_grant(RcloneToken.parse(LINE))
    assert outdated.expires_at() < datetime(2001, 1, 1, tzinfo=UTC)
    assert RcloneToken.parse(outdated.text()) == outdated
    for_ever = RcloneToken.parse(changed(expiry=None), require_expiry=False)
    assert for_ever.outdated() == for_ever
