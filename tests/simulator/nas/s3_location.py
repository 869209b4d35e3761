# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks an S3 provider where a bucket lies, by a request signed as Amazon's version 4 of signatures wants it."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

_REGION = "us-east-1"  # answers for every bucket
_EMPTY = hashlib.sha256(b"").hexdigest()


async def bucket_region(provider: dict[str, Any], bucket: str) -> str:
    """The region of a bucket.

    :raises RuntimeError: the provider refused to say
    """
    endpoint = (provider.get("endpoint") or "https://s3.amazonaws.com").rstrip("/")
    path = "/" + quote(bucket)
    headers = signed_headers(provider, urlsplit(endpoint).netloc, path, time.gmtime())
    timeout = aiohttp.ClientTimeout(total=30)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.get(f"{endpoint}{path}?location=", headers=headers) as response,
    ):
        text = await response.text()
        if response.status != 200:
            code = re.search(r"<Code>(.*?)</Code>", text)
            reason = code[1] if code else str(response.status)
            raise RuntimeError(f"An error occurred ({reason}) when calling the GetBucketLocation operation")
    match = re.search(r"<LocationConstraint[^>]*>([^<]+)</LocationConstraint>", text)
    return match[1] if match else _REGION


def signed_headers(provider: dict[str, Any], host: str, path: str, now: time.struct_time) -> dict[str, str]:
    """The headers that sign `GET path?location=`."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", now)
    scope = f"{stamp[:8]}/{_REGION}/s3/aws4_request"
    names = "host;x-amz-content-sha256;x-amz-date"
    request = "\n".join(
        [
            "GET",
            path,
            "location=",
            f"host:{host}",
            f"x-amz-content-sha256:{_EMPTY}",
            f"x-amz-date:{stamp}",
            "",
            names,
            _EMPTY,
        ]
    )
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{provider['secret_access_key']}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"{provider['access_key_id']}/{scope}"
    return {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}",
        "x-amz-content-sha256": _EMPTY,
        "x-amz-date": stamp,
    }
