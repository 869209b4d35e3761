# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exports that are made up, and what is said to be true of them."""

from __future__ import annotations

import gzip
import hashlib
import html
import io
import json
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.google.media import recognise
from simulator.google.takeout import DAMAGES, LANGUAGES, Truth, TruthItem, damage, generate, names
from simulator.google.takeout.habits import HABITS

CONTAINERS = pytest.mark.parametrize("container", ["zip", "tgz"])


def unpacked(truth: Truth) -> dict[str, bytes]:
    """All entries of an export."""
    entries: dict[str, bytes] = {}
    for part in truth.parts:
        if truth.container == "zip":
            with zipfile.ZipFile(truth.directory / part) as archive:
                entries |= {entry.filename: archive.read(entry) for entry in archive.infolist()}
        else:
            with tarfile.open(truth.directory / part) as tar:
                files = ((entry.name, tar.extractfile(entry)) for entry in tar)
                entries |= {name: file.read() for name, file in files if file}
    return entries


def sidecars_of(truth: Truth, entries: dict[str, bytes], folder: str) -> list[dict[str, Any]]:
    found = [path for path, role in truth.roles.items() if role == "sidecar" and path.rpartition("/")[0] == folder]
    return [json.loads(entries[path]) for path in found]


def facts(item: TruthItem) -> dict[str, Any]:
    """What does not depend on the export that brought it."""
    return {name: value for name, value in vars(item).items() if name not in ("paths", "loose", "album_folders")}


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Truth]:
    def in_a_new_folder(seed: int, **options: Any) -> Truth:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        return generate(folder, seed, **options)

    return in_a_new_folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_truth_is_what_the_archives_hold(make: Callable[..., Truth], language: str) -> None:
    for seed in range(8):
        truth = make(seed, language=language, container=("zip", "tgz")[seed % 2])
        entries = unpacked(truth)

        assert len(entries) == truth.entries == len(truth.roles)
        assert set(entries) == set(truth.roles)
        listed = [path for item in truth.media for path in item.paths]
        assert sorted(listed) == sorted(path for path, role in truth.roles.items() if role == "media")
        for item in truth.media:
            assert {hashlib.sha256(entries[path]).hexdigest() for path in item.paths} <= {item.sha256}
        loose = {hashlib.sha256((truth.directory / name).read_bytes()).hexdigest() for name in truth.loose}
        assert {item.sha256 for item in truth.media if item.loose} == loose
        assert len({item.sha256 for item in truth.media}) == len(truth.media)
        assert not truth.missing


def test_own_metadata_is_beside_each_copy(make: Callable[..., Truth]) -> None:
    for seed in range(30):
        truth = make(seed)
        entries = unpacked(truth)
        for item in (item for item in truth.media if item.own_metadata):
            for path in item.paths:
                assert any(
                    _describes(sidecar, item) for sidecar in sidecars_of(truth, entries, path.rpartition("/")[0])
                )


def _describes(sidecar: dict[str, Any], item: TruthItem) -> bool:
    taken = sidecar["photoTakenTime"].get("timestamp") or "0"
    return (
        sidecar["title"] == item.title
        and taken == str(item.taken or 0)
        and sidecar.get("url") == item.url
        and sidecar["description"] == item.description
        and sidecar.get("favorited", False) == item.favourite
        and sidecar.get("archived", False) == item.archived
    )


def test_every_odd_case_occurs(make: Callable[..., Truth]) -> None:
    seen = set().union(*(make(seed, items=60).quirks for seed in range(60)))

    others = {"only sidecars", "only in albums", "albums alone", "untitled", "conversation", "strangers"}
    assert seen == {habit.__name__ for habit in HABITS} | others | {"failed", "foreign", "index alone", "loose"}


@CONTAINERS
def test_a_seed_makes_the_same_bytes_again(make: Callable[..., Truth], container: str) -> None:
    one, other = (make(7, container=container) for dummy in range(2))

    assert [path.name for path in sorted(one.directory.iterdir())] == [
        p.name for p in sorted(other.directory.iterdir())
    ]
    for path in one.directory.iterdir():
        assert path.read_bytes() == (other.directory / path.name).read_bytes()


