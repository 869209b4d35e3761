# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The services of Google that a token can be for: what to ask for, and how to find out whether it works. Pure.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.nasops.cloudsync.plugins.module_utils._google_words import DRIVE_LIMITS, PHOTOS_LIMITS, Limits

_SCOPE = "https://www.googleapis.com/auth/"

UPLOAD = _SCOPE + "photoslibrary.appendonly"
READ = _SCOPE + "photoslibrary.readonly.appcreateddata"
EDIT = _SCOPE + "photoslibrary.edit.appcreateddata"
DRIVE = _SCOPE + "drive"
DRIVE_READ = _SCOPE + "drive.readonly"


@dataclass(frozen=True)
class Service:
    """One service, and the scopes with which rclone uses it."""

    name: str
    api: str
    """What the console calls its API."""
    host: str
    """The name of the API in the console's addresses."""
    probe_url: str
    """Asked with GET to find out whether a token works."""
    probe_query: Mapping[str, str]
    scopes: Mapping[str, tuple[str, ...]]
    """By access (`read`, `write`), what to ask for, exactly as rclone does."""
    permits: Mapping[str, str]
    """What each scope that the API needs lets the app do."""
    default_access: str
    limits: Limits
    """What is wrong when Google refuses a request because there were too many; the last row where it does not tell."""
    contained_in: Mapping[str, str] = field(default_factory=dict)
    """A scope, and the wider one that holds it."""

    def missing_scopes(self, granted: list[str], access: str) -> list[str]:
        """The scopes that a token lacks. Those of a person's profile only serve to greet them by name."""
        return [
            scope
            for scope in self.scopes[access]
            if scope in self.permits and scope not in granted and self.contained_in.get(scope) not in granted
        ]


SERVICES = {
    "photos": Service(
        name="Google Photos",
        api="Photos Library API",
        host="photoslibrary.googleapis.com",
        probe_url="https://photoslibrary.googleapis.com/v1/albums",
        probe_query={"pageSize": "1"},
        scopes={
            # What rclone (since 1.70) asks for; `profile` comes back under its long name.
            "read": ("openid", "profile", READ),
            "write": ("openid", "profile", UPLOAD, READ, EDIT),
        },
        permits={
            UPLOAD: "add photos and albums",
            READ: "see the photos and albums that this app added",
            EDIT: "change the photos and albums that this app added",
        },
        default_access="write",
        limits=PHOTOS_LIMITS,
    ),
    "drive": Service(
        name="Google Drive",
        api="Google Drive API",
        host="drive.googleapis.com",
        probe_url="https://www.googleapis.com/drive/v3/about",
        probe_query={"fields": "kind"},
        scopes={"read": (DRIVE_READ,), "write": (DRIVE,)},
        permits={
            DRIVE_READ: "see and download all files in Google Drive",
            DRIVE: "see, change and delete all files in Google Drive",
        },
        default_access="read",
        limits=DRIVE_LIMITS,
        contained_in={DRIVE_READ: DRIVE},
    ),
}

PHOTOS = SERVICES["photos"]
