# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The contract of a release: every request and every answer of the simulated NAS is held against it."""

from __future__ import annotations

import errno
import inspect
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import ConfigDict, Field, ValidationError, create_model

from simulator.nas.errors import CallError, ValidationErrors
from simulator.nas.models import legacy, registry
from simulator.nas.models.base import ABSENT, RELEASES, Model, at_least, dump
from simulator.nas.models.methods import Spec
from simulator.nas.redaction import redact

_REQUIRED = inspect.Parameter.empty


@cache
def contract(release: str) -> Contract:
    """The contract of a release, one of `RELEASES`."""
    if release not in RELEASES:
        raise ValueError(f"Release {release} is none of {', '.join(RELEASES)}")
    return Contract(release)


class Contract:
    """All methods of a release."""

    def __init__(self, release: str) -> None:
        self.release = release
        self._methods = {name: MethodContract(release, name, spec) for name, spec in registry.methods(release).items()}

    def method(self, name: str) -> MethodContract | None:
        """The contract of a method, None when the release has no such method."""
        return self._methods.get(name)

    def names(self) -> list[str]:
        """Every method of the release."""
        return sorted(self._methods)


class MethodContract:
    """One method in one release."""

    def __init__(self, release: str, name: str, spec: Spec) -> None:
        self.release = release
        self.name = name
        self.spec = spec
        self.param_names = tuple(spec.params)
        self.roles = spec.roles
        self.secrets_role = spec.secrets_role
        self.authentication_required = spec.authentication_required
        self.authorization_required = bool(spec.roles)
        self.job = spec.job
        self.filterable = spec.crud == "query"

    def accept(self, params: Sequence[Any]) -> list[Any]:
        """The parameters checked, with defaults filled in.

        :raises ValidationErrors: what the release's models refuse
        :raises CallError: wrong number of parameters, where the release says it that way
        :raises TypeError: wrong number of parameters of a method whose body takes them before any model does
        """
        self._check_number(params)
        return self._params.accept(list(params))

    def default(self, name: str) -> Any:
        """What a parameter is when it is left out.

        :raises KeyError: it may not be left out
        """
        spec = self.spec.params[name]
        if isinstance(spec, legacy.Dict):
            return {}
        if isinstance(spec, legacy.Schema):
            if spec.default is ABSENT:
                raise KeyError(name)
            return spec.default
        if not isinstance(spec, tuple):
            raise KeyError(name)
        return spec[1]

    def check_result(self, value: Any, params: Sequence[Any] = ()) -> None:
        """Refuse an answer that the release's own model refuses.

        :param params: those of the call; 26.0 and what is older than 25.10 do not check rows asked for in another form
        :raises pydantic.ValidationError: its text is what the NAS would answer
        """
        options = params[-1] if self.filterable and params and isinstance(params[-1], dict) else {}
        in_other_form = options.get("select") or "retrieve_locked_info" in options.get("extra", {})
        is_lenient = self.release == "26.0" or isinstance(self.spec.result, legacy.Schema)
        if not (is_lenient and in_other_form):
            self._result.check(value)

    def redact_result(self, value: Any) -> Any:
        """The answer as an account sees it that may only read."""
        return self._result.redact(value)

    def redact_params(self, params: Sequence[Any]) -> list[Any]:
        """The parameters as they are shown in a job: secrets hidden, unknown members dropped."""
        return self._params.redact(list(params))

    @property
    def _params(self) -> Any:
        return _params(self)

    @property
    def _result(self) -> Any:
        return _result(self)

    def _check_number(self, params: Sequence[Any]) -> None:
        names = {"create": ("data",), "update": ("id", "data"), "delete": ("id",)}.get(self.spec.crud or "")
        if names is None:
            return
        where = f"CRUDService.{self.spec.crud}()"
        if missing := [repr(name) for name in names[len(params) :]]:
            plural = "s" if len(missing) > 1 else ""
            raise TypeError(
                f"{where} missing {len(missing)} required positional argument{plural}: {' and '.join(missing)}"
            )
        if len(params) > len(names) and self.spec.crud != "delete":
            # The server's own parameters count: the service, the session and, from 25.10, the connection.
            own = 4 if at_least(self.release, "25.10") else 3
            raise TypeError(f"{where} takes {own + len(names)} positional arguments but {own + len(params)} were given")


