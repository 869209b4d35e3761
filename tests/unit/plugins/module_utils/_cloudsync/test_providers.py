# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the provider table answers to the rooms that ask it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Lifetime
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import (
    PROVIDERS,
    RELEASES,
    Field,
    Provider,
    argument_spec,
    public,
    refusals,
    task_attribute_spec,
    unsupported,
)

EVERY_FIELD = [(provider, one) for provider in PROVIDERS.values() for one in provider.fields]
EVERY_FIELD_IDS = [f"{provider.option}.{one.name}" for provider, one in EVERY_FIELD]


def test_the_promised_options_are_there() -> None:
    promised = (
        "azureblob b2 box dropbox ftp google_cloud_storage google_drive google_photos http hubic mega onedrive "
        "openstack_swift pcloud s3 sftp storj_ix webdav yandex"
    )
    assert list(argument_spec()) == promised.split()


@pytest.mark.parametrize(("provider", "one"), EVERY_FIELD, ids=EVERY_FIELD_IDS)
def test_a_field_whose_name_speaks_of_a_secret_is_one(provider: Provider, one: Field) -> None:
    harmless = {"access_key_id", "private_key"}  # the name of a key, and the number of one that the NAS keeps
    named_like_one = bool(re.search("pass|secret|token|key|credentials", one.name)) and one.name not in harmless
    assert one.secret == named_like_one
    assert argument_spec()[provider.option]["options"][one.name]["no_log"] is one.secret
    assert one.hidden or not one.secret, "the NAS hides every secret from those who may only read"


@pytest.mark.parametrize(("provider", "one"), EVERY_FIELD, ids=EVERY_FIELD_IDS)
def test_the_default_of_a_field_is_in_its_normal_form_and_accepted(provider: Provider, one: Field) -> None:
    for release in RELEASES:
        late = one.at(release)
        if not late.required and late.default is not None:
            assert refusals(provider.option, [late], {one.name: late.default}) == []
            assert late.normalise is None or late.normalise(late.default) == late.default


