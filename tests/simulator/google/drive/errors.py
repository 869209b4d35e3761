# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Drive answers when something goes wrong: a reason beside the code, which clients go by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from simulator.google.answers import ApiError

USAGE = "usageLimits"


class DriveError(ApiError):
    """An error with the reason that Google's older APIs give."""

    def __init__(
        self,
        code: int,
        message: str,
        reason: str,
        *,
        domain: str = "global",
        location: tuple[str, str] | None = None,
        details: Sequence[dict[str, Any]] = (),
    ) -> None:
        super().__init__(code, message, details)
        self.reason: dict[str, str] = {"message": message, "domain": domain, "reason": reason}
        if location:
            self.reason |= dict(zip(("locationType", "location"), location, strict=True))

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.code, "message": self.message, "errors": [self.reason]}
        if self.details:
            error |= {"status": "PERMISSION_DENIED", "details": self.details}
        return {"error": error}

    def response(self) -> web.Response:
        return web.json_response(self.body(), status=self.code)


NAMED = {
    "userRateLimitExceeded": DriveError(403, "User Rate Limit Exceeded", "userRateLimitExceeded", domain=USAGE),
    "rateLimitExceeded": DriveError(429, "Rate Limit Exceeded", "rateLimitExceeded", domain=USAGE),
    "storageQuotaExceeded": DriveError(
        403, "The user's Drive storage quota has been exceeded.", "storageQuotaExceeded", domain=USAGE
    ),
    "downloadQuotaExceeded": DriveError(
        403, "The download quota for this file has been exceeded.", "downloadQuotaExceeded", domain=USAGE
    ),
    "cannotDownloadAbusiveFile": DriveError(
        403,
        "This file has been identified as malware or spam and cannot be downloaded.",
        "cannotDownloadAbusiveFile",
    ),
    "insufficientFilePermissions": DriveError(
        403, "The user does not have sufficient permissions for this file.", "insufficientFilePermissions"
    ),
    "authError": DriveError(401, "Invalid Credentials", "authError", location=("header", "Authorization")),
    "backendError": DriveError(500, "Backend Error", "backendError"),
}
"""Errors that always have the same words, by their reason."""


def not_found(file_id: str) -> DriveError:
    return DriveError(404, f"File not found: {file_id}.", "notFound", location=("parameter", "fileId"))


def drive_not_found(drive_id: str) -> DriveError:
    return DriveError(404, f"Shared drive not found: {drive_id}", "notFound", location=("parameter", "driveId"))


def invalid(parameter: str) -> DriveError:
    return DriveError(400, "Invalid Value", "invalid", location=("parameter", parameter))


def from_plain(error: ApiError) -> ApiError:
    """An error of the parts that all APIs share, in Drive's form."""
    if error.code == 401:
        return NAMED["authError"]
    reason = {400: "badRequest", 403: "insufficientPermissions", 404: "notFound"}.get(error.code, "backendError")
    if any(detail.get("reason") == "SERVICE_DISABLED" for detail in error.details):
        return DriveError(error.code, error.message, "accessNotConfigured", domain=USAGE, details=error.details)
    return DriveError(error.code, error.message, reason, details=error.details)


def named_body(reason: str) -> tuple[int, dict[str, Any]]:
    """Status and body of one of `NAMED`, for a fault. Raises `KeyError`."""
    error = NAMED[reason]
    return error.code, error.body()
