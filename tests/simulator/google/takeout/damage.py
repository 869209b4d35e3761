# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spoils an export as downloads, disks and attackers do."""

from __future__ import annotations

import io
import random
import stat
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from simulator.google.takeout.archives import DATE, MTIME, write_part
from simulator.google.takeout.pictures import jpeg

BOMB = 32 * 1024 * 1024
"""How many zeros a bomb unpacks to."""


@dataclass
class Damage:
    """What was done."""

    kind: str
    path: Path
    """The archive that is spoilt, new or gone."""
    names: list[str] = field(default_factory=list)
    """Entries that must not be taken as they are."""


def damage(directory: Path, kind: str, seed: int) -> Damage:
    """Spoil the export in a directory. `kind` is one of `DAMAGES`."""
    rng = random.Random(f"damage {kind} {seed}")
    parts = sorted(directory.glob("takeout-*"))
    return DAMAGES[kind](rng, parts)


def _largest(rng: random.Random, parts: list[Path]) -> Path:
    """A part that has something to lose."""
    return max(parts, key=lambda part: part.stat().st_size)


def _truncate(rng: random.Random, parts: list[Path]) -> Damage:
    part = _largest(rng, parts)
    content = part.read_bytes()
    part.write_bytes(content[: rng.randrange(len(content) // 4, len(content) - 30)])
    return Damage("truncated", part)


def _corrupt(rng: random.Random, parts: list[Path]) -> Damage:
    """One bit of one photo's data is another; the archive's own list is sound."""
    part = _largest(rng, parts)
    content = bytearray(part.read_bytes())
    names = []
    place = len(content) // 2
    if part.suffix == ".zip":
        with zipfile.ZipFile(part) as archive:
            entry = rng.choice([one for one in archive.infolist() if one.compress_type == zipfile.ZIP_STORED])
        names = [entry.filename]
        header = entry.header_offset
        extra = int.from_bytes(content[header + 28 : header + 30], "little")
        place = header + 30 + int.from_bytes(content[header + 26 : header + 28], "little") + extra
        place += rng.randrange(entry.compress_size)
    content[place] ^= 1 << rng.randrange(8)
    part.write_bytes(content)
    return Damage("corrupt", part, names)


def _remove(rng: random.Random, parts: list[Path]) -> Damage:
    part = _largest(rng, parts)
    part.unlink()
    return Damage("missing", part)


def _double(rng: random.Random, parts: list[Path]) -> Damage:
    """The same part twice, as browsers name a second download."""
    part = _largest(rng, parts)
    copy = part.with_name(f"{part.stem} (1){part.suffix}")
    copy.write_bytes(part.read_bytes())
    return Damage("doubled", copy)


def _renumber(rng: random.Random, parts: list[Path]) -> Damage:
    """The same part again under the next number."""
    copy = _next_part(parts)
    copy.write_bytes(_largest(rng, parts).read_bytes())
    return Damage("renumbered", copy)


def _leave_partial(rng: random.Random, parts: list[Path]) -> Damage:
    """What rclone has fetched of a part so far."""
    content = _largest(rng, parts).read_bytes()
    path = parts[0].with_name(f"{_next_part(parts).name}.{rng.randrange(16**8):08x}.partial")
    path.write_bytes(content[: len(content) // 2])
    return Damage("partial", path)


def _foreign(rng: random.Random, parts: list[Path]) -> Damage:
    """An archive that has nothing to do with Takeout but bears such a name."""
    path = _next_part(parts)
    write_part(path, [("holiday/IMG_1001.jpg", jpeg("foreign")), ("readme.txt", b"hello")])
    return Damage("foreign", path, ["holiday/IMG_1001.jpg", "readme.txt"])


def _rubbish(rng: random.Random, parts: list[Path]) -> Damage:
    path = _next_part(parts)
    path.write_bytes(b"<html>Sign in to continue</html>")
    return Damage("rubbish", path)


def _named(kind: str, *names: str) -> Callable[[random.Random, list[Path]], Damage]:
    """A part with names that lead out of where it is unpacked, or that no file can have."""

    def add(rng: random.Random, parts: list[Path]) -> Damage:
        path = _next_part(parts)
        container = _container(parts)
        chosen = [name.format(container=container) for name in names]
        write_part(path, [(f"{container}/Photos from 2020/good.jpg", jpeg(f"good {kind}"))])
        _append(path, [(name, jpeg(name)) for name in chosen])
        return Damage(kind, path, chosen)

    return add


def _twice(rng: random.Random, parts: list[Path]) -> Damage:
    """One name for two contents, which an archive may have."""
    path, name = _next_part(parts), f"{_container(parts)}/Photos from 2020/twice.jpg"
    write_part(path, [(name, jpeg("first"))])
    _append(path, [(name, jpeg("second"))])
    return Damage("same name twice", path, [name])


def _link(rng: random.Random, parts: list[Path]) -> Damage:
    return _special("link", parts, stat.S_IFLNK, tarfile.SYMTYPE, "/etc/passwd")


def _hard_link(rng: random.Random, parts: list[Path]) -> Damage:
    return _special("hard link", parts, stat.S_IFLNK, tarfile.LNKTYPE, "../../../etc/passwd")


def _device(rng: random.Random, parts: list[Path]) -> Damage:
    return _special("device", parts, stat.S_IFCHR, tarfile.CHRTYPE, "")


def _special(kind: str, parts: list[Path], mode: int, tar_type: bytes, target: str) -> Damage:
    """An entry that is no file, and one beneath it."""
    path, name = _next_part(parts), f"{_container(parts)}/Photos from 2020/special"
    below = f"{name}/below.jpg"
    write_part(path, [(f"{_container(parts)}/Photos from 2020/good.jpg", jpeg(f"good {kind}"))])
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "a") as archive:
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system, entry.external_attr = 3, (mode | 0o777) << 16
            archive.writestr(entry, target)
            archive.writestr(zipfile.ZipInfo(below, DATE), jpeg(below))
    else:
        special = tarfile.TarInfo(name)
        special.type, special.linkname, special.devmajor, special.devminor = tar_type, target, 1, 3
        _rewrite_tar(path, special, (below, jpeg(below)))
    return Damage(kind, path, [name, below])


def _nul(rng: random.Random, parts: list[Path]) -> Damage:
    """A name with a NUL within, where C ends it."""
    path, name = _next_part(parts), f"{_container(parts)}/Photos from 2020/good.jpg@.exe"
    if path.suffix == ".zip":
        write_part(path, [(name, jpeg("nul"))])
        path.write_bytes(path.read_bytes().replace(b"good.jpg@.exe", b"good.jpg\0.exe"))
    else:
        write_part(path, [])
        entry = tarfile.TarInfo("short")
        entry.pax_headers = {"path": name.replace("@", "\0")}
        _rewrite_tar(path, entry)
    return Damage("NUL", path, [name.replace("@", "\0")])


def _encrypt(rng: random.Random, parts: list[Path]) -> Damage:
    """A zip whose entry claims to be encrypted."""
    path = _next_part(parts).with_suffix(".zip")
    name = f"{_container(parts)}/Photos from 2020/secret.jpg"
    write_part(path, [(name, jpeg("secret"))])
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(mark) + place] |= 1
    path.write_bytes(content)
    return Damage("encrypted", path, [name])


def _bomb(kind: str, name: str) -> Callable[[random.Random, list[Path]], Damage]:
    """A small entry that becomes a large file."""

    def add(rng: random.Random, parts: list[Path]) -> Damage:
        path, whole = _next_part(parts), f"{_container(parts)}/Photos from 2020/{name}"
        if path.suffix == ".zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(zipfile.ZipInfo(whole, DATE), bytes(BOMB), zipfile.ZIP_DEFLATED, 9)
        else:
            write_part(path, [(whole, bytes(BOMB))])
        return Damage(kind, path, [whole])

    return add


def _next_part(parts: list[Path]) -> Path:
    """The name of one part more of the same export."""
    last = max(parts)
    start, dummy, number = last.stem.rpartition("-")
    return last.with_name(f"{start}-{int(number) + 1:03d}{last.suffix}")


def _container(parts: list[Path]) -> str:
    """The folder of Google Photos in this export."""
    for part in parts:
        for name in _entry_names(part):
            if name.count("/") == 3 and not name.startswith("Takeout/Drive/"):
                return name.rsplit("/", 2)[0]
    return "Takeout/Google Photos"


def _entry_names(part: Path) -> list[str]:
    if part.suffix == ".zip":
        with zipfile.ZipFile(part) as archive:
            return archive.namelist()
    with tarfile.open(part) as tar:
        return tar.getnames()


def _append(path: Path, files: list[tuple[str, bytes]]) -> None:
    """Add entries, also under names that are there."""
    if path.suffix != ".zip":
        for name, content in files:
            _rewrite_tar(path, None, (name, content))
        return
    with zipfile.ZipFile(path) as archive:
        present = [(entry, archive.read(entry)) for entry in archive.infolist()]
    added = []
    for name, content in files:
        entry = zipfile.ZipInfo("x", DATE)
        entry.filename = name  # the constructor would change separators
        added.append((entry, content))
    with path.open("wb") as raw, zipfile.ZipFile(raw, "w") as archive:
        for entry, content in [*present, *added]:
            archive.NameToInfo.pop(entry.filename, None)  # it would warn of a name that is there
            archive.writestr(entry, content)


def _rewrite_tar(path: Path, special: tarfile.TarInfo | None, *files: tuple[str, bytes]) -> None:
    """The same archive with an entry or files more."""
    with tarfile.open(path) as archive:
        present = [(entry, archive.extractfile(entry)) for entry in archive.getmembers()]
        kept = [(entry, file.read() if file else b"") for entry, file in present]
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT, compresslevel=1) as archive:
        for entry, content in kept:
            archive.addfile(entry, io.BytesIO(content))
        if special:
            archive.addfile(special)
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), MTIME
            archive.addfile(entry, io.BytesIO(content))


_LONG = "x" * 300

DAMAGES: dict[str, Callable[[random.Random, list[Path]], Damage]] = {
    "truncated": _truncate,
    "corrupt": _corrupt,
    "missing": _remove,
    "doubled": _double,
    "renumbered": _renumber,
    "partial": _leave_partial,
    "foreign": _foreign,
    "rubbish": _rubbish,
    "parent": _named("parent", "../escaped.jpg", "{container}/../../../escaped.jpg", "{container}/Trip/.."),
    "absolute": _named("absolute", "/escaped.jpg", "//host/share/escaped.jpg"),
    "drive letter": _named("drive letter", "C:\\escaped.jpg", "{container}\\..\\..\\escaped.jpg", "C:escaped.jpg"),
    "long name": _named("long name", f"{{container}}/Trip/{_LONG}.jpg", f"{{container}}/{_LONG}/a.jpg"),
    "same name twice": _twice,
    "link": _link,
    "hard link": _hard_link,
    "device": _device,
    "NUL": _nul,
    "encrypted": _encrypt,
    "bomb": _bomb("bomb", "bomb.jpg"),
    "sidecar bomb": _bomb("sidecar bomb", "bomb.jpg.supplemental-metadata.json"),
}
