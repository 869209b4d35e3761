# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are found in whatever form YAML gives them."""

from __future__ import annotations

import json

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import connection_options
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import without_named
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import any_call, configuration

WEBDAV = {"url": "https://cloud.example.com", "vendor": "OTHER", "user": "u", "pass": 87654321}


def found(credentials=(), tasks=()):
    return {*configuration.secrets({"credentials": credentials, "tasks": tasks})}


@pytest.mark.parametrize("given", [WEBDAV, json.dumps(WEBDAV), "url=https://cloud.example.com pass=87654321"])
def test_a_password_of_digits_and_a_provider_given_as_text(given):
    assert "87654321" in found([{"name": "Cloud", "webdav": given}])


@pytest.mark.parametrize("given", ["of nobody", 87654321, ["87654321"]])
def test_a_provider_that_is_no_mapping_is_secret_as_a_whole(given):
    assert str(given) in found([{"name": "Cloud", "webdav": given}])


def test_a_task_s_password_of_digits():
    assert "11223344" in found(tasks=[{"description": "Photos", "encryption_password": 11223344}])


def test_numbers_by_the_names_of_secrets_in_calls():
    assert {*any_call.secrets({"params": [{"password": 11223344}]})} == {"11223344"}
    assert without_named({"password": 11223344, "id": 1}) == {"password": "********", "id": 1}


def test_a_relative_ca_path_means_the_same_for_a_kept_session(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    names = ("api_url", "api_key", "api_username", "api_password", "api_otp", "cert_fingerprint", "api_session")
    others = {"api_transport": "auto", "validate_certs": True, "api_timeout": 60, "read_only": False}
    options = connection_options({**dict.fromkeys(names), **others, "ca_path": "ca.pem"})
    assert options.ca_path == str(tmp_path / "ca.pem")
