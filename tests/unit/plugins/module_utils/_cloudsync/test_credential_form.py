# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import credential_form, export
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import VAULT_ME, OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import plan
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN

RELEASE = "25.10"
TOKEN = {
    "access_token": "access",
    "token_type": "Bearer",
    "refresh_token": "refresh",
    "expiry": "2026-01-01T00:00:00Z",
}
LATER = {**TOKEN, "access_token": "renewed access", "expiry": "2026-01-02T00:00:00.123456789Z", "expires_in": 3599}
OTHER = {**LATER, "refresh_token": "another-refresh"}


def asked(provider: str, **fields):
    result = credential_form.asked_provider({provider: fields})
    assert result is not None
    return result


def photos(token, **fields):
    return asked("google_photos", client_id="id", client_secret="secret", token=token, **fields)


def stored(provider: str = "GOOGLE_PHOTOS", **fields):
    return {"id": 7, "name": "n", "provider": {"type": provider, **fields}}


def planned(wanted, entry, secrets="auto", release=RELEASE):
    present = credential_form.current(entry, release) if entry else None
    return plan(
        credential_form.desired("n", wanted, release), present, credential_form.members(release), secrets=secrets
    )


def test_a_token_is_sent_as_one_line_however_it_was_given():
    for given in (TOKEN, json.dumps(TOKEN), json.dumps(TOKEN, indent=2), {"token": json.dumps(TOKEN)}):
        sent = credential_form.desired("n", photos(given), RELEASE)["provider"]["token"]
        assert "\n" not in sent
        assert json.loads(sent) == TOKEN


def test_a_token_that_the_nas_has_renewed_is_the_same_and_stays():
    entry = stored(client_id="id", client_secret="secret", token=json.dumps(LATER))
    assert planned(photos(TOKEN), entry).action == "none"
    changed = planned(asked("google_photos", client_id="new id", client_secret="secret", token=TOKEN), entry)
    assert json.loads(changed.payload["provider"]["token"]) == LATER


def test_a_token_of_another_approval_is_a_change():
    entry = stored(client_id="id", client_secret="secret", token=json.dumps(LATER))
    assert json.loads(planned(photos(OTHER), entry).payload["provider"]["token"])["refresh_token"] == "another-refresh"


def test_where_refresh_tokens_rotate_an_older_one_is_not_put_back():
    entry = stored("BOX", client_id="", client_secret="", token=json.dumps(OTHER))
    assert planned(asked("box", token=TOKEN), entry).action == "none"
    newer = {**TOKEN, "expiry": "2026-02-01T00:00:00Z"}
    assert planned(asked("box", token=newer), entry).action == "update"


@pytest.mark.parametrize(
    ("token", "cause"),
    [
        ({**TOKEN, "refresh_token": ""}, "refresh_token"),
        ({name: value for name, value in TOKEN.items() if name != "expiry"}, "expiry"),
        ({**TOKEN, "expiry": "2026-01-01T00:00:00"}, "zone"),
        ("not json", "JSON"),
    ],
)
def test_a_token_that_would_not_last_is_refused_without_being_shown(token, cause):
    with pytest.raises(OptionError) as error:
        credential_form.desired("n", photos(token), RELEASE)
    assert str(error.value).startswith("google_photos.token: ")
    assert cause in str(error.value)
    assert "access" not in str(error.value).replace("access_token", "").replace("lasting access", "")


def test_a_pcloud_token_needs_no_expiry():
    sent = credential_form.desired("n", asked("pcloud", token={"access_token": "eternal"}), RELEASE)
    assert json.loads(sent["provider"]["token"])["access_token"] == "eternal"


def test_a_placeholder_is_left_alone_and_missed_on_creation():
    wanted = asked("webdav", url="http://h/", vendor="OTHER", user="u", **{"pass": VAULT_ME})
    assert credential_form.missing(wanted, RELEASE) == ["pass"]
    entry = stored("WEBDAV", url="http://h/", vendor="OTHER", user="u", **{"pass": "kept"})
    assert planned(wanted, entry).action == "none"


def test_addresses_are_compared_as_the_nas_stores_them():
    entry = stored("WEBDAV", url="http://host/", vendor="OTHER", user="u", **{"pass": "p"})
    assert (
        planned(asked("webdav", url="HTTP://Host:80", vendor="OTHER", user="u", **{"pass": "p"}), entry).action
        == "none"
    )


