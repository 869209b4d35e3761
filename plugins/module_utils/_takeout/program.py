# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The import as one file that Python can run, and the script by which a NAS runs it after each delivery.

PRIVATE to the collection. Equal sources give equal bytes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import pkgutil
import shlex
import sys
import zipfile
from collections.abc import Mapping
from typing import Any

# Not used here: Ansible sends the files that the modules of a task import, and these are the program's.
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout import command  # noqa: F401  # pylint: disable=unused-import

_ROOM = "ansible_collections/nasops/cloudsync/plugins/module_utils/_takeout"
_START = f"""\
import sys

from {_ROOM.replace("/", ".")}.command import main

sys.exit(main(sys.argv[1:]))
"""
_SHEBANG = b"#!/usr/bin/env python3\n"
_DATE = (2026, 1, 1, 0, 0, 0)
_OWN_NAME = "program"

REMOVED = b"# The import of Google Takeout exports was here. This file may be deleted.\n"
"""What is left of a program that was removed: TrueNAS cannot delete a file through its API."""

# The task's secrets are in the environment of its scripts, so it is not passed on. Whoever may write to the dataset may
# replace the program, so a copy is checked and run that belongs to root alone.
_SCRIPT = """\
#!/bin/bash
# Written by the role nasops.cloudsync.google_takeout, which overwrites changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -- {path} "$folder/takeout.pyz"
if ! echo "{digest}  $folder/takeout.pyz" | sha256sum --check --status; then
  echo {advice} >&2
  exit 1
fi
env -i PATH="$PATH" LANG=C.UTF-8 python3 -I "$folder/takeout.pyz" {arguments}"""


def built() -> bytes:
    """Build it of the modules of this package, except for this one, which the import does without."""
    package = __name__.rpartition(".")[0]
    names = [one.name for one in pkgutil.iter_modules(sys.modules[package].__path__)]
    return build({f"{name}.py": _source(f"{package}.{name}") for name in names if name != _OWN_NAME})


def _source(module: str) -> bytes:
    """Read the source of a module, which may be in an archive that Ansible has sent."""
    spec = importlib.util.find_spec(module)
    read = getattr(spec.loader, "get_data", None) if spec else None
    if spec is None or spec.origin is None or read is None:
        raise ImportError(f"{module} has no source")
    data: bytes = read(spec.origin)
    return data


def script(path: str, options: Mapping[str, Any]) -> str:
    """Return the script that a task runs after it.

    Args:
        path: Where the program is on the NAS.
        options: The options of the import, by their names.
    """
    arguments = [
        f"--{name.replace('_', '-')}={value}" for name, value in options.items() if not isinstance(value, bool)
    ]
    switches = {name.replace("_", "-"): value for name, value in options.items() if isinstance(value, bool)}
    arguments += [f"--{'' if value else 'no-'}{name}" for name, value in switches.items()]
    advice = f"{path} is not the program that was installed. Run the role google_takeout again."
    return _SCRIPT.format(
        path=shlex.quote(path),
        digest=hashlib.sha256(built()).hexdigest(),
        advice=shlex.quote(advice),
        arguments=shlex.join(arguments),
    )


def build(sources: Mapping[str, bytes]) -> bytes:
    """Build it.

    Args:
        sources: The files of this package, by name.
    """
    files = {f"{_ROOM}/{name}": content for name, content in sources.items()}
    folders = _ROOM.split("/")
    files |= {f"{'/'.join(folders[:depth])}/__init__.py": b"" for depth in range(1, len(folders) + 1)}
    files["__main__.py"] = _START.encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, _DATE), content, zipfile.ZIP_DEFLATED)
    return _SHEBANG + packed.getvalue()
