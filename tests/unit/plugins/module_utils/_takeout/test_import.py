# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an import makes of an export."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.run import run
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import Settings, TakeoutError
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecar_names import key

PHOTOS = "Takeout/Google Photos"
YEAR = f"{PHOTOS}/Photos from 2023"
JSON = ".supplemental-metadata.json"


def item(title: str, taken: int | None = 1_700_000_000, **more: Any) -> bytes:
    content = {"title": title, "photoTakenTime": {"timestamp": str(taken or 0)}, **more}
    return json.dumps(content, ensure_ascii=False).encode()


def album(title: str) -> bytes:
    return json.dumps({"title": title}, ensure_ascii=False).encode()


def photo(name: str, content: bytes, folder: str = YEAR, **more: Any) -> dict[str, bytes]:
    """A photo with its sidecar."""
    return {f"{folder}/{name}": content, f"{folder}/{name}{JSON}": item(name, **more)}


def counts(account: Any) -> tuple[int, int, int, int]:
    return (account.entries, account.placed, account.known, account.refused)


def paths(exports: Any) -> set[str]:
    return {path for path in exports.files if not path.endswith(".xmp")}


def test_a_photo_and_its_album(exports: Any) -> None:
    rome = f"{PHOTOS}/Rome"
    exports.zip({**photo("a.jpg", b"A"), **photo("a.jpg", b"A", rome), f"{rome}/metadata.json": album("Rome")})
    account = exports.run(quiet_minutes=0).exports[0]
    assert paths(exports) == {"2023/11/a.jpg", "Albums/Rome/a.jpg"}
    assert (exports.library / "Albums/Rome/a.jpg").samefile(exports.library / "2023/11/a.jpg")
    assert (exports.library / "2023/11/a.jpg").stat().st_mtime == 1_700_000_000
    assert counts(account) == (6, 3, 3, 0)
    assert account.complete


def test_an_album_of_sidecars_alone(exports: Any) -> None:
    rome = f"{PHOTOS}/Rome"
    lone = {f"{rome}/a.jpg{JSON}": item("a.jpg"), f"{rome}/metadata.json": album("Rome")}
    exports.zip({**photo("a.jpg", b"A"), **lone})
    exports.run(quiet_minutes=0)
    assert paths(exports) == {"2023/11/a.jpg", "Albums/Rome/a.jpg"}


def test_an_album_of_sidecars_alone_that_may_be_about_two_photos(exports: Any) -> None:
    rome = f"{PHOTOS}/Rome"
    twins = {f"{YEAR}/a(1).jpg": b"B", f"{YEAR}/a.jpg.supplemental-metadata(1).json": item("a.jpg")}
    exports.zip(
        {**photo("a.jpg", b"A"), **twins, f"{rome}/a.jpg{JSON}": item("a.jpg"), f"{rome}/m.json": album("Rome")}
    )
    account = exports.run(quiet_minutes=0).exports[0]
    assert paths(exports) == {"2023/11/a.jpg", "2023/11/a (2).jpg"}
    assert account.refusals == [(f"{rome}/a.jpg{JSON}", "several photos may be the one that it is about")]


@pytest.mark.parametrize(("description", "there"), [("", True), ("of another photo", False)])
def test_an_album_of_sidecars_alone_about_an_undated_photo(description: str, there: bool, exports: Any) -> None:
    rome = f"{PHOTOS}/Rome"
    lone = {f"{rome}/a.jpg{JSON}": item("a.jpg", taken=None, description=description), f"{rome}/m.json": album("Rome")}
    exports.zip({**photo("a.jpg", b"A", taken=None, description=""), **lone})
    exports.run(quiet_minutes=0)
    assert ("Albums/Rome/a.jpg" in paths(exports)) is there


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize(("name", "there"), [("IMG_1.jpg", True), ("IMG_2.jpg", False)])
def test_an_album_of_sidecars_alone_about_an_untitled_photo(name: str, there: bool, later: bool, exports: Any) -> None:
    untitled = {f"{YEAR}/IMG_1.jpg": b"A", f"{YEAR}/IMG_1.jpg{JSON}": item("")}
    exports.zip(untitled)
    lone = {f"{PHOTOS}/Trip/metadata.json": album("Trip"), f"{PHOTOS}/Trip/{name}{JSON}": item("")}
    if later:
        exports.run(quiet_minutes=0)
        exports.zip(lone, stamp="20260507T053026Z")
    else:
        exports.zip({**untitled, **lone})
    exports.run(quiet_minutes=0)
    assert ("Albums/Trip/IMG_1.jpg" in paths(exports)) is there


