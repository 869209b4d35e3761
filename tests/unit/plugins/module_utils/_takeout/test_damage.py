# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports that are cut at any moment, and archives that are damaged, hostile, or not whole."""

from __future__ import annotations

import gzip
import os
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import TakeoutError
from simulator.google.takeout import DAMAGES, damage, generate

STRIDE = int(os.environ.get("TAKEOUT_STRIDE", "4"))
"""Only every so many operations are cut at; 1 is all of them."""

KILLED = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""A process that is killed closes no files."""

OPTIONS = {"quiet_minutes": 0, "trashed": "apart"}
PHOTOS = "Takeout/Google Photos/Photos from 2023"

# What an import does with a spoilt export: it fails, or it names the part, or it says nothing since nothing is wrong.
REFUSED = {"truncated", "corrupt", "missing", "rubbish"}
UNSEEN = {"doubled", "renumbered", "partial", "same name twice"}


class Cut(BaseException):
    """The process is killed here."""


class Knife:
    """Kills at one step, and lets nothing be done afterwards."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.count = 0

    def __call__(self, step: str) -> None:
        self.count += 1
        if self.count >= self.at:
            raise Cut(step)


@KILLED
@pytest.mark.parametrize(
    ("container", "options"),
    [("zip", {}), ("tgz", {"layout": "album", "albums": "lists", "sidecars": "both"})],
)
def test_an_import_that_is_cut_anywhere_ends_as_one_that_is_not(
    container: str, options: dict[str, Any], exports: Any
) -> None:
    generate(exports.archives, 5, items=4, parts=2, container=container)
    whole = Knife(10**9)
    exports.run(step=whole, **OPTIONS, **options)
    wanted = exports.tree
    assert whole.count > 60
    library = exports.library
    for at in range(1, whole.count + 1, STRIDE):
        exports.library = library.with_name(f"library {at}")
        exports.library.mkdir()
        with pytest.raises(Cut):
            exports.run(step=Knife(at), **OPTIONS, **options)
        exports.run(**OPTIONS, **options)
        assert exports.tree == wanted, at
        assert not list((exports.library / ".nasops_takeout/incoming").iterdir())


@KILLED
def test_a_second_export_that_is_cut_anywhere(exports: Any) -> None:
    truth = generate(exports.archives, 6, items=6, parts=1)
    archives = exports.archives
    second = archives.with_name("second")
    second.mkdir()
    generate(second, 7, items=3, parts=1, incremental_of=truth)
    base = exports.library

    def imported(name: str, *cuts: int) -> tuple[dict[str, Any], int]:
        exports.library = base.with_name(name)
        exports.library.mkdir()
        exports.archives = archives
        exports.run(**OPTIONS)
        exports.archives = second
        for at in cuts:
            with pytest.raises(Cut):
                exports.run(step=Knife(at), **OPTIONS)
        knife = Knife(10**9)
        exports.run(step=knife, **OPTIONS)
        return exports.tree, knife.count

    wanted, steps = imported("whole")
    for at in range(1, steps + 1, 3 * STRIDE):
        assert imported(f"cut {at}", at)[0] == wanted, at


def outside(exports: Any) -> dict[str, bytes]:
    """All files beside the library and the archives."""
    root = exports.library.parent
    found = (Path(folder, name) for folder, _folders, names in os.walk(root) for name in names)
    return {str(path): path.read_bytes() for path in found if exports.library not in path.parents}


@pytest.mark.parametrize("container", ["zip", "tgz"])
@pytest.mark.parametrize("kind", DAMAGES)
def test_spoilt_exports(kind: str, container: str, exports: Any) -> None:
    truth = generate(exports.archives, 3, items=12, parts=3, container=container)
    done = damage(exports.archives, kind, 1)
    before = outside(exports)
    result = exports.run(**OPTIONS)
    assert outside(exports) == before
    account = result.exports[0]
    told = f"{result.problem} {result.warnings} {account.refusals} {account.parts}"
    if kind in REFUSED or (container == "tgz" and "bomb" in kind):
        assert result.problem is not None
        assert not account.complete
        assert done.path.stem.removesuffix(".tar") in told or done.names[0] in told
        return
    assert account.placed + account.known + account.refused == account.entries or result.problem
    here = {Path(path).name for path in exports.files}
    assert not here & {"escaped.jpg", "special", "below.jpg", "secret.jpg", "good.jpg\0.exe", "readme.txt"}
    if kind in UNSEEN:
        assert result.problem is None
        assert account.complete is not bool(truth.failed)
        return
    assert account.complete is False or kind == "foreign"
    for name in done.names if kind not in ("foreign", "NUL") else ():
        assert name.split("/")[-1] in told.replace("\\\\", "\\")


