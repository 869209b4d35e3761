# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Query filters that are carried out here, against the simulator's own idea of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import CallError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport.filters import filter_rows
from simulator.nas.errors import MatchNotFound
from simulator.nas.filters import filter_list

TEXTS = st.sampled_from(["", "a", "ab", "b", "album"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {"id": st.integers(1, 5), "name": TEXTS, "credentials": st.fixed_dictionaries({"name": TEXTS | st.none()})},
        optional={"path": TEXTS | st.none()},
    ),
    max_size=6,
)
FILTERS = st.one_of(
    st.tuples(
        st.sampled_from(["name", "credentials.name", "path"]), st.sampled_from(["=", "!=", "^", "$", "~", "!^"]), TEXTS
    ),
    st.tuples(st.just("id"), st.sampled_from(["=", "!=", ">", ">=", "<", "<="]), st.integers(0, 6)),
    st.tuples(st.just("name"), st.sampled_from(["in", "nin"]), st.lists(TEXTS)),
    st.tuples(st.sampled_from(["name", "path"]), st.sampled_from(["rin", "rnin"]), TEXTS),
)
ANY_FILTER = FILTERS | st.tuples(st.just("OR"), st.lists(FILTERS.map(list), min_size=1, max_size=3))
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "get": st.booleans(),
        "count": st.booleans(),
        "limit": st.integers(0, 3),
        "offset": st.integers(0, 3),
        "order_by": st.lists(st.sampled_from(["id", "-id", "name", "-name"]), max_size=2),
        "select": st.lists(st.sampled_from(["id", "name", "path"]), max_size=2),
    },
)


@given(ROWS, st.lists(ANY_FILTER, max_size=3), OPTIONS)
def test_the_outcome_is_that_of_a_nas(rows: list[dict[str, Any]], filters: list[Any], options: dict[str, Any]) -> None:
    try:
        expected = filter_list(rows, filters, options)
    except MatchNotFound:
        with pytest.raises(CallError, match="no record"):
            filter_rows("x.query", rows, filters, options)
    else:
        assert filter_rows("x.query", rows, filters, options) == expected


@pytest.mark.parametrize("one", [["name", "like", "x"], ["name"], ["name", "~", "("], ["id", ">", "x"]])
def test_a_filter_that_can_not_be_carried_out_is_told(one: list[Any]) -> None:
    with pytest.raises(CallError, match="filter"):
        filter_rows("x.query", [{"id": 1, "name": "a"}], [one], {})