def test_the_address_tells_two_photos_of_one_title_apart(exports: Any) -> None:
    rome = f"{PHOTOS}/Rome"
    twins = {f"{YEAR}/a(1).jpg": b"B", f"{YEAR}/a.jpg.supplemental-metadata(1).json": item("a.jpg", url="u2")}
    lone = {f"{rome}/a.jpg{JSON}": item("a.jpg", url="u2"), f"{rome}/m.json": album("Rome")}
    exports.zip({**photo("a.jpg", b"A", url="u1"), **twins, **lone})
    exports.run(quiet_minutes=0)
    assert exports.files["Albums/Rome/a (2).jpg"] == b"B"


def test_two_albums_of_one_title_stay_two(exports: Any) -> None:
    files = {**photo("a.jpg", b"A"), **photo("b.jpg", b"B")}
    for folder, name, content in (("Rome", "a.jpg", b"A"), ("Rome(1)", "b.jpg", b"B"), ("rome", "b.jpg", b"B")):
        files |= photo(name, content, f"{PHOTOS}/{folder}")
        files[f"{PHOTOS}/{folder}/metadata.json"] = album("rome" if folder == "rome" else "Rome")
    exports.zip(files)
    exports.run(quiet_minutes=0)
    assert {path for path in paths(exports) if path.startswith("Albums")} == {
        "Albums/Rome/a.jpg",
        "Albums/Rome (2)/b.jpg",
        "Albums/rome (3)/b.jpg",
    }


@pytest.mark.parametrize(
    ("mode", "there"),
    [
        ("hardlinks", {"Albums/Rome/a.jpg"}),
        ("symlinks", {"Albums/Rome/a.jpg"}),
        ("lists", {"Albums/Rome.json"}),
        ("none", set()),
    ],
)
def test_ways_to_keep_albums(mode: str, there: set[str], exports: Any) -> None:
    rome = f"{PHOTOS}/Rome"
    exports.zip({**photo("a.jpg", b"A"), **photo("a.jpg", b"A", rome), f"{rome}/metadata.json": album("Rome")})
    exports.run(quiet_minutes=0, albums=mode)
    assert paths(exports) == {"2023/11/a.jpg", *there}
    if mode == "symlinks":
        assert str((exports.library / "Albums/Rome/a.jpg").readlink()) == "../../2023/11/a.jpg"
    assert not exports.run(quiet_minutes=0, albums=mode).changed


def test_a_list_grows_with_the_next_export(exports: Any) -> None:
    rome = f"{PHOTOS}/Rome"
    exports.zip({**photo("a.jpg", b"A", rome), f"{rome}/metadata.json": album("Rome")})
    exports.run(quiet_minutes=0, albums="lists")
    exports.zip({**photo("b.jpg", b"B", rome), f"{rome}/metadata.json": album("Rome")}, stamp="20260507T053026Z")
    exports.run(quiet_minutes=0, albums="lists")
    assert b"2023/11/a.jpg" in exports.files["Albums/Rome.json"]
    assert b"2023/11/b.jpg" in exports.files["Albums/Rome.json"]


def test_the_layout_by_album(exports: Any) -> None:
    files = {**photo("a.jpg", b"A"), **photo("b.jpg", b"B")}
    for folder in ("Rome", "Best of"):
        files |= photo("a.jpg", b"A", f"{PHOTOS}/{folder}")
        files[f"{PHOTOS}/{folder}/metadata.json"] = album(folder)
    exports.zip(files)
    exports.run(quiet_minutes=0, layout="album", albums="none")
    assert paths(exports) == {"Albums/Best of/a.jpg", "2023/11/b.jpg"}
    exports.run(quiet_minutes=0, layout="album", albums="hardlinks")
    assert paths(exports) == {"Albums/Best of/a.jpg", "2023/11/b.jpg"}


