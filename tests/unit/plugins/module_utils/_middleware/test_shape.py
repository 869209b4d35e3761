# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import ProtocolError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.shape import NULL, check

SHAPE = [{"id": int, "provider": (str, {"type": str}), "job": (dict, NULL), "attributes?": dict}]


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [{"id": 1, "provider": "FTP", "job": None, "attributes": {}}],
        [{"id": 1, "provider": {"type": "FTP"}, "job": {}, "attributes": None, "more": object()}],
    ],
)
def test_an_answer_of_the_shape_is_passed_on(answer):
    assert check("cloudsync.query", answer, SHAPE) is answer


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({}, "its answer is an object"),
        (["hunter2"], "[0] is a text"),
        ([{}], "[0].id is missing"),
        ([{"id": True}], "[0].id is a boolean"),
        ([{"id": 1, "provider": 3}], "[0].provider is a number"),
        ([{"id": 1, "provider": {"type": None}}], "[0].provider.type is missing"),
        ([{"id": 1, "provider": "FTP", "job": "hunter2"}], "[0].job is a text"),
        ([{"id": 1, "provider": "FTP", "job": None, "attributes": ["hunter2"]}], "[0].attributes is a list"),
    ],
)
def test_any_other_is_refused_by_the_place_that_is_odd_and_without_its_value(answer, told):
    with pytest.raises(ProtocolError, match="cloudsync") as refused:
        check("cloudsync.query", answer, SHAPE)
    assert told in str(refused.value)
    assert "hunter2" not in str(refused.value)
