# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in the words of others."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.redaction import redact, secrets_in

SECRETS = st.text("abcdefXYZ0123456789-/+.", min_size=4, max_size=20)


@given(
    SECRETS,
    st.sampled_from(["token", "pass", "client_secret", "api_key", "encryption_password", "auth"]),
)
def test_what_stands_under_a_telling_name_is_a_secret(secret: str, name: str) -> None:
    params = [7, {"name": "photos", "provider": {"type": "X", name: secret, "more": [{name: [secret]}]}}]
    assert secrets_in(params) == {secret}


@given(SECRETS, SECRETS)
def test_a_token_hides_its_parts_too(access: str, refresh: str) -> None:
    token = json.dumps({"access_token": access, "refresh_token": refresh})
    found = secrets_in({"token": token})
    assert found == {token, access, refresh}
    said = redact({"excerpt": [f"bad {token}", f"invalid_grant for {refresh}", 3, None]}, found)
    assert said == {"excerpt": ["bad ********", "invalid_grant for ********", 3, None]}


@given(st.text(max_size=30), st.sets(st.text(min_size=4, max_size=6), max_size=4))
def test_no_secret_survives(text: str, secrets: set[str]) -> None:
    said = redact(text + "".join(secrets), secrets)
    assert not any(secret in said for secret in secrets if "*" not in secret)


def test_what_is_no_secret_stays() -> None:
    params = {"name": "photos", "description": "my photos", "token": "on", "key": 7, "tokens": None}
    assert secrets_in(params) == set()