@pytest.mark.parametrize(
    ("mode", "suffixes"),
    [("xmp", {".xmp"}), ("json", {".json"}), ("both", {".xmp", ".json"}), ("none", set())],
)
def test_sidecars(mode: str, suffixes: set[str], exports: Any) -> None:
    exports.zip(photo("a.jpg", b"A", description="Colosseum"))
    exports.run(quiet_minutes=0, sidecars=mode)
    assert set(exports.files) == {"2023/11/a.jpg", *(f"2023/11/a.jpg{suffix}" for suffix in suffixes)}
    if ".json" in suffixes:
        assert exports.files["2023/11/a.jpg.json"] == item("a.jpg", description="Colosseum")


def test_sidecars_that_are_asked_for_later(exports: Any) -> None:
    exports.zip(photo("a.jpg", b"A"))
    exports.run(quiet_minutes=0, sidecars="none")
    assert exports.run(quiet_minutes=0, sidecars="both").changed
    assert set(exports.files) == {"2023/11/a.jpg", "2023/11/a.jpg.xmp", "2023/11/a.jpg.json"}


@pytest.mark.parametrize("mark", ["archived", "trashed", "inLockedFolder", "partner"])
@pytest.mark.parametrize("handling", ["include", "apart", "skip"])
def test_marked_photos(mark: str, handling: str, exports: Any) -> None:
    marks: dict[str, Any] = {"googlePhotosOrigin": {"fromPartnerSharing": {}}} if mark == "partner" else {mark: True}
    option = {"inLockedFolder": "locked"}.get(mark, mark)
    exports.zip(photo("a.jpg", b"A", **marks))
    account = exports.run(quiet_minutes=0, **{option: handling}).exports[0]
    folder = {"archived": "Archive", "trashed": "Trash", "locked": "Locked", "partner": "Partner"}[option]
    there = {"include": {"2023/11/a.jpg"}, "apart": {f"{folder}/2023/11/a.jpg"}, "skip": set()}[handling]
    assert paths(exports) == there
    assert account.complete
    assert account.refused == (2 if handling == "skip" else 0)
    assert account.keeps == []


def test_a_photo_that_is_both_in_the_bin_and_not_is_kept(exports: Any) -> None:
    exports.zip({**photo("a.jpg", b"A"), **photo("b.jpg", b"A", f"{PHOTOS}/Trash", trashed=True)})
    exports.run(quiet_minutes=0)
    assert paths(exports) == {"2023/11/a.jpg"}


def test_the_halves_of_a_live_photo_keep_one_stem(exports: Any) -> None:
    files = {f"{YEAR}/IMG_1.MOV": b"m1", f"{YEAR}/IMG_1(1).MOV": b"m2"}
    files |= {f"{YEAR}/IMG_1(1).HEIC": b"s2", f"{YEAR}/IMG_1.HEIC.supplemental-metadata(1).json": item("IMG_1.HEIC")}
    exports.zip({**files, **photo("IMG_1.HEIC", b"s1")})
    exports.run(quiet_minutes=0)
    stems = {content: Path(path).stem for path, content in exports.files.items() if not path.endswith(".xmp")}
    assert stems[b"s1"] == stems[b"m1"]
    assert stems[b"s2"] == stems[b"m2"]
    assert stems[b"s1"] != stems[b"s2"]


def test_names_that_differ_in_case_or_accents_form_alone_get_numbers(exports: Any) -> None:
    names = {"a.jpg": b"1", "A.JPG": b"2", "É.jpg": b"3", "é.jpg": b"4"}
    exports.zip({name: content for one, data in names.items() for name, content in photo(one, data).items()})
    exports.run(quiet_minutes=0)
    assert len({key(path) for path in exports.files}) == len(exports.files)
    assert {content for path, content in exports.files.items() if path in paths(exports)} == set(names.values())


