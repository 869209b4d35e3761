# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in the words of others: by their value in every quoted form, by their name, by what stands around them."""

from __future__ import annotations

import base64
import html
import json
import shlex
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, quote_plus

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils import _redaction
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import (
    HIDDEN,
    Redactor,
    in_parameters,
    names_secret,
    without_address_secrets,
    without_framed,
    without_marked,
    without_named,
)

CONTRACT = Path(__file__).parents[3] / "contract"

QUOTED: dict[str, Callable[[str], str]] = {
    "raw": str,
    "json": json.dumps,
    "json in unicode": lambda text: json.dumps(text, ensure_ascii=False),
    "json of Go": lambda text: json.dumps(text).replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026"),
    "json of PHP": lambda text: json.dumps(text).replace("/", r"\/"),
    "repr": repr,
    "repr of a list": lambda text: repr([text]),
    "repr of bytes": lambda text: repr(text.encode()),
    "ascii": ascii,
    "address": lambda text: quote(text, safe=""),
    "address in lower case": lambda text: "".join(
        one if one.isalnum() and one.isascii() else "".join(f"%{byte:02x}" for byte in one.encode()) for one in text
    ),
    "path of an address": quote,
    "form": quote_plus,
    "html": html.escape,
    "html by numbers": lambda text: "".join(
        one if one.isalnum() and one.isascii() else f"&#{ord(one)};" for one in text
    ),
    "html by hexadecimal numbers": lambda text: "".join(
        one if one.isalnum() and one.isascii() else f"&#x{ord(one):X};" for one in text
    ),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of more": lambda text: base64.b64encode(f"user:{text}@host".encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(f"u:{text}".encode()).decode().rstrip("="),
    "base64 in lines": lambda text: base64.encodebytes(text.encode() * 3).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "shell": shlex.quote,
    "shell by backslashes": lambda text: "".join(one if one.isalnum() else f"\\{one}" for one in text),
    "yaml": lambda text: yaml.safe_dump({"pass": text}),
    "yaml in unicode": lambda text: yaml.safe_dump({"pass": text}, allow_unicode=True, width=10),
    "yaml in double quotes": lambda text: yaml.safe_dump({"pass": text}, default_style='"'),
}

# What people and machines make of passwords and keys. The middle is what must not come out.
MIDDLE = "mYdDLeOfItAll"
SECRETS = st.builds(
    lambda before, after: f"{before}{MIDDLE}{after}",
    st.text("abcXYZ012 \"'\\`$&<>+%/=:@#?!*~-_.,;{}[]()|^\täöß€Ж漢", max_size=12),
    st.text("abcXYZ012 \"'\\`$&<>+%/=:@#?!*~-_.,;{}[]()|^\täöß€Ж漢", max_size=12),
).map(str.strip)
KEY = (
    "-----BEGIN PRIVATE KEY-----\n"
    + "\n".join(f"MIIEv{MIDDLE}{line}+/x" * 3 for line in range(3))
    + "\n-----END-----\n"
)


def shows(text: str) -> bool:
    middle = base64.b64encode(MIDDLE.encode()).decode()[:-4]
    return MIDDLE in text or MIDDLE.encode().hex() in text.lower() or middle in text


@pytest.mark.parametrize("form", QUOTED)
@settings(max_examples=40)
@given(secret=SECRETS)
def test_a_secret_is_hidden_however_it_is_quoted(form: str, secret: str) -> None:
    said = Redactor([secret]).text(f"bad value <{QUOTED[form](secret)}> given")
    assert not shows(said), said
    assert HIDDEN in said


@pytest.mark.parametrize("outer", ["json", "repr", "address", "html", "shell", "yaml"])
@pytest.mark.parametrize("inner", QUOTED)
@settings(max_examples=8)
@given(secret=SECRETS)
def test_a_secret_is_hidden_when_it_is_quoted_twice(inner: str, outer: str, secret: str) -> None:
    said = Redactor([secret]).text(f"bad {QUOTED[outer](QUOTED[inner](secret))}.")
    assert not shows(said), said


ESCAPED: dict[str, Callable[[str], str]] = {
    "address": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "address, twice": lambda text: "".join(f"%25{byte:02x}" for byte in text.encode()),
    "html by numbers": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "html by hexadecimal numbers": lambda text: "".join(f"&#x{ord(one):x};" for one in text),
    "json": lambda text: "".join(f"\\u{unit:04x}" for unit in memoryview(text.encode("utf-16-le")).cast("H")),
    "json, twice": lambda text: json.dumps("".join(f"\\u{ord(one):04X}" for one in text)),
    "python": lambda text: "".join(f"\\U{ord(one):08x}" for one in text),
    "shell by bytes": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "shell by octal numbers": lambda text: "".join(f"\\{byte:03o}" for byte in text.encode()),
}


