# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes an export from the command line, and tells in JSON what is in it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from simulator.google.takeout.export import generate
from simulator.google.takeout.languages import LANGUAGES


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulator.google.takeout", description="Makes a Takeout export.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--items", type=int, default=40)
    parser.add_argument("--parts", type=int, default=3)
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    parser.add_argument("--container", choices=("zip", "tgz"), default="zip")
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    truth = generate(
        options.directory,
        options.seed,
        items=options.items,
        parts=options.parts,
        language=options.language,
        container=options.container,
    )
    told = {
        "archives": sorted(truth.parts),
        "loose": sorted(truth.loose),
        "entries": truth.entries,
        "photos": len(truth.media),
        "albums": sorted(truth.albums.values()),
        "failed": truth.failed,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
