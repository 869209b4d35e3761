# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import (
    HiddenSecretError,
    Member,
    plan,
    with_defaults,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN, SHOWN_NEW_SECRET, SHOWN_SECRET

MEMBERS = {
    "name": Member("name"),
    "note": Member("note", default="", same=lambda one, other: one.lower() == other.lower()),
    "secret": Member("secret", default="", secret=True),
    "remote": Member(
        "remote",
        kind="type",
        members=lambda remote: {
            "type": Member("type"),
            "host": Member("host"),
            "password": Member("password", secret=True),
            "port": Member("port", default=21 if remote["type"] == "FTP" else 22),
        },
    ),
}
PRESENT = {
    "name": "a",
    "note": "Hello",
    "secret": "old secret",
    "remote": {"type": "FTP", "host": "h", "port": 2121, "password": "old password"},
}


def test_nothing_asked_for_and_nothing_there_is_nothing_to_do():
    assert plan(None, None, MEMBERS).action == "none"


def test_absence_deletes_and_shows_what_goes_without_its_secrets():
    result = plan(None, PRESENT, MEMBERS)
    assert (result.action, result.after) == ("delete", None)
    assert result.before["remote"] == {"type": "FTP", "host": "h", "port": 2121, "password": SHOWN_SECRET}


def test_creation_sends_what_was_given_and_shows_what_the_server_fills_in():
    result = plan({"name": "a", "remote": {"type": "FTP", "host": "h", "password": "p"}}, None, MEMBERS)
    assert result.action == "create"
    assert result.payload == {"name": "a", "remote": {"type": "FTP", "host": "h", "password": "p"}}
    assert result.after == {
        "name": "a",
        "note": "",
        "remote": {"type": "FTP", "host": "h", "port": 21, "password": SHOWN_SECRET},
    }


def test_what_is_not_given_is_left_alone():
    assert plan({"name": "a"}, PRESENT, MEMBERS).action == "none"


def test_only_what_differs_is_sent():
    result = plan({"name": "b", "note": "hELLO"}, PRESENT, MEMBERS)
    assert result.payload == {"name": "b"}


def test_a_structure_is_sent_whole_with_what_was_not_given_kept():
    result = plan({"remote": {"type": "FTP", "host": "new"}}, PRESENT, MEMBERS)
    assert result.payload == {"remote": {"type": "FTP", "host": "new", "port": 2121, "password": "old password"}}


def test_a_structure_of_another_kind_keeps_nothing_of_the_old_one():
    result = plan({"remote": {"type": "SFTP", "host": "h"}}, PRESENT, MEMBERS)
    assert result.payload == {"remote": {"type": "SFTP", "host": "h"}}


def test_a_secret_that_differs_is_written_and_marked_but_not_shown():
    result = plan({"remote": {"type": "FTP", "password": "new password"}}, PRESENT, MEMBERS)
    assert result.payload["remote"]["password"] == "new password"
    assert result.before["remote"]["password"] == SHOWN_SECRET
    assert result.after["remote"]["password"] == SHOWN_NEW_SECRET


def test_a_secret_that_is_cleared_shows_as_cleared():
    result = plan({"secret": ""}, PRESENT, MEMBERS)
    assert (result.payload, result.after["secret"]) == ({"secret": ""}, "")


@pytest.mark.parametrize("secrets", ["auto", "never"])
def test_a_secret_that_the_server_hides_is_not_compared(secrets):
    present = {**PRESENT, "remote": {**PRESENT["remote"], "password": HIDDEN}}
    result = plan({"remote": {"type": "FTP", "password": "x"}}, present, MEMBERS, secrets=secrets)
    assert (result.action, result.unknown) == ("none", ("remote.password",))


def test_a_hidden_secret_is_written_when_that_is_asked_for():
    present = {**PRESENT, "remote": {**PRESENT["remote"], "password": HIDDEN}}
    result = plan({"remote": {"type": "FTP", "password": "x"}}, present, MEMBERS, secrets="always")
    assert result.payload["remote"]["password"] == "x"
    assert result.unknown == ()


