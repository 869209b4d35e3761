#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: google_photos_token
short_description: Create and check OAuth tokens for Google Photos and Google Drive
version_added: 1.0.0
description:
  - Gets an OAuth token for Google Photos or Google Drive, in the form that rclone and TrueNAS keep it, without rclone
    on a desktop. The permissions asked for are exactly those of rclone.
  - Says at once when a token will not last, and finds out whether an existing one works by using it.
  - The playbook C(nasops.cloudsync.authorize) walks a person through all of it.
author:
  - The nasops.cloudsync authors (@nasops)
extends_documentation_fragment:
  - nasops.cloudsync._attributes
requirements:
  - google-auth
  - google-auth-oauthlib
  - requests
notes:
  - A result that holds a token or a session is marked as C(no_log) by the module's action plugin, so that no callback
    shows it at any verbosity, while C(register) gets the real values. From there they are as secret as what is
    done with them. Store them encrypted, and set C(no_log) on tasks that loop over them.
  - All options but those of the listener apply where the task runs, usually C(localhost). The listener and its port
    are always on the controller.
  - Proxies and their certificates are taken from E(HTTPS_PROXY) and E(REQUESTS_CA_BUNDLE).
attributes:
  check_mode:
    support: full
    details:
      - O(action=finish) and O(action=listen) use no answer up and make no token, and O(action=revoke) revokes nothing.
        The others change nothing anyway.
  diff_mode:
    support: none
    details:
      - All that changes is secret.
  idempotent:
    support: partial
    details:
      - O(action=start) and O(action=check) change nothing. O(action=revoke) changes nothing the second time. The others
        make a new token each time.
  action:
    description: Has an action plugin, so that part of it runs on the controller.
    support: full
  async:
    description: Supports being used with the C(async) keyword.
    support: none
