# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses and names on Google's side. Pure.

PRIVATE to the collection.
"""

from __future__ import annotations

from urllib.parse import urlencode

from ansible_collections.nasops.cloudsync.plugins.module_utils._google.services import PHOTOS, Service

LOOPBACK = "127.0.0.1"  # where the browser comes back to

AUTH_URI = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN_URI = "https://oauth2.googleapis.com/token"

_CONSOLE = "https://console.cloud.google.com"
_PAGES = {
    "create_project": "/projectcreate",
    "enable_api": "/apis/library/{host}",
    "branding": "/auth/branding",
    "audience": "/auth/audience",
    "scopes": "/auth/scopes",
    "clients": "/auth/clients",
    "create_client": "/auth/clients/create",
    "quotas": "/apis/api/{host}/quotas",
}


def console_link(page: str, project: str | None = None, service: Service = PHOTOS) -> str:
    """The direct address of a page of the Google Cloud console, with the project filled in when it is known."""
    query = "?" + urlencode({"project": project}) if project and page != "create_project" else ""
    return _CONSOLE + _PAGES[page].format(host=service.host) + query


def console_links(project: str | None, service: Service = PHOTOS) -> dict[str, str]:
    """Every console page that a person may have to visit."""
    return {page: console_link(page, project, service) for page in _PAGES}
