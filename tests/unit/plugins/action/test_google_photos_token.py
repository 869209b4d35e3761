# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action refuses before the module runs."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.action.google_photos_token import _wrong_secrets


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"client_secret": 12345}, "client_secret: the value was read as a number"),
        ({"client_secret": "********"}, "client_secret: the value is what is shown"),
        ({"token": "$ANSIBLE_VAULT;1.1;AES256\n3133\n"}, "token: the value is still encrypted"),
        ({"token": {"access_token": "a", "refresh_token": "********"}}, "token: the value is what is shown"),
    ],
)
def test_what_is_given_in_the_place_of_a_secret(arguments, words):
    assert words in _wrong_secrets(arguments)


def test_what_is_pasted_with_a_line_end_is_taken():
    assert _wrong_secrets({"client_secret": "secret\n", "token": '{"access_token": "a"}\n', "session": " s "}) == ""
