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
_DEEPEST = 3


def check_filters(filters: Any, unknown_operator: str = "Invalid operation: {}", depth: int = 0) -> None:
    """Refuse filters of a wrong shape.

    :param unknown_operator: how the release says that an operator does not exist
    :raises ValueError: what is wrong
    :raises TypeError: something that has no members stands where a list belongs
    """
    if depth > _DEEPEST:
        raise ValueError("query-filters max recursion depth exceeded")
    for one in filters:
        if len(one) == 2:
            operator, branches = one
            _check_branches(operator, branches, unknown_operator, depth)
        elif len(one) == 3 and isinstance(one, list):
            operator = one[1] if isinstance(one[1], str) else ""
            known = operator.removeprefix("C") in OPERATORS and operator != "C~"
            if not known:
                raise ValueError(unknown_operator.format(one[1]))
        else:
            raise ValueError(f"Invalid filter {one}")


def _check_branches(operator: Any, branches: Any, unknown_operator: str, depth: int) -> None:
    if operator != "OR":
        raise ValueError(f"Invalid operation: {operator}")
    if not branches:
        raise ValueError("OR filter requires at least one branch.")
    for branch in branches:
        is_list = isinstance(branch[0], list)
        check_filters(branch if is_list else [branch], unknown_operator, depth + 1)


def _filters(release: str) -> Any:
    text = "filter_list: unknown operator {!r}" if at_least(release, "27.0") else "Invalid operation: {}"

    def validate(value: list[Any]) -> list[Any]:
        check_filters(value, text)
        return value

    return Annotated[list[Any], AfterValidator(validate)]
