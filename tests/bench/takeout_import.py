# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a Takeout import is: `python tests/bench/takeout_import.py [--photos 20000] [--entries 200000] [--runs 3]`.

Compares, in one run and in turn:

- the import of an export with `unzip` of the same parts followed by `sha256sum` of what came out;
- a second import with a reading of the same parts' directories and sidecars, and nothing else;
- the memory of an import of many entries with what it may have.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
MEASURE = Path(__file__).with_name("measure.py")
IMPORT = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.run import run
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import Settings
result = run(Settings(Path(sys.argv[2]), Path(sys.argv[3]), quiet_minutes=0), time.time())
account = result.exports[0]
assert result.problem is None and account.complete, result
print(account.entries, account.placed, account.known, file=sys.stderr)
"""
READ = """
import sys, zipfile
from pathlib import Path
for path in sorted(Path(sys.argv[1]).glob("*.zip")):
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.filename.endswith(".json"):
                archive.read(entry)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how fast a Takeout import is.")
    parser.add_argument("--photos", type=int, default=20_000)
    parser.add_argument("--bytes", type=int, default=150_000, help="of a photo, on average")
    parser.add_argument("--entries", type=int, default=200_000, help="of the export for the memory; 0 leaves it out")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where there is room")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="takeout-bench-", dir=given.folder) as folder:
        speed(Path(folder) / "speed", given.photos, given.bytes, given.runs)
        if given.entries:
            memory(Path(folder) / "memory", given.entries)


def speed(folder: Path, photos: int, size: int, runs: int) -> None:
    """Compare the times of imports with those of the plainest tools."""
    archives = folder / "archives"
    archives.mkdir(parents=True)
    make(archives, photos, size, parts=4)
    packed = sum(path.stat().st_size for path in archives.iterdir())
    print(f"{photos} photos with sidecars, {packed / 1e6:.0f} MB in 4 parts, {runs} runs, in turn; seconds")
    names = ("unzip, sha256sum", "import", "read", "import again")
    walls: dict[str, list[float]] = {name: [] for name in names}
    cpus: dict[str, list[float]] = {name: [] for name in names}

    def measure(name: str, command: list[str]) -> None:
        found = measured(command)
        walls[name].append(found["wall"])
        cpus[name].append(found["cpu"])

    for number in range(runs):
        out, library = folder / f"out {number}", folder / f"library {number}"
        out.mkdir()
        library.mkdir()
        plain = (
            f"for part in '{archives}'/*.zip; do unzip -q -o \"$part\" -d '{out}'; done; find '{out}' -type f -print0"
        )
        again = [sys.executable, "-c", IMPORT, str(ROOT / ".cache/collections"), str(archives), str(library)]
        orders = [
            ("unzip, sha256sum", ["sh", "-c", f"{plain} | xargs -0 sha256sum > '{out}.sums'"]),
            ("import", again),
        ]
        for name, command in orders if number % 2 == 0 else orders[::-1]:
            measure(name, command)
        shutil.rmtree(out)
        measure("read", [sys.executable, "-c", READ, str(archives)])
        measure("import again", again)
        shutil.rmtree(library)
    for title, times in (("wall", walls), ("cpu", cpus)):
        for name, values in times.items():
            print(f"  {title:5}{name:20}{' '.join(f'{value:7.2f}' for value in values)}   median {median(values):.2f}")
    for one, other, most in (("import", "unzip, sha256sum", 1.5), ("import again", "read", 2.0)):
        wall, cpu = (median(times[one]) / median(times[other]) for times in (walls, cpus))
        missed = "" if wall <= most else "  MISSED"
        print(
            f"  {one} / {other}: {wall:.2f} of the wall time (at most {most}){missed}, {cpu:.2f} of the processor time"
        )
    shutil.rmtree(folder)