@pytest.mark.parametrize("form", ESCAPED)
@pytest.mark.parametrize("secret", ["p4ss", "hunter2xyzzy", "mYdDLe-Of\u20acIt $All", "Geh\u00e4im-\u00c4\u00d6"])
def test_a_secret_is_hidden_when_each_of_its_letters_is_escaped(form: str, secret: str) -> None:
    quoted = ESCAPED[form](secret)
    said = Redactor([secret]).text(f"{'. ' * 200}bad {quoted}, also {quoted}; {'.' * 200}")
    assert said.strip(". ").replace('"', "") == f"bad {HIDDEN}, also {HIDDEN};"


def test_an_escaped_text_that_is_not_secret_stays() -> None:
    text = "Copied \\x61\\x62\\x63\\x64\\x65 and %61%62%63%64%65"
    assert Redactor(["s3cret-key"]).text(text) == text


@pytest.mark.parametrize(
    "secret", ["hunter2xyzzy", "Geh\u00e4imes-\u00c4\u00d6\u00df1", "two words0815", 'left"side\\0815$']
)
@pytest.mark.parametrize("line_end", ["\n", "\\\n", "\n    ", "\r\n"])
def test_a_secret_is_hidden_when_a_line_ends_within_it(secret: str, line_end: str) -> None:
    for place in range(1, len(secret)):
        said = Redactor([secret]).text(f"bad value {secret[:place]}{line_end}{secret[place:]} given")
        assert said == f"bad value {HIDDEN} given"


def test_words_on_two_lines_stay() -> None:
    assert Redactor(["photos1"]).text("photos\n1 file") == "photos\n1 file"
    assert Redactor(["backup-2026"]).text("backup\n2026") == "backup\n2026"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_secret_is_hidden_in_the_other_unicode_form(form: Literal["NFC", "NFD"]) -> None:
    for secret in ("Z\u00fcrichGeheim", "Zu\u0308richGeheim"):
        assert Redactor([secret]).text(f"bad {unicodedata.normalize(form, secret)}.") == f"bad {HIDDEN}."


def test_a_secret_is_hidden_in_json_within_base64() -> None:
    for secret in ('pa"ss\\word', "Geh\u00e4imnis"):
        said = base64.b64encode(json.dumps({"pass": secret}).encode()).decode()
        assert Redactor([secret]).text(f"got {said}.") == f"got {HIDDEN}."


@pytest.mark.parametrize("form", QUOTED)
def test_a_private_key_is_hidden_line_by_line(form: str) -> None:
    redactor = Redactor([KEY])
    assert not shows(redactor.text(f"Not a key: {QUOTED[form](KEY)}"))
    for line in KEY.splitlines()[1:-1]:
        assert not shows(redactor.text(f"Odd line {QUOTED[form](line)}"))


@pytest.mark.parametrize("form", QUOTED)
def test_what_is_secret_in_json_is_hidden_alone_and_within(form: str) -> None:
    account = {"type": "service_account", "client_email": "nas@example.com", "private_key": KEY}
    redactor = Redactor([json.dumps(account)])
    for text in (json.dumps(account), str(account), repr(account), json.dumps({"a": account})):
        assert not shows(redactor.text(QUOTED[form](text)))


@given(st.text(max_size=60), SECRETS)
def test_a_text_without_secrets_stays(text: str, secret: str) -> None:
    assume(MIDDLE not in text)
    assert Redactor([secret]).text(text) == text


@given(st.text(max_size=30), st.sets(st.text(min_size=4, max_size=6), max_size=4))
def test_no_secret_survives(text: str, secrets: set[str]) -> None:
    said = Redactor(secrets).text(text + "".join(secrets))
    assert not any(secret in said for secret in secrets if "*" not in secret)


def test_words_of_everyday_stay() -> None:
    redactor = Redactor(["on", "photos1", "a b c d"])
    assert redactor.text("photos 1 is on; abcd, p/hotos1") == "photos 1 is on; abcd, p/hotos1"
    assert redactor.value({"on": ["on", 3, None, True]}) == {"on": ["on", 3, None, True]}


def test_names_are_redacted_too() -> None:
    assert Redactor(["s3cret-key"]).value({"a s3cret-key": ["is s3cret-key"]}) == {f"a {HIDDEN}": [f"is {HIDDEN}"]}


