# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Album directories against a simulated NAS: found in any Unicode form, and made for the people of the share."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.albums import ARGUMENTS, execute, refuse

from .conftest import Modules

NFC, NFD = "Caf\u00e9", "Cafe\u0301"
PATH = "/mnt/tank/photos"

# Only root can give directories away. For anybody else these are their own, and the mode alone makes the difference.
ROOT = os.geteuid() == 0
(OWNER, GROUP), (OTHER_OWNER, OTHER_GROUP) = (
    ((3000, 3001), (3002, 3003)) if ROOT else ((os.geteuid(), os.getegid()),) * 2
)
NAMED_GROUP, NAMED_GID = ("daemon", 1) if ROOT else (str(GROUP), GROUP)


@pytest.fixture
def dataset(modules: Modules):
    folder = Path(modules.nas.root, "tank", "photos")
    for one in folder.iterdir():
        one.unlink() if one.is_symlink() or one.is_file() else shutil.rmtree(one)
    modules.warnings.clear()
    yield folder
    os.chown(folder, os.geteuid(), os.getegid())
    folder.chmod(0o755)


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def albums(modules: Modules, *given: str, check: bool = False, **options):
    return modules.run(execute, ARGUMENTS, check=check, path=PATH, albums=list(given), **options)


def test_directories_are_made_once(modules, dataset):
    outcome = modules.predicted(execute, ARGUMENTS, path=PATH, albums=["2026/Rome", "Family"])
    assert outcome.returns["albums"] == {"created": ["2026/Rome", "Family"], "existing": []}
    assert names(dataset) == ["2026", "2026/Rome", "Family"]
    assert outcome.after == "2026/\n2026/Rome/\nFamily/\n"


@pytest.mark.parametrize("there", [NFD, NFC])
@pytest.mark.parametrize("given", [NFD, NFC])
def test_a_directory_in_the_other_unicode_form_is_the_album(modules, dataset, there, given):
    (dataset / there / there).mkdir(parents=True)
    outcome = albums(modules, given, f"{given}/{given}", f"{given}/new")
    assert outcome.returns["albums"] == {"created": [f"{NFC}/new"], "existing": [NFC, f"{NFC}/{NFC}"]}
    assert names(dataset) == sorted([there, f"{there}/{there}", f"{there}/new"])
    assert modules.warnings == []


def test_new_directories_are_made_composed(modules, dataset):
    albums(modules, NFD)
    assert names(dataset) == [NFC]


def test_twins_that_are_there_are_named(modules, dataset):
    for name in (NFC, NFD):
        (dataset / "2026" / name).mkdir(parents=True)
    assert not albums(modules, f"2026/{NFC}").changed
    assert f"'2026/{NFC}' composed (NFC) and '2026/{NFD}' decomposed (NFD)" in " ".join(modules.warnings) or (
        f"'2026/{NFD}' decomposed (NFD) and '2026/{NFC}' composed (NFC)" in " ".join(modules.warnings)
    )


@pytest.mark.parametrize("check", [True, False])
def test_a_directory_that_differs_in_case_only_is_told_before_it_gets_a_twin(modules, dataset, check):
    (dataset / "2026" / "Rome").mkdir(parents=True)
    outcome = albums(modules, "2026/rome", "Family", "family", check=check)
    assert outcome.returns["albums"]["created"] == ["2026/rome", "Family", "family"]
    (warning,) = modules.warnings
    assert "'2026/rome' beside '2026/Rome'" in warning
    assert "'family' beside 'Family'" in warning
    modules.warnings.clear()
    assert albums(modules, "2026/Rome", check=check).changed is False
    if not check:  # what is there is meant
        albums(modules, "2026/rome", "Family", "family")
    assert modules.warnings == []


def test_a_dataset_that_does_not_tell_upper_from_lower_case(modules, dataset):
    (dataset / "Rome").mkdir()
    modules.nas.faults(fail={"filesystem.mkdir": {"message": "exists", "errno": errno.EEXIST}})
    try:
        with pytest.raises(Failure, match="photos/rome cannot be made beside /mnt/tank/photos/Rome, as this dataset"):
            albums(modules, "rome")
    finally:
        modules.nas.faults(fail={})
    assert names(dataset) == ["Rome"]


def test_a_refused_list_makes_nothing(modules, dataset):
    for given in ([NFC, NFD], ["Family", f"{PATH}/Rome"], ["Family", "Relatives "]):
        with pytest.raises(OptionError, match=r"^albums: "):
            refuse({"path": PATH, "albums": given})
        with pytest.raises(OptionError, match=r"^albums: "):
            albums(modules, *given)
    assert names(dataset) == []


