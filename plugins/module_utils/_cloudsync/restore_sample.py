# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draw the files that a restore test restores. PRIVATE to the collection. Pure.

All files are put into an order that depends on the seed only, and cut into parts that keep to the limits. One test
takes one part, so that as many tests as there are parts take every file once.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """What one test restores.

    Attributes:
        paths: The files, in the order in which they were drawn.
        bytes: Their size.
        part, parts: Which part of all files this is, from 0, and how many there are.
        too_large: How many files are larger than the limit, so that no test takes them.
    """

    paths: tuple[str, ...]
    bytes: int
    part: int
    parts: int
    too_large: int


def draw(
    sizes: Mapping[str, int],
    *,
    files: int | None = None,
    percent: int | None = None,
    max_bytes: int | None = None,
    seed: int = 0,
    rotate: int = 0,
) -> Sample:
    """Draw from files.

    Args:
        sizes: Their sizes in bytes, by their paths.
        files: The most files to draw.
        percent: The largest share of the files to draw, in percent.
        max_bytes: The most bytes to draw.
        seed: What the order depends on.
        rotate: The number of the test: each next one takes the next part, and after the last one the first again.
    """
    fitting = {path: size for path, size in sizes.items() if max_bytes is None or size <= max_bytes}
    limits = [len(fitting)]
    if files is not None:
        limits.append(files)
    if percent is not None:
        limits.append(math.ceil(len(sizes) * percent / 100))
    ordered = sorted(fitting, key=lambda path: _place(seed, path))
    parts = list(_parts(ordered, fitting, min(limits), max_bytes)) or [()]
    part = rotate % len(parts)
    drawn = parts[part]
    return Sample(drawn, sum(sizes[path] for path in drawn), part, len(parts), len(sizes) - len(fitting))


def _place(seed: int, path: str) -> bytes:
    return hashlib.sha256(f"{seed} {path}".encode(errors="surrogatepass")).digest()


def _parts(ordered: list[str], sizes: Mapping[str, int], most: int, max_bytes: int | None) -> Iterator[tuple[str, ...]]:
    part: list[str] = []
    length = 0
    for path in ordered:
        if part and (len(part) >= most or (max_bytes is not None and length + sizes[path] > max_bytes)):
            yield tuple(part)
            part, length = [], 0
        part.append(path)
        length += sizes[path]
    if part:
        yield tuple(part)
