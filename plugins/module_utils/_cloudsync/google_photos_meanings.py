# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the errors of Google Photos mean, for its row in the provider table. PRIVATE to the collection. Pure."""

from __future__ import annotations

from ansible_collections.nasops.cloudsync.plugins.module_utils import _google_words
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_meanings import Meanings

MEANINGS: Meanings = (
    (
        "invalid_grant",
        f"{_google_words.DEAD_TOKEN}. Make a new token, for example with the playbook nasops.cloudsync.authorize",
    ),
    ("unauthorized_client", _google_words.OTHER_CLIENT),
    ("invalid_client", _google_words.WRONG_CLIENT),
    ("insufficient authentication scopes", _google_words.MISSING_SCOPE),
    (
        "has not been used in project|it is disabled|SERVICE_DISABLED",
        f"{_google_words.DISABLED_API.format(api='Photos Library API')}: "
        "https://console.cloud.google.com/apis/library/photoslibrary.googleapis.com",
    ),
    (
        r"401 UNAUTHENTICATED|Invalid Credentials",
        "the provider does not accept the access token, which by the clock of the NAS has not ended. Access may have "
        "been revoked a short while ago: make a new token. If a new one is refused too, set the clocks of the NAS and "
        "of the machine that makes tokens right",
    ),
    *_google_words.PHOTOS_LIMITS,
    (
        "can't upload files here",
        "files lie directly in the task's local directory, but Google Photos can take files only into albums. Move "
        "them into a directory (which becomes an album), or leave them out: stray_files: exclude in the role, the "
        "filter /* in exclude",
    ),
    (
        "error while trying to create this media item",
        "Google Photos does not take this file (not a photo or video that it knows). Move it elsewhere, or leave such "
        "files out: media_only: true in the role, exclude in a task",
    ),
    (
        "Request contains no bytes",
        "the file is empty, and Google Photos takes no empty file. Delete it, or leave it out with exclude",
    ),
)
