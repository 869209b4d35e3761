# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a method call looks in REST: verb, path, query string and body.

PRIVATE to the collection. Pure. The rules are TrueNAS's own, the names of parameters those of 24.10 to 25.10.
"""

from __future__ import annotations

import dataclasses
import errno
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import UnknownMethod
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.release import Release
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.filters import filter_rows

BASE = "/api/v2.0"

NO_BODY = object()

# Methods of several parameters take an object keyed by their names. Listing's were renamed in 25.04.
_PARAMETERS: dict[str, tuple[str, ...]] = {
    "cloudsync.create_bucket": ("credentials_id", "name"),
    "cloudsync.restore": ("id", "opts"),
    "cloudsync.sync_onetime": ("cloud_sync_sync_onetime", "cloud_sync_sync_onetime_options"),
    "core.download": ("method", "args", "filename", "buffered"),
    "core.job_download_logs": ("id", "filename", "buffered"),
    "filesystem.listdir": ("path", "query_filters", "query_options"),
}
_OLD_PARAMETERS: dict[str, tuple[str, ...]] = {"filesystem.listdir": ("path", "query-filters", "query-options")}

# Methods of one record: POST to its address, what follows the id is the body.
_ITEM_METHODS = {"cloudsync.sync", "cloudsync.abort"}
_OLD_ITEM_METHODS = {"cloudsync.restore"}  # until 25.04

_QUERIES = {"core.get_jobs"}  # besides every method called "query"

# What belongs to a session does not exist where each request logs in anew.
_SESSION_METHODS = re.compile(r"auth\.(?!generate_token$)|core\.(subscribe|unsubscribe|set_options)$")

# The server makes numbers, truths and nothing out of texts that look like them; such a text cannot be searched.
_MISREAD = re.compile(r"\s*[-+.\d_]|true$|false$|none$|null$", re.IGNORECASE)
_PLAIN_FIELD = re.compile(r"[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)*")
_RESERVED = {"limit", "offset", "count", "sort"}


@dataclasses.dataclass(frozen=True)
class Request:
    """One HTTP request below `BASE`; `finish` makes the method's result out of the answer."""

    verb: str
    path: str
    body: Any = NO_BODY
    finish: Callable[[Any], Any] = lambda answer: answer

    @property
    def resource(self) -> str:
        """The path as an API key's allowlist names it."""
        return re.sub(r"/id/[^/]+", "/id/{id_}", self.path.partition("?")[0])


def route(method: str, params: Sequence[Any], release: Release) -> Request:
    """The request for a call.

    Raises:
        UnknownMethod: REST has no such call, or its form is not known.
    """
    service, _dot, name = method.rpartition(".")
    path = "/" + service.replace(".", "/")
    if _SESSION_METHODS.match(method):
        raise UnknownMethod(method, "the REST API has no such method", errno.ENOSYS)
    if name == "query" or method in _QUERIES:
        return _query(method, path if name == "query" else f"{path}/{name}", *params)
    if name == "config":
        return Request("GET", path)
    if name == "create":
        return Request("POST", path, params[0])
    if name == "get_instance":
        return Request("GET", _item(path, params[0]))
    if name in ("update", "delete"):
        return Request("PUT" if name == "update" else "DELETE", _item(path, params[0]), _rest(params))
    if method in _ITEM_METHODS or (release.has("rest_item_methods") and method in _OLD_ITEM_METHODS):
        return Request("POST", f"{_item(path, params[0])}/{name}", _rest(params))
    return _other(method, f"{path}/{name}", params, release)


def _other(method: str, path: str, params: Sequence[Any], release: Release) -> Request:
    names = _PARAMETERS.get(method)
    if names and release.has("rest_old_parameters"):
        names = _OLD_PARAMETERS.get(method, names)
    if names:
        return Request("POST", path, dict(zip(names, params, strict=False)))
    if not params:
        return Request("GET", path)
    if len(params) == 1:
        return Request("POST", path, params[0])
    raise UnknownMethod(method, "the names of its parameters in REST are not known", errno.ENOSYS)


def _query(method: str, path: str, filters: Sequence[Any] = (), options: Mapping[str, Any] | None = None) -> Request:
    """Filters that survive the query string go along to keep the answer small; all are carried out here in any case."""
    options = options or {}
    words = [(one[0], str(one[2])) for one in filters if _safe(one)]
    words += [(f"extra.{name}", json.dumps(value)) for name, value in (options.get("extra") or {}).items()]
    return Request(
        "GET",
        path + (f"?{urlencode(words)}" if words else ""),
        finish=lambda rows: filter_rows(method, rows if isinstance(rows, list) else [], filters, options),
    )


def _safe(one: Sequence[Any]) -> bool:
    if len(one) != 3 or one[1] != "=" or not _PLAIN_FIELD.fullmatch(one[0]) or one[0].startswith("extra."):
        return False
    value = one[2]
    if one[0] in _RESERVED or isinstance(value, bool):
        return False
    if isinstance(value, str):
        return bool(value) and not _MISREAD.match(value)
    return isinstance(value, int) and value >= 0


def _item(path: str, record_id: Any) -> str:
    return f"{path}/id/{quote(str(record_id), safe='')}"


def _rest(params: Sequence[Any]) -> Any:
    return params[1] if len(params) > 1 else NO_BODY
