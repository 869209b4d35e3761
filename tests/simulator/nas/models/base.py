# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vocabulary of the models: strict types, secrets, partial models, and the order of the releases."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar, Union

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model
from pydantic_core import core_schema

RELEASES = ("24.10", "25.04", "25.10", "26.0", "27.0")
T = TypeVar("T")


def at_least(release: str, since: str) -> bool:
    """Whether a release is that one or a later one."""
    return RELEASES.index(release) >= RELEASES.index(since)


class _Secret:
    """Marks what an account that may only read gets to see as eight asterisks."""

    def __repr__(self) -> str:
        return "SECRET"


SECRET = _Secret()
Secret = Annotated[T, SECRET]


def secret(kind: Any) -> Any:
    """`Secret` of a type that is made at run time."""
    return Annotated[kind, SECRET]


def listed(kind: Any) -> Any:
    """A list of a type that is made at run time."""
    return list[kind]


def one_of(*kinds: Any) -> Any:
    """A union of types that are made at run time."""
    return Union[kinds]  # noqa: UP007  # there is no other way to say it of a tuple


def literal(*values: Any) -> Any:
    """One of some values."""
    return Literal[values]


class _Absent:
    """The default of a member that stays away when it is not given."""

    def __deepcopy__(self, memo: object) -> _Absent:
        return self

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


class Model(BaseModel):
    """An object of the API: no conversion of types, no unknown members."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Open(Model):
    """An object that may have members beyond those written down."""

    model_config = ConfigDict(extra="allow")


Text = Annotated[str, Field(max_length=1024)]
NonEmpty = Annotated[str, Field(min_length=1, max_length=1024)]
Positive = Annotated[int, Field(gt=0)]


def long_text(release: str) -> Any:
    """Text for tokens, scripts and logs; its limit is checked by a function before 27.0, which shows in messages."""
    if at_least(release, "27.0"):
        return Annotated[str, Field(max_length=2**31 - 1)]
    return Annotated[str, AfterValidator(_long)]


def long_non_empty(release: str) -> Any:
    """As `long_text`, and not empty."""
    return Annotated[long_text(release), Field(min_length=1)]


def _long(value: str) -> str:
    if len(value) > 2_048_000:
        raise ValueError("Value greater than 2048000 not allowed")
    return value


class _Url:
    """A URL, which is kept as its normalised text: lower-case scheme and host, no default port, path not empty."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        url = core_schema.url_schema(allowed_schemes=["http", "https"], max_length=2083)
        return core_schema.no_info_after_validator_function(str, url)


def _https_only(value: str) -> str:
    if not value.startswith("https://"):
        raise ValueError("URL scheme must be https")
    return value


HttpUrl = Annotated[str, _Url()]
HttpsUrl = Annotated[HttpUrl, AfterValidator(_https_only)]
UrlOrEmpty = Literal[""] | HttpUrl


class Date(Model):
    """A point in time as it goes over the wire: milliseconds since 1970."""

    date: int = Field(alias="$date")


def model(model_name: str, base: type[BaseModel] = Model, /, **fields: Any) -> type[BaseModel]:
    """Make a model from `name=(type, default)`, or `name=type` for what is required; `pass` may be a name."""
    made: dict[str, Any] = {}
    for key, spec in fields.items():
        annotation, default = spec if isinstance(spec, tuple) else (spec, ...)
        made[f"{key}_" if key == "pass" else key] = (annotation, _field(key, default))
    return create_model(model_name, __base__=base, **made)


def _field(key: str, default: Any) -> Any:
    alias = "pass" if key == "pass" else None
    if isinstance(default, (dict, list)):
        return Field(default_factory=lambda: type(default)(default), validate_default=True, alias=alias)
    return Field(default, alias=alias)


def partial(source: type[BaseModel], name: str | None = None, base: type[BaseModel] = Model) -> type[BaseModel]:
    """A model of the same members, none of which is required and none of which has a default."""
    fields: dict[str, Any] = {
        key: (_annotation(info), Field(ABSENT, alias=info.alias)) for key, info in source.model_fields.items()
    }
    return create_model(name or source.__name__, __base__=base, **fields)


def _annotation(info: Any) -> Any:
    annotation = info.annotation
    for item in info.metadata:
        annotation = Annotated[annotation, item]
    if info.discriminator:
        annotation = Annotated[annotation, Field(discriminator=info.discriminator)]
    return annotation


def extend(source: type[BaseModel], name: str, /, **fields: Any) -> type[BaseModel]:
    """A model with the members of another and some more, or some with another type."""
    return model(name, source, **fields)


def dump(value: Any) -> Any:
    """What was validated, as plain data with the defaults filled in."""
    if isinstance(value, BaseModel):
        members = {info.alias or key: getattr(value, key) for key, info in type(value).model_fields.items()}
        return {key: dump(one) for key, one in members.items() if one is not ABSENT} | (value.model_extra or {})
    if isinstance(value, list):
        return [dump(item) for item in value]
    return value
