# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""REST at /api/v2.0, where the release has it."""

from __future__ import annotations

import base64
import binascii
import errno
import json
import traceback
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import web

from simulator.nas.contract import MethodContract
from simulator.nas.errors import CallError, MatchNotFound, ValidationErrors
from simulator.nas.jobs import Job
from simulator.nas.session import Origin, Session

if TYPE_CHECKING:
    from simulator.nas.server import Nas

PREFIX = "/api/v2.0"
_TROUBLE = "500 Internal Server Error\n\nServer got itself in trouble"
_OPERATORS = {"eq": "=", "neq": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "regex": "~"}
_CRUD = {"GET": "query", "POST": "create", "PUT": "update", "DELETE": "delete"}
_WORDS = {"true": True, "false": False, "null": None}


class Refused(Exception):
    """A request that does not get as far as a method."""

    def __init__(self, response: web.Response) -> None:
        super().__init__(response.status)
        self.response = response


class Rest:
    """Turns REST requests into calls."""

    def __init__(self, nas: Nas) -> None:
        self.nas = nas

    async def handle(self, request: web.Request) -> web.StreamResponse:
        try:
            method, key = self._route(request)
            session = await self.log_in(request)
            body = await _body(request)
            params = self._params(request, method, key, body)
        except Refused as refused:
            return refused.response
        entry = self.nas.journal.call(session.id, "rest", method.name)
        entry["ok"] = False
        try:
            result = await self.nas.dispatcher.call(session, method.name, params, [])
        except MatchNotFound:
            return web.json_response({"message": ""}, status=404)
        except ValidationErrors as error:
            return web.json_response(_fields(error), status=422)
        except CallError as error:
            if error.errno == errno.EACCES:
                return web.Response(status=403)
            return web.json_response({"message": error.message, "errno": error.errno}, status=422)
        except Exception as error:  # noqa: BLE001  the real server, too, answers anything unexpected with its text
            text = "".join(traceback.format_exception(error))
            return web.json_response({"message": str(error) or repr(error), "traceback": text}, status=500)
        entry["ok"] = True
        return _json(result.id if isinstance(result, Job) else result)

    # What is called

    def _route(self, request: web.Request) -> tuple[MethodContract, Any]:
        """The method and, in `NAMESPACE/id/ID[/ACTION]`, the record's id."""
        parts = [unquote(part) for part in request.rel_url.raw_path.removeprefix(PREFIX).strip("/").split("/")]
        key: Any = None
        verbs: tuple[str, ...]
        if "id" in parts[1:-1]:
            at = parts.index("id", 1)
            key = int(parts[at + 1]) if parts[at + 1].isdigit() else parts[at + 1]
            actions = parts[at + 2 :]
            name = ".".join([*parts[:at], actions[0] if actions else _CRUD.get(request.method, "")])
            verbs = ("POST",) if actions else ("GET", "PUT", "DELETE")
        else:
            name = ".".join(parts)
            crud = f"{name}.{_CRUD.get(request.method, '')}"
            if request.method == "GET" and self.nas.contract.method(f"{name}.config") is not None:
                crud = f"{name}.config"  # of a service that has one record
            if request.method in ("GET", "POST") and self.nas.contract.method(crud) is not None:
                name, verbs = crud, (request.method,)
            else:
                verbs = self._verbs(name)
        method = self.nas.contract.method(name)
        if method is None:
            raise Refused(web.Response(status=404, text="404: Not Found"))
        if request.method not in verbs:
            raise Refused(web.Response(status=405, text="405: Method Not Allowed"))
        return method, key

    def _verbs(self, name: str) -> tuple[str, ...]:
        method = self.nas.contract.method(name)
        if method is None:
            return ()
        return ("GET",) if _is_query(method) or not method.param_names else ("POST",)

    def _params(self, request: web.Request, method: MethodContract, key: Any, body: Any) -> list[Any]:
        if _is_query(method):
            filters, options = _query(request)
            if key is not None:
                return [[["id", "=", key]], {"get": True}]
            return [filters, options]
        if key is not None and method.name.endswith(".get_instance"):
            return [key]
        names = method.param_names if key is None else method.param_names[1:]
        first = [] if key is None else [key]
        if body is _NOTHING or not names:
            return first
        if len(names) == 1:
            return [*first, body]
        if not isinstance(body, dict):
            raise _bad_request("Request body must be an object")
        return [*first, *_positional(method, names, body)]

    # Who calls

    async def log_in(self, request: web.Request) -> Session:
        """Log in by the header or the token of a request.

        :raises Refused: who calls is not known, or no full administrator
        """
        assert request.transport is not None
        address = request.transport.get_extra_info("peername")[0]
        session = Session(Origin(address, "rest", secure=True))
        kind, dummy, value = request.headers.get("Authorization", "").partition(" ")
        if "auth_token" in request.query:
            kind, value = "Token", request.query["auth_token"]
        check = {"Bearer": self._bearer, "Basic": self._basic, "Token": self._token}.get(kind)
        if check is None:
            raise Refused(web.Response(status=401, text="401: Unauthorized"))
        fault = check(session, request, value)
        username = session.user.username if session.user else None
        self.nas.journal.login(session.id, "rest", kind, username, "AUTH_ERR" if fault else "SUCCESS")
        if fault:
            await self.nas.faults.sleep_failed_login()
            raise Refused(web.Response(status=401, text=fault))
        if not session.full_admin:
            raise Refused(web.Response(status=403))
        return session

    def _bearer(self, session: Session, request: web.Request, value: str) -> str | None:
        accounts = self.nas.accounts
        number = value.partition("-")[0]
        if self.nas.features.user_keys and "-" in value and number.isdigit() and accounts.keys.get(int(number)) is None:
            raise Refused(web.Response(status=500, text=_TROUBLE))  # a defect: the key is expected to be there
        key = accounts.find_key(value)
        if key is None or key["revoked"] or accounts.key_expired(key):
            return "Invalid API key"
        if self.nas.features.user_keys:
            account = accounts.account(key["username"])
            assert account is not None
            session.log_in(account, "API_KEY", self.nas.clock.now(), key)
        elif _allowed(key["allowlist"], request):
            session.log_in(None, "API_KEY", self.nas.clock.now(), key)
        else:
            raise Refused(web.Response(status=403))
        return None

    def _basic(self, session: Session, request: web.Request, value: str) -> str | None:
        try:
            username, dummy, password = base64.b64decode(value).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            username = password = ""
        account = self.nas.accounts.account(username)
        if account is None or not self.nas.accounts.check_password(username, password):
            return "Bad username or password"
        session.log_in(account, "LOGIN_PASSWORD", self.nas.clock.now())
        return None

    def _token(self, session: Session, request: web.Request, value: str) -> str | None:
        token = self.nas.tokens.get(value)
        assert session.origin is not None
        if token is None or not token.alive or token.address not in (None, session.origin.address):
            return "Invalid token"
        if token.single_use:
            del self.nas.tokens[value]
        session.log_in(token.account, "TOKEN", self.nas.clock.now())
        return None


