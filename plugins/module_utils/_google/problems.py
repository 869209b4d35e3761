# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Google's errors mean, in plain words, and the page where each can be fixed. Pure.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.nasops.cloudsync.plugins.module_utils import _google_words
from ansible_collections.nasops.cloudsync.plugins.module_utils._google import addresses
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.bounded import TooLong
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.services import PHOTOS, Service
from ansible_collections.nasops.cloudsync.plugins.module_utils._google_words import limit, sentence

_START_ANEW = "Make a new token (ansible-playbook nasops.cloudsync.authorize -e google_photos_reauthorize=true)"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `code` is Google's own name for it; `temporary` says that trying later may help."""

    code: str
    message: str
    link: str | None = None
    temporary: bool = False

    def __str__(self) -> str:
        return f"{self.message}: {self.link}" if self.link else self.message


class GoogleError(Exception):
    """Google refused, or could not be asked. Carries the Problem and shows as its plain words."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class _Entry:
    message: str
    page: str | None = None
    temporary: bool = False

    def problem(
        self, code: str, project: str | None, link: str | None = None, service: Service = PHOTOS, said: str = ""
    ) -> Problem:
        if link is None and self.page:
            link = addresses.console_link(self.page, project, service)
        told = sentence(limit(said, service.limits) or service.limits[-1][1])
        message = self.message.format(name=service.name, api=service.api, limits=told)
        return Problem(code, message, link, self.temporary)


# Errors that a redirect to the listener, the browser's page or the token endpoint name by one word.
_OAUTH = {
    "access_denied": _Entry(
        "Access was refused: somebody chose Cancel, or ticked nothing. Start again, tick every box, and choose Continue"
    ),
    "invalid_grant": _Entry(
        f"{sentence(_google_words.DEAD_TOKEN)}. {_START_ANEW}. If the app is still in Testing, publish it first, so "
        "that the new one lasts",
        "audience",
    ),
    "invalid_rapt": _Entry(
        "The account's organization makes people log in again after some time, which ends this token. Use a personal "
        "Google account, or have the administrator exempt this app from Google Cloud session control",
    ),
    "invalid_client": _Entry(
        f"{sentence(_google_words.WRONG_CLIENT)}. The secret is shown only once: if it is lost, add a new one to the "
        "client",
        "clients",
    ),
    "unauthorized_client": _Entry(
        sentence(_google_words.OTHER_CLIENT),
        "clients",
    ),
    "deleted_client": _Entry(
        "The OAuth client has been deleted. Create a new one of the type 'Desktop app' and make a new token with it",
        "create_client",
    ),
    "org_internal": _Entry(
        "The app's user type is Internal, so that only accounts of its own organization may use it. Choose an account "
        "of that organization, or make the app External",
        "audience",
    ),
    "admin_policy_enforced": _Entry(
        "The administrator of the account's organization does not allow this app or its access to {name}. Have "
        "the app allowed in the Admin console, or use a personal Google account",
    ),
    "redirect_uri_mismatch": _Entry(
        "The OAuth client is not of the type 'Desktop app': only that type may send the browser back to a port of "
        "this machine. Create one and download its JSON",
        "create_client",
    ),
    "disallowed_useragent": _Entry(
        "Google does not let people log in from a browser inside another app. Open the address in an ordinary browser",
    ),
    "invalid_scope": _Entry(
        "Google does not accept the permissions that were asked for. Enable the {api} for the project of "
        "the OAuth client, and try again",
        "enable_api",
    ),
    "invalid_request": _Entry(
        "Google found the request malformed. Open the whole address, in one piece and unchanged, and use an OAuth "
        "client of the type 'Desktop app'",
        "clients",
    ),
}
_CODE_IS_SPENT = _Entry(
    "Google does not accept the answer: its code is used up, older than a few minutes, or belongs to another attempt. "
    "Start again, and give the address where the browser ends after the new one"
)
_NOT_A_TESTER = _Entry(
    "The app is in Testing, and this account is not among its test users. Publish the app, or add the account there",
    "audience",
)

# Errors of the service's own API.
_API = {
    "SERVICE_DISABLED": _Entry(
        sentence(_google_words.DISABLED_API),
        "enable_api",
    ),
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": _Entry(
        sentence(_google_words.MISSING_SCOPE),
    ),
    "UNAUTHENTICATED": _Entry("Google does not accept the access token. " + _START_ANEW),
    "RESOURCE_EXHAUSTED": _Entry("{limits}", "quotas", temporary=True),
    "PERMISSION_DENIED": _Entry(
        "Google refuses access to {name}. Look whether the API is enabled and the account may use the app",
        "enable_api",
    ),
}

# Errors of Resource Manager and Service Usage.
_CONSOLE = {
    "TERMS_OF_SERVICE": _Entry(
        "This account has never accepted the terms of service of Google Cloud. Log in to the console with it once, "
        "accept them, and try again",
        "create_project",
    ),
    "SERVICE_DISABLED": _Entry(
        "The API that manages projects and services is itself not enabled in the project of these credentials. Enable "
        "it there, wait a few minutes, and try again"
    ),
    "ALREADY_EXISTS": _Entry(
        "The id of the project is taken, perhaps by somebody else: ids are unique among all users of Google Cloud. "
        "Take another one, or have this account added to the project"
    ),
    "PERMISSION_DENIED": _Entry(
        "These credentials may not do that in the project, or there is no such project. They need the role Service "
        "Usage Admin there, and create_project needs the role Project Creator",
        "enable_api",
    ),
    "UNAUTHENTICATED": _Entry(
        "Google does not accept these credentials. Run 'gcloud auth application-default login' again, or make a new "
        "key for the service account"
    ),
    "RESOURCE_EXHAUSTED": _Entry(
        "Google refuses more for now: too many requests, or too many projects for this account. Try again later",
        temporary=True,
    ),
}
_OUT_OF_ORDER = _Entry("Google has a problem of its own at the moment. Try again in a few minutes", temporary=True)
_NOT_GOOGLE = _Entry(
    "The answer did not come from Google's API. Look for a proxy or a login page between this machine and Google",
    temporary=True,
)

_TOO_MANY = {"userRateLimitExceeded", "rateLimitExceeded", "dailyLimitExceeded"}
_STATUS_NAMES = {401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 409: "ALREADY_EXISTS", 429: "RESOURCE_EXHAUSTED"}

BROWSER_ERRORS = (
    "access_denied",
    "admin_policy_enforced",
    "deleted_client",
    "disallowed_useragent",
    "invalid_client",
    "invalid_request",
    "invalid_scope",
    "org_internal",
    "redirect_uri_mismatch",
)


def oauth_problem(code: str, project: str | None = None, service: Service = PHOTOS) -> Problem:
    """An error that Google names by one word: in the redirect, on its own error page, or at the token endpoint."""
    entry = _OAUTH.get(code)
    if entry is None:
        return Problem(_plain(code), f"Google refused with the error '{_plain(code)}'")
    return entry.problem(code, project, service=service)


def browser_problem(text: str, project: str | None = None, service: Service = PHOTOS) -> Problem | None:
    """What Google's error page means, when a person gives its words ("Error 403: org_internal") for an address."""
    for code in BROWSER_ERRORS:
        if code in text:
            return _on_the_page(code, project, service)
    return None


