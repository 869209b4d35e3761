# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two pushes that delete each other's files are found, whatever they are written like."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.shared_destination import (
    conflicts,
    problem,
    push,
)

TASK = {"direction": "PUSH", "transfer_mode": "SYNC", "folder": "/album"}


def told(one, other, account="Google"):
    pushes = [push("A", "Google", TASK | one), push("B", account, TASK | other)]
    return None if None in pushes else problem(*pushes)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({}, {"folder": "album/"}),
        ({}, {"folder": "/album/Trip/2026"}),
        ({"folder": "/"}, {}),
        ({"folder": None}, {}),
        ({"folder": "/Cafe\u0301"}, {"folder": "/Caf\u00e9/x"}),
        ({"bucket": "b"}, {"bucket": "b", "folder": "/album/x"}),
        ({}, {"transfer_mode": "MOVE"}),
        ({"transfer_mode": "MOVE"}, {}),
        ({"exclude": [".DS_Store"]}, {"exclude": [".DS_Store"]}),
        ({"include": ["*.jpg"]}, {}),
        ({"include": ["/A/**"]}, {}),
        ({"include": ["/A/**"]}, {"include": ["/A/b/**"]}),
        ({"include": ["/A*/**"]}, {"include": ["/B/**"]}),
        ({"include": ["A/**"]}, {"include": ["/B/**"]}),
        ({"include": ["*.jpg"]}, {"include": ["*.JPG"]}),
        ({"include": ["*.jpg"]}, {"include": ["/A/**"]}),
        ({"include": ["*.{jpg,png}"]}, {"include": ["*.png"]}),
        ({"include": ["*.jpg"]}, {"include": ["*.png", "**"]}),
        ({"exclude": ["/Trip/*"]}, {"folder": "/album/Trip"}),
        ({"exclude": ["/Tri*/**"]}, {"folder": "/album/Tri*"}),
        ({"exclude": ["/Trip/2026/**"]}, {"folder": "/album/Trip"}),
        ({"exclude": ["/Trip/**"], "args": "--delete-excluded"}, {"folder": "/album/Trip"}),
        ({"include": ["/A/**"], "args": "--include *"}, {"include": ["/B/**"]}),
        ({"include": ["/Z\u00fc/**"]}, {"include": ["/Zu\u0308/**"]}),  # one album for rclone
        ({"include": ["/A/**"]}, {"exclude": ["/A/x/**"]}),
    ],
    ids=str,
)
def test_two_pushes_into_one_place(one, other):
    message = told(one, other)
    assert message is not None
    assert "SYNC" in message
    assert "allow_deletes: true" in message
    assert told(other, one) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"folder": "/albums"}),
        ({"folder": "/album/A"}, {"folder": "/album/AB"}),
        ({"bucket": "a"}, {"bucket": "b"}),
        ({}, {"transfer_mode": "COPY"}),
        ({}, {"direction": "PULL"}),
        ({}, {"enabled": False}),
        ({"transfer_mode": "MOVE"}, {"transfer_mode": "MOVE"}),
        ({"include": ["/A/**"]}, {"include": ["/B/**", "/C/x/*.jpg"]}),
        ({"include": ["*.jpg"]}, {"include": ["*.{mp4,mov}"]}),
        ({"include": ["/A/**"]}, {"exclude": ["/A/**"]}),
        ({"exclude": ["/Trip/**"]}, {"folder": "/album/Trip"}),
        ({"exclude": ["Trip/"]}, {"folder": "/album/Trip/2026"}),
        ({"include": ["/Family/**"]}, {"folder": "/album/Trip"}),
        ({"include": ["/A/**"], "args": "--transfers 3"}, {"include": ["/B/**"]}),
    ],
    ids=str,
)
def test_two_pushes_that_leave_each_other_alone(one, other):
    assert told(one, other) is None
    assert told(other, one) is None


SAME = {"path": "/mnt/tank/photos"}


@pytest.mark.parametrize(
    ("one", "other", "harm"),
    [
        (SAME, SAME, False),
        (SAME, SAME | {"exclude": ["*.tmp"]}, False),
        (SAME, {"path": "/mnt/tank/photos/Trip/", "folder": "/album/Trip"}, False),
        (SAME, {"path": "/mnt/tank/photos/Trip", "folder": "/album/Other"}, True),
        (SAME, {"path": "/mnt/tank/photos/Trip"}, True),
        (SAME, SAME | {"transfer_mode": "MOVE"}, True),
        (SAME, SAME | {"exclude": ["*.tmp"], "args": "--delete-excluded"}, True),
        (SAME, SAME | {"follow_symlinks": True}, True),
        (SAME, SAME | {"encryption": True, "encryption_password": "p"}, True),
    ],
    ids=str,
)
def test_two_pushes_of_the_same_files_to_the_same_place_do_no_harm(one, other, harm):
    assert (told(one, other) is not None) is harm
    assert (told(other, one) is not None) is harm


def test_other_accounts_are_other_places():
    assert told({}, {}, account="Other") is None


def test_two_credentials_of_one_account_are_one_place():
    one = push("A", 1, TASK, account=("DAV", "u"))
    other = push("B", 2, TASK | {"folder": "/album/x"}, account=("DAV", "u"))
    elsewhere = push("C", 3, TASK, account=("DAV", "v"))
    unknown = push("D", 1, TASK)
    assert problem(one, other)
    assert problem(one, elsewhere) is None
    assert problem(one, unknown)
    found = {(outer.name, inner.name) for outer, inner, dummy in conflicts([one, other, elsewhere, unknown])}
    assert found == {("A", "B"), ("A", "D")}
    assert "('DAV'" not in repr(one)


def test_names_that_differ_in_case_are_one_place_where_the_provider_says_so():
    def both(folds_case, one, other):
        folders = (("A", one), ("B", other))
        pushes = [push(name, 1, TASK | task, folds_case=folds_case) for name, task in folders]
        assert bool(problem(*pushes)) is bool(list(conflicts(pushes)))
        return problem(*pushes)

    wish = ({"folder": "/Album"}, {"folder": "/album/Trip"})
    assert both(False, *wish) is None
    assert "push with SYNC to /Album, so" in both(True, *wish)
    assert both(True, {"folder": "/Album", "exclude": ["/Trip/**"]}, wish[1]) is None
    same = {"path": "/mnt/tank/Photos"}
    assert both(True, wish[0] | same, wish[1] | {"path": "/mnt/tank/Photos/Trip"}) is None


def test_the_message_says_which_task_loses_what():
    assert told({}, {"folder": "/album/x"}).startswith("A and B both push with SYNC to /album, so each would delete ")
    lost = told({"transfer_mode": "MOVE"}, {})
    assert lost.startswith("B pushes with SYNC and A with MOVE to /album, so the SYNC would delete ")