class ModelParams:
    """Parameters described by models."""

    def __init__(self, method: MethodContract) -> None:
        self.release = method.release
        self.specs = method.spec.params
        fields: dict[str, Any] = {}
        for number, (name, spec) in enumerate(self.specs.items()):
            annotation, default = spec if isinstance(spec, tuple) else (spec, ...)
            fields[f"p{number}"] = (annotation, Field(default, alias=name, validate_default=True))
        self.model = create_model(f"{method.name}Args", __base__=Model, **fields)

    def accept(self, params: list[Any]) -> list[Any]:
        if len(params) > len(self.specs):
            text = f"Too many arguments (expected {len(self.specs)}, found {len(params)})"
            raise CallError(text) if self.release == "25.04" else ValidationErrors([("", text, errno.EINVAL)])
        try:
            checked = self.model.model_validate(dict(zip(self.specs, params, strict=False)))
        except ValidationError as error:
            raise ValidationErrors(error_rows(error, merge=at_least(self.release, "26.0"))) from error
        return list(dump(checked).values())

    def redact(self, params: list[Any]) -> list[Any]:
        types = [spec[0] if isinstance(spec, tuple) else spec for spec in self.specs.values()]
        return [redact(kind, value, drop_unknown=True) for kind, value in zip(types, params, strict=False)]


class ModelResult:
    """A result described by a model."""

    def __init__(self, method: MethodContract) -> None:
        self.type = method.spec.result
        self.model = create_model(method.spec.result_name, __base__=_ResultBase, result=(self.type, ...))

    def check(self, value: Any) -> None:
        self.model.model_validate({"result": value})

    def redact(self, value: Any) -> Any:
        return redact(self.type, value)


class _ResultBase(Model):
    # An answer may hold credentials; what does not fit is a defect of the simulator, whose message stays without them.
    model_config = ConfigDict(hide_input_in_errors=True)


class LegacyParams:
    """Parameters described in the older language."""

    def __init__(self, method: MethodContract) -> None:
        self.schemas = tuple(method.spec.params.values())

    def accept(self, params: list[Any]) -> list[Any]:
        if len(params) > len(self.schemas):
            raise CallError(f"Too many arguments (expected {len(self.schemas)}, found {len(params)})")
        try:
            return legacy.accept(self.schemas, params)
        except legacy.Refused as error:
            raise ValidationErrors([(path, message, errno.EINVAL) for path, message in error.rows]) from error

    def redact(self, params: list[Any]) -> list[Any]:
        return [schema.redact(value) for schema, value in zip(self.schemas, params, strict=False)]


class LegacyResult:
    """A result described in the older language."""

    def __init__(self, method: MethodContract) -> None:
        self.schema: legacy.Schema = method.spec.result

    def check(self, value: Any) -> None:
        legacy.check(self.schema, value)

    def redact(self, value: Any) -> Any:
        return self.schema.redact(value)


@cache
def _params(method: MethodContract) -> Any:
    specs = method.spec.params.values()
    return LegacyParams(method) if any(isinstance(one, legacy.Schema) for one in specs) else ModelParams(method)


@cache
def _result(method: MethodContract) -> Any:
    return LegacyResult(method) if isinstance(method.spec.result, legacy.Schema) else ModelResult(method)


_UNION_LABEL = re.compile(r".*\[.*|str|int|bool|float|nullable|list|dict|[A-Z][a-z]\w*")


def error_rows(error: ValidationError, *, merge: bool) -> list[tuple[str | None, str, int]]:
    """Validation errors as the middleware reports them.

    :param merge: put the errors of the members of a union into one message, at the union's own path
    """
    rows: dict[tuple[int, str], list[str]] = {}
    for number, one in enumerate(error.errors(include_url=False)):
        location = list(one["loc"])
        message = one["msg"]
        if one["type"] == "union_tag_not_found":
            location.append("type")
            message = "Field required"
        kept = [part for part in location if not (isinstance(part, str) and _UNION_LABEL.fullmatch(part))]
        is_union = merge and kept != location
        path = ".".join(map(str, kept if is_union else location))
        messages = rows.setdefault((-1 if is_union else number, path), [])
        if message not in messages:
            messages.append(message)
    return [(path, " or ".join(messages), errno.EINVAL) for (dummy, path), messages in rows.items()]
