# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses and names on Google's side. Pure.

PRIVATE to the collection.
"""

from __future__ import annotations

from urllib.parse import urlencode

LOOPBACK = "127.0.0.1"  # where the browser comes back to

PHOTOS_SERVICE = "photoslibrary.googleapis.com"
ALBUMS_URL = f"https://{PHOTOS_SERVICE}/v1/albums"

AUTH_URI = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN_URI = "https://oauth2.googleapis.com/token"

_SCOPE = "https://www.googleapis.com/auth/"
UPLOAD = _SCOPE + "photoslibrary.appendonly"
READ = _SCOPE + "photoslibrary.readonly.appcreateddata"
EDIT = _SCOPE + "photoslibrary.edit.appcreateddata"

# What rclone (since 1.70) asks for; `profile` comes back under its long name.
SCOPES = ("openid", "profile", UPLOAD, READ, EDIT)
READ_ONLY_SCOPES = ("openid", "profile", READ)
NEEDED = {
    UPLOAD: "add photos and albums",
    READ: "see the photos and albums that this app added",
    EDIT: "change the photos and albums that this app added",
}

_CONSOLE = "https://console.cloud.google.com"
_PAGES = {
    "create_project": "/projectcreate",
    "enable_api": f"/apis/library/{PHOTOS_SERVICE}",
    "branding": "/auth/branding",
    "audience": "/auth/audience",
    "scopes": "/auth/scopes",
    "clients": "/auth/clients",
    "create_client": "/auth/clients/create",
    "quotas": f"/apis/api/{PHOTOS_SERVICE}/quotas",
}


def scopes_for(read_only: bool) -> tuple[str, ...]:
    """The scopes to ask for, exactly those of rclone."""
    return READ_ONLY_SCOPES if read_only else SCOPES


def missing_scopes(granted: list[str], read_only: bool) -> list[str]:
    """The Photos scopes that a token lacks. The others only serve to greet a person by name."""
    return [scope for scope in scopes_for(read_only) if scope in NEEDED and scope not in granted]


def console_link(page: str, project: str | None = None) -> str:
    """The direct address of a page of the Google Cloud console, with the project filled in when it is known."""
    query = "?" + urlencode({"project": project}) if project and page != "create_project" else ""
    return _CONSOLE + _PAGES[page] + query


def console_links(project: str | None) -> dict[str, str]:
    """Every console page that a person may have to visit."""
    return {page: console_link(page, project) for page in _PAGES}
