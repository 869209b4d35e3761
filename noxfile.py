# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates of the collection: `make test` runs them all, `nox --list` names them."""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
import urllib.request
from pathlib import Path

import antsibull_nox
import nox

nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"

# The ansible-core of the virtual environment: the newest one that runs on its Python.
CORE = ".".join(importlib.metadata.version("ansible-core").split(".")[:2])
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"

antsibull_nox.load_antsibull_nox_toml()


def provide_get_pip() -> None:
    """Let ansible-test make its environments where its own pip bootstrap cannot be downloaded."""
    for version in ("24.2", "25.2"):  # ansible-core 2.18 and 2.19; 2.20 and later
        cached = Path.home() / ".ansible/test/cache" / f"get_pip_{version.replace('.', '_')}.py"
        if cached.exists():
            continue
        url = f"https://ci-files.testing.ansible.com/ansible-test/get-pip-{version}.py"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=5):
                continue
        except OSError:
            cached.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy("tests/sanity/get_pip.py", cached)


antsibull_nox.add_ansible_test_session(
    name="sanity",
    description="Run ansible-test sanity.",
    ansible_test_params=["sanity", "--local", "--python", PYTHON],
    ansible_core_version=CORE,
    ansible_core_source="pypi",
    callback_before=provide_get_pip,
    default=True,
)