def test_the_index_page_lists_all_files_and_failures(make: Callable[..., Truth]) -> None:
    failed = 0
    for seed in range(20):
        truth = make(seed, language="de", missing=seed % 3)
        entries = unpacked(truth)
        page = entries.pop("Takeout/Archiv_Übersicht.html").decode()
        folder = ""
        found: list[str] = []
        failures: list[str] = []
        page, dummy, dummy = page.partition("service-details-DRIVE")
        pattern = r'(folder|file)-name"> ?([^<]*)</div>(<div class="failure-message">[^<])?'
        for kind, name, failure in re.findall(pattern, page):
            if kind == "folder":
                folder = html.unescape(name)
            else:
                (failures if failure else found).append(f"{folder}/{html.unescape(name)}")
        expected = [*entries, *truth.missing, *truth.loose.values()]
        assert sorted(found) == sorted(
            _as_listed(path) for path in expected if path.startswith("Takeout/Google Fotos/")
        )
        assert len(failures) == len(truth.failed)
        assert f"{len(found):,} Dateien erfolgreich exportiert" in page
        failed += len(failures)
    assert failed


def _as_listed(path: str) -> str:
    """The page leaves out blanks at the end of folders."""
    folder, dummy, name = path.removeprefix("Takeout/Google Fotos/").rpartition("/")
    return f"{folder.rstrip(' ')}/{name}"


def test_photos_that_are_withheld(make: Callable[..., Truth]) -> None:
    truth = make(3, missing=2)

    assert truth.missing
    assert not set(truth.missing) & set(unpacked(truth))
    assert not set(truth.missing) & {path for item in truth.total for path in item.paths}


def test_an_incremental_export_adds_up_to_the_full_one(make: Callable[..., Truth]) -> None:
    for seed in range(25):
        first = make(seed)
        second = make(seed + 1000, incremental_of=first, items=10)
        third = make(seed + 2000, incremental_of=second, items=5)
        full = make(seed + 3000, again_of=third)

        assert {item.sha256: facts(item) for item in full.media} == {item.sha256: facts(item) for item in third.total}
        known = {item.sha256 for item in first.media}
        assert known < {item.sha256 for item in second.total}
        assert {item.sha256 for item in second.total} - known <= {item.sha256 for item in second.media}
        assert len(second.media) < len(first.media)
        assert first.timestamp < second.timestamp < third.timestamp < full.timestamp
        assert sorted(facts(item)["sha256"] for item in first.total) == sorted(item.sha256 for item in first.media)


def test_names_keep_to_their_length(make: Callable[..., Truth]) -> None:
    for seed in range(30):
        truth = make(seed, era="2025")
        for path, role in truth.roles.items():
            name = re.sub(r"\(\d+\)", "", path.rpartition("/")[2])
            if role in ("media", "sidecar") and "(" not in path:
                assert names.units(name) <= 51


@pytest.mark.parametrize(
    ("base", "number", "sidecar", "legacy"),
    [
        ("IMG_3479.JPG", 0, "IMG_3479.JPG.supplemental-metadata.json", "IMG_3479.JPG.json"),
        ("IMG_3479.JPG", 1, "IMG_3479.JPG.supplemental-metadata(1).json", "IMG_3479.JPG(1).json"),
        ("Negative0-36-35(1).jpg", 1, "Negative0-36-35(1).jpg.supplemental-metadata(1).json", None),
        ("Screenshot_20231027_123303_Facebook.jpg", 1, "Screenshot_20231027_123303_Facebook.jpg.supple(1).json", None),
        ("PXL_20241231_151646544.MP.jpg", 0, "PXL_20241231_151646544.MP.jpg.supplemental-met.json", None),
        (
            "PXL_20211120_223243932.MOTION-02.ORIGINAL.jpg",
            0,
            "PXL_20211120_223243932.MOTION-02.ORIGINAL.jpg..json",
            None,
        ),
        (
            "PXL_20240506_142610305.LONG_EXPOSURE-01.COVER.jpg",
            0,
            "PXL_20240506_142610305.LONG_EXPOSURE-01.COVER..json",
            "PXL_20240506_142610305.LONG_EXPOSURE-01.COVER..json",
        ),
        ("x" * 47 + ".jpg", 0, "x" * 46 + ".json", "x" * 46 + ".json"),
    ],
)
def test_sidecars_are_named_as_they_were_seen(base: str, number: int, sidecar: str, legacy: str | None) -> None:
    assert names.numbered_sidecar(names.sidecar_base(base, legacy=False, uncut=False), number) == sidecar
    if legacy:
        assert names.numbered_sidecar(names.sidecar_base(base, legacy=True, uncut=False), number) == legacy