def test_what_there_is_of_an_incomplete_export(exports: Any) -> None:
    truth = generate(exports.archives, 3, items=30, parts=3)
    done = damage(exports.archives, "missing", 1)
    assert "missing" in exports.run(**OPTIONS).problem
    assert exports.files == {}
    account = exports.run(require_complete=False, **OPTIONS).exports[0]
    assert (account.status, account.complete) == ("imported", False)
    assert account.missing > 0
    assert len(exports.files) > 0
    generate(exports.archives, 3, items=30, parts=3)
    assert done.path.exists()
    result = exports.run(**OPTIONS)
    assert result.exports[0].complete is not bool(truth.failed)


def test_an_export_that_still_changes_waits(exports: Any) -> None:
    generate(exports.archives, 3, items=5, parts=2)
    now = max(path.stat().st_ctime for path in exports.archives.iterdir())
    result = exports.run(now=now + 44 * 60)
    assert ([one.status for one in result.exports], result.problem, exports.files) == (["waiting"], None, {})
    assert exports.run(now=now + 46 * 60).exports[0].status == "imported"


def test_what_is_on_its_way_keeps_an_export_waiting(exports: Any) -> None:
    generate(exports.archives, 3, items=5, parts=2)
    name = sorted(exports.archives.glob("takeout-*"))[0].name
    (exports.archives / f"{name}.12345678.partial").write_bytes(b"half")
    now = (exports.archives / f"{name}.12345678.partial").stat().st_ctime
    assert exports.run(now=now + 60).exports[0].status == "waiting"
    assert exports.run(now=now + 3600).exports[0].status == "imported"


def test_a_link_among_the_archives_is_not_followed(exports: Any) -> None:
    generate(exports.archives, 3, items=5, parts=1)
    part = next(exports.archives.glob("takeout-*"))
    part.rename(exports.library.parent / "elsewhere.zip")
    part.symlink_to(exports.library.parent / "elsewhere.zip")
    result = exports.run(**OPTIONS)
    assert result.exports == []
    assert part.name in result.warnings[0]


def raw_zip(path: Path, name: bytes, content: bytes, **odd: int) -> None:
    """A zip with one entry, of which single fields are not what they should be."""
    fields = {"flags": 0x800, "method": 0, "crc": zlib.crc32(content), "packed": len(content), "size": len(content)}
    fields |= {"offset": 0, "count": 1} | odd
    sizes = (fields["crc"], fields["packed"], fields["size"])
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, fields["flags"], fields["method"], 0, 0x21, *sizes, len(name), 0)
    central = struct.pack(
        "<4s6H3L5H2L",
        b"PK\1\2",
        20,
        20,
        fields["flags"],
        fields["method"],
        0,
        0x21,
        *sizes,
        len(name),
        0,
        0,
        0,
        0,
        0,
        fields["offset"],
    )
    body = local + name + content
    directory = (central + name) * fields["count"]
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, fields["count"], fields["count"], len(directory), len(body), 0)
    path.write_bytes(body + directory + end)


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({"flags": 0x801}, "encrypted"),
        ({"method": 12}, "method"),
        ({"crc": 1}, "checksum"),
        ({"size": 3}, "sizes differ"),
        ({"packed": 10**6}, "outside the archive"),
        ({"offset": 5}, "header is damaged"),
        ({"count": 2}, "overlap"),
        ({"method": 8}, "damaged"),
    ],
)
def test_entries_that_lie(odd: dict[str, int], said: str, exports: Any) -> None:
    path = exports.archives / "takeout-20260307T053026Z-001.zip"
    raw_zip(path, f"{PHOTOS}/a.jpg".encode(), b"a photo", **odd)
    account = exports.run(quiet_minutes=0).exports[0]
    assert exports.files == {}
    assert account.refused == account.entries > 0
    assert all(said in reason for reason in account.reasons)


def test_an_entry_that_unpacks_to_more_than_it_says(exports: Any) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(10**7)) + packer.flush()
    path = exports.archives / "takeout-20260307T053026Z-001.zip"
    raw_zip(path, f"{PHOTOS}/a.jpg".encode(), packed, method=8, size=1000, crc=0)
    account = exports.run(quiet_minutes=0).exports[0]
    assert list(account.reasons) == ["it holds more than the directory of the archive says"]


def test_a_zip_without_the_mark_for_utf_8(exports: Any) -> None:
    path = exports.archives / "takeout-20260307T053026Z-001.zip"
    raw_zip(path, f"{PHOTOS}/été.jpg".encode(), b"a photo", flags=0)
    exports.run(quiet_minutes=0)
    assert set(exports.files) == {"2023/été.jpg"}


