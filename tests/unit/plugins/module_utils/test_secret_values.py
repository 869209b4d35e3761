# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is given in the place of a secret and is none; and what is one, however odd."""

from __future__ import annotations

import datetime
import importlib
import json

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import argument_spec
from ansible_collections.nasops.cloudsync.plugins.module_utils._secret_values import problem, problems

VAULTED = "$ANSIBLE_VAULT;1.1;AES256\n3133\n"
NOT_SECRETS = [
    "***", "********", "\u2022" * 8, "\u25cf\u25cf\u25cf\u25cf", "****a1B2", "GOCSPX-****", "xxxxxxxx", "XXXXXXXX",
    "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "<redacted>", "[REDACTED]", "REDACTED", "***REDACTED***", "__redacted__",
    "(not shown)", "(not shown; new value)", "<sensitive>", "(sensitive value)", "[FILTERED]", "<hidden>", "<password>",
    "the output has been hidden due to the fact that 'no_log: true' was specified for this result",
    VAULTED, VAULTED.strip(), " " + VAULTED, "!vault |\n  " + VAULTED, "$ANSIBLE_VAULT;1.2;AES256;label\n3133",
    "ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]", "{{ vault_password }}", "__omit_place_holder__0a1b",
    "\u2b24" * 5, "-- REDACTED --", "--hidden--", "<your password>", "<YOUR_CLIENT_SECRET>",
    '{"__ansible_vault": "$ANSIBLE_VAULT;1.1;AES256\\n3133"}', "pw: $ANSIBLE_VAULT;1.1;AES256", "ENC[PKCS7,MIIB]",
    "op://Vault/TrueNAS/password", "ref+vault://secret/nas#/key", "vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:nas",
    "AnsibleVaultEncryptedUnicode($ANSIBLE_VAULT;1.1;AES256)", "{% if a %}b{% endif %}",
    "None", "null", "undefined", "<<Omit>>", datetime.date(2024, 1, 1),
    datetime.datetime(2024, 1, 1, 3, tzinfo=datetime.UTC),
    "\ufeffsecret", "secret\u200b", "sec\u200bret", "\u202esecret", "sec\nret", "sec\r\nret", "sec\0ret", "\x1bsecret",
    "secret\n", "secret\r\n", " secret", "secret ", "secret\t", "\u00a0secret", 12345, 0o123456, 1.5, True, False,
]  # fmt: skip
SECRETS = [
    "", "VAULT_ME", "the real one", "p*ss*word", "a**b", "**", "x", "xXx", "12345678", "0123456", "true", "<a>b",
    "hunter2", "{a}", "pass\u00e4 \u65e5\u672c", "$ANSIBLE", "redacted by me", "[b]", "a{{b}}c", "vault",
    "secret", "password", "sec\tret", "none of these", "nullable", "--secret", "<yours>", "-----", "{%", "\u00e4\u2728",
    "ENC[abc]", "2024-01-01",
]  # fmt: skip


@pytest.mark.parametrize("value", NOT_SECRETS, ids=repr)
def test_what_is_no_secret(value):
    told = problem(value)
    assert told
    if len(str(value)) > 3:
        assert str(value).strip() not in told


@pytest.mark.parametrize("value", SECRETS, ids=repr)
def test_what_is_one(value):
    assert problem(value) is None


SPEC = argument_spec()
STRUCTURED = ("raw", "json")


@pytest.mark.parametrize(
    ("option", "field"),
    [(option, name) for option, argument in SPEC.items() for name, one in argument["options"].items() if one["no_log"]],
)
def test_every_secret_field_of_every_provider(option, field):
    one = SPEC[option]["options"][field]
    for name in (field, *one.get("aliases", ())):
        for value in ["********", VAULTED, *([] if one["type"] in STRUCTURED else ["secret\n", 12345])]:
            (told,) = problems({option: {name: value}}, SPEC)
            assert told.startswith(f"{option}.{name}: the value ")
        assert list(problems({option: {name: "VAULT_ME"}}, SPEC)) == []


@pytest.mark.parametrize("masked", ["********", VAULTED, "<redacted>"])
def test_a_token_or_a_key_file_of_which_a_part_is_masked(masked):
    token = {"access_token": "a", "token_type": "Bearer", "refresh_token": masked}
    for value in (token, json.dumps(token), json.dumps(token, indent=1) + "\n"):
        assert list(problems({"google_photos": {"token": value}}, SPEC))
    key = json.dumps({"private_key": masked})
    assert list(problems({"google_cloud_storage": {"service_account_credentials": key}}, SPEC))


def test_a_token_may_have_lines():
    token = {"access_token": "a", "token_type": "Bearer", "refresh_token": "r", "expiry": "2030-01-01T00:00:00Z"}
    for value in (token, json.dumps(token, indent=1) + "\n", "no token"):
        assert list(problems({"google_photos": {"token": value}}, SPEC)) == []


def test_options_that_are_no_secrets_are_not_looked_at():
    assert (
        list(problems({"name": "********", "update_secrets": 1}, {"name": {}, "update_secrets": {"no_log": False}}))
        == []
    )


MODULES = (
    "truenas_album_directories", "truenas_call", "truenas_cloud_credential", "truenas_cloud_credential_info",
    "truenas_cloudsync_config", "truenas_cloudsync_health_info", "truenas_cloudsync_run", "truenas_cloudsync_task",
    "truenas_cloudsync_task_info", "truenas_takeout_program",
)  # fmt: skip


def module(name):
    return importlib.import_module(f"ansible_collections.nasops.cloudsync.plugins.modules.{name}").MODULE


@pytest.mark.parametrize("value", ["********", VAULTED, "secret\n", 12345, True])
@pytest.mark.parametrize("name", MODULES)
def test_every_secret_option_of_every_module(name, value):
    one = module(name)
    secret = [option for option, argument in one.argument_spec.items() if argument.get("no_log")]
    assert {"api_key", "api_password", "api_otp"} <= set(secret)
    for option in secret:
        with pytest.raises(OptionError) as refused:
            one.understood({option: value}, name)
        assert str(refused.value).startswith(f"{option}: the value ")


@pytest.mark.parametrize("value", ["********", VAULTED, "secret\n", 12345])
def test_the_items_of_a_configuration(value):
    config = module("truenas_cloudsync_config")
    items = {
        "credentials": [{"name": "a", "s3": {"access_key_id": "k", "secret_access_key": value}}],
        "tasks": [{"description": "b", "encryption_password": value, "encryption_salt": value}],
    }
    with pytest.raises(OptionError) as refused:
        config.understood(items, "truenas_cloudsync_config")
    for named in ("s3.secret_access_key", "encryption_password", "encryption_salt"):
        assert f"{named}: the value " in str(refused.value)
    assert "3133" not in str(refused.value)


def test_what_the_environment_holds_is_looked_at_before_a_login():
    params = dict.fromkeys(module("truenas_call").argument_spec) | {"api_key": "********"}
    answer = module("truenas_call").answer(params, check_mode=False, warn=lambda text: None)
    assert answer["failed"]
    assert answer["msg"].startswith("api_key: the value is what is shown in the place of a secret")