def test_a_long_log_is_looked_through_in_a_moment() -> None:
    line = "2026/01/01 10:00:00 INFO  : Ausflüge/IMG_0001.jpg: Copied (new)\n"
    text = line * 100_000
    secrets = [f's3cret-{number}-"quoted"' for number in range(50)]
    assert Redactor(secrets).text(text) == text


SECRET = st.text("abcdefXYZ0123456789-/+.", min_size=4, max_size=20)


@given(SECRET, st.sampled_from(["token", "pass", "client_secret", "api_key", "encryption_password", "auth"]))
def test_what_stands_under_a_telling_name_is_a_secret(secret: str, name: str) -> None:
    params = [7, {"name": "photos", "provider": {"type": "X", name: secret, "more": [{name: [secret]}]}}]
    assert in_parameters(params) == {secret}


@given(SECRET, SECRET)
def test_a_token_hides_its_parts_too(access: str, refresh: str) -> None:
    token = json.dumps({"access_token": access, "refresh_token": refresh})
    found = in_parameters({"token": token})
    assert found == {token, access, refresh}


def test_what_is_no_secret_stays() -> None:
    params = {"name": "photos", "description": "my photos", "token": "on", "key": 7, "tokens": None}
    assert in_parameters(params) == set()


NAMES = [
    "monpwd",
    "bindpw",
    "peersecret",
    "v3_privpassphrase",
    "v3_password",
    "provisioning_uri",
    "account_key",
    "application_key",
    "encryption_key",
    "connection_string",
    "connectionString",
    "AccountKey",
    "sas_url",
    "sasUrl",
    "accessToken",
    "refreshToken",
    "clientSecret",
    "apiKey",
    "APIKey",
    "privateKey",
    "privatekey",
    "secretAccessKey",
    "X-Auth-Token",
    "Set-Cookie",
    "Authorization",
    "key",
    "token",
    "secret",
    "pass",
    "passwd",
    "password",
    "root_password",
    "password2",
    "passphrase",
    "access_key",
    "secret_key",
    "unixhash",
    "smbhash",
    "nt_hash",
    "keyhash",
    "salt",
    "encryption_salt",
    "rfc_str",
    "service_account_credentials",
    "api_key",
    "client_key",
    "stored_key",
    "server_key",
    "psk",
    "dbpass",
    "dbPass",
    "otp_token",
    "totp_secret",
    "jwt",
    "recovery_codes",
    "ssh_private_key",
    "webhook_url",
    "private",
    "pwd",
    "pw",
    "rootpw",
    "user_pass",
    "bot_token",
    "sharedKey",
    "bindPw",
    "2fa",
    "mfa_code",
    "seed_phrase",
    "sse_customer_key_base64",
]
OTHERS = [
    "id",
    "name",
    "description",
    "path",
    "url",
    "host",
    "bucket",
    "folder",
    "api_key_id",
    "access_key_id",
    "client_id",
    "password_age",
    "min_password_age",
    "password_disabled",
    "passwordauth",
    "key_type",
    "key_format",
    "keyfile",
    "key_loaded",
    "public_key",
    "publicKey",
    "sshpubkey",
    "pubkey",
    "host_key",
    "primary_key",
    "bypass",
    "compass",
    "monkey",
    "commit_hash",
    "token_expiry",
    "expires_at",
    "encryption",
    "passthrough",
    "salted",
    "author",
    "secret_id",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_secrets(name: str) -> None:
    assert names_secret(name)
    assert without_named([{name: "s3cret"}]) == [{name: HIDDEN}]
    assert {*_redaction.named([{name: "s3cret"}])} == {"s3cret"}


@pytest.mark.parametrize("name", OTHERS)
def test_names_of_what_may_be_seen(name: str) -> None:
    assert not names_secret(name)


def test_a_number_may_be_a_secret_or_that_of_a_record() -> None:
    call = {"credentials": 3, "private_key": 4, "password": 12345678, "otp": 123456}
    assert without_named(call) == {"credentials": 3, "private_key": 4, "password": HIDDEN, "otp": HIDDEN}
    assert {*_redaction.named(call)} == {"12345678", "123456"}


def secrets_of_truenas() -> set[str]:
    """The members that TrueNAS's own models mark as secret, in all releases."""
    found: set[str] = set()

    def walk(schema: Any) -> None:
        if isinstance(schema, list):
            for one in schema:
                walk(one)
        elif isinstance(schema, dict):
            for name, one in schema.get("properties", {}).items():
                if isinstance(one, dict) and one.get("writeOnly"):
                    found.add(name)
            for one in schema.values():
                walk(one)

    for file in sorted((CONTRACT / "schemas").glob("2*.json")):
        walk(json.loads(file.read_text(encoding="utf-8")))
    return found


# TrueNAS hides nearly every field of a cloud provider from accounts that may only read. These are no key to anything.
SEEN = [
    "access_key_id",
    "account",
    "application_credential_id",
    "application_credential_name",
    "attributes",
    "auth",
    "auth_version",
    "client_id",
    "domain",
    "drive_id",
    "drive_type",
    "endpoint",
    "endpoint_type",
    "host",
    "hostname",
    "max_upload_parts",
    "port",
    "region",
    "signatures_v2",
    "skip_region",
    "storage_url",
    "team_drive",
    "tenant",
    "tenant_domain",
    "tenant_id",
    "url",
    "user",
    "user_id",
    "vendor",
]


def test_every_secret_of_truenas_is_hidden_by_its_name() -> None:
    found = secrets_of_truenas()
    assert {"api_key", "passphrase", "keyhash", "stored_key", "encryption_salt", "otp_token"} <= found
    assert {name for name in found if not names_secret(name)} == {*SEEN}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://u:p4ss@h/x", "https://********@h/x"),
        ("sftp://u:p@ss@h", "sftp://********@h"),
        ("see https://h/?token=abc&x=1", "see https://h/?token=********&x=1"),
        ("https://b.example.com/c?sv=2022&sig=a%2Bb%3D#f", "https://b.example.com/c?sv=2022&sig=********#f"),
        ("https://h/?X-Amz-Signature=abc&X-Amz-Date=1", "https://h/?X-Amz-Signature=********&X-Amz-Date=1"),
        ("https://h/?access_token=abc", "https://h/?access_token=********"),
        ("mail a@b.example.com", "mail a@b.example.com"),
        ("https://h/@photos?page=2", "https://h/@photos?page=2"),
    ],
)
def test_what_addresses_carry(text: str, shown: str) -> None:
    assert without_address_secrets(text) == shown
    assert without_address_secrets(shown) == shown


