# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Error answers in the forms of Google's services, raised as exceptions and turned into responses in one place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class ApiError(Exception):
    """An error of a Google API (`google.rpc.Status` in JSON)."""

    def __init__(self, code: int, message: str, details: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = list(details)

    def response(self) -> web.Response:
        return web.json_response(api_error_body(self.code, self.message, self.details), status=self.code)


class OAuthError(Exception):
    """An error of the token endpoint (RFC 6749, section 5.2)."""

    def __init__(self, status: int, error: str, description: str, **more: str) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"error": error, "error_description": description, **more}

    def response(self) -> web.Response:
        return web.json_response(self.body, status=self.status)


def api_error_body(code: int, message: str, details: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    error: dict[str, Any] = {"code": code, "message": message, "status": STATUS_NAMES.get(code, "UNKNOWN")}
    if details:
        error["details"] = list(details)
    return {"error": error}


def error_info(reason: str, **metadata: str) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": metadata,
    }


def unauthenticated() -> ApiError:
    return ApiError(401, "Request had invalid authentication credentials. Expected OAuth 2 access token.")


def insufficient_scopes(*details: dict[str, Any]) -> ApiError:
    """Photos answers this without details; other APIs add an ErrorInfo."""
    return ApiError(403, "Request had insufficient authentication scopes.", details)


def service_disabled(title: str, service: str, project_number: str) -> ApiError:
    url = f"https://console.developers.google.com/apis/api/{service}/overview?project={project_number}"
    return ApiError(
        403,
        f"{title} has not been used in project {project_number} before or it is disabled. Enable it by visiting {url} "
        "then retry. If you enabled this API recently, wait a few minutes for the action to propagate.",
        [
            error_info(
                "SERVICE_DISABLED",
                service=service,
                consumer=f"projects/{project_number}",
                serviceTitle=title,
                activationUrl=url,
            ),
            {
                "@type": "type.googleapis.com/google.rpc.Help",
                "links": [{"description": "Google developers console API activation", "url": url}],
            },
        ],
    )


def too_many_writes(service: str, project_number: str, limit: int) -> ApiError:
    """What Photos answers beyond its limit of writes a minute."""
    return ApiError(
        429,
        "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' of service "
        f"'{service}' for consumer 'project_number:{project_number}'.",
        [
            error_info(
                "RATE_LIMIT_EXCEEDED",
                service=service,
                consumer=f"projects/{project_number}",
                quota_metric=f"{service}/write_requests",
                quota_limit="WritesPerMinutePerUser",
                quota_limit_value=str(limit),
                quota_location="global",
            )
        ],
    )


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn the exceptions above, and paths that do not exist, into what Google answers."""
    try:
        return await handler(request)
    except (ApiError, OAuthError) as error:
        return error.response()
    except web.HTTPNotFound:
        return web.json_response(api_error_body(404, "Method not found."), status=404)
    except web.HTTPMethodNotAllowed as error:
        return web.json_response(api_error_body(405, "Method not allowed."), status=error.status)
