# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The message about a Python library that is not installed. PRIVATE to the collection."""

from __future__ import annotations

import sys

from ansible.module_utils.basic import missing_required_lib


def missing_library(library: str, reason: str | None = None) -> str:
    """Return Ansible's own message, with the command that installs the library."""
    return f"{missing_required_lib(library, reason=reason)}. To install it: {installation(library)}"


def installation(library: str) -> str:
    """The command that installs a library for the Python that this runs in."""
    return f"{sys.executable} -m pip install {library}"