_NOTHING = object()


def _is_query(method: MethodContract) -> bool:
    """Whether filters and options are all that a method takes: filesystem.listdir takes a path before them."""
    return method.filterable and len(method.param_names) == 2


async def _body(request: web.Request) -> Any:
    text = await request.text()
    if not text:
        return _NOTHING
    try:
        return json.loads(text)
    except ValueError as error:
        raise _bad_request(f"json parse error: {error}", errno=errno.EINVAL) from None


def _positional(method: MethodContract, names: tuple[str, ...], body: dict[str, Any]) -> list[Any]:
    """Members of a body in the order of the parameters; filters and options have an older spelling, too."""
    given = {name.replace("-", "_"): value for name, value in body.items()}
    unknown = [name for name in body if name.replace("-", "_") not in {one.replace("-", "_") for one in names}]
    if unknown:
        raise _bad_request(f"The following attributes are not expected: {', '.join(unknown)}")
    params = []
    for name in names:
        try:
            params.append(given[name.replace("-", "_")] if name.replace("-", "_") in given else method.default(name))
        except KeyError:
            raise _bad_request(f"{name} attribute expected.") from None
    return params


def _bad_request(message: str, **more: Any) -> Refused:
    return Refused(web.json_response({"message": message, **more}, status=400))


def _query(request: web.Request) -> tuple[list[Any], dict[str, Any]]:
    """Filters and options of a query string."""
    filters: list[Any] = []
    options: dict[str, Any] = {}
    for name, text in request.query.items():
        value = _value(text)
        if name == "auth_token":
            continue
        if name in ("limit", "offset", "count", "sort"):
            options[name] = value
        elif name.startswith("extra."):
            options.setdefault("extra", {})[name.removeprefix("extra.")] = json.loads(text)
        else:
            field, dummy, operator = name.partition("__")
            filters.append([field, _OPERATORS.get(operator or "eq", operator), value])
    return filters, options


def _value(text: str) -> Any:
    if text.isdigit():
        return int(text)
    return _WORDS.get(text.lower(), text)


def _allowed(allowlist: list[dict[str, str]], request: web.Request) -> bool:
    """Whether a key's allowlist names the verb and the path, with `{id_}` in place of an id."""
    parts = request.rel_url.raw_path.removeprefix(PREFIX).rstrip("/").split("/")
    if "id" in parts[2:-1]:
        parts[parts.index("id", 2) + 1] = "{id_}"
    path = "/".join(parts)
    return any(entry["method"] in ("*", request.method) and entry["resource"] in ("*", path) for entry in allowlist)


def _fields(error: ValidationErrors) -> dict[str, list[dict[str, Any]]]:
    fields: dict[str, list[dict[str, Any]]] = {}
    for attribute, message, number in error.rows:
        fields.setdefault("null" if attribute is None else attribute, []).append({"message": message, "errno": number})
    return fields


def _json(value: Any) -> web.Response:
    return web.json_response(value, dumps=lambda one: json.dumps(one, indent=True))


def add_routes(app: web.Application, nas: Nas) -> None:
    """Serve REST below its prefix."""
    app.router.add_route("*", PREFIX + "/{path:.*}", Rest(nas).handle)
