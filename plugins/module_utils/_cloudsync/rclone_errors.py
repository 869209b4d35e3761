# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say in plain words what rclone's errors mean and what mends them. PRIVATE to the collection. Pure."""

from __future__ import annotations

import re

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_cause import LINE, cause

# What rclone prints -> the cause in plain words and its mend. The first match counts; the order is from special to
# general.
_MEANINGS = (
    (
        "invalid_grant",
        "the refresh token is no longer valid (revoked, unused for six months, or made by an app that is still in "
        "Testing, whose tokens die after 7 days). Make a new token, for example with the playbook "
        "nasops.cloudsync.authorize",
    ),
    (
        "invalid_client",
        "the OAuth client id or client secret is wrong, or does not belong to this token. Give the id and secret of "
        "the client that made the token",
    ),
    (
        "unauthorized_client",
        "the OAuth client may not use this token. Give the id and secret of the client that made the token",
    ),
    (
        "insufficient authentication scopes",
        "the token lacks a permission that is needed (a box was left unticked on the consent screen, or the token was "
        "made by an old rclone). Make a new token and tick every box",
    ),
    (
        "has not been used in project|it is disabled|SERVICE_DISABLED",
        "the Photos Library API is not enabled in the Google Cloud project of the OAuth client. Enable it at "
        "https://console.cloud.google.com/apis/library/photoslibrary.googleapis.com and wait a few minutes",
    ),
    (
        r"401 UNAUTHENTICATED|Invalid Credentials",
        "the provider does not accept the access token, which by the clock of the NAS has not ended. Set the clocks of "
        "the NAS and of the machine that makes tokens right, if one is wrong. Make a new token",
    ),
    (
        r"RESOURCE_EXHAUSTED|rateLimitExceeded|Quota exceeded",
        "the provider's quota is used up. Google Photos allows 10,000 requests a day and project: try again tomorrow",
    ),
    (
        "no refresh token",
        "the token has expired and holds no refresh token. Make a new token",
    ),
    (
        "empty token found|failed to configure .*invalid character",
        "what is stored as the token is not a token. Make a new token and give its whole JSON text",
    ),
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
    (
        "--max-delete threshold reached",
        "the run was stopped because it would have deleted more files than its --max-delete allows",
    ),
    (
        "directory not found",
        "the folder or bucket does not exist at the provider",
    ),
    (
        "no such host|connection refused|network is unreachable|i/o timeout|context deadline exceeded|no route to host",
        "the NAS cannot reach the provider. Check its network, DNS and proxy settings",
    ),
    (
        r"401 Unauthorized|403 Forbidden|Access ?Denied"
        r"|InvalidAccessKeyId|SignatureDoesNotMatch|NT_STATUS_LOGON_FAILURE"
        r"|unable to authenticate|Login incorrect|530 ",
        "the provider does not accept the user name, password or key",
    ),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), meaning) for pattern, meaning in _MEANINGS)


def is_output(text: str) -> bool:
    """Whether rclone has printed this. By REST, TrueNAS tells no more of what rclone could not do."""
    return LINE.match(text) is not None


def explain(error: str) -> str:
    """One line: what rclone said, and, where it is known, what that means and how it is mended.

    Args:
        error: What rclone, or the NAS, has said; of several lines the one that tells the cause counts.
    """
    said = cause(error) or _first(error)
    means = meaning(said)
    return f"{means}. rclone said: {said}" if means else said


def meaning(said: str) -> str | None:
    """What an error means and what mends it; `None` where that is not known."""
    return next((meaning for pattern, meaning in _COMPILED if pattern.search(said)), None)


def _first(error: str) -> str:
    """Return what the first line says: better a notice than nothing."""
    line = error.strip().partition("\n")[0]
    entry = LINE.fullmatch(line)
    return (entry[2] if entry else line).strip()
