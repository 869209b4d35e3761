# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that a module says does anything to a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import one_line, printable, words

DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TEXTS = st.text() | st.text("\x1b\x9b\x07\x00\x7f\r\n\t\u2028\ufeff]0;2Jab" + DIRECTIONS)


@given(TEXTS)
def test_no_control_and_no_direction_mark_stays(text: str) -> None:
    shown = printable(text)
    assert {one for one in shown if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")} <= {"\n", "\t"}
    assert not set(shown) & set(DIRECTIONS)
    assert printable(shown) == shown


@given(TEXTS)
def test_one_line_is_one_line(text: str) -> None:
    assert one_line(text).isprintable()
    assert len(one_line(text)) == len(text)


@given(st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs")), max_size=30))
def test_what_people_write_stays(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("text", ["Ausflüge 🏴‍☠️ 👩‍👩‍👧", "写真\n\tЖ", "a\\x1b"])
def test_emoji_lines_and_tabs_stay(text: str) -> None:
    assert printable(text) == text


def test_what_is_taken_out_can_be_seen() -> None:
    assert printable("Photos\x1b]0;owned\x07\x9b2J\u202e\r\nNew\rOld") == (
        r"Photos\x1b]0;owned\x07\x9b2J\u202e" + "\n" + r"New\x0dOld"
    )


def test_words_are_changed_and_data_is_not() -> None:
    answer = {
        "msg": "a\x07",
        "failures": [{"item": "task \x07", "msg": "b\x07"}],
        "job": {"error": "c\x07", "description": "d"},
        "log": "e\x07\n",
        "tasks": [{"description": "f\x07", "job": {"problem": "g\x07"}}],
        "warnings": ["h\x07"],
        "result": {"error": "i\x07"},
        "changed": False,
    }
    assert words(answer, printable) == {
        "msg": r"a\x07",
        "failures": [{"item": r"task \x07", "msg": r"b\x07"}],
        "job": {"error": r"c\x07", "description": "d"},
        "log": "e\\x07\n",
        "tasks": [{"description": "f\x07", "job": {"problem": r"g\x07"}}],
        "warnings": [r"h\x07"],
        "result": {"error": "i\x07"},
        "changed": False,
    }
