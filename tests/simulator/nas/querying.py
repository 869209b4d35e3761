# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the cloud services answer a query."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from simulator.nas.filters import filter_list
from simulator.nas.models.base import at_least
from simulator.nas.service import Context
from simulator.nas.state import Row


def answer_query(ctx: Context, method: str, rows: list[Row], filters: list[Any], options: dict[str, Any]) -> Any:
    """Filter rows; from 27.0 a row that does not fit its model (a selection of nested members) silently vanishes."""
    found = filter_list(rows, filters, options)
    if not (at_least(ctx.nas.release, "27.0") and isinstance(found, list)):
        return found
    contract = ctx.nas.contract.method(method)
    assert contract is not None
    kept = []
    for row in found:
        try:
            contract.check_result([row])
        except ValidationError:
            continue
        kept.append(row)
    return kept
