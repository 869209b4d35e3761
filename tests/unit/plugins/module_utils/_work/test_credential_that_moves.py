# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A credential that is pointed at another server, while tasks that delete files use it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import configuration, credential, task

from .conftest import Modules

REMOTES: dict[str, dict[str, Any]] = {
    "webdav": {"url": "https://one.example.com/dav/", "vendor": "OTHER", "user": "ann", "pass": "s3same"},
    "sftp": {"host": "one.example.com", "port": 22, "user": "ann", "pass": "s3same"},
}
ELSEWHERE = [
    ("webdav", {"url": "https://two.example.com/dav/"}),
    ("webdav", {"user": "bob"}),
    ("sftp", {"host": "two.example.com"}),
    ("sftp", {"port": 2222}),
]
SAME_FILES = [
    ("webdav", {"pass": "another"}),
    ("webdav", {"url": "https://One.Example.com/dav"}),
]


def store(modules: Modules, option: str, *, check: bool = False, agreed: bool = False, **changes: Any) -> Outcome:
    """Store the credential, with changes."""
    fields = {**REMOTES[option], **changes}
    given: dict[str, Any] = {"name": option, "verify": "never", option: fields, "allow_deletes": agreed}
    return modules.run(credential.execute, credential.ARGUMENTS, check=check, **given)


@pytest.fixture
def using(modules_2510: Modules):
    """Store each remote as it is at first, and let a task use it."""
    made: list[str] = []

    def use(option: str, **changes: Any) -> Modules:
        store(modules_2510, option, agreed=True)
        options = {
            "description": f"uses {option}",
            "credential": option,
            "direction": "PULL",
            "transfer_mode": "SYNC",
            "path": "/mnt/tank/photos",
            "folder": "/",
            "allow_deletes": True,
            **changes,
        }
        modules_2510.run(task.execute, task.ARGUMENTS, check=False, **options)
        made.append(options["description"])
        return modules_2510

    yield use
    for name in made:
        modules_2510.run(task.execute, task.ARGUMENTS, check=False, description=name, state="absent")


@pytest.mark.parametrize(("option", "changes"), ELSEWHERE)
def test_it_is_refused_before_anything_is_written(using, option, changes):
    modules = using(option)
    (field,) = changes
    for check in (True, False):
        before = modules.writes()
        with pytest.raises(Failure, match=f'With another {field} the cloud sync tasks "uses {option}".*allow_deletes'):
            store(modules, option, check=check, **changes)
        assert modules.writes() == before
    assert store(modules, option, agreed=True, **changes).changed


@pytest.mark.parametrize(("option", "changes"), SAME_FILES)
def test_the_same_files_need_no_agreement(using, option, changes):
    modules = using(option)
    store(modules, option, **changes)


@pytest.mark.parametrize(
    "harmless",
    [{"transfer_mode": "COPY"}, {"enabled": False}, {"direction": "PUSH"}],
    ids=lambda one: next(iter(one)),
)
def test_tasks_that_delete_nothing_by_themselves_need_no_agreement(using, harmless):
    modules = using("webdav", **harmless)
    assert store(modules, "webdav", url="https://three.example.com/").changed


def test_a_list_of_credentials_is_held_to_it_too(using):
    modules = using("sftp")
    item = {"name": "sftp", "verify": "never", "sftp": {**REMOTES["sftp"], "host": "two.example.com"}}
    with pytest.raises(Failure, match="allow_deletes"):
        modules.run(configuration.execute, configuration.ARGUMENTS, check=True, credentials=[item])
    agreed = [{**item, "allow_deletes": True}]
    assert modules.run(configuration.execute, configuration.ARGUMENTS, check=True, credentials=agreed).changed
