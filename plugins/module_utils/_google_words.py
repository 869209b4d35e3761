# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Google's refusals mean, for whoever is refused: rclone on the NAS, or a module that asks Google itself.

PRIVATE to the collection. Pure. Each sentence begins in lower case and has no full stop, so that others can go on from
it; `sentence` makes the first letter a capital.
"""

from __future__ import annotations

import re

DEAD_TOKEN = (
    "the refresh token is no longer valid: its access was revoked, its app was in Testing (a token then lives for "
    "seven days), it was not used for six months, or over a hundred newer ones were made"
)
WRONG_CLIENT = (
    "the OAuth client id or client secret is wrong, or does not belong to this token. Give the id and secret of the "
    "client that made the token, as in its downloaded JSON"
)
OTHER_CLIENT = (
    "the token was made by another OAuth client than the one given. Give the client id and secret that made it, or "
    "make a new token with this client"
)
MISSING_SCOPE = (
    "the token lacks a permission that is needed: a box on Google's consent page was left unticked, or the token was "
    "made for something else or by an rclone older than 1.70. Make a new token and tick every box"
)
DISABLED_API = (
    "the {api} is not enabled in the project of the OAuth client. Enable it, wait a few minutes, and try again"
)

Limits = tuple[tuple[str, str], ...]
"""What Google says, as a pattern, and what it means. The first match counts."""

_FULL = (
    r"remaining storage|storage ?quota|storageQuotaExceeded|not enough storage",
    "the storage of the Google account is full; Google Photos, Drive and Gmail share it. Delete something and empty "
    "the bin, or get more storage. No option of the task helps",
)
_BYTES = (
    "Google Photos takes no more bytes from this account or project for now. Give the task fewer transfers (transfers: "
    "2), or less bandwidth (bwlimit: 1M). The next run goes on from here"
)
PHOTOS_LIMITS: Limits = (
    _FULL,
    (r"upload_?(?: of )? ?bytes", _BYTES),
    (
        r"per day|PerDay|dailyLimitExceeded|daily limit",
        "the Google Cloud project of the OAuth client has made the 10,000 requests to Google Photos that it may make "
        "in a day. The count restarts at midnight, Pacific time, and the next run goes on from here. Run the task at "
        'most daily (schedule: "@daily"), and give each NAS an OAuth client in a project of its own. For the first '
        "upload of a large library set google_photos_initial_upload: true in the role",
    ),
    (
        r"concurrent write",
        "Google Photos makes one change to an account at a time, and another one was being made. Let no two tasks or "
        "programs upload to this account at the same time (schedule), and give the task fewer transfers (transfers: "
        "4). Google may refuse for hours; the next run goes on from here",
    ),
    (
        r"per minute|PerMinute|rateLimitExceeded|rate limit",
        "there were more requests within a minute than Google Photos allows. Give the task fewer transfers (transfers: "
        "4), or slow it down (args: --tpslimit 5). The next run goes on from here",
    ),
    (r"couldn't upload file: .*\b429\b", _BYTES),
    (
        r"RESOURCE_EXHAUSTED|Quota exceeded",
        "a quota of Google Photos is used up: 10,000 requests a day and project, so many a minute, or one change at a "
        "time. Try again later; the daily quota is renewed at midnight, Pacific time",
    ),
)
DRIVE_LIMITS: Limits = (
    _FULL,
    (
        r"dailyLimitExceeded|per day|PerDay|uploadLimit|upload limit",
        "Google Drive takes no more from this account or project today. It takes 750 GB of uploads a day and account. "
        "Try again tomorrow; the next run goes on from here",
    ),
    (
        r"concurrent write",
        "Google makes one change to this account at a time, and another one was being made. Let no two tasks or "
        "programs use the account at the same time (schedule)",
    ),
    (
        r"rateLimitExceeded|per minute|PerMinute|rate limit|RESOURCE_EXHAUSTED|Quota exceeded",
        "there were more requests within a minute than Google Drive allows. Give the task fewer transfers (transfers: "
        "2), or slow it down (args: --tpslimit 5), and use an OAuth client of your own. The next run goes on from here",
    ),
)


def limit(said: str, limits: Limits) -> str | None:
    """Which limit Google speaks of, and what helps; `None` when it speaks of none."""
    return next((words for pattern, words in limits if re.search(pattern, said, re.IGNORECASE)), None)


def sentence(words: str) -> str:
    """The words with a capital letter at their beginning."""
    return words[:1].upper() + words[1:]
