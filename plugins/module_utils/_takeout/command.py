# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The import as a command, which needs Python alone: `python3 takeout.pyz --archives DIRECTORY --library DIRECTORY`.

It takes the options of the module `google_takeout_import`, and prints what the module returns.

PRIVATE to the collection.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.answer import ARGUMENTS, answer
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.run import run
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import Settings, TakeoutError


def main(arguments: Sequence[str]) -> int:
    """Import, and return the exit code: 0 if all went well, 1 if something is missing or wrong."""
    given = vars(_parser().parse_args(arguments))
    check = given.pop("check")
    try:
        result = run(Settings(**given), time.time(), check)
    except TakeoutError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    told = answer(result, given["library"])
    del told["diff"]
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    for warning in result.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    if result.problem:
        sys.stderr.write(f"{result.problem}\n")
    return 1 if result.problem else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="takeout", description="Import Google Takeout exports of Google Photos.")
    parser.add_argument("--check", action="store_true", help="only say what would be done")
    for name, option in ARGUMENTS.items():
        told: dict[str, Any] = {"required": option.get("required", False), "default": option.get("default")}
        if option["type"] == "bool":
            told |= {"action": argparse.BooleanOptionalAction}
        else:
            told |= {"type": {"path": Path, "int": int}.get(option["type"], str), "choices": option.get("choices")}
        parser.add_argument(f"--{name.replace('_', '-')}", dest=name, **told)
    return parser
