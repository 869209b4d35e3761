# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sidecar belongs to which file: the samples that people have seen, one by one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.matching import Matches, Sidecar, match
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecar_names import cut, split, title_fits

SUFFIX = ".supplemental-metadata"


def matched(files: list[str], sidecars: Sequence[str | tuple[str, str]]) -> Matches:
    """Match; a sidecar is its file name, and its title if that is not told by the name."""
    pairs = [one if isinstance(one, tuple) else (one, one.split(SUFFIX)[0].removesuffix(".json")) for one in sidecars]
    return match(enumerate(files), [Sidecar(number + 100, *pair) for number, pair in enumerate(pairs)])


@pytest.mark.parametrize(
    ("file", "sidecar", "title"),
    [
        ("IMG_3479.JPG", "IMG_3479.JPG.supplemental-metadata.json", "IMG_3479.JPG"),
        ("IMG_3479.JPG", "IMG_3479.JPG.json", "IMG_3479.JPG"),
        ("IMG_3479(1).JPG", "IMG_3479.JPG.supplemental-metadata(1).json", "IMG_3479.JPG"),
        ("IMG_3479(1).JPG", "IMG_3479.JPG(1).json", "IMG_3479.JPG"),
        ("Negative0-36-35(1)(1).jpg", "Negative0-36-35(1).jpg.supplemental-metadata(1).json", "Negative0-36-35(1).jpg"),
        ("skytree (2).jpg", "skytree (2).jpg.supplemental-metadata.json", "skytree (2).jpg"),
        (
            "Screenshot_20231027_123303_Facebook.jpg",
            "Screenshot_20231027_123303_Facebook.jpg.supple.json",
            "Screenshot_20231027_123303_Facebook.jpg",
        ),
        (
            "Screenshot_20231027_123303_Facebook(1).jpg",
            "Screenshot_20231027_123303_Facebook.jpg.supple(1).json",
            "Screenshot_20231027_123303_Facebook.jpg",
        ),
        (
            "PXL_20241231_151646544.MP.jpg",
            "PXL_20241231_151646544.MP.jpg.supplemental-met.json",
            "PXL_20241231_151646544.MP.jpg",
        ),
        (
            "PXL_20240827_094331806.PORTRAIT(1).jpg",
            "PXL_20240827_094331806.PORTRAIT.jpg.supplement(1).json",
            "PXL_20240827_094331806.PORTRAIT.jpg",
        ),
        (
            "PXL_20211120_223243932.MOTION-02.ORIGINAL.jpg",
            "PXL_20211120_223243932.MOTION-02.ORIGINAL.jpg..json",
            "PXL_20211120_223243932.MOTION-02.ORIGINAL.jpg",
        ),
        (
            "PXL_20240506_142610305.LONG_EXPOSURE-01.COVER.jpg",
            "PXL_20240506_142610305.LONG_EXPOSURE-01.COVER..json",
            "PXL_20240506_142610305.LONG_EXPOSURE-01.COVER.jpg",
        ),
        (
            "Screenshot_2024-08-31-00-53-48-647_com.snapchat.jpg",
            "Screenshot_2024-08-31-00-53-48-647_com.snapcha.json",
            "Screenshot_2024-08-31-00-53-48-647_com.snapchat.android.jpg",
        ),
        (f"{'x' * 47}.jpg", f"{'x' * 46}.json", f"{'x' * 60}.jpg"),
        ("2234089303984509579.jpg", "2234089303984509579.supplemental-metadata.json", "2234089303984509579"),
        ("2013-12-23(1).jpg", "2013-12-23.supplemental-metadata(1).json", "2013-12-23"),
        (
            "a name of fifty-three characters as it is in 2026.jpg",
            "a name of fifty-three characters as it is in 2026.jpg.supplemental-metadata.json",
            "a name of fifty-three characters as it is in 2026.jpg",
        ),
        ("IMG_1.jpg", "IMG_1.jpg.s.json", "IMG_1.jpg"),
        ("a_b.jpg", "a_b.jpg.supplemental-metadata.json", "a&b.jpg"),
        ("IMG_2063.mov", "IMG_2063.MOV.supplemental-metadata.json", "IMG_2063.MOV"),
    ],
)
def test_a_sample(file: str, sidecar: str, title: str) -> None:
    found = matched([file], [(sidecar, title)])
    assert (found.own, found.left) == ({0: 100}, [])


