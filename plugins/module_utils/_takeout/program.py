# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Building the import as one file that Python can run. Pure: equal sources give equal bytes.

PRIVATE to the collection.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_ROOM = "ansible_collections/nasops/cloudsync/plugins/module_utils/_takeout"
_START = f"""\
import sys

from {_ROOM.replace("/", ".")}.command import main

sys.exit(main(sys.argv[1:]))
"""
_SHEBANG = b"#!/usr/bin/env python3\n"
_DATE = (2026, 1, 1, 0, 0, 0)


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