@pytest.mark.parametrize("frame", ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY"])
@pytest.mark.parametrize("form", ["raw", "json", "repr", "path of an address", "form"])
def test_a_private_key_in_the_wrong_place(frame: str, form: str) -> None:
    key = f"-----BEGIN {frame}-----\nMIIE{MIDDLE}\n-----END {frame}-----\n"
    assert not shows(without_framed(f"cannot be converted to an int: {QUOTED[form](key)}"))
    assert not shows(without_framed(QUOTED[form](key[:45])))  # cut off


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer s3cret",
        "DEBUG : HTTP REQUEST (req 0x1)\nPOST / HTTP/1.1\nX: s3cret\n\ns3cret\nx DEBUG : >>>>>>>>>>>>>>>>>>>>>>",
        "DEBUG : HTTP RESPONSE\ns3cret",
        '{"refresh_token":"s3cret"}',
        r"{\"client_secret\": \"s3cret\"}",
        "pass = s3cret",
        "api_key=s3cret&x=1",
        "{'password': 's3cret'}",
        "X-Auth-Token: s3cret",
        "x-amz-security-token: s3cret",
        "DefaultEndpointsProtocol=https;AccountKey=s3cret",
        "--s3-secret-access-key=s3cret",
        "api-key: s3cret",
        "apikey=s3cret",
        "encryption_salt: s3cret",
    ],
)
def test_what_logs_name_and_tell(text: str) -> None:
    assert "s3cret" not in without_marked(text)


def test_the_results_of_calls() -> None:
    answer = {
        "monpwd": "s3cret",
        "monuser": "ups",
        "remote": {"url": "https://u:s3cret@h", "keys": [{"key": "s3cret", "id": 1}], "enabled": True},
        "recovery_codes": ["s3cret", "s3cret"],
        "job": {"logs_excerpt": "Authorization: Bearer s3cret\nCopied", "error": "refresh_token=s3cret"},
        "password_disabled": False,
        "password": "",
        "token": None,
    }
    shown = without_named(answer)
    assert "s3cret" not in json.dumps(shown)
    assert shown["monuser"] == "ups"
    assert shown["remote"]["keys"] == [{"key": HIDDEN, "id": 1}]
    assert (shown["password_disabled"], shown["password"], shown["token"]) == (False, "", None)
    assert shown["job"]["logs_excerpt"].endswith("\nCopied")
