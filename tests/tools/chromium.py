# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Chromium of this machine, which Playwright drives."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def launch(playwright: Playwright, *arguments: str) -> Browser:
    """Start it, headless.

    Raises:
        FileNotFoundError: it is not installed.
    """
    executable = next(filter(None, map(shutil.which, _NAMES)), None)
    if executable is None:
        raise FileNotFoundError("Chromium is missing. Install it (apt-get install chromium)")
    # Only as root, where Chromium's own sandbox cannot be made; the pages are all our own.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=executable, args=[*arguments, *sandbox])
