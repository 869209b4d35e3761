#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: google_photos_api
short_description: Enable the API of Google Photos or Google Drive in a Google Cloud project
version_added: 1.0.0
description:
  - Creates the project, if asked to, and enables the Photos Library API or the Google Drive API in it.
  - Google offers no API for the consent screen, test users, publishing and OAuth clients. The module returns direct
    links to those pages, with the project filled in.
author:
  - The nasops.cloudsync authors (@nasops)
extends_documentation_fragment:
  - nasops.cloudsync._attributes
requirements:
  - google-auth
  - requests
notes:
  - Takes a few minutes to reach every machine at Google. The first calls may still be refused.
  - Proxies and their certificates are taken from E(HTTPS_PROXY) and E(REQUESTS_CA_BUNDLE).
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  project:
    description:
      - Id of the project, for example V(my-photos-2026). Ids are unique among all users of Google Cloud.
    type: str
    required: true
  service:
    description:
      - Whose API it is about.
    type: str
    choices: [photos, drive]
    default: photos
    version_added: 1.1.0
  state:
    description:
      - V(enabled) enables the API of O(service).
    type: str
    choices: [enabled]
    default: enabled
  create_project:
    description:
      - Create the project when it is not there.
      - An account that has never opened the Google Cloud console has to accept the terms of service there first.
    type: bool
    default: false
  parent:
    description:
      - Where O(create_project) puts the project, for example V(organizations/123) or V(folders/456).
      - A person may leave it out. A service account has to say it.
    type: str
  service_account_file:
    description:
      - JSON key of a service account with the role Service Usage Admin in the project.
      - Without it, credentials are used as google-auth finds them, such as E(GOOGLE_APPLICATION_CREDENTIALS) or those
        of C(gcloud auth application-default login).
    type: path
  timeout:
    description:
      - How long to wait for each of Google's operations to end, in seconds.
    type: int
    default: 300
seealso:
  - module: nasops.cloudsync.google_photos_token
"""

EXAMPLES = r"""
- name: Enable the Photos Library API
  nasops.cloudsync.google_photos_api:
    project: my-photos-2026
    create_project: true
  register: api

- name: Show the steps that cannot be automated
  ansible.builtin.debug:
    var: api.links
"""

RETURN = r"""
project:
  description: The project.
  returned: success
  type: dict
  contains:
    id:
      description: Its id.
      type: str
      sample: my-photos-2026
    state:
      description: Its state at Google.
      type: str
      sample: ACTIVE
service:
  description: The Photos Library API in that project.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: photoslibrary.googleapis.com
    state:
      description: Its state at Google.
      type: str
      sample: ENABLED
links:
  description:
    - Pages of the Google Cloud console, with the project filled in. C(branding) is the consent screen, C(audience) has
      the test users and the button that publishes the app, C(create_client) makes the OAuth client.
  returned: always
  type: dict
  sample:
    audience: https://console.cloud.google.com/auth/audience?project=my-photos-2026
    create_client: https://console.cloud.google.com/auth/clients/create?project=my-photos-2026
error:
  description: The name that Google or this module has for what went wrong.
  returned: failure
  type: str
  sample: PERMISSION_DENIED
link:
  description: URL of the page where it can be fixed.
  returned: failure
  type: str
  sample: https://console.cloud.google.com/apis/library/photoslibrary.googleapis.com?project=my-photos-2026
"""

from ansible_collections.nasops.cloudsync.plugins.module_utils._google import console
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.addresses import console_links
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import GoogleError
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.services import SERVICES
from ansible_collections.nasops.cloudsync.plugins.module_utils._missing_library import missing_library
from ansible_collections.nasops.cloudsync.plugins.module_utils._safe_module import SafeModule


def main() -> None:
    module = SafeModule(
        argument_spec={
            "project": {"type": "str", "required": True},
            "service": {"type": "str", "choices": list(SERVICES), "default": "photos"},
            "state": {"type": "str", "choices": ["enabled"], "default": "enabled"},
            "create_project": {"type": "bool", "default": False},
            "parent": {"type": "str"},
            "service_account_file": {"type": "path"},
            "timeout": {"type": "int", "default": 300},
        },
        supports_check_mode=True,
    )
    project = module.params["project"]
    service = SERVICES[module.params["service"]]
    links = console_links(project, service)
    if console.GOOGLE_IMPORT_ERROR:
        module.fail_json(msg=missing_library("google-auth"), exception=console.GOOGLE_IMPORT_ERROR, links=links)
    with module.failing_safely():
        try:
            before, after = console.enable_api(
                console.Console(
                    console.credentials(module.params["service_account_file"]),
                    project,
                    module.params["timeout"],
                    service,
                ),
                create_project=module.params["create_project"],
                parent=module.params["parent"],
                check_mode=module.check_mode,
            )
        except GoogleError as error:
            module.fail_json(msg=str(error), error=error.problem.code, link=error.problem.link, links=links)
    module.exit_json(
        changed=before != after,
        diff={"before": before, "after": after},
        project={"id": project, "state": after["project"]},
        service={"name": service.host, "state": after["service"]},
        links=links,
    )


if __name__ == "__main__":
    main()
