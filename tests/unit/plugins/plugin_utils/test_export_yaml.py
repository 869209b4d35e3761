# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import string

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.utils.unsafe_proxy import wrap_var
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import printable
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._export_yaml import dump, load

TEXTS = st.text(alphabet=string.printable + "äßЖ漢\u202e\x1b\x7f\x9b\u2028\ufeff🦊") | st.sampled_from(
    [
        "{{ lookup('pipe', 'touch x') }}",
        "docker ps --format '{{.Names}}'",
        "*.{{(?i)(jpe?g|png)}}",
        "{# no comment #}/**",
        "{% for x in y %}",
        "!unsafe '{{ x }}'",
        "yes",
        "0123",
        "~",
        "a\n{{ b }}\n  c\n",
        "",
    ]
)
EXPORTS = st.dictionaries(
    st.sampled_from(["credentials", "tasks"]),
    st.lists(
        st.dictionaries(
            st.text(string.ascii_lowercase, min_size=1),
            st.recursive(TEXTS | st.integers() | st.booleans() | st.none(), lambda inner: st.lists(inner, max_size=3)),
            max_size=4,
        ),
        max_size=3,
    ),
)


@given(EXPORTS)
def test_it_is_read_back_as_it_was(export):
    assert load(dump(export)) == export


@given(EXPORTS)
def test_ansible_reads_it_as_it_was(export):
    assert DataLoader().load(dump(export)) == export


@given(TEXTS)
def test_no_template_is_without_its_tag(text):
    written = dump({"a": [text]})
    node = yaml.compose(written, yaml.SafeLoader).value[0][1].value[0]
    is_template = any(mark in text for mark in ("{{", "{%", "{#"))
    assert (node.tag == "!unsafe") == is_template


@given(TEXTS)
def test_no_character_turns_the_text_for_whoever_shows_the_file(text):
    written = dump({"a": [text]})
    assert printable(written) == written


def test_an_invisible_character_is_written_as_its_number():
    written = dump({"tasks": [{"description": "a\u202eb", "folder": "{{ x }}\u2066", "\u200fk": "\u202e"}]})
    for text in (r'"a\u202Eb"', r'!unsafe "{{ x }}\u2066"', r'"\u200Fk": "\u202E"'):
        assert text in written


def test_texts_that_ansible_does_not_trust_are_written_as_all_others():
    export = {"tasks": [{"description": "{{ x }}", "include": ["a", "b"]}]}
    assert dump(wrap_var(export)) == dump(export)


def test_it_says_how_to_read_it():
    assert "cloudsync_from_yaml" in dump({}).partition("\n\n")[0]


def test_equal_values_are_written_out_each():
    same = ["*.jpg"]
    assert "&" not in dump({"tasks": [{"include": same}, {"include": same}]})


@pytest.mark.parametrize("tag", ["!vault", "!!python/object/apply:os.system"])
def test_other_tags_are_refused(tag):
    with pytest.raises(yaml.YAMLError, match="tag"):
        load(f"a: {tag} ['false']")