def test_archives_are_removed_once_proven(exports: Any) -> None:
    files = {
        f"{PHOTOS}/a.jpg": b"A",
        f"{PHOTOS}/a.jpg.json": b'{"title": "a.jpg", "photoTakenTime": {"timestamp": "5"}}',
    }
    path = exports.zip(files)
    foretold = exports.run(check=True, quiet_minutes=0, remove_archives="imported")
    assert (foretold.removed, path.exists()) == ([path.name], True)
    result = exports.run(quiet_minutes=0, remove_archives="imported")
    assert (result.removed, path.exists()) == ([path.name], False)
    assert exports.files["1970/01/a.jpg"] == b"A"


@pytest.mark.parametrize("why", ["no list", "other product", "damaged", "changed in the library", "failed to list"])
def test_archives_are_kept_where_something_may_be_missed(why: str, exports: Any) -> None:
    files = {f"{PHOTOS}/a.jpg": b"A" * 1000}
    if why == "other product":
        files["Takeout/Drive/b.txt"] = b"B"
    path = exports.zip(files, listed=why != "no list")
    if why == "damaged":
        with zipfile.ZipFile(path) as archive:
            offset = archive.infolist()[0].header_offset
        content = bytearray(path.read_bytes())
        content[offset + 70] ^= 255
        path.write_bytes(content)
    if why == "changed in the library":
        exports.run(quiet_minutes=0)
        (exports.library / "2023/a.jpg").write_bytes(b"B" * 1000)
    if why == "failed to list":
        exports.zip({"Takeout/x.html": b"<p>"}, part=3, listed=False)
    result = exports.run(quiet_minutes=0, remove_archives="imported")
    assert (result.removed, path.exists()) == ([], True)


def test_a_full_disk_is_noticed_beforehand(exports: Any) -> None:
    path = exports.archives / "takeout-20260307T053026Z-001.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive, archive.open(f"{PHOTOS}/a.jpg", "w") as entry:
        entry.write(b"x")
    content = path.read_bytes()
    path.write_bytes(content)
    before = os.fstatvfs
    try:
        os.fstatvfs = lambda descriptor: type("Full", (), {"f_bavail": 1, "f_frsize": 1})()
        with pytest.raises(Exception, match="bytes left"):
            exports.run(quiet_minutes=0)
    finally:
        os.fstatvfs = before
    assert exports.files == {}


def test_names_do_nothing_to_a_terminal(exports: Any) -> None:
    spell = "\x1b]0;x\x07\u202e\n"
    page = exports.page([f"{PHOTOS}/a.jpg", f"{PHOTOS}/lost{spell}"])
    exports.zip({f"{PHOTOS}/a.jpg": b"x", "Takeout/archive_browser.html": page}, listed=False)
    (exports.archives / f"foreign{spell}").touch()
    Path(os.fsdecode(bytes(exports.archives) + b"/bytes\xff")).touch()
    result = exports.run(quiet_minutes=0)
    told = "\n".join([result.problem, *result.warnings])
    assert all(f"{name}\ufffd]0;x\ufffd\ufffd" in told for name in ("lost", "foreign"))
    assert all(one.isprintable() for one in [result.problem, *result.warnings])


def tar_block(kind: bytes, name: str, content: bytes) -> bytes:
    """A header of a tar and what follows it."""
    header = tarfile.TarInfo(name)
    header.type, header.size = kind, len(content)
    return header.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512)


def pax(key: str, value: str) -> bytes:
    """A record of an extended header, which begins with its own length."""
    record = f" {key}={value}\n"
    length = next(one for one in range(len(record), 99) if one == len(record) + len(str(one)))
    return f"{length}{record}".encode()


@pytest.mark.parametrize(
    "headers",
    [
        *(tar_block(kind, "h", pax("path", "abc")) * 1500 for kind in (b"x", b"g", b"L", b"K")),
        *(tar_block(kind, "h", bytes(8 << 20)) for kind in (b"x", b"g", b"L", b"K")),
        tar_block(b"x", "h", pax("size", "-1")),
        tar_block(b"x", "h", pax("size", str(-(2**63) - 1))),
        tar_block(b"x", "h", pax("GNU.sparse.size", str(-(2**63) - 1))),
    ],
    ids=[f"{size} {kind}" for size in ("many", "large") for kind in "xgLK"] + ["negative", "huge", "sparse"],
)
def test_headers_of_a_tar_that_lie(headers: bytes, exports: Any) -> None:
    path = exports.archives / "takeout-20260307T053026Z-001.tgz"
    path.write_bytes(gzip.compress(headers + tar_block(b"0", f"{PHOTOS}/a.jpg", b"a photo") + bytes(1024), 1))
    result = exports.run(quiet_minutes=0)
    assert (exports.files, path.exists()) == ({}, True)
    assert f"{path.name}: it is damaged" in (result.problem or "")


