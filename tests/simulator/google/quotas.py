# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quotas of Google Photos: requests and downloads a day, writes a minute, writes at the same time."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from typing import Any

from aiohttp import web

from simulator.google.answers import ApiError, error_info
from simulator.google.state import PHOTOS_SERVICE, Counts, Project, World

DOWNLOADS_HOST = "lh3.googleusercontent.com"
PACIFIC = datetime.timezone(datetime.timedelta(hours=-8))
"""Days begin at midnight there (summer time is left out)."""
MINUTE = 60


class Quotas:
    """Counts what each project and person asks of Photos; the counts are part of the world's state."""

    def __init__(self, world: World) -> None:
        self._world = world

    @contextlib.contextmanager
    def admitted(self, request: web.Request) -> Iterator[None]:
        """Let a request in, for as long as it takes.

        Requests without a good token and those of a project without the API are none of Photos's.

        Raises:
            ApiError: A quota is used up. What is refused does not count.
        """
        caller = self._caller(request)
        if caller is None:
            yield
            return
        account, project = caller
        self._check_day(request.host, project)
        if not is_write(request):
            self._count(request.host, project)
            yield
            return
        self._check_minute(account, project)
        writing = self._world.counts.writing
        limit = self._world.settings.concurrent_writes
        if limit is not None and writing[account] >= limit:
            raise ApiError(429, f"Quota exceeded for quota 'concurrent write request' of service '{PHOTOS_SERVICE}'.")
        self._count(request.host, project)
        self._world.counts.writes.setdefault(account, []).append(self._world.now())
        writing[account] += 1
        try:
            yield
        finally:
            writing[account] -= 1

    def _caller(self, request: web.Request) -> tuple[str, Project] | None:
        """Whose request it is."""
        if request.host not in (PHOTOS_SERVICE, DOWNLOADS_HOST):
            return None
        token = self._world.grants.find_access_token(request.headers.get("Authorization", "").partition(" ")[2])
        if token is None or token.client_id is None:
            return None
        project = self._world.projects[self._world.clients[token.client_id].project_id]
        return (token.account, project) if project.is_enabled(PHOTOS_SERVICE, self._world.now()) else None

    def _check_day(self, host: str, project: Project) -> None:
        settings = self._world.settings
        if host == DOWNLOADS_HOST:
            if self._world.counts.day[self._key(host, project)] >= settings.media_reads_per_day:
                raise TooManyDownloads
        elif self._world.counts.day[self._key(host, project)] >= settings.requests_per_day:
            raise _exceeded(
                "All requests", "All requests per day", "ApiCallsPerProjectPerDay", project, settings.requests_per_day
            )

    def _check_minute(self, account: str, project: Project) -> None:
        limit, now = self._world.settings.writes_per_minute, self._world.now()
        recent = [at for at in self._world.counts.writes.get(account, []) if at > now - MINUTE]
        self._world.counts.writes[account] = recent
        if limit is not None and len(recent) >= limit:
            metric = f"{PHOTOS_SERVICE}/write_requests"
            raise _exceeded(metric, "WritesPerMinutePerUser", "WritesPerMinutePerUser", project, limit)

    def _count(self, host: str, project: Project) -> None:
        self._world.counts.day[self._key(host, project)] += 1

    def _key(self, host: str, project: Project) -> tuple[str, str, str]:
        day = datetime.datetime.fromtimestamp(self._world.now(), PACIFIC).date()
        return project.project_id, "media" if host == DOWNLOADS_HOST else "requests", day.isoformat()


class TooManyDownloads(ApiError):
    """What the server of photos and videos answers, which knows no JSON."""

    def __init__(self) -> None:
        super().__init__(429, "Too Many Requests")

    def response(self) -> web.Response:
        page = "<!DOCTYPE html><html lang=en><title>Error 429 (Too Many Requests)!!1</title>"
        return web.Response(status=429, text=page, content_type="text/html")


def is_write(request: web.Request) -> bool:
    """Whether it changes an account; sending bytes alone does not."""
    return (
        request.host == PHOTOS_SERVICE
        and request.method == "POST"
        and not request.path.endswith((":search", "/uploads"))
    )


def used(counts: Counts) -> list[dict[str, Any]]:
    """What has been counted, by project, kind and day."""
    return [
        {"project": project, "kind": kind, "day": day, "count": count}
        for (project, kind, day), count in counts.day.items()
    ]


def _exceeded(metric: str, limit: str, name: str, project: Project, value: int) -> ApiError:
    return ApiError(
        429,
        f"Quota exceeded for quota metric '{metric}' and limit '{limit}' of service '{PHOTOS_SERVICE}' "
        f"for consumer 'project_number:{project.number}'.",
        [
            error_info(
                "RATE_LIMIT_EXCEEDED",
                service=PHOTOS_SERVICE,
                consumer=f"projects/{project.number}",
                quota_metric=metric if "/" in metric else f"{PHOTOS_SERVICE}/all_requests",
                quota_limit=name,
                quota_limit_value=str(value),
                quota_location="global",
            )
        ],
    )
