# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the get-pip.py that ansible-test downloads, where that cannot be had."""

from __future__ import annotations

import os
import subprocess
import sys

if __name__ == "__main__":
    # ansible-test hands its own bootstrap over in GET_PIP; the pip started here is the real one.
    environment = {name: value for name, value in os.environ.items() if name != "GET_PIP"}
    packages = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
    subprocess.run([sys.executable, "-m", "ensurepip"], env=environment, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, "-m", "pip", "install", *packages], env=environment, check=True)