def _on_the_page(code: str, project: str | None, service: Service) -> Problem:
    """The page says access_denied to people who were not let in; to those who chose Cancel, the redirect does."""
    return _NOT_A_TESTER.problem(code, project) if code == "access_denied" else oauth_problem(code, project, service)


def token_endpoint_problem(
    status: int, body: str, *, project: str | None = None, refreshing: bool, service: Service = PHOTOS
) -> Problem:
    """A refusal of the token endpoint (RFC 6749, 5.2) by HTTP status and body.

    The same `invalid_grant` means a dead refresh token when refreshing, and a spent code when finishing.
    """
    answer = json_object(body)
    code = answer.get("error")
    if isinstance(code, str) and code != "temporarily_unavailable" and status < 500:
        if answer.get("error_subtype") == "invalid_rapt":
            return oauth_problem("invalid_rapt", project)
        if code == "invalid_grant" and not refreshing:
            return _CODE_IS_SPENT.problem(code, project)
        return oauth_problem(code, project, service)
    return _by_status(status, project, service)


def api_problem(status: int, body: str, *, project: str | None = None, service: Service = PHOTOS) -> Problem:
    """A refusal of the service's API by HTTP status and body (google.rpc.Status)."""
    error = json_object(body).get("error")
    if not isinstance(error, Mapping):
        return _by_status(status, project, service)
    message, details, reasons = _told(error)
    # Photos names no reason for a missing scope, and older answers none for a disabled API: their words tell.
    if "SERVICE_DISABLED" in reasons or "has not been used in project" in message or "it is disabled" in message:
        return _API["SERVICE_DISABLED"].problem(
            "SERVICE_DISABLED", project, _activation_link(details, message), service
        )
    if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in reasons or "insufficient authentication scopes" in message:
        return _API["ACCESS_TOKEN_SCOPE_INSUFFICIENT"].problem(
            "ACCESS_TOKEN_SCOPE_INSUFFICIENT", project, service=service
        )
    # Older APIs, Drive among them, have no status and refuse too many requests as forbidden.
    code = "RESOURCE_EXHAUSTED" if reasons & _TOO_MANY else str(error.get("status", ""))
    if code in _API:
        return _API[code].problem(code, project, service=service, said=" ".join([message, *map(str, reasons)]))
    return _by_status(status, project, service)