@pytest.mark.parametrize("path", ["/home", "/mnt", "/mnt/", "/mnt/tank/../x", "tank/photos", "/mnt//tank"])
def test_a_path_that_is_not_in_a_pool_is_refused(path):
    with pytest.raises(OptionError, match=r"^path: .*/mnt/POOL/DATASET"):
        refuse({"path": path, "albums": None})


def test_what_is_in_the_way_is_named(modules, dataset):
    (dataset / "Family").write_text("x")
    (dataset / "2026").mkdir()
    (dataset / "2026" / NFD).write_text("x")
    with pytest.raises(Failure, match="photos/Family exists and is not a directory"):
        albums(modules, "Family")
    with pytest.raises(Failure, match=f"2026/{NFD} exists and is not a directory"):
        albums(modules, f"2026/{NFC}")


def test_a_link_is_no_album_unless_links_are_followed(modules, dataset):
    (dataset / "Rome").mkdir()
    (dataset / "Family").symlink_to("Rome")
    with pytest.raises(Failure, match=r"photos/Family is a symbolic link.*follow_symlinks: true"):
        albums(modules, "Family")
    assert not albums(modules, "Family", follow_symlinks=True).changed


def test_a_link_beside_the_albums_is_loose_where_links_are_followed(modules, dataset):
    (dataset / "Family").mkdir()
    (dataset / "Family" / "a.jpg").write_text("x")
    (dataset / "best.jpg").symlink_to("Family/a.jpg")
    (dataset / "all").symlink_to("Family")
    assert albums(modules).returns["stray_files"] == []
    with pytest.raises(Failure, match=r"stray_files: 1 file lies .*'best.jpg'"):
        albums(modules, follow_symlinks=True)


@pytest.mark.parametrize("mode", [0o770, 0o2775, 0o700])
def test_new_directories_take_owner_group_and_mode_from_their_parent(modules, dataset, mode):
    (dataset / "2026").mkdir()
    os.chown(dataset / "2026", OTHER_OWNER, OTHER_GROUP)
    (dataset / "2026").chmod(0o750)
    os.chown(dataset, OWNER, GROUP)
    dataset.chmod(mode)
    albums(modules, "Family/a/b", "2026/Rome")
    for name, uid, gid, bits in (
        ("Family", OWNER, GROUP, mode & 0o777),
        ("Family/a/b", OWNER, GROUP, mode & 0o777),
        ("2026", OTHER_OWNER, OTHER_GROUP, 0o750),
        ("2026/Rome", OTHER_OWNER, OTHER_GROUP, 0o750),
    ):
        info = (dataset / name).stat()
        assert (info.st_uid, info.st_gid, info.st_mode & 0o777) == (uid, gid, bits), name


def test_owner_group_and_mode_can_be_given(modules, dataset):
    options = {"owner": str(OWNER), "group": str(GROUP), "mode": "0750"}
    if modules.release != "24.10":
        options["group"] = NAMED_GROUP
    (dataset / "old").mkdir()
    before = (dataset / "old").stat()
    albums(modules, "Family", "old", **options)
    info = (dataset / "Family").stat()
    assert (info.st_uid, info.st_mode & 0o777) == (OWNER, 0o750)
    assert info.st_gid == (GROUP if modules.release == "24.10" else NAMED_GID)
    old = (dataset / "old").stat()
    assert (old.st_uid, old.st_mode) == (before.st_uid, before.st_mode), "what was there stays as it was"
    if modules.release == "24.10":
        with pytest.raises(OptionError, match=r"owner: TrueNAS 24.10 takes numbers"):
            albums(modules, "New", owner="daemon")
    else:
        with pytest.raises(Failure, match="nobody-at-all: user does not exist"):
            albums(modules, "New", owner="nobody-at-all")


def test_many_directories_all_change_hands(modules, dataset):
    """The NAS drops what it is asked while five such jobs wait."""
    os.chown(dataset, OWNER, GROUP)
    dataset.chmod(0o700)
    many = [f"album {number:02}" for number in range(23)]
    albums(modules, *many)
    found = [(dataset / name).stat() for name in many]
    assert {(info.st_uid, info.st_mode & 0o777) for info in found} == {(OWNER, 0o700)}


def test_a_no_op_takes_two_round_trips_for_nested_albums(modules_2510):
    given = [f"{year}/{number}" for year in (2025, 2026) for number in range(20)]
    albums(modules_2510, *given)
    made = len(modules_2510.nas.calls())
    assert not albums(modules_2510, *given).changed
    called = [call["method"] for call in modules_2510.nas.calls()[made:]]
    assert called == ["filesystem.stat", *["filesystem.listdir"] * 3]