def test_another_provider_replaces_the_fields_and_predicts_its_own_defaults():
    entry = stored("WEBDAV", url="http://host/", vendor="OTHER", user="u", **{"pass": "p"})
    result = planned(asked("ftp", host="h", user="u", **{"pass": "p"}), entry)
    assert result.payload == {"provider": {"type": "FTP", "host": "h", "user": "u", "pass": "p"}}
    assert result.before["provider"]["url"] == "http://host/"
    assert result.after["provider"] == {
        "type": "FTP",
        "host": "h",
        "port": 21,
        "user": "u",
        "pass": "(not shown; new value)",
    }


def test_only_one_provider_makes_a_credential():
    with pytest.raises(OptionError, match=r"ftp, webdav|webdav, ftp"):
        credential_form.asked_provider({"ftp": {"host": "h"}, "webdav": {"url": "u"}})


def test_a_release_is_named_when_it_does_not_know_an_option():
    with pytest.raises(OptionError, match=r"s3\.force_path_style: TrueNAS 25\.10"):
        credential_form.desired(
            "n", asked("s3", access_key_id="a", secret_access_key="s", force_path_style=True), "25.10"
        )
    with pytest.raises(OptionError, match=r"onedrive: TrueNAS 24\.10"):
        credential_form.desired("n", asked("onedrive", token=TOKEN, drive_type="PERSONAL", drive_id="d"), "24.10")


def test_the_older_form_is_read_and_written_too():
    wanted = asked("ftp", host="h", user="u", **{"pass": "p"})
    entry = {"id": 1, "name": "n", "provider": "FTP", "attributes": {"host": "h", "user": "u", "pass": "old"}}
    result = planned(wanted, entry, release="24.10")
    assert credential_form.wire(result.payload, "24.10", flat=False) == {
        "provider": "FTP",
        "attributes": {"host": "h", "user": "u", "pass": "p"},
    }
    hidden = {**entry, "attributes": HIDDEN}
    assert planned(wanted, hidden, release="24.10").unknown == ("provider.host", "provider.user", "provider.pass")


def test_the_parts_of_a_token_are_secrets_too():
    found = credential_form.secrets({"google_photos": {"client_id": "id", "token": json.dumps(TOKEN)}})
    assert {"access", "refresh"} <= found


@pytest.mark.parametrize("kind", sorted(PROVIDERS))
def test_an_export_given_back_changes_nothing_and_holds_no_secret(kind):
    provider = PROVIDERS[kind]
    release = provider.until or "27.0"
    values = {one.name: _example(one) for one in provider.fields_in(release)}
    entry = {"id": 7, "name": "n", "provider": {"type": kind, **values}}
    options = export.credential(entry, release)
    for one in provider.fields_in(release):
        if one.secret:
            assert options[provider.option].get(one.name) == VAULT_ME
    assert plan(
        credential_form.desired(options["name"], credential_form.asked_provider(options), release),
        credential_form.current(entry, release),
        credential_form.members(release),
    ).action == "none"  # fmt: skip


def _example(one):
    if one.choices:
        return one.choices[0]
    if one.type == "raw":
        return json.dumps(TOKEN)
    if one.type in ("int", "bool"):
        return one.default if one.default is not None else 5
    if one.type == "json":
        return '{"a":1}'
    return "https://example.com/" if one.normalise else "text"


@pytest.mark.parametrize(
    ("release", "sent"), [("24.10", None), ("25.04", ""), ("25.10", ""), ("26.0", ""), ("27.0", None)]
)
def test_a_key_pair_of_sftp_gets_the_password_that_the_release_needs(release, sent):
    wanted = asked("sftp", host="h", user="u", private_key=3)
    provider = credential_form.wire(planned(wanted, None, release=release).payload, release, flat=True)["provider"]
    assert provider.get("pass") == sent
    given = asked("sftp", host="h", user="u", private_key=3, **({} if release == "24.10" else {"pass": None}))
    stored = {
        "id": 1,
        "name": "n",
        "provider": {"type": "SFTP", "host": "h", "port": 22, "user": "u", "private_key": 3},
    }
    stored["provider"]["pass"] = sent
    assert planned(given, stored, release=release).action == "none"


@pytest.mark.parametrize("release", ["25.04", "25.10", "27.0"])
def test_swift_gets_the_members_that_it_requires(release):
    wanted = asked("openstack_swift", user="u", key="k", auth="https://auth")
    provider = credential_form.wire(planned(wanted, None, release=release).payload, release, flat=True)["provider"]
    assert {name: provider[name] for name in ("auth_version", "endpoint_type")} == {
        "auth_version": 0, "endpoint_type": "public",
    }  # fmt: skip
