# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run did in a sentence."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.sentences import sentence

RUN = {"transferred": 2, "bytes": 3 << 20, "checks": 1, "deleted": 0, "errors": 0, "elapsed": 1.0}


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ({"summary": RUN, "would": None}, "copied 2 (3.0 MiB) and deleted 0"),
        ({"summary": {**RUN, "bytes": None, "checks": None}}, "copied 2 and deleted 0"),
        ({"summary": {**RUN, "transferred": None, "bytes": None}}, "copied files and deleted 0"),
        ({"summary": {**RUN, "transferred": 0, "bytes": 0, "errors": 2}}, "copied 0, deleted 0 and had 2 errors"),
        ({"would": {"copy": ["a"], "delete": []}}, "a run would copy 1 and delete 0"),
        ({"would": {"copy": [], "delete": ["x\x1b[2J", *"abcde"]}}, "a run would copy 0 and delete 6: "),
        ({"summary": None, "would": None}, ""),
    ],
)
def test_the_sentence(result, said):
    told = sentence(result)
    assert told.startswith(said)
    assert told == said or told.endswith(" and 1 more")
    assert "\x1b" not in told


def test_the_sentences_of_a_preflight():
    forecast = {"notes": ["A note.", "Another\x1b[2J."]}
    told = sentence({"would": {"copy": ["a"], "delete": []}, "forecast": forecast, "msg": "1 file to go."})
    assert told.startswith("a run would copy 1 and delete 0. 1 file to go. A note. Another")
    assert "\x1b" not in told
