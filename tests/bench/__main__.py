# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the collection is: `make bench`, `make bench ARGS="--full"`, `make bench ARGS="fleet uploads"`.

Prints tables and writes tests/output/bench.json. All figures of a table come from one run, taken in turn, so that their
ratios mean something on a busy machine, too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

_TESTS = Path(__file__).resolve().parent.parent
sys.path[0] = str(_TESTS)
sys.path.insert(1, str(_TESTS.parent / ".cache/collections"))

from bench.runs import Bench, Figures  # noqa: E402
from bench.scenarios import SCENARIOS, Rows  # noqa: E402

_UNITS = {"wall": "s", "cpu": "s", "plan": "s", "validate": "s", "memory": "MB", "answer_mb": "MB"}
_HIDDEN = ("arrivals", "ratios", "runs")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure how fast the collection is.")
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"of {', '.join(SCENARIOS)}; default: all")
    parser.add_argument("--full", action="store_true", help="with the sizes that take more than an hour")
    given = parser.parse_args()
    unknown = set(given.scenarios) - set(SCENARIOS)
    if unknown:
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    output = _TESTS / "output/bench.json"
    found: dict[str, Rows] = {}
    with tempfile.TemporaryDirectory(prefix="cloudsync-bench-") as folder:
        bench = Bench(Path(folder), lambda text: print(text, file=sys.stderr, flush=True))
        for name in given.scenarios or SCENARIOS:
            print(f"{name}: {SCENARIOS[name].__doc__}", file=sys.stderr, flush=True)
            found[name] = SCENARIOS[name](bench, given.full)
            print(_table(name, found[name]), flush=True)
            output.parent.mkdir(exist_ok=True)
            output.write_text(json.dumps({"machine": _machine(), "scenarios": found}, indent=1), encoding="utf-8")


def _machine() -> dict[str, object]:
    return {
        "python": platform.python_version(),
        "ansible-core": version("ansible-core"),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[1],
    }


def _table(name: str, rows: Rows) -> str:
    columns = list(dict.fromkeys(column for row in rows.values() for column in row if column not in _HIDDEN))
    lines = [[name, *(f"{one} ({_UNITS[one]})" if one in _UNITS else one for one in columns), "ratios"]]
    for title, row in rows.items():
        lines.append([title, *(_number(row.get(column)) for column in columns), _ratios(row)])
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns) + 1)]
    texts = ["  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:-1], widths[1:]), line[-1]]) for line in lines]
    return "\n" + "\n".join(text.rstrip() for text in texts) + "\n"


def _number(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else "" if value is None else str(value)


def _ratios(row: Figures) -> str:
    return "; ".join(
        ", ".join(f"{ratio:.2f} x {figure}" for figure, ratio in ratios.items()) + f" of {other}"
        for other, ratios in row.get("ratios", {}).items()
    )


if __name__ == "__main__":
    main()