def validate(spec: dict[str, Any], values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    result = ArgumentSpecValidator(spec).validate(values)
    return result.validated_parameters, result.error_messages


def test_password_is_another_name_for_pass() -> None:
    given = {"url": "https://nas.example", "vendor": "OTHER", "user": "", "password": "hunter2"}
    values, errors = validate(argument_spec(), {"webdav": given})
    assert not errors
    assert values["webdav"]["pass"] == "hunter2"


def test_what_was_not_given_stays_none() -> None:
    values, errors = validate(argument_spec(), {"s3": {"access_key_id": "a", "secret_access_key": "b"}})
    assert not errors
    assert {name: value for name, value in values["s3"].items() if value is not None} == {
        "access_key_id": "a",
        "secret_access_key": "b",
    }


def test_a_token_may_be_text_or_a_mapping_and_a_key_file_becomes_text() -> None:
    for token in ('{"access_token": "a"}', {"access_token": "a"}):
        values, errors = validate(argument_spec(), {"google_photos": {"token": token}})
        assert not errors
        assert values["google_photos"]["token"] == token
    spec = argument_spec()
    values, errors = validate(spec, {"google_cloud_storage": {"service_account_credentials": {"type": "x"}}})
    assert not errors
    assert values["google_cloud_storage"]["service_account_credentials"] == '{"type": "x"}'


@pytest.mark.parametrize(
    ("option", "values", "words"),
    [
        ("sftp", {"host": "h", "user": "u", "port": "ssh"}, ["port", "ssh", "int"]),
        ("s3", {"access_key_id": "a", "secret_access_key": "b", "skip_region": "maybe"}, ["skip_region", "maybe"]),
        ("onedrive", {"token": "t", "drive_id": "d", "drive_type": "HOME"}, ["drive_type", "HOME", "PERSONAL"]),
        ("b2", {"account": "a"}, ["key", "b2"]),
        ("b2", {"account": "a", "key": "b", "account_id": "c"}, ["account_id", "b2"]),
    ],
)
def test_a_value_of_the_wrong_type_is_named(option: str, values: dict[str, Any], words: list[str]) -> None:
    _values, errors = validate(argument_spec(), {option: values})
    assert errors
    assert all(word in " ".join(errors) for word in words)


def test_task_attributes_are_typed_by_the_table() -> None:
    spec = task_attribute_spec(PROVIDERS["S3"], "25.10")
    values, errors = validate(spec, {"fast_list": "yes", "storage_class": "GLACIER_IR"})
    assert not errors
    assert values["fast_list"] is True
    _values, errors = validate(spec, {"chunk_size": 5})
    assert "chunk_size" in errors[0]
    _values, errors = validate(task_attribute_spec(PROVIDERS["S3"], "24.10"), {"storage_class": "GLACIER_IR"})
    assert "GLACIER_IR" in errors[0]


@pytest.mark.parametrize(
    ("type_name", "given", "release", "message"),
    [
        ("S3", ["endpoint", "force_path_style"], "26.0", None),
        (
            "S3",
            ["endpoint", "force_path_style"],
            "25.10",
            "s3.force_path_style: TrueNAS 25.10 does not know this option; it came with 26.0.",
        ),
        (
            "STORJ_IX",
            ["endpoint"],
            "24.10",
            "storj_ix.endpoint: TrueNAS 24.10 does not know this option; it came with 25.04.",
        ),
        ("MEGA", ["user"], "24.10", None),
        (
            "MEGA",
            ["user"],
            "25.10",
            "mega: TrueNAS 25.10 has no cloud sync with Mega; 24.10 was the last release that had it.",
        ),
        (
            "ONEDRIVE",
            [],
            "24.10",
            "onedrive: TrueNAS 24.10 has no cloud sync with Microsoft OneDrive; it came with 25.04.",
        ),
        ("ONEDRIVE", [], "25.04.2", None),
    ],
)
def test_unsupported_names_option_and_release(
    type_name: str, given: list[str], release: str, message: str | None
) -> None:
    assert unsupported(PROVIDERS[type_name], given, release) == message


def test_a_release_after_the_newest_known_one_has_what_that_one_has() -> None:
    for provider in PROVIDERS.values():
        assert provider.fields_in("99.10") == provider.fields_in(RELEASES[-1])


def test_a_lifetime_includes_its_ends_and_their_maintenance_releases() -> None:
    lifetime = Lifetime(since="25.04", until="25.10")
    assert [one for one in ("24.10", "25.04.0", "25.04", "25.10.5", "26.0") if lifetime.known_in(one)] == [
        "25.04.0",
        "25.04",
        "25.10.5",
    ]


def test_the_oldest_difference_wins() -> None:
    one = Field("x", default=3, earlier={"24.10": {"default": 1}, "25.04": {"default": 2, "hidden": False}})
    assert [(late.default, late.hidden) for late in (one.at(release) for release in ("24.10", "25.04", "25.10"))] == [
        (1, False),
        (2, False),
        (3, True),
    ]


def test_refusals_name_option_value_and_what_is_accepted() -> None:
    drive = PROVIDERS["ONEDRIVE"].fields_in("25.10")
    assert refusals("onedrive", drive, {"drive_type": "HOME", "drive_id": ""}) == [
        "onedrive.drive_type: 'HOME' must be one of 'PERSONAL', 'BUSINESS', 'DOCUMENT_LIBRARY'.",
        "onedrive.drive_id: '' must not be empty.",
    ]
    dropbox = PROVIDERS["DROPBOX"].task_attributes_in("25.10")
    assert refusals("attributes", dropbox, {"chunk_size": 150}) == ["attributes.chunk_size: 150 must be from 5 to 149."]


@pytest.mark.parametrize("value", ["GOCSPX-\n", "********", "100%"])
def test_what_would_destroy_the_configuration_of_rclone_is_refused(value: str) -> None:
    fields = PROVIDERS["GOOGLE_PHOTOS"].fields_in("25.10")
    (problem,) = refusals("google_photos", fields, {"client_id": "id", "client_secret": value})
    assert problem.startswith("google_photos.client_secret: the value must ")


def test_refusals_show_no_secret() -> None:
    fields = PROVIDERS["GOOGLE_CLOUD_STORAGE"].fields_in("25.10")
    assert refusals("gcs", fields, {"service_account_credentials": "hunter2"}) == [
        "gcs.service_account_credentials: the value must be a JSON object."
    ]
    fields = PROVIDERS["HTTP"].fields_in("25.10")
    assert refusals("http", fields, {"url": "ftp://user:hunter2@nas/"}) == [
        "http.url: 'ftp://********@nas/' must be an address that starts with http:// or https://."
    ]


def test_values_not_given_and_null_are_not_refused() -> None:
    for provider in PROVIDERS.values():
        fields = provider.fields_in("25.10")
        assert refusals(provider.option, fields, {}) == []
        assert refusals(provider.option, fields, {one.name: None for one in fields}) == []


def test_addresses_are_normalised_in_the_releases_that_do() -> None:
    (endpoint,) = (one for one in PROVIDERS["S3"].fields if one.name == "endpoint")
    assert [release for release in RELEASES if endpoint.at(release).normalise] == ["25.10", "26.0", "27.0"]
    (url,) = (one for one in PROVIDERS["WEBDAV"].fields if one.name == "url")
    assert [release for release in RELEASES if url.at(release).normalise] == ["25.04", "25.10", "26.0", "27.0"]


def test_public_holds_no_secret_and_no_unknown_field() -> None:
    for provider in PROVIDERS.values():
        values = {one.name: "hunter2" if one.secret else "https://user:hunter2@nas/" for one in provider.fields}
        shown = public(provider, {"type": provider.type, "field_of_a_later_release": "hunter2", **values})
        assert "hunter2" not in repr(shown)
        assert set(shown) == {one.name for one in provider.fields if not one.secret}


def test_public_keeps_values_that_are_no_text() -> None:
    assert public(PROVIDERS["SFTP"], {"host": "nas", "port": 22, "pass": None, "private_key": None}) == {
        "host": "nas",
        "port": 22,
        "private_key": None,
    }


@pytest.mark.parametrize("padded", ["{} ", "\t{}", "\u200b{}", "{}\ufeff", "\u00a0{}"])
def test_a_text_with_a_blank_or_something_invisible_at_its_ends_is_refused(padded: str) -> None:
    for provider, one in EVERY_FIELD:
        if one.type != "str" or one.secret or one.normalise or one.choices:
            continue  # secrets have a rule of their own; normal forms and choices are without
        for good in ("abc", "http://cloud.example.com/"):
            if refusals(provider.option, [one], {one.name: good}) == []:
                (told,) = refusals(provider.option, [one], {one.name: padded.format(good)})
                assert told.startswith(f"{provider.option}.{one.name}: ")
                break
        else:
            assert one.refuse, one.name
