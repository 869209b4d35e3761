# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a method's parameters and result are written down, and what all `query` methods have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from simulator.nas.models.base import Text, at_least, listed, model, one_of, partial

Crud = Literal["create", "update", "delete", "get_instance", "query"]


@dataclass(frozen=True)
class Spec:
    """A method in one release.

    :param params: name -> type, or (type, default); in their order
    :param roles: any of them allows the call
    :param secrets_role: whose holders see secrets in the answer (None: only full administrators)
    :param result_name: the name of the result's model, which appears when an answer does not fit it
    """

    params: dict[str, Any]
    result: Any
    roles: tuple[str, ...] = ()
    secrets_role: str | None = None
    authentication_required: bool = True
    job: bool = False
    crud: Crud | None = None
    result_name: str = "Result"


@dataclass(frozen=True)
class Service:
    """Makes the specs of one service, all of which have the same prefix of roles."""

    name: str
    role_prefix: str
    specs: dict[str, Spec] = field(default_factory=dict)

    def add(self, method: str, params: dict[str, Any], result: Any, *, write: bool, **more: Any) -> None:
        role = f"{self.role_prefix}_{'WRITE' if write else 'READ'}"
        self.specs[f"{self.name}.{method}"] = Spec(
            params, result, roles=(role,), secrets_role=f"{self.role_prefix}_WRITE", **more
        )


def query_params(release: str) -> dict[str, Any]:
    """`filters` and `options` of a query."""
    return {"filters": (_filters(release), []), "options": (query_options(release), {})}


def get_instance_params(release: str, key: Any = int) -> dict[str, Any]:
    """The id and the options of a `get_instance`."""
    return {"id": key, "options": (query_options(release), {})}


def query_result(release: str, entry: type[BaseModel]) -> Any:
    """Rows, one row, or their number; a row may be a selection of members. From 27.0 whole rows are told apart."""
    row = partial(entry, f"{entry.__name__.removesuffix('Entry')}QueryResultItem")
    if at_least(release, "27.0"):
        return one_of(listed(entry), entry, listed(row), row, int)
    return one_of(listed(row), row, int)


def query_options(release: str) -> type[BaseModel]:
    """The options of a query."""
    bounded = at_least(release, "27.0")
    fields: dict[str, Any] = {
        "extra": (dict[str, Any], {}),
        "order_by": (list[Text], []),
        "select": (list[Text | list[Any]], []),
        "count": (bool, False),
        "get": (bool, False),
        "offset": (Annotated[int, Field(ge=0)] if bounded else int, 0),
        "limit": (Annotated[int, Field(ge=0, le=10000)] if bounded else int, 0),
        "force_sql_filters": (bool, False),
    }
    if not at_least(release, "25.10"):
        fields |= {
            "relationships": (bool, True),
            "extend": (Text | None, None),
            "extend_context": (Text | None, None),
            "prefix": (Text | None, None),
        }
    return model("QueryOptions", **fields)


OPERATORS = frozenset(("=", "!=", ">", ">=", "<", "<=", "~", "in", "nin", "rin", "rnin", "^", "!^", "$", "!$"))


def check_filters(filters: Any, unknown_operator: str) -> str | None:
    """What is wrong with filters, None when nothing is.

    :param unknown_operator: how the release says that an operator does not exist
    """
    if not isinstance(filters, list):
        return f"Invalid filters {filters!r}"
    for one in filters:
        if not isinstance(one, list) or len(one) not in (2, 3):
            problem: str | None = f"Invalid filter {one!r}"
        elif len(one) == 3:
            known = isinstance(one[1], str) and (one[1] in OPERATORS or (one[1][:1] == "C" and one[1][1:] in OPERATORS))
            problem = None if known else unknown_operator.format(one[1])
        elif one[0] in ("OR", "AND") and isinstance(one[1], list):
            problem = _check_members(one[1], unknown_operator)
        else:
            problem = f"Invalid filter {one!r}"
        if problem is not None:
            return problem
    return None


def _check_members(members: list[Any], unknown_operator: str) -> str | None:
    """Of a junction: each member is one filter, or a list of filters."""
    for member in members:
        is_list = isinstance(member, list) and bool(member) and isinstance(member[0], list)
        if problem := check_filters(member if is_list else [member], unknown_operator):
            return problem
    return None


def _filters(release: str) -> Any:
    text = "filter_list: unknown operator {!r}" if at_least(release, "27.0") else "Invalid operation: {}"

    def validate(value: list[Any]) -> list[Any]:
        if problem := check_filters(value, text):
            raise ValueError(problem)
        return value

    return Annotated[list[Any], AfterValidator(validate)]