def test_numbers_are_not_mixed_up() -> None:
    files = ["a.jpg", "a(1).jpg", "a(2).jpg"]
    found = matched(
        files, [("a.jpg.supplemental-metadata(2).json", "a.jpg"), ("a.jpg.supplemental-metadata.json", "a.jpg")]
    )
    assert found.own == {0: 101, 2: 100}
    assert not found.borrowed


def test_a_bare_beginning_is_no_match() -> None:
    found = matched(["IMG_123.jpg", "IMG_12.jpg"], ["IMG_12.jpg.supplemental-metadata.json"])
    assert (found.own, found.borrowed) == ({1: 100}, {})


def test_equal_stems_are_not_enough() -> None:
    found = matched(["IMG_1.DNG", "IMG_1.jpg"], ["IMG_1.jpg.supplemental-metadata.json"])
    assert (found.own, found.borrowed) == ({1: 100}, {})


def test_names_that_are_cut_alike_are_told_apart_by_title() -> None:
    start = "s" * 46
    files = [f"{start}a.jpg", f"{start}b.jpg"]
    found = matched(files, [(f"{start}.json", f"{start}b.jpg"), (f"{start}(1).json", f"{start}a.jpg")])
    assert found.own == {0: 101, 1: 100}


def test_a_cut_sidecar_of_an_absent_file_is_not_taken() -> None:
    start = "s" * 46
    found = matched([f"{start}a.jpg"], [(f"{start}.json", f"{start}b.jpg")])
    assert (found.own, found.left) == ({}, [100])


def test_half_a_pair_at_the_cut() -> None:
    title = "x" + "🎉" * 30 + ".jpg"
    file = cut("x" + "🎉" * 30, 47) + ".jpg"
    assert matched([file], [(cut(title) + ".json", title)]).own == {0: 100}


def test_both_readings_of_a_number_are_reported() -> None:
    sidecars: list[str | tuple[str, str]] = [
        "a(1).jpg.supplemental-metadata.json",
        ("a.jpg.supplemental-metadata(1).json", "a.jpg"),
    ]
    found = matched(["a(1).jpg"], sidecars)
    assert found.own == {}
    assert "several sidecars" in found.doubtful[0]


def test_case_twins_are_told_apart_by_title() -> None:
    sidecars: list[str | tuple[str, str]] = [
        ("IMG_2063.MOV.supplemental-metadata.json", "IMG_2063.mov"),
        ("IMG_2063.MOV.supplemental-metadata(1).json", "IMG_2063.MOV"),
    ]
    assert matched(["IMG_2063.mov", "IMG_2063.MOV"], sidecars).own == {0: 100, 1: 101}


def test_case_twins_with_one_title_are_reported() -> None:
    sidecars: list[str | tuple[str, str]] = [
        ("IMG_2063.MOV.supplemental-metadata.json", "Movie"),
        ("IMG_2063.MOV.supplemental-metadata(1).json", "Movie"),
    ]
    found = matched(["IMG_2063.mov", "IMG_2063.MOV"], sidecars)
    assert (found.own, set(found.doubtful)) == ({}, {0, 1})


def test_the_newer_and_the_older_form_of_one_sidecar() -> None:
    found = matched(["a.jpg"], ["a.jpg.json", "a.jpg.supplemental-metadata.json"])
    assert (found.own, found.spare, found.left) == ({0: 101}, {100: 0}, [])


