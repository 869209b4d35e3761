# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._google import problems

CONSOLE = "https://console.cloud.google.com"
AUDIENCE = f"{CONSOLE}/auth/audience?project=my-photos"
CLIENTS = f"{CONSOLE}/auth/clients?project=my-photos"
NEW_CLIENT = f"{CONSOLE}/auth/clients/create?project=my-photos"
QUOTAS = f"{CONSOLE}/apis/api/photoslibrary.googleapis.com/quotas?project=my-photos"
LIBRARY = f"{CONSOLE}/apis/library/photoslibrary.googleapis.com?project=my-photos"


def oauth_body(error, **more):
    return json.dumps({"error": error, "error_description": "Bad Request", **more})


def disabled(**metadata):
    """An ErrorInfo."""
    return {"reason": "SERVICE_DISABLED", "metadata": metadata}


def api_body(code, status, message="No.", details=()):
    return json.dumps({"error": {"code": code, "status": status, "message": message, "details": list(details)}})


@pytest.mark.parametrize(
    ("status", "body", "refreshing", "code", "words", "link"),
    [
        (400, oauth_body("invalid_grant"), True, "invalid_grant", "refresh token is no longer valid", AUDIENCE),
        (400, oauth_body("invalid_grant"), False, "invalid_grant", "used up", None),
        (400, oauth_body("invalid_grant", error_subtype="invalid_rapt"), True, "invalid_rapt", "log in again", None),
        (401, oauth_body("invalid_client"), True, "invalid_client", "client id or client secret is wrong", CLIENTS),
        (401, oauth_body("unauthorized_client"), True, "unauthorized_client", "another OAuth client", CLIENTS),
        (401, oauth_body("deleted_client"), True, "deleted_client", "has been deleted", NEW_CLIENT),
        (403, oauth_body("org_internal"), True, "org_internal", "Internal", AUDIENCE),
        (400, oauth_body("admin_policy_enforced"), True, "admin_policy_enforced", "administrator", None),
        (400, oauth_body("redirect_uri_mismatch"), False, "redirect_uri_mismatch", "'Desktop app'", NEW_CLIENT),
        (400, oauth_body("invalid_scope"), False, "invalid_scope", "permissions", LIBRARY),
        (400, oauth_body("invalid_request"), False, "invalid_request", "malformed", CLIENTS),
        (400, oauth_body("brand new <error>"), True, "brandnewerror", "'brandnewerror'", None),
        (503, oauth_body("temporarily_unavailable"), True, "http_503", "a problem of its own", None),
        (500, "<html>Sorry</html>", True, "http_500", "a problem of its own", None),
        (400, "<html>Log in to the network</html>", True, "http_400", "did not come from Google", None),
        (429, "", True, "RESOURCE_EXHAUSTED", "quota", QUOTAS),
    ],
)  # fmt: skip
def test_token_endpoint(status, body, refreshing, code, words, link):
    problem = problems.token_endpoint_problem(status, body, project="my-photos", refreshing=refreshing)
    assert (problem.code, problem.link) == (code, link)
    assert words in problem.message


ACTIVATION = "https://console.developers.google.com/apis/api/photoslibrary.googleapis.com/overview?project=42"
DISABLED = (
    "Photos Library API has not been used in project 42 before or it is disabled. Enable it by visiting "
    f"{ACTIVATION} then retry."
)
SCOPES = "Request had insufficient authentication scopes."