@pytest.mark.parametrize("field", [24, 20, 42], ids=["size", "packed", "offset"])
@pytest.mark.parametrize("number", [2**63 - 1, 2**64 - 1])
def test_an_entry_of_zip64_that_lies(field: int, number: int, exports: Any) -> None:
    path = exports.zip({f"{PHOTOS}/a.jpg": b"a photo", f"{PHOTOS}/b.jpg": b"another"})
    with zipfile.ZipFile(path) as archive:
        start = archive.start_dir
    content = path.read_bytes()
    directory = bytearray(content[start:])
    struct.pack_into("<L", directory, field, 0xFFFFFFFF)
    struct.pack_into("<H", directory, 30, 12)
    name_end = 46 + len(f"{PHOTOS}/a.jpg")
    directory[name_end:name_end] = struct.pack("<HHQ", 1, 8, number)
    end = directory.rfind(b"PK\5\6")
    struct.pack_into("<L", directory, end + 12, end)
    path.write_bytes(content[:start] + directory)
    account = exports.run(quiet_minutes=0, require_complete=False).exports[0]
    assert account.refused == (1 if field != 20 else 3)  # what overlaps others is refused with them
    assert set(exports.files.values()) == ({b"another"} if field != 20 else set())


@pytest.mark.parametrize("start", [0, 4096])
def test_a_damaged_state_is_named(start: int, exports: Any) -> None:
    exports.zip({f"{PHOTOS}/a.jpg": b"a photo"})
    exports.run(quiet_minutes=0)
    file = exports.library / ".nasops_takeout/state.sqlite"
    content = bytearray(file.read_bytes())
    content[start:] = b"\xff" * (len(content) - start)
    file.write_bytes(content)
    with pytest.raises(TakeoutError, match="snapshot"):
        exports.run(quiet_minutes=0)


def test_archives_are_kept_where_the_library_leads_elsewhere(exports: Any) -> None:
    path = exports.zip({f"{PHOTOS}/a.jpg": b"a photo"})
    exports.run(quiet_minutes=0)
    (exports.library / "2023").rename(exports.library.with_name("moved"))
    (exports.library / "2023").symlink_to("../moved")
    result = exports.run(quiet_minutes=0, remove_archives="imported")
    assert (result.removed, path.exists()) == ([], True)
    assert any("2023/a.jpg in the library is not what was imported" in one for one in result.warnings)


def test_an_export_from_the_end_of_the_calendar_is_foreign(exports: Any) -> None:
    exports.zip({f"{PHOTOS}/a.jpg": b"a photo"}, stamp="99991231T235959Z")
    assert exports.run(quiet_minutes=0).exports == []


@pytest.mark.parametrize(("trashed", "kept"), [("skip", set()), ("apart", {"Trash/1970/01/b.jpg"})])
def test_what_is_left_out_by_choice_goes_with_the_archives(trashed: str, kept: set[str], exports: Any) -> None:
    told = b'{"title": "b.jpg", "photoTakenTime": {"timestamp": "5"}, "trashed": true}'
    path = exports.zip({f"{PHOTOS}/a.jpg": b"A", f"{PHOTOS}/b.jpg": b"B", f"{PHOTOS}/b.jpg.json": told})
    result = exports.run(quiet_minutes=0, remove_archives="imported", trashed=trashed, sidecars="none")
    assert (result.removed, path.exists()) == ([path.name], False)
    assert {name for name in exports.files if "b.jpg" in name} == kept


@pytest.mark.parametrize("name", [".nasops_takeout", ".nasops_takeout/incoming"])
def test_a_link_in_the_place_of_an_own_directory_is_named(name: str, exports: Any) -> None:
    exports.zip({f"{PHOTOS}/a.jpg": b"a photo"})
    link, elsewhere = exports.library / name, exports.library.with_name("elsewhere")
    link.parent.mkdir(exist_ok=True)
    elsewhere.mkdir()
    link.symlink_to(elsewhere)
    with pytest.raises(TakeoutError, match=f"{name} in the library is a link or a file, not a directory. Move it away"):
        exports.run(quiet_minutes=0)
    assert list(elsewhere.iterdir()) == []


def test_a_library_among_the_archives_is_not_foreign(exports: Any) -> None:
    exports.library = exports.archives / "photos/library"
    exports.library.mkdir(parents=True)
    (exports.archives / "other").mkdir()
    exports.zip({f"{PHOTOS}/a.jpg": b"a photo"})
    result = exports.run(quiet_minutes=0)
    assert result.warnings[0].endswith("belong to no export: other")
    assert set(exports.files) == {"2023/a.jpg"}