@pytest.mark.parametrize(
    ("file", "original"),
    [
        ("IMG_1-edited.jpg", "IMG_1.jpg"),
        ("IMG_1-edited(1).jpg", "IMG_1(1).jpg"),
        ("scan (1)-edited.jpg", "scan (1).jpg"),
        ("IMG_1-bearbeitet.jpg", "IMG_1.jpg"),
        ("IMG_1-ha editado.jpg", "IMG_1.jpg"),
        ("IMG_1-編集済み.jpg", "IMG_1.jpg"),
        ("IMG_1-modifié.JPG", "IMG_1.JPG"),
        ("IMG_1-EFFECTS.jpg", "IMG_1.jpg"),
        ("IMG_1-edited.jpg", "IMG_1.HEIC"),
        ("IMG_1~2.jpg", "IMG_1.jpg"),
        ("IMG_1.MP4", "IMG_1.HEIC"),
        ("IMG_0769(1).mp4", "IMG_0769(1).HEIC"),
        ("img_1.mov", "IMG_1.HEIC"),
        ("PXL_1.MP", "PXL_1.MP.jpg"),
        ("PXL_1.MV", "PXL_1.MV.jpg"),
        ("PXL_1.MP~2", "PXL_1.MP.jpg"),
        ("PXL_1(1).MP", "PXL_1.MP(1).jpg"),
        ("PXL_1.mp4", "PXL_1.MP.jpg"),
        (f"{'y' * 40}-ha edi.jpg", f"{'y' * 40}.jpg"),
    ],
)
def test_a_companion_borrows(file: str, original: str) -> None:
    name = split(original)
    found = matched([file, original], [(f"{cut(name.base + SUFFIX)}{name.number}.json", name.base)])
    assert (found.own, found.borrowed) == ({1: 100}, {0: 100})


def test_a_live_half_borrows_where_only_the_sidecar_of_its_still_is_in_the_folder() -> None:
    found = matched(["IMG_0769(1).mp4"], [("IMG_0769.HEIC.supplemental-metadata(1).json", "IMG_0769.HEIC")])
    assert (found.borrowed, found.left) == ({0: 100}, [100])


def test_the_halves_of_a_live_photo_belong_together() -> None:
    assert matched(["IMG_1.HEIC", "IMG_1.MOV"], ["IMG_1.HEIC.supplemental-metadata.json"]).beside == {1: 0}


def test_a_video_with_two_pictures_of_its_name_borrows_nothing() -> None:
    sidecars = ["IMG_1.HEIC.supplemental-metadata.json", "IMG_1.JPG.supplemental-metadata.json"]
    found = matched(["IMG_1.HEIC", "IMG_1.JPG", "IMG_1.MOV"], sidecars)
    assert found.borrowed == {}
    assert "several pictures" in found.doubtful[2]


def test_a_title_without_extension_is_the_still_s_before_its_moving_half() -> None:
    found = matched(["X1.jpg", "X1.mp4"], [("X1.supplemental-metadata.json", "X1")])
    assert (found.own, found.borrowed) == ({0: 100}, {1: 100})


def test_a_title_without_extension_that_two_pictures_have_is_reported() -> None:
    found = matched(["X1.jpg", "X1.DNG"], [("X1.supplemental-metadata.json", "X1")])
    assert found.own == {}
    assert set(found.doubtful) == {0, 1}
    assert found.left == [100]


@pytest.mark.parametrize(
    ("title", "file", "fits"),
    [
        ("a.jpg", "a.jpg", True),
        ("", "a.jpg", None),
        ("b.jpg", "a.jpg", False),
        ("a:b.jpg", "a_b.jpg", True),
        ("a", "a.jpg", True),
        ("a.jpg", "a(1).jpg", True),
        ("abc.jpg", "ab.jpg", False),
        ("z" * 60 + ".jpg", "z" * 47 + ".jpg", True),
    ],
)
def test_whether_a_title_is_a_files(title: str, file: str, fits: bool | None) -> None:
    assert title_fits(title, split(file)) is fits
