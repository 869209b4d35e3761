# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters that can never match are refused before a task is written, whichever option or module they come by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work import configuration, credential, task

from .conftest import Modules

PATH = "/mnt/tank/photos"
NFC, NFD = "Z\u00fcrich", "Zu\u0308rich"


@pytest.fixture
def nas(modules_2510: Modules):
    for name in ("Private", "Family", NFD):
        Path(modules_2510.nas.root, "tank", "photos", name).mkdir(exist_ok=True)
    modules_2510.run(
        credential.execute, credential.ARGUMENTS, check=False, name="Cloud", verify="never",
        http={"url": "http://h/"},
    )  # fmt: skip
    modules_2510.run(
        credential.execute, credential.ARGUMENTS, check=False, name="Store", verify="never",
        b2={"account": "a", "key": "k" * 8},
    )  # fmt: skip
    modules_2510.warnings.clear()
    return modules_2510


def wish(**options: Any) -> dict[str, Any]:
    return {
        "description": "P", "credential": "Store", "direction": "PUSH", "transfer_mode": "COPY", "path": PATH,
        "bucket": "b", **options,
    }  # fmt: skip


def write(nas: Modules, *, check: bool = False, **options: Any):
    return nas.run(task.execute, task.ARGUMENTS, check=check, **options)


@pytest.mark.parametrize("option", ["include", "exclude"])
@pytest.mark.parametrize("pattern", ["- /Private/**", f"{PATH}/Private/**", "./Private/**", "[bad", "*.tmp\n.DS_Store"])
def test_a_task_is_refused(nas, option, pattern):
    with pytest.raises(OptionError, match=f"^{option}: "):
        task.task_form.refuse({**dict.fromkeys(task.ARGUMENTS), "state": "present", "path": PATH, option: [pattern]})
    before = nas.writes()
    with pytest.raises(Failure, match=rf"P.*: {option}: "):
        nas.run(configuration.execute, configuration.ARGUMENTS, check=False, tasks=[wish(**{option: [pattern]})])
    assert nas.writes() == before


def test_a_filter_with_the_path_that_the_task_has_is_refused(nas):
    write(nas, **wish())
    with pytest.raises(OptionError, match=r"^exclude: .*Write '/Private/\*\*'"):
        write(nas, description="P", exclude=[f"{PATH}/Private/**"])
    with pytest.raises(OptionError, match=r"^exclude: .*not below"):
        write(nas, description="P", exclude=["/mnt/tank/other/**"])


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("option", ["include", "exclude"])
def test_a_bare_name_of_a_directory_is_refused(nas, option, check):
    before = nas.writes()
    with pytest.raises(OptionError, match=rf"^{option}: 'Private' .*Write 'Private/\*\*'"):
        write(nas, check=check, **wish(description=f"bare {option}", **{option: ["Private"]}))
    assert nas.writes() == before


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("pattern", "right"), [("/private/**", "/Private/**"), (f"/{NFC}/**", f"/{NFD}/**"), ("private", "Private/**")]
)
def test_a_name_in_another_case_or_form_is_warned_of(nas, check, pattern, right):
    write(nas, check=check, **wish(description=f"near {pattern} {check}", exclude=[pattern]))
    (warning,) = nas.warnings
    assert "exclude" in warning
    assert repr(right) in warning


def test_right_filters_are_taken_without_a_word_and_a_no_op_looks_at_nothing(nas):
    options = wish(description="right", exclude=["/Private/**", "*.tmp", ".DS_Store", "Thumbs.db"], include=["*.jpg"])
    assert write(nas, **options).changed
    made = len(nas.nas.calls())
    assert not write(nas, **options).changed
    assert nas.warnings == []
    called = {call["method"] for call in nas.nas.calls()[made:]}
    assert called == {"cloudsync.credentials.query", "cloudsync.query"}


def test_a_path_in_the_other_unicode_form_is_the_same_path(nas):
    assert write(nas, **wish(description="form", path=f"{PATH}/{NFD}")).changed
    assert not write(nas, **wish(description="form", path=f"{PATH}/{NFC}")).changed


@pytest.mark.parametrize(("given", "there"), [(NFC, NFD), ("family", "Family")])
def test_a_path_that_is_there_in_another_form_is_named(nas, given, there):
    with pytest.raises(Failure, match=rf"^path: .*does not exist.*There is {PATH}/{there}"):
        write(nas, **wish(description="missing", path=f"{PATH}/{given}"))


@pytest.mark.parametrize("args", ["--include *.jpg", "--filter '+ *.jpg'"])
def test_arguments_that_transfer_visible_snapshots_are_refused(nas, args):
    write(nas, **wish())
    snapshots = Path(nas.nas.root, "tank", "photos", ".zfs")
    snapshots.mkdir()
    before = nas.writes()
    try:
        for check in (True, False):
            with pytest.raises(OptionError, match=r"^args: --\w+ is refused: .* leaves out \.zfs, .* option include"):
                write(nas, check=check, description="P", args=args)
        assert nas.writes() == before
        assert not write(nas, check=True, description="P", enabled=True).changed
    finally:
        snapshots.rmdir()
    assert write(nas, description="P", args=args).changed
    assert write(nas, description="P", args="").changed
