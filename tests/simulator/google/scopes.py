# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be asked for at the consent page: scopes and redirect addresses."""

from __future__ import annotations

import urllib.parse

from simulator.google.state import SCOPE, Client

IDENTITY_SCOPES = {
    "openid": "openid",
    "profile": f"{SCOPE}userinfo.profile",
    "email": f"{SCOPE}userinfo.email",
}
"""Scopes that are granted without a tick, and the names under which Google grants them."""

DESCRIPTIONS = {
    f"{SCOPE}photoslibrary.appendonly": "Add photos and videos to your Google Photos library",
    f"{SCOPE}photoslibrary.readonly.appcreateddata": "See the photos, videos and albums that this app added",
    f"{SCOPE}photoslibrary.edit.appcreateddata": "Edit the photos, videos and albums that this app added",
    f"{SCOPE}photoslibrary": "See, upload and organise items in your library (withdrawn)",
    f"{SCOPE}photoslibrary.readonly": "View your library (withdrawn)",
    f"{SCOPE}photoslibrary.sharing": "Manage shared albums (withdrawn)",
    f"{SCOPE}drive": "See, edit, create and delete all of your Drive files",
    f"{SCOPE}drive.file": "See and edit the Drive files that you use with this app",
    f"{SCOPE}drive.readonly": "See and download all of your Drive files",
    f"{SCOPE}drive.metadata.readonly": "See the names and dates of your Drive files",
    f"{SCOPE}drive.appdata": "See and edit the app's own data in your Drive",
    f"{SCOPE}cloud-platform": "See, edit, configure and delete your Google Cloud data",
    f"{SCOPE}service.management": "Manage your services",
}
"""Scopes that the person ticks, or not."""


def granted_names(asked: str) -> list[str]:
    """The scopes asked for, by the names under which Google grants them. Raises `ValueError` for unknown ones."""
    names = [IDENTITY_SCOPES.get(name, name) for name in asked.split()]
    unknown = [name for name in names if name not in DESCRIPTIONS and name not in IDENTITY_SCOPES.values()]
    if unknown or not names:
        raise ValueError(f"Some requested scopes were invalid: {unknown}")
    return names


def excludes_itself(names: list[str]) -> bool:
    """Whether scopes of Photos and of Drive are asked for together, which Google refuses."""
    return all(any(name.startswith(SCOPE + area) for name in names) for area in ("photoslibrary", "drive"))


def may_redirect(client: Client, address: str) -> bool:
    """A Desktop client may be sent to any port of the own machine, a Web client only to registered addresses."""
    if client.kind != "installed":
        return address in client.redirect_uris
    parts = urllib.parse.urlsplit(address)
    return parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