def memory(folder: Path, entries: int) -> None:
    """See what an import of many small files takes."""
    archives, library = folder / "archives", folder / "library"
    archives.mkdir(parents=True)
    library.mkdir()
    make(archives, entries // 2, 200, parts=1)
    command = [sys.executable, "-c", IMPORT, str(ROOT / ".cache/collections"), str(archives), str(library)]
    for name in ("import", "import again"):
        found = measured(command)
        missed = "" if found["memory"] <= 150 else "  MISSED"
        print(f"{entries} entries, {name}: {found['memory']:.0f} MB (at most 150){missed}, {found['wall']:.1f} s")


def measured(command: list[str]) -> dict[str, float]:
    """Run a command, and tell time and memory."""
    done = subprocess.run([sys.executable, str(MEASURE), *command], stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    if found["status"]:
        raise SystemExit(f"{command[0]} failed")
    return found


def make(archives: Path, photos: int, size: int, parts: int) -> None:
    """Write an export as plain as Google's mostly are: years, some albums, sidecars beside the photos."""
    noise = random.Random(1)
    block = noise.randbytes(1 << 20)
    listed: dict[str, list[str]] = {}
    for part in range(parts):
        with zipfile.ZipFile(archives / f"takeout-20260307T053026Z-3-{part + 1:03d}.zip", "w") as archive:
            for number in range(part * photos // parts, (part + 1) * photos // parts):
                year, name = 2005 + number * 20 // photos, f"PXL_{number:08d}.jpg"
                start, length = noise.randrange(1 << 19), size // 2 + noise.randrange(max(1, size))
                content = b"\xff\xd8" + number.to_bytes(8, "big") + block[start : start + min(length, 1 << 19)]
                folders = [f"Photos from {year}"] + ([f"Album {number % 50}"] if number % 20 == 0 else [])
                for folder in folders:
                    add(archive, listed, folder, name, content)
                    add(archive, listed, folder, f"{name}.supplemental-metadata.json", sidecar(name, year, number))
            if part == 0:
                for number in range(50):
                    add(
                        archive,
                        listed,
                        f"Album {number}",
                        "metadata.json",
                        json.dumps({"title": f"Album {number}"}).encode(),
                    )
            if part == parts - 1:
                archive.writestr("Takeout/archive_browser.html", page(listed), zipfile.ZIP_DEFLATED)


def add(archive: zipfile.ZipFile, listed: dict[str, list[str]], folder: str, name: str, content: bytes) -> None:
    listed.setdefault(folder, []).append(name)
    archive.writestr(f"Takeout/Google Photos/{folder}/{name}", content, zipfile.ZIP_DEFLATED)


def sidecar(name: str, year: int, number: int) -> bytes:
    taken = str((year - 1970) * 31_556_952 + number)
    content = {
        "title": name,
        "description": "",
        "imageViews": "5",
        "creationTime": {"timestamp": taken, "formatted": "1 Jan 2020, 00:00:00 UTC"},
        "photoTakenTime": {"timestamp": taken, "formatted": "1 Jan 2020, 00:00:00 UTC"},
        "geoData": {"latitude": 48.1, "longitude": 11.5, "altitude": 500.0, "latitudeSpan": 0.0, "longitudeSpan": 0.0},
        "people": [{"name": "Ann"}],
        "url": f"https://photos.google.com/photo/AF1Qip{number:040d}",
        "googlePhotosOrigin": {
            "mobileUpload": {"deviceFolder": {"localFolderName": ""}, "deviceType": "ANDROID_PHONE"}
        },
    }
    return json.dumps(content, indent=2).encode()


def page(listed: dict[str, list[str]]) -> str:
    lines = []
    for folder, names in listed.items():
        lines.append(f'<div class="extracted-folder-name">{folder}</div>')
        lines += [f'<div class="file-leaf"><div class="extracted-file-name"> {name}</div></div>' for name in names]
    return "\n".join(lines)


if __name__ == "__main__":
    os.environ.pop("PYTHONPATH", None)
    main()
