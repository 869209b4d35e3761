# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a token works, found out by using it.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from ansible_collections.nasops.cloudsync.plugins.module_utils._google.client import OAuthClient
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.oauth import (
    Grant,
    http_session,
    refresh,
    scopes_problem,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.problems import (
    GoogleError,
    Problem,
    api_problem,
    unreachable,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._google.services import Service
from ansible_collections.nasops.cloudsync.plugins.module_utils._rclone_token import RcloneToken

with contextlib.suppress(ImportError):  # oauth.GOOGLE_IMPORT_ERROR tells
    import requests

_TIMEOUT = 30  # seconds


@dataclass(frozen=True)
class Verdict:
    """The outcome of a check: what is wrong, if anything, and what Google granted before that showed."""

    problem: Problem | None
    grant: Grant | None = None


def check(client: OAuthClient, token: RcloneToken, *, service: Service, access: str) -> Verdict:
    """Refresh the token, compare its scopes, ask the service's API something small.

    Raises GoogleError when nothing can be found out at the moment.
    """
    with http_session(client, service) as http:
        try:
            grant = refresh(http, client, token)
        except GoogleError as error:
            return _verdict(error.problem)
        missing = service.missing_scopes(grant.scopes, access) if grant.scopes else []
        if missing:
            return Verdict(scopes_problem(missing, service), grant)
        try:
            answer = http.get(service.probe_url, params=service.probe_query, timeout=_TIMEOUT)
        except requests.RequestException as error:
            raise GoogleError(unreachable(urlsplit(service.probe_url).hostname or service.host, error)) from None
    if answer.status_code != 200 or not answer.text.lstrip().startswith("{"):
        return _verdict(api_problem(answer.status_code, answer.text, project=client.project, service=service), grant)
    return Verdict(None, grant)


def _verdict(problem: Problem, grant: Grant | None = None) -> Verdict:
    if problem.temporary:
        raise GoogleError(problem)  # tells nothing about the token
    return Verdict(problem, grant)