def test_a_cut_halves_a_pair() -> None:
    assert names.media_base("a" * 46 + "🎉.jpg") == "a" * 46 + "\ufffd.jpg"
    assert names.sidecar_base("a" * 45 + "🎉.jpg", legacy=False, uncut=False) == "a" * 45 + "\ufffd"


def test_photos_are_what_they_claim_to_be(make: Callable[..., Truth]) -> None:
    truth = make(5, items=150)
    entries = unpacked(truth)
    for item in truth.media:
        for path in item.paths:
            media = recognise(entries[path])
            assert media, path
            assert media.is_video == (item.kind in ("video", "live_half", "motion"))


@CONTAINERS
@pytest.mark.parametrize("kind", ["truncated", "corrupt", "rubbish"])
def test_damaged_parts_cannot_be_read(make: Callable[..., Truth], container: str, kind: str) -> None:
    for seed in range(5):
        truth = make(seed, container=container)
        done = damage(truth.directory, kind, seed)
        with pytest.raises((zipfile.BadZipFile, tarfile.ReadError, EOFError, zlib.error, OSError)):
            _read_all(done.path)


@CONTAINERS
def test_parts_that_come_or_go(make: Callable[..., Truth], container: str) -> None:
    truth = make(2, container=container)
    parts = set(truth.parts)

    for kind in ("doubled", "renumbered", "partial", "foreign"):
        done = damage(truth.directory, kind, 1)
        assert done.path.exists()
        assert done.path.name not in parts
        done.path.unlink()
    assert damage(truth.directory, "missing", 1).path.name in parts
    assert len(list(truth.directory.glob("takeout-*"))) == len(parts) - 1


@CONTAINERS
@pytest.mark.parametrize("kind", sorted(set(DAMAGES) - {"truncated", "corrupt", "rubbish", "missing", "partial"}))
def test_hostile_entries_are_there(make: Callable[..., Truth], container: str, kind: str) -> None:
    truth = make(4, container=container)

    done = damage(truth.directory, kind, 9)

    if done.path.suffix == ".zip":
        raw = done.path.read_bytes()
        assert all(name.encode() in raw for name in done.names)
    else:
        with tarfile.open(done.path) as tar:
            found = {entry.name for entry in tar}
        assert set(done.names) <= found


def test_what_hostile_entries_are(make: Callable[..., Truth]) -> None:
    in_zips, in_tars = make(1), make(1, container="tgz")

    with zipfile.ZipFile(damage(in_zips.directory, "encrypted", 1).path) as archive:
        assert archive.infolist()[0].flag_bits & 1
    with zipfile.ZipFile(damage(in_zips.directory, "bomb", 1).path) as archive:
        entry = archive.infolist()[0]
        assert entry.file_size > 500 * entry.compress_size
    with zipfile.ZipFile(damage(in_zips.directory, "same name twice", 1).path) as archive:
        assert archive.namelist()[0] == archive.namelist()[1]
    for kind, matches in (
        ("link", tarfile.TarInfo.issym),
        ("hard link", tarfile.TarInfo.islnk),
        ("device", tarfile.TarInfo.isdev),
    ):
        with tarfile.open(damage(in_tars.directory, kind, 1).path) as tar:
            assert [entry for entry in tar if matches(entry)]


def _read_all(path: Path) -> None:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                archive.read(entry)
    else:
        with gzip.open(path) as packed:  # tarfile itself stops before the checksum
            tarfile.open(fileobj=io.BytesIO(packed.read())).close()