@pytest.mark.parametrize(
    ("given_parts", "secrets"), [({}, "auto"), ({"password": "x"}, "never")], ids=["not given", "not to be written"]
)
def test_a_hidden_secret_is_never_lost_by_writing_its_structure(given_parts, secrets):
    present = {**PRESENT, "remote": {**PRESENT["remote"], "password": HIDDEN}}
    with pytest.raises(HiddenSecretError) as error:
        plan({"remote": {"type": "FTP", "host": "new", **given_parts}}, present, MEMBERS, secrets=secrets)
    assert error.value.names == ("remote.password",)


def test_a_given_secret_goes_along_when_its_structure_has_to_be_written():
    present = {**PRESENT, "remote": {**PRESENT["remote"], "password": HIDDEN}}
    result = plan({"remote": {"type": "FTP", "host": "new", "password": "x"}}, present, MEMBERS)
    assert result.payload["remote"] == {"type": "FTP", "host": "new", "port": 2121, "password": "x"}
    assert result.unknown == ()


def test_never_leaves_a_differing_secret_but_gives_one_to_a_record_that_has_none():
    assert plan({"secret": "new"}, PRESENT, MEMBERS, secrets="never").action == "none"
    assert plan({"secret": "new"}, {**PRESENT, "secret": ""}, MEMBERS, secrets="never").payload == {"secret": "new"}


def test_always_writes_an_equal_secret_in_the_stored_form():
    same_any_case = {
        "secret": Member("secret", secret=True, same=lambda one, other: one.lower() == other.lower()),
    }
    result = plan({"secret": "abc"}, {"secret": "ABC"}, same_any_case, secrets="always")
    assert (result.action, result.payload) == ("update", {"secret": "ABC"})


texts = st.text(st.characters(codec="utf-8"), max_size=8)
remotes = st.fixed_dictionaries(
    {"type": st.sampled_from(["FTP", "SFTP"]), "host": texts}, optional={"port": st.integers(), "password": texts}
)
records = st.fixed_dictionaries({"name": texts, "remote": remotes}, optional={"note": texts, "secret": texts})


def applied(payload, current):
    """What a server does that replaces structures whole and fills in defaults."""
    return with_defaults({**(current or {}), **payload}, MEMBERS)


@given(desired=records, current=st.none() | records.map(lambda record: with_defaults(record, MEMBERS)))
def test_after_a_plan_is_carried_out_nothing_is_left_to_do(desired, current):
    result = plan(desired, current, MEMBERS)
    present = applied(result.payload, current) if result.changed else current
    assert plan(desired, present, MEMBERS).action == "none"


@given(desired=records, current=st.none() | records.map(lambda record: with_defaults(record, MEMBERS)))
def test_a_plan_predicts_what_the_server_then_shows(desired, current):
    result = plan(desired, current, MEMBERS)
    present = applied(result.payload, current) if result.changed else current
    after = json.loads(json.dumps(result.after).replace(SHOWN_NEW_SECRET, SHOWN_SECRET))
    shown_now = plan({}, present, MEMBERS).before
    for view in (after, after["remote"], shown_now, shown_now["remote"]):
        for name in ("secret", "password"):
            if view.get(name) == "":  # a secret that was cleared is shown as such just once
                del view[name]
    assert after == shown_now


secret_texts = st.text("abcdef0123456789", min_size=12, max_size=24)


@given(old=secret_texts, new=secret_texts, secrets=st.sampled_from(["auto", "always", "never"]))
def test_no_view_holds_a_secret(old, new, secrets):
    current = {**PRESENT, "secret": old, "remote": {**PRESENT["remote"], "password": old}}
    desired = {"secret": new, "remote": {"type": "FTP", "host": "x", "password": new}}
    for result in (plan(desired, current, MEMBERS, secrets=secrets), plan(desired, None, MEMBERS)):
        views = repr((result.before, result.after, result))
        assert old not in views
        assert new not in views