options:
  action:
    description:
      - V(start) returns the address to open in a browser, and a session.
      - V(finish) takes that session and the address on which the browser ended, and returns the token. It may run in
        another process, on another day's job template, or on another machine.
      - V(listen) does both. It shows the address and waits on C(127.0.0.1) of the controller for the browser to come
        back. Use it with a browser on the same machine, or through C(ssh -L 53682:127.0.0.1:53682).
      - V(check) refreshes O(token), compares its permissions with the required ones, and asks Google Photos for one
        album, or Google Drive about itself.
      - V(revoke) takes the access of O(token) away at Google, and with it that of every other token that the same
        account has given to the same project. Added in version 1.1.0.
    type: str
    required: true
    choices: [start, finish, listen, check, revoke]
  client_secret_file:
    description:
      - The JSON of an OAuth client of the type Desktop app, as downloaded from the Google Cloud console.
    type: path
  client_id:
    description:
      - Id of the OAuth client, instead of O(client_secret_file).
    type: str
  client_secret:
    description:
      - Secret of the OAuth client, instead of O(client_secret_file).
    type: str
  service:
    description:
      - What the token is for. Google grants no token for both.
      - V(drive) is for Google Drive, for example to pull the exports that Google Takeout puts there. The Google Drive
        API must be enabled in the project.
    type: str
    choices: [photos, drive]
    default: photos
    version_added: 1.1.0
  access:
    description:
      - What the token must allow.
      - V(read) is enough for tasks that pull with the transfer mode C(COPY) or C(SYNC). For Google Photos it means to
        see what this OAuth client has uploaded.
      - V(write) is required to push, and to pull with C(MOVE), which deletes at Google.
      - The default is V(write) for O(service=photos), unless O(read_only=true), and V(read) for O(service=drive).
    type: str
    choices: [read, write]
    version_added: 1.1.0
  read_only:
    description:
      - The same as O(access=read).
    type: bool
    default: false
  session:
    description:
      - What O(action=start) returned as RV(session).
    type: str
  authorization_response:
    description:
      - The whole address on which the browser ended, C(http://127.0.0.1:53682/?state=...&code=...). That its page
        could not be shown does not matter.
      - When Google showed an error page instead, its words are explained, such as V(Error 403 org_internal).
    type: str
  port:
    description:
      - Port on C(127.0.0.1) to which the browser is sent back.
      - When O(action=listen) finds it in use, it takes the next free one and says so.
    type: int
    default: 53682
  timeout:
    description:
      - How long O(action=listen) waits for the browser, in seconds.
    type: int
    default: 300
  token:
    description:
      - The token to check or to revoke, as the text that rclone prints, as a mapping, or as the output of this module.
    type: json
  expires_on:
    description:
      - When the token expires, as RV(expires_on) said when it was made. Google need not say so again at a check.
    type: str
seealso:
  - module: nasops.cloudsync.google_photos_api
  - module: nasops.cloudsync.truenas_cloud_credential
"""

EXAMPLES = r"""
- name: Get a token with the browser of this machine
  nasops.cloudsync.google_photos_token:
    action: listen
    client_secret_file: ~/Downloads/client_secret.json
  register: google

- name: Put it on the NAS
  nasops.cloudsync.truenas_cloud_credential:
    name: Google Photos
    google_photos:
      client_id: "{{ client.installed.client_id }}"
      client_secret: "{{ client.installed.client_secret }}"
      token: "{{ google.token }}"
  vars:
    client: "{{ lookup('ansible.builtin.file', '~/Downloads/client_secret.json') | from_json }}"

- name: Get the address to open on any machine that has a browser
  nasops.cloudsync.google_photos_token:
    action: start
    client_secret_file: client_secret.json
  register: begun

- name: Show the address
  ansible.builtin.debug:
    var: begun.authorization_url

- name: Finish with the address on which the browser ended
  nasops.cloudsync.google_photos_token:
    action: finish
    client_secret_file: client_secret.json
    session: "{{ begun.session }}"
    authorization_response: "{{ pasted }}"
  register: google

- name: Get a token with which a NAS can pull from Google Drive
  nasops.cloudsync.google_photos_token:
    action: listen
    service: drive
    client_secret_file: ~/Downloads/client_secret.json
  register: google

- name: Check the token before the nightly run
  nasops.cloudsync.google_photos_token:
    action: check
    client_id: "{{ google_photos_client_id }}"
    client_secret: "{{ google_photos_client_secret }}"
    token: "{{ google_photos_token }}"
  register: health
  failed_when: health is failed or not health.valid or (health.days_left is not none and health.days_left < 3)
"""

RETURN = r"""
authorization_url:
  description: The address to open in a browser.
  returned: O(action=start)
  type: str
  sample: https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=...
session:
  description:
    - What O(action=finish) needs besides the browser's answer. Secret, as both together make a token.
  returned: O(action=start)
  type: str
  sample: eyJzdGF0ZSI6...
token:
  description:
    - The token, the one line of JSON that rclone and TrueNAS keep. Secret.
    - After a check it holds the refreshed access token. The refresh token is the same, and the old text stays good.
  returned: O(action=finish), O(action=listen), and O(action=check) when Google could refresh it
  type: str
  sample: '{"access_token": "ya29...", "token_type": "Bearer", "refresh_token": "1//0...", "expiry": "..."}'
scopes:
  description: What Google granted.
  returned: when RV(token) is
  type: list
  elements: str
  sample: [https://www.googleapis.com/auth/photoslibrary.appendonly]
expires_on:
  description:
    - When the refresh token expires (RFC 3339), when Google says that it is time-limited, or O(expires_on) said so.
    - Nothing here proves nothing. Google does not always say it.
  returned: when RV(token) is
  type: str
  sample: "2026-11-29T20:12:31.000000Z"
days_left:
  description: Whole days until RV(expires_on).
  returned: when RV(token) is
  type: int
  sample: 6
testing:
  description:
    - Whether Google grants so little time that the app must be in Testing. Nothing when Google does not say.
  returned: when RV(token) is
  type: bool
  sample: false
valid:
  description: Whether the token works for O(service) now.
  returned: O(action=check)
  type: bool
  sample: true
problem:
  description:
    - What is wrong, in plain words. A token of an app in Testing is valid and has this problem.
  returned: always, except for O(action=start)
  type: str
  sample: The Photos Library API is not enabled in the project of the OAuth client. Enable it, ...
error:
  description: The name that Google or this module has for RV(problem).
  returned: always, except for O(action=start)
  type: str
  sample: SERVICE_DISABLED
link:
  description: URL of the page where RV(problem) can be fixed.
  returned: always, except for O(action=start)
  type: str
  sample: https://console.cloud.google.com/apis/library/photoslibrary.googleapis.com?project=my-photos
"""

from ansible_collections.nasops.cloudsync.plugins.module_utils._google import oauth, token_actions
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.client import ClientError
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import GoogleError, Problem
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.services import SERVICES
from ansible_collections.nasops.cloudsync.plugins.module_utils._missing_library import missing_library
from ansible_collections.nasops.cloudsync.plugins.module_utils._safe_module import SafeModule


def main() -> None:
    module = SafeModule(
        argument_spec={
            "action": {"type": "str", "required": True, "choices": ["start", "finish", "listen", "check", "revoke"]},
            "client_secret_file": {"type": "path"},
            "client_id": {"type": "str"},
            "client_secret": {"type": "str", "no_log": True},
            "service": {"type": "str", "choices": list(SERVICES), "default": "photos"},
            "access": {"type": "str", "choices": ["read", "write"]},
            "read_only": {"type": "bool", "default": False},
            "session": {"type": "str", "no_log": True},
            "authorization_response": {"type": "str", "no_log": True},
            "port": {"type": "int", "default": 53682},
            "timeout": {"type": "int", "default": 300},
            "token": {"type": "json", "no_log": True},
            "expires_on": {"type": "str"},
        },
        required_one_of=[("client_secret_file", "client_id")],
        required_together=[("client_id", "client_secret")],
        mutually_exclusive=[("client_secret_file", "client_id")],
        required_if=[
            ("action", "finish", ("session", "authorization_response")),
            ("action", "check", ("token",)),
            ("action", "revoke", ("token",)),
        ],
        secrets=token_actions.secrets,
        exact=("authorization_url", "session", "token"),
        supports_check_mode=True,
    )
    if oauth.GOOGLE_IMPORT_ERROR:
        module.fail_json(msg=missing_library("google-auth-oauthlib"), exception=oauth.GOOGLE_IMPORT_ERROR)
    with module.failing_safely():
        try:
            client = token_actions.client_of(module.params)
            module.further_secrets.add(client.client_secret)
            result = token_actions.run(client, module.params, module.check_mode)
        except ClientError as error:
            module.fail_json(msg=str(error), **token_actions.describe(Problem("client", str(error))))
        except GoogleError as error:
            module.fail_json(msg=str(error), **token_actions.describe(error.problem))
        module.exit_json(**result)


if __name__ == "__main__":
    main()