def test_what_is_in_the_library_is_left_as_it_is(exports: Any) -> None:
    mine = {
        "2023/11/a.jpg": b"mine",
        "2023/11/b.JPG.XMP": b"mine too",
        "2023/11/c.jpg": b"C",
        "Albums/Rome/a.jpg": b"x",
    }
    for path, content in mine.items():
        (exports.library / path).parent.mkdir(parents=True, exist_ok=True)
        (exports.library / path).write_bytes(content)
        os.utime(exports.library / path, (5, 5))
    before = exports.tree
    rome = f"{PHOTOS}/Rome"
    files = {**photo("a.jpg", b"A"), **photo("b.jpg", b"B"), **photo("c.jpg", b"C"), **photo("a.jpg", b"A", rome)}
    exports.zip({**files, f"{rome}/metadata.json": album("Rome")})
    account = exports.run(quiet_minutes=0).exports[0]
    assert {path: exports.tree[path] for path in mine} == before
    assert {exports.files[path] for path in ("2023/11/a (2).jpg", "2023/11/b (2).jpg", "Albums/Rome/a (2).jpg")} == {
        b"A",
        b"B",
    }
    assert account.complete


def test_links_in_the_library_are_not_followed(exports: Any, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (exports.library / "2023").symlink_to(outside)
    (exports.library / "Albums").symlink_to(outside)
    rome = f"{PHOTOS}/Rome"
    exports.zip({**photo("a.jpg", b"A"), **photo("a.jpg", b"A", rome), f"{rome}/metadata.json": album("Rome")})
    account = exports.run(quiet_minutes=0).exports[0]
    assert list(outside.iterdir()) == []
    assert account.complete is False
    assert account.reasons == {"2023 in the library is a link or a file, not a directory": 4}


def test_a_removed_photo_is_placed_again(exports: Any) -> None:
    exports.zip(photo("a.jpg", b"A"))
    exports.run(quiet_minutes=0)
    before = exports.tree
    (exports.library / "2023/11/a.jpg").unlink()
    assert exports.run(quiet_minutes=0).changed
    assert exports.tree == before


def test_a_changed_photo_is_left_alone(exports: Any) -> None:
    exports.zip(photo("a.jpg", b"A"))
    exports.run(quiet_minutes=0)
    (exports.library / "2023/11/a.jpg").write_bytes(b"painted over")
    exports.zip(photo("a.jpg", b"A", taken=1_600_000_000), stamp="20260507T053026Z")
    exports.run(quiet_minutes=0)
    assert exports.files["2023/11/a.jpg"] == b"painted over"
    assert paths(exports) == {"2023/11/a.jpg"}


def test_a_newer_export_brings_metadata_up_to_date(exports: Any) -> None:
    exports.zip(photo("a.jpg", b"A", description="old"))
    exports.run(quiet_minutes=0)
    exports.zip(photo("a.jpg", b"A", taken=1_600_000_000, description="new"), stamp="20260507T053026Z")
    account = exports.run(quiet_minutes=0).exports[1]
    assert b"new" in exports.files["2023/11/a.jpg.xmp"]
    assert (exports.library / "2023/11/a.jpg").stat().st_mtime == 1_600_000_000
    assert (account.placed, account.known) == (0, 3)
    earlier = list((exports.library / ".nasops_takeout/earlier").iterdir())
    assert [b"old" in one.read_bytes() for one in earlier] == [True]


def test_an_older_export_that_comes_later_takes_nothing_back(exports: Any) -> None:
    exports.zip(photo("a.jpg", b"A", description="new"), stamp="20260507T053026Z")
    exports.run(quiet_minutes=0)
    before = exports.tree
    exports.zip(photo("a.jpg", b"A", taken=1, description="old"))
    exports.run(quiet_minutes=0)
    assert exports.tree == before


def test_a_changed_sidecar_is_left_alone(exports: Any) -> None:
    exports.zip(photo("a.jpg", b"A", description="old"))
    exports.run(quiet_minutes=0)
    (exports.library / "2023/11/a.jpg.xmp").write_bytes(b"mine")
    exports.zip(photo("a.jpg", b"A", description="new"), stamp="20260507T053026Z")
    account = exports.run(quiet_minutes=0).exports[1]
    assert exports.files["2023/11/a.jpg.xmp"] == b"mine"
    assert [path for path, _why in account.notes] == ["2023/11/a.jpg.xmp"]


def test_a_lost_state_adds_nothing(exports: Any) -> None:
    exports.zip({**photo("a.jpg", b"A"), **photo("b.jpg", b"B"), **photo("a(1).jpg", b"C")})
    exports.run(quiet_minutes=0)
    before = exports.tree
    (exports.library / ".nasops_takeout/state.sqlite").unlink()
    exports.run(quiet_minutes=0)
    assert exports.tree == before


def test_a_damaged_state_is_told(exports: Any) -> None:
    exports.zip(photo("a.jpg", b"A"))
    exports.run(quiet_minutes=0)
    (exports.library / ".nasops_takeout/state.sqlite").write_bytes(b"x" * 5000)
    with pytest.raises(TakeoutError, match=r"state\.sqlite cannot be read"):
        exports.run(quiet_minutes=0)


def test_two_imports_at_a_time(exports: Any) -> None:
    exports.zip(photo("a.jpg", b"A"))

    def meanwhile(step: str) -> None:
        if step != "publish a file":
            return
        with pytest.raises(TakeoutError, match="another import"):
            exports.run(quiet_minutes=0)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        exports.run(quiet_minutes=0, step=meanwhile)


def test_a_photo_without_a_date_goes_by_the_year_of_its_folder(exports: Any) -> None:
    exports.zip({f"{YEAR}/a.jpg": b"A", f"{PHOTOS}/Untitled/b.jpg": b"B"})
    account = exports.run(quiet_minutes=0).exports[0]
    assert paths(exports) == {"2023/a.jpg", "Undated/b.jpg"}
    assert [path for path, _why in account.doubts] == [f"{YEAR}/a.jpg", f"{PHOTOS}/Untitled/b.jpg"]


def test_a_twin_in_another_folder_tells_what_a_photo_is(exports: Any) -> None:
    exports.zip({f"{PHOTOS}/Rome/a.jpg": b"A", f"{PHOTOS}/Rome/metadata.json": album("Rome"), **photo("a.jpg", b"A")})
    exports.run(quiet_minutes=0)
    assert paths(exports) == {"2023/11/a.jpg", "Albums/Rome/a.jpg"}


def test_other_products_are_refused(exports: Any) -> None:
    exports.zip({**photo("a.jpg", b"A"), "Takeout/Drive/a.jpg": b"X", "Takeout/Google Chat/b/c.json": b"{}"})
    account = exports.run(quiet_minutes=0).exports[0]
    assert paths(exports) == {"2023/11/a.jpg"}
    assert account.reasons == {"it belongs to another Google product": 2}
    assert account.complete


def test_the_same_photo_of_two_exports_is_one(exports: Any) -> None:
    exports.zip(photo("a.jpg", b"A"))
    exports.tgz(photo("b.jpg", b"A"), stamp="20260507T053026Z")
    exports.run(quiet_minutes=0)
    assert paths(exports) == {"2023/11/a.jpg"}


def test_a_loose_file_finds_its_sidecar(exports: Any) -> None:
    exports.zip({f"{YEAR}/IMG_2063.MOV{JSON}": item("IMG_2063.MOV")}, listed=False)
    (exports.archives / "IMG_2063-002.MOV").write_bytes(b"long video")
    exports.zip(photo("a.jpg", b"A"), part=3, listed=False)
    result = exports.run(quiet_minutes=0)
    assert result.problem is None
    assert paths(exports) == {"2023/11/IMG_2063.MOV", "2023/11/a.jpg"}
    assert (exports.library / "2023/11/IMG_2063.MOV").stat().st_mtime == 1_700_000_000


def test_a_loose_file_of_two_exports_is_kept_for_the_second(exports: Any) -> None:
    lone = {f"{YEAR}/IMG_2063.MOV{JSON}": item("IMG_2063.MOV")}
    listed = {**lone, f"{YEAR}/IMG_2063.MOV": b"", f"{YEAR}/a.jpg": b"", f"{YEAR}/a.jpg{JSON}": b""}
    for stamp in ("20260307T053026Z", "20260507T053026Z"):
        exports.zip({**lone, "Takeout/archive_browser.html": exports.page(listed)}, stamp=stamp, listed=False)
        exports.zip(photo("a.jpg", b"A"), part=3, stamp=stamp, listed=False)
    (exports.archives / "IMG_2063-002.MOV").write_bytes(b"long video")
    result = exports.run(quiet_minutes=0, remove_archives="imported")
    assert [one.complete for one in result.exports] == [True, True]
    assert list(exports.archives.iterdir()) == []
    assert paths(exports) == {"2023/11/IMG_2063.MOV", "2023/11/a.jpg"}


def test_an_album_of_a_later_export_does_not_claim_the_loose_file_of_an_earlier_one(exports: Any) -> None:
    lone = item("IMG_2063.MOV", url="https://photos.google.com/photo/1")
    exports.zip({f"{YEAR}/IMG_2063.MOV{JSON}": lone}, listed=False)
    exports.zip(photo("a.jpg", b"A"), part=3, listed=False)
    later = {f"{PHOTOS}/Trip/metadata.json": album("Trip"), f"{PHOTOS}/Trip/IMG_2063.MOV{JSON}": lone}
    exports.zip({**later, **photo("b.jpg", b"B")}, stamp="20260507T053026Z")
    (exports.archives / "IMG_2063-002.MOV").write_bytes(b"long video")
    first, second = exports.run(quiet_minutes=0).exports
    assert (first.loose, second.loose) == (["IMG_2063-002.MOV"], [])
    assert second.entries == len(later) + 3
    assert "IMG_2063.MOV" in {Path(path).name for path in paths(exports) if path.startswith("Albums/Trip/")}
    again = exports.run(quiet_minutes=0)
    assert (again.changed, [one.loose for one in again.exports]) == (False, [first.loose, []])


def test_new_files_belong_to_the_owner_of_the_library(exports: Any) -> None:
    owner = (1234, 4321) if os.geteuid() == 0 else (os.geteuid(), os.getegid())  # only root can give files away
    os.chown(exports.library, *owner)
    exports.zip(photo("a.jpg", b"A"))
    exports.run(quiet_minutes=0)
    owners = {(one.stat().st_uid, one.stat().st_gid) for one in (exports.library / "2023").rglob("*")}
    assert owners == {owner}


def test_new_files_have_the_permissions_of_the_library(exports: Any) -> None:
    exports.library.chmod(0o770)
    exports.zip(photo("a.jpg", b"A"))
    before = os.umask(0o077)
    try:
        exports.run(quiet_minutes=0)
        assert os.umask(0o077) == 0o077
    finally:
        os.umask(before)
    modes = {str(one.relative_to(exports.library)): one.stat().st_mode & 0o777 for one in exports.library.rglob("2*")}
    modes |= {one.name: one.stat().st_mode & 0o777 for one in (exports.library / "2023/11").iterdir()}
    assert modes == {"2023": 0o770, "a.jpg": 0o660, "a.jpg.xmp": 0o660}


@pytest.mark.parametrize(
    ("options", "said"),
    [({"quiet_minutes": -1}, "quiet_minutes"), ({"library": Path("/nowhere")}, "library: /nowhere is not a directory")],
)
def test_what_can_never_work_is_refused(options: dict[str, Any], said: str, exports: Any) -> None:
    with pytest.raises(TakeoutError, match=said):
        run(Settings(**{"archives": exports.archives, "library": exports.library, **options}), 0)


def test_the_library_is_not_the_directory_of_the_archives(exports: Any) -> None:
    exports.library = exports.archives
    with pytest.raises(TakeoutError, match="directory of its own"):
        exports.run()


def test_nothing_to_import_changes_nothing(exports: Any) -> None:
    result = exports.run()
    assert (result.changed, result.exports, result.report) == (False, [], None)
    assert list(exports.library.iterdir()) == []
