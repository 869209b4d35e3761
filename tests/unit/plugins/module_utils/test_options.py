# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options as people write them are taken as they are meant, or refused by name and without a secret."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._options import is_omitted, similar, understood
from ansible_collections.nasops.cloudsync.plugins.modules import (
    truenas_cloud_credential,
    truenas_cloudsync_config,
    truenas_cloudsync_task,
)

PLACEHOLDER = "__omit_place_holder__" + "0123456789abcdef" * 2
SECRET = "s3same-s3same"
PEM = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{SECRET}\n-----END OPENSSH PRIVATE KEY-----\n"


class _OmitType:
    """As ansible-core's since 2.19, which is no part of its interface."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<<Omit>>"


OMIT = _OmitType()
SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "aliases": ["title"]},
    "credential": {"type": "str"},
    "mode": {"type": "str", "choices": ["COPY", "SYNC"]},
    "version": {"type": "int", "choices": [0, 3]},
    "count": {"type": "int"},
    "on": {"type": "bool"},
    "include": {"type": "list", "elements": "str"},
    "params": {"type": "list", "elements": "raw"},
    "items": {"type": "list", "elements": "dict"},
    "args": {"type": "str"},
    "pre_script": {"type": "str"},
    "schedule": {"type": "raw"},
    "password": {"type": "str", "no_log": True},
    "token": {"type": "raw", "no_log": True},
    "ftp": {
        "type": "dict",
        "options": {"host": {"type": "str"}, "port": {"type": "int"}, "pass": {"type": "str", "no_log": True}},
    },
}


def read(**values: Any) -> dict[str, Any]:
    return understood(values, SPEC, "a task", blank=("credential",), hints={"ftp.port": "the number of a port"})


def refusal(**values: Any) -> str:
    with pytest.raises(OptionError) as caught:
        read(**values)
    return str(caught.value)


@pytest.mark.parametrize("nothing", [None, OMIT, PLACEHOLDER], ids=["None", "omit", "placeholder"])
def test_nothing_is_no_option_whatever_its_type(nothing):
    assert read(**dict.fromkeys(SPEC, nothing)) == {}
    assert read(ftp={"host": "h", "port": nothing, "pass": nothing}) == {"ftp": {"host": "h"}}
    assert read(schedule={"hour": "3"}) == {"schedule": {"hour": "3"}}


@pytest.mark.parametrize("omitted", [OMIT, PLACEHOLDER])
def test_what_is_omitted_within_a_value_is_left_out(omitted):
    assert read(include=["a", omitted], schedule={"hour": "3", "minute": omitted}) == {
        "include": ["a"],
        "schedule": {"hour": "3"},
    }
    assert read(params=[{"a": omitted, "b": [omitted, 1]}]) == {"params": [{"b": [1]}]}


def test_an_empty_text_clears_a_text_and_is_nothing_elsewhere():
    blank = dict.fromkeys(("mode", "version", "count", "on", "schedule", "ftp", "credential"), "")
    assert read(**blank, name="", args="", password="", include="") == {
        "name": "",
        "args": "",
        "password": "",
        "include": [],
    }
    assert read(ftp={"port": " ", "host": ""}) == {"ftp": {"host": ""}}


@pytest.mark.parametrize(
    ("values", "means"),
    [
        ({"title": "x"}, "x"),
        ({"name": "Photos\r\n"}, "Photos"),
        ({"pre_script": "true\n"}, "true\n"),
        ({"ftp": {"host": "h\n"}}, {"host": "h"}),
        ({"name": 2026}, 2026),  # Ansible makes a text of it
        ({"mode": " SYNC\n"}, "SYNC"),
        ({"version": "3"}, 3),
        ({"count": " 16 "}, 16),
        ({"count": 16.0}, 16),
        ({"on": "yes"}, True),
        ({"on": "Off\n"}, False),
        ({"on": 1}, True),
        ({"include": "*.{jpg,png}"}, ["*.{jpg,png}"]),
        ({"include": "*.{{(?i)(jpg|png)}}"}, ["*.{{(?i)(jpg|png)}}"]),
        ({"include": "[a,b]*.jpg"}, ["[a,b]*.jpg"]),
        ({"include": r"a\,b"}, [r"a\,b"]),
        ({"include": "*.tmp\n.DS_Store\r\n\n"}, ["*.tmp", ".DS_Store"]),
        ({"include": "a, b\nc"}, ["a, b", "c"]),
        ({"include": '["*.jpg", "*.{a,b}"]'}, ["*.jpg", "*.{a,b}"]),
        ({"include": ["*.tmp\n", 2026]}, ["*.tmp", "2026"]),
        ({"include": 2026}, ["2026"]),
        ({"include": ["", None]}, ["", ""]),  # refused as an empty entry
        ({"params": "system.info"}, ["system.info"]),
        ({"params": '[1, {"a": 2}]'}, [1, {"a": 2}]),
        ({"params": 7}, [7]),
        ({"args": ["--fast-list", "--tpslimit=5"]}, "--fast-list --tpslimit=5"),
        ({"args": ["--exclude", "My photos/**"]}, "--exclude 'My photos/**'"),
        ({"args": ["--exclude My photos/**", "--transfers", 4]}, "--exclude 'My photos/**' --transfers 4"),
        ({"args": []}, ""),
        ({"args": "--fast-list\n--bwlimit '08:00,1M 9:00,off'\n"}, "--fast-list --bwlimit '08:00,1M 9:00,off'"),
        ({"args": "--fast-list \\\r\n  --tpslimit 5"}, "--fast-list --tpslimit 5"),
        ({"args": " --fast-list "}, "--fast-list"),
        ({"args": "--exclude 'a\n"}, "--exclude 'a"),  # the check of the command line says what is wrong
        ({"ftp": '{"port": "21"}'}, {"port": 21}),
        ({"ftp": "host=h port=21"}, {"host": "h", "port": 21}),
        ({"schedule": "@daily"}, "@daily"),
    ],
    ids=str,
)
def test_what_has_one_meaning_is_taken(values, means):
    assert [*read(**values).values()] == [means]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"modus": 1}, "modus is not an option of a task. Do you mean mode?"),
        ({"task_mode_name": 1}, "task_mode_name is not an option of a task. There are args, count, "),
        ({"script": 1}, "script is not an option of a task. Do you mean pre_script?"),
        ({"ftp": {"prot": 21}}, "ftp.prot is not an option of ftp. Do you mean port?"),
        ({"mode": "sync"}, "mode: 'sync' is not one of COPY, SYNC. Do you mean SYNC?"),
        ({"mode": True}, "mode: True is not one of COPY, SYNC."),
        ({"mode": ["SYNC"]}, "mode: ['SYNC'] is not one of COPY, SYNC."),
        ({"version": 9}, "version: 9 is not one of 0, 3."),
        ({"version": False}, "version: False is not one of 0, 3."),
        ({"count": "²"}, "count: '²' is not a whole number."),
        ({"count": "many"}, "count: 'many' is not a whole number. Give an int, such as 4."),
        ({"count": 1.5}, "count: 1.5 is not a whole number."),
        ({"count": True}, "count: True is not a whole number."),
        ({"count": [1]}, "count: [1] is not a whole number."),
        (
            {"ftp": {"port": "ssh"}},
            "ftp.port: the text that was given is not a whole number. Give the number of a port.",
        ),
        ({"on": "perhaps"}, "on: 'perhaps' is not a boolean (bool). Give true or false."),
        ({"on": 2}, "on: 2 is not a boolean"),
        ({"on": ["yes"]}, "on: ['yes'] is not a boolean"),
        ({"name": ["a"]}, "name: a list was given. Give one text."),
        ({"name": {"a": 1}}, "name: a mapping was given. Give one text."),
        ({"name": False}, "name: false was given, which YAML makes of words such as yes, no, on and off. Quote it."),
        ({"name": 1.1}, "name: 1.1 is a number, of which YAML may drop digits. Quote it."),
        ({"password": "secret\n"}, "password: "),
        ({"name": f"a/{PLACEHOLDER}"}, "name: omit is used within a text."),
        ({"include": "*.jpg,*.png"}, "include: '*.jpg,*.png' is one text with a comma"),
        ({"include": "Smith, John/**"}, "['Smith', 'John/**'] for several, ['Smith, John/**'] for one."),
        ({"include": "{a,b"}, "include: '{a,b' is one text with a comma"),
        ({"include": {"a": 1}}, "include: a mapping was given. Give a list"),
        ({"include": [True]}, "include: the entry True is true. Give each entry as a text, in quotes."),
        ({"include": [1.1]}, "include: the entry 1.1 is a number. Give each entry as a text, in quotes."),
        ({"include": [["a"]]}, "include: the entry ['a'] is a list. Give each entry as a text."),
        ({"params": "a,b"}, "params: 'a,b' is one text with a comma"),
        ({"params": {"a": 1}}, "params: a mapping was given. Give a list"),
        ({"items": ""}, "items: a text was given. Give a list of mappings."),
        ({"items": {"name": "x"}}, "items: a mapping was given. Give a list"),
        ({"items": ["x"]}, "items: a text is in the list. Give a mapping (dict) for each entry."),
        ({"args": {"--transfers": 4}}, "args: a mapping was given. Give one text."),
        ({"args": ["--transfers", None]}, "args: a text is in the list|args: "),
        ({"ftp": "of nobody"}, "ftp: a text was given. Give a mapping (dict)."),
        ({"ftp": ["h"]}, "ftp: a list was given. Give a mapping (dict)."),
        ({"ftp": 7}, "ftp: a number was given. Give a mapping (dict)."),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused_by_name(values, said):
    found = refusal(**values)
    assert any(one in found for one in said.split("|")), found


def test_all_that_is_wrong_is_told_at_once():
    found = refusal(modus=1, count="many", ftp={"port": "x", "hots": "h"})
    assert [word for word in ("modus", "count: ", "ftp.port: ", "ftp.hots ") if word not in found] == []


@pytest.mark.parametrize(
    "values",
    [
        {"pasword": SECRET},
        {"password": [SECRET]},
        {"password": {"a": SECRET}},
        {"token_text": {"a": SECRET}},
        {"ftp": {"password": SECRET}},
        {"ftp": {"pass": [SECRET]}},
        {"ftp": {"port": SECRET}},
        {"ftp": {"port": PEM}},
        {"ftp": f"pass {SECRET}"},
        {"ftp": [SECRET]},
        {"count": PEM},
        {"on": PEM},
        {"mode": PEM},
        {"include": {"a": SECRET}},
        {"items": f"- {SECRET}"},
        {"items": [SECRET]},
        {"count": f"https://u:{SECRET}@h"},
    ],
    ids=str,
)
def test_no_refusal_shows_a_secret(values):
    assert SECRET not in refusal(**values)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("bukcet", "bucket"),
        ("credentials", "credential"),
        ("transferMode", "transfer_mode"),
        ("transfer-mode", "transfer_mode"),
        ("access_secret_key", "secret_access_key"),
        ("zzz", None),
    ],
)
def test_what_was_probably_meant(name, meant):
    assert similar(name, ("bucket", "credential", "transfer_mode", "secret_access_key")) == meant


def test_omit_of_ansible_core_is_known():
    """`Omit` itself where there is one; before ansible-core 2.19 there is the placeholder only."""
    try:
        from ansible._internal._templating._utils import Omit
    except ImportError:
        Omit = PLACEHOLDER  # noqa: N806
    assert is_omitted(Omit)
    assert not is_omitted("omit")


CREDENTIAL = truenas_cloud_credential.MODULE
TASK = truenas_cloudsync_task.MODULE
CONFIG = truenas_cloudsync_config.MODULE


def test_the_modules_read_their_options_so():
    assert TASK.understood({"api_url": "", "path": "", "folder": "", "transfers": ""}, "m") == {"folder": ""}
    with pytest.raises(OptionError, match="bukcet is not an option of m"):
        TASK.understood({"bukcet": "x"}, "m")
    with pytest.raises(OptionError) as caught:
        CREDENTIAL.understood({"sftp": {"private_key": PEM}}, "m")
    assert str(caught.value).startswith("sftp.private_key: ")
    assert "the number (id) of the NAS's SSH keypair" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_the_items_of_a_configuration_are_read_as_the_modules_options():
    given = {
        "credentials": [{"name": "S", "s3": {"access_key_id": "a", "secret_access_key": SECRET, "region": None}}],
        "tasks": [{"description": "P", "transfers": "", "include": "*.{jpg,png}", "schedule": OMIT}],
    }
    assert CONFIG.understood(given, "m") == {
        "credentials": [{"name": "S", "s3": {"access_key_id": "a", "secret_access_key": SECRET}}],
        "tasks": [{"description": "P", "include": ["*.{jpg,png}"]}],
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"tasks": [{"description": "P", "bukcet": "x"}]},
            "tasks[0] (P): bukcet is not an option of a task. Do you mean",
        ),
        ({"tasks": [{}, {"id": 3, "transfers": "x"}]}, "tasks[1]: transfers: 'x' is not a whole number"),
        (
            {"credentials": [{"name": "S", "s3": {"access_secret_key": SECRET}}]},
            "credentials[0] (S): s3.access_secret_key is not an option of s3. Do you mean secret_access_key?",
        ),
        ({"credentials": [{"name": "F", "sftp": {"private_key": PEM}}]}, "credentials[0] (F): sftp.private_key: "),
        ({"credentials": {"name": "S", "s3": {"secret_access_key": SECRET}}}, "credentials: a mapping was given."),
        ({"credentials": [SECRET]}, "credentials: a text is in the list."),
    ],
    ids=str,
)
def test_an_item_of_a_configuration_that_is_wrong_is_named(given, said):
    with pytest.raises(OptionError) as caught:
        CONFIG.understood(given, "m")
    assert str(caught.value).startswith(said)
    assert SECRET not in str(caught.value)