def console_problem(status: int, answer: Mapping[str, Any], project: str) -> Problem:
    """A refusal of Resource Manager or Service Usage by HTTP status and JSON (google.rpc.Status)."""
    error = answer.get("error")
    if not isinstance(error, Mapping):
        return _by_status(status, project)
    message, details, reasons = _told(error)
    if "accept Terms of Service" in message:
        return _CONSOLE["TERMS_OF_SERVICE"].problem("TERMS_OF_SERVICE", project)
    if "SERVICE_DISABLED" in reasons:
        return _CONSOLE["SERVICE_DISABLED"].problem("SERVICE_DISABLED", project, _activation_link(details, message))
    code = _STATUS_NAMES.get(status, str(error.get("status", "")))
    if code in _CONSOLE:
        return _CONSOLE[code].problem(code, project)
    if status >= 500:
        return _by_status(status, project)
    return Problem(_plain(code) or f"http_{status}", f"Google refused: {message}")


def limited_problem(expires_on: datetime, testing: bool, project: str | None = None) -> Problem:
    """A token that works and will not last."""
    day = f"{expires_on:%Y-%m-%d}"
    if testing:
        return Problem(
            "testing",
            f"The app is still in Testing, so Google ends this token on {day}. Publish the app (Audience > Publish "
            "app), then make a new token: publishing does not save this one",
            addresses.console_link("audience", project),
        )
    return Problem(
        "time_limited",
        f"Google ends this token on {day}. Make a new one before then; if the app is in Testing, publish it first",
        addresses.console_link("audience", project),
    )


def timeout_problem(seconds: int, project: str | None = None, service: Service = PHOTOS) -> Problem:
    """Nobody came back. Google shows some errors only in the browser, so each gets its words here."""
    lines = [f"- {code}: {_on_the_page(code, project, service)}" for code in BROWSER_ERRORS]
    return Problem(
        "timeout",
        f"The browser did not come back within {seconds} seconds. If Google showed an error there, look for its name "
        "here:\n" + "\n".join(lines),
    )


def unreachable(host: str, error: Exception) -> Problem:
    """No answer at all. Only the error's class is named: its text may quote the request."""
    if isinstance(error, TooLong):
        return Problem("too_long", f"What answers as {host} is not Google: {error}", temporary=True)
    return Problem(
        "unreachable",
        f"Cannot reach {host} ({type(error).__name__}). Check the network, a proxy (HTTPS_PROXY) and its "
        "certificate (REQUESTS_CA_BUNDLE)",
        temporary=True,
    )


def _told(error: Mapping[str, Any]) -> tuple[str, list[Mapping[str, Any]], set[object]]:
    """Message, details and the reasons named in them."""
    given = error.get("details")
    details = [detail for detail in given if isinstance(detail, Mapping)] if isinstance(given, list) else []
    older = error.get("errors")
    named = [entry for entry in older if isinstance(entry, Mapping)] if isinstance(older, list) else []
    return str(error.get("message", "")), details, {str(entry.get("reason")) for entry in [*details, *named]}


def _by_status(status: int, project: str | None, service: Service = PHOTOS) -> Problem:
    if status == 401:
        return _API["UNAUTHENTICATED"].problem("UNAUTHENTICATED", project)
    if status == 429:
        return _API["RESOURCE_EXHAUSTED"].problem("RESOURCE_EXHAUSTED", project, service=service)
    if status >= 500:
        return _OUT_OF_ORDER.problem(f"http_{status}", project)
    return _NOT_GOOGLE.problem(f"http_{status}", project)


def _activation_link(details: list[Mapping[str, Any]], message: str) -> str | None:
    """The page that Google itself names: in the ErrorInfo, in a Help link, or only in the words."""
    links: list[object] = []
    for detail in details:
        metadata, helps = detail.get("metadata"), detail.get("links")
        if isinstance(metadata, Mapping):
            links.append(metadata.get("activationUrl"))
        if isinstance(helps, list):
            links += [item.get("url") for item in helps if isinstance(item, Mapping)]
    links += re.findall(r"https://console\.\S+", message)
    for link in links:
        if isinstance(link, str) and (urlsplit(link).hostname or "").endswith(".google.com"):
            return link
    return None


def json_object(body: str) -> Mapping[str, Any]:
    """The JSON object of an answer's body; an empty one when it is none."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, Mapping) else {}


def _plain(code: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "", code)[:60]
