# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names

NFC, NFD = "Z\u00fcrich", "Zu\u0308rich"


def test_one_name_in_two_unicode_forms_is_one_name():
    assert NFC != NFD
    assert names.same(NFC, NFD)
    assert not names.same("Zurich", NFC)
    assert (names.form(NFC), names.form(NFD)) == ("composed (NFC)", "decomposed (NFD)")
    assert names.form(NFC + "u\u0308") == "mixed"


def test_twins_are_found():
    assert names.twins([NFD, "Rome", NFC, "rome", NFC]) == [(NFD, NFC)]
    assert names.twins([NFD, "Rome", NFC, "rome"], folds_case=True) == [("Rome", "rome"), (NFD, NFC)]
    assert names.twins(["STRASSE", "stra\u00dfe"], folds_case=True) == [("STRASSE", "stra\u00dfe")]
    assert names.twins([]) == []


@given(st.lists(st.text(max_size=4)), st.booleans())
def test_names_without_twins_have_none_and_each_twin_is_a_name(found, folds_case):
    groups = names.twins(found, folds_case=folds_case)
    kept = set(found) - {name for group in groups for name in group[1:]}
    assert names.twins(sorted(kept), folds_case=folds_case) == []
    assert {name for group in groups for name in group} <= set(found)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("Relatives ", "has a blank"),
        (" x", "has a blank"),
        ("\u00a0x", "has a blank"),
        ("x\u3000", "has a blank"),
        ("x\n", "has a blank"),
        ("a\tb", "control character"),
        ("a\x7fb", "control character"),
        ("a\x00b", "control character"),
        ("a\u2028b", "control character"),
        ("a\ud800b", "control character"),
        ("a\u202eb", "direction of text"),
        ("\ufeffFamily", "invisible character"),
        ("Family\u200b", "invisible character"),
        ("\u00fc" * 128, "255 bytes"),
    ],
)
def test_a_name_that_nobody_can_type_has_a_flaw(part, words):
    assert words in names.flaw(part)


@pytest.mark.parametrize(
    "part",
    ["Family", ".hidden", "\u00c5land \u2013 \u65e5\u672c", NFD, "a'b \"q\"", "A & B", "{x}", "50% off", "Trip.",
     "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
     "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u2764\ufe0f",
     "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "\u00fc" * 127],
)  # fmt: skip
def test_a_name_as_people_write_them_has_none(part):
    assert names.flaw(part) is None
