# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.ownership import Ownership, asked_for

PARENT = {"uid": 3000, "gid": 3001, "mode": 0o42770, "user": "ada", "group": "family"}


def test_a_new_directory_is_as_its_parent():
    assert Ownership.of(PARENT) == Ownership(3000, 3001, 0o770)
    assert Ownership.of({"type": "DIRECTORY"}) == Ownership()


def test_options_go_before_the_parent():
    asked = asked_for({"owner": "ada", "group": None, "mode": "0750"})
    assert asked.over(Ownership.of(PARENT)) == Ownership("ada", 3001, 0o750)
    assert asked_for({}).over(Ownership.of(PARENT)) == Ownership.of(PARENT)


def test_an_owner_is_compared_by_name_or_number():
    for owner in ("ada", 3000, None):
        assert Ownership(owner, 3001).is_that_of(PARENT)
    assert not Ownership(0, 3001).is_that_of(PARENT)
    assert not Ownership("ada", "staff").is_that_of(PARENT)
    assert not Ownership(3000).is_that_of({})


def test_an_account_is_sent_as_it_was_given():
    assert Ownership("ada", 3001).chown("/mnt/x") == {"path": "/mnt/x", "user": "ada", "gid": 3001}
    assert Ownership(0, None).chown("/mnt/x") == {"path": "/mnt/x", "uid": 0}


@pytest.mark.parametrize(("value", "mode"), [("0770", 0o770), ("770", 0o770), ("0o755", 0o755), (0o770, 0o770)])
def test_a_mode_is_read_as_ansible_does(value, mode):
    assert asked_for({"mode": value}).mode == mode


@pytest.mark.parametrize("value", [770, 755, "2770", "u+rwx", "0", "000", "888", "", True, -1, 0o1777, [7]])
def test_a_mode_that_cannot_be_is_refused(value):
    with pytest.raises(OptionError, match=r"^mode: .*in quotes, such as '0770'"):
        asked_for({"mode": value})


@pytest.mark.parametrize("option", ["owner", "group"])
@pytest.mark.parametrize("value", ["", " ", " ada", "ada\n", "-1", "a:b", "3000:3000", "a b"])
def test_an_account_that_cannot_be_is_refused(option, value):
    with pytest.raises(OptionError, match=rf"^{option}: .*name or the number"):
        asked_for({option: value})


def test_names_need_a_nas_that_knows_them():
    assert asked_for({"owner": "3000", "group": "0"}, by_name=False) == Ownership(3000, 0)
    with pytest.raises(OptionError, match=r"^owner: TrueNAS 24.10 takes numbers"):
        asked_for({"owner": "ada"}, by_name=False)
