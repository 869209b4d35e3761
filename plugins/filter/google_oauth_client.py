# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: google_oauth_client
short_description: Read the JSON of an OAuth client
version_added: 1.1.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Reads the JSON of an OAuth client as the Google Cloud console lets one download it, also with a byte order mark, in
    UTF-16, or only its inner object.
options:
  _input:
    description:
      - The text of the file, or nothing when it cannot be read.
    type: str
    required: true
seealso:
  - module: nasops.cloudsync.google_photos_token
"""

EXAMPLES = r"""
- name: Check the token with the client of a vault-encrypted file
  nasops.cloudsync.google_photos_token:
    action: check
    client_id: "{{ client.client_id }}"
    client_secret: "{{ client.client_secret }}"
    token: "{{ google_photos_token }}"
  vars:
    client: "{{ lookup('ansible.builtin.file', 'client_secret.json') | nasops.cloudsync.google_oauth_client }}"
"""

RETURN = r"""
_value:
  description:
    - The C(client_id) and C(client_secret), or what is wrong with the text as C(problem).
  type: dict
  sample:
    client_id: 123-abc.apps.googleusercontent.com
    client_secret: GOCSPX-...
    problem: null
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._google.client import ClientError, OAuthClient


def google_oauth_client(text: str | None) -> dict[str, str | None]:
    try:
        client = OAuthClient.from_text(str(text or ""), "it")
    except ClientError as error:
        return {"client_id": None, "client_secret": None, "problem": str(error)}
    return {"client_id": client.client_id, "client_secret": client.client_secret, "problem": None}


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"google_oauth_client": google_oauth_client}