@pytest.mark.parametrize(
    ("status", "body", "code", "words", "link"),
    [
        (
            403,
            api_body(403, "PERMISSION_DENIED", DISABLED, [disabled(activationUrl=ACTIVATION)]),
            "SERVICE_DISABLED",
            "not enabled",
            ACTIVATION,
        ),
        (
            403,
            api_body(403, "PERMISSION_DENIED", "No, it is disabled.", [{"links": [{"url": ACTIVATION}]}]),
            "SERVICE_DISABLED",
            "not enabled",
            ACTIVATION,
        ),
        (403, api_body(403, "PERMISSION_DENIED", DISABLED), "SERVICE_DISABLED", "not enabled", ACTIVATION),
        (
            403,
            api_body(403, "PERMISSION_DENIED", "No.", [disabled(activationUrl="https://evil.example/")]),
            "SERVICE_DISABLED",
            "not enabled",
            LIBRARY,
        ),
        (403, api_body(403, "PERMISSION_DENIED", SCOPES), "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "tick every box", None),
        (
            403,
            api_body(403, "PERMISSION_DENIED", "No.", [{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]),
            "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "tick every box",
            None,
        ),
        (403, api_body(403, "PERMISSION_DENIED"), "PERMISSION_DENIED", "refuses access", LIBRARY),
        (401, api_body(401, "UNAUTHENTICATED"), "UNAUTHENTICATED", "does not accept the access token", None),
        (
            429,
            api_body(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'concurrent write request'"),
            "RESOURCE_EXHAUSTED",
            "one change to an account at a time",
            QUOTAS,
        ),
        (
            429,
            api_body(429, "RESOURCE_EXHAUSTED", "Quota exceeded for limit 'All requests per day'"),
            "RESOURCE_EXHAUSTED",
            "in a day",
            QUOTAS,
        ),
        (429, api_body(429, "RESOURCE_EXHAUSTED"), "RESOURCE_EXHAUSTED", "A quota of Google Photos", QUOTAS),
        (503, api_body(503, "UNAVAILABLE"), "http_503", "a problem of its own", None),
        (200, "<html>", "http_200", "did not come from Google", None),
        (404, "[]", "http_404", "did not come from Google", None),
    ],
)  # fmt: skip
def test_photos_api(status, body, code, words, link):
    problem = problems.api_problem(status, body, project="my-photos")
    assert (problem.code, problem.link) == (code, link)
    assert words in problem.message


@pytest.mark.parametrize(
    ("status", "error", "code", "words"),
    [
        (403, {"message": "Callers must accept Terms of Service"}, "TERMS_OF_SERVICE", "terms of service"),
        (
            403,
            {"message": "No.", "details": [{"reason": "SERVICE_DISABLED"}]},
            "SERVICE_DISABLED",
            "itself not enabled",
        ),
        (403, {"message": "No."}, "PERMISSION_DENIED", "Service Usage Admin"),
        (409, {"message": "Requested entity already exists"}, "ALREADY_EXISTS", "is taken"),
        (401, {"message": "No."}, "UNAUTHENTICATED", "does not accept these credentials"),
        (429, {"message": "No."}, "RESOURCE_EXHAUSTED", "refuses more"),
        (400, {"message": "projectId is too short", "status": "INVALID_ARGUMENT"}, "INVALID_ARGUMENT", "too short"),
        (503, {"message": "No.", "status": "UNAVAILABLE"}, "http_503", "a problem of its own"),
    ],
)
def test_console_apis(status, error, code, words):
    problem = problems.console_problem(status, {"error": error}, "my-photos")
    assert problem.code == code
    assert words in problem.message


@pytest.mark.parametrize(
    ("page", "code", "words"),
    [
        ("Error 403: access_denied", "access_denied", "test users"),
        ("Error 400: admin_policy_enforced", "admin_policy_enforced", "administrator"),
        ("Error 401: deleted_client", "deleted_client", "deleted"),
        ("Error 403: disallowed_useragent", "disallowed_useragent", "ordinary browser"),
        ("Error 401: invalid_client", "invalid_client", "client id"),
        ("Error 400: invalid_request", "invalid_request", "malformed"),
        ("Error 400: invalid_scope", "invalid_scope", "permissions"),
        ("Error 403: org_internal", "org_internal", "Internal"),
        ("Error 400: redirect_uri_mismatch", "redirect_uri_mismatch", "'Desktop app'"),
    ],
)
def test_what_only_the_browser_shows(page, code, words):
    problem = problems.browser_problem(page, "my-photos")
    assert problem.code == code
    assert words in problem.message
    assert f"- {code}: {problem}" in problems.timeout_problem(300, "my-photos").message


def test_a_redirected_access_denied_is_a_cancel():
    assert "Cancel" in problems.oauth_problem("access_denied").message


def test_no_error_page():
    assert problems.browser_problem("https://example.com/") is None


def test_every_message_is_one_that_can_be_followed_by_its_link():
    for entries in (problems._OAUTH, problems._API, problems._CONSOLE):
        for code, entry in entries.items():
            problem = entry.problem(code, None)
            assert not problem.message.endswith((".", ":", " ")), code
            assert "  " not in problem.message, code
