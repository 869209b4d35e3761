# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a service of the S3 kind says about a bucket, in words that name the option. PRIVATE to the collection. Pure.

TrueNAS asks for the bucket's region itself before it stores a task, and passes on what its library says.
"""

from __future__ import annotations

import re

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_meanings

_CODE = re.compile(r"An error occurred \((\w+)\) when calling the (\w+) operation")
_KEYS = "the service does not accept the keys of the credential. Correct access_key_id and secret_access_key"
_MEANINGS = {
    "NoSuchBucket": rclone_meanings.NO_BUCKET,
    "404": rclone_meanings.NO_BUCKET,
    "InvalidBucketName": rclone_meanings.BAD_BUCKET,
    "PermanentRedirect": rclone_meanings.OTHER_REGION,
    "AccessDenied": "bucket: the keys of the credential may not see {bucket}. Allow them s3:GetBucketLocation and "
    "s3:ListBucket, or give the region in the credential",
    "InvalidAccessKeyId": _KEYS,
    "SignatureDoesNotMatch": _KEYS,
}
_SAME = {
    "403": "AccessDenied",
    "AllAccessDisabled": "AccessDenied",
    "AuthorizationHeaderMalformed": "PermanentRedirect",
}


def explain(reason: str, bucket: str | None) -> str | None:
    """Return what the answer about a bucket means and what to do; `None` when it is no such answer."""
    match = _CODE.search(reason)
    if match is None:
        return None
    code = _SAME.get(match[1], match[1])
    meaning = _MEANINGS.get(code, "bucket: the service does not tell the region of {bucket}")
    return f"{meaning.format(bucket=repr(bucket or ''))}. The service said: {match[1]} ({match[2]})"
