# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A person with a real browser, and Ansible in a terminal beside it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tools.chromium import launch

from simulator.fixture import SimulatedGoogle, Simulator

CHECKOUT = Path(__file__).resolve().parents[2]
SCREENSHOTS = CHECKOUT / "tests/output/browser"
PATIENCE = 90_000  # milliseconds: on a busy machine, a page may take many times as long as it should


@pytest.fixture(scope="session")
def chromium(simulator: Simulator) -> Iterator[Browser]:
    """Headless, and sent to the simulated Google for everything but this machine."""
    with sync_playwright() as playwright:
        browser = launch(playwright, f"--proxy-server={simulator.google.proxy}")
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(ignore_https_errors=True)  # the simulator's own authority
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield context.new_page()
    context.close()


class Terminal:
    """One run of ansible-playbook, and what it shows."""

    def __init__(self, arguments: list[str], environment: dict[str, str], folder: Path) -> None:
        self.text = ""
        self._grown = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ansible", "playbook", *arguments],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            for line in output:
                with self._grown:
                    self.text += line
                    self._grown.notify_all()

    def shows(self, pattern: str) -> re.Match[str]:
        """Wait until it shows something."""

        def found() -> re.Match[str] | None:
            return re.search(pattern, self.text)

        with self._grown:
            match = self._grown.wait_for(lambda: found() or not self._reader.is_alive(), 60) and found()
        assert match, f"never showed {pattern}:\n{self.text}"
        return match

    @property
    def address(self) -> str:
        """The address to open in the browser."""
        return self.shows(r"https://accounts\.google\.com/\S+")[0]

    def ends(self) -> tuple[int, str]:
        """Exit status and all that was shown."""
        status = self._process.wait(90)
        self._reader.join()
        return status, self.text

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        self._reader.join()
        self._process.wait()


@pytest.fixture
def ansible(google: SimulatedGoogle, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Runs playbooks, for whom the simulated Google is the real one."""
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".cache/collections"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        "PWD": str(tmp_path),
        "PYTHONUNBUFFERED": "1",
        "HTTPS_PROXY": google.proxy,
        "REQUESTS_CA_BUNDLE": google.ca_path,
    }
    terminals = []

    def run(*arguments: str) -> Terminal:
        terminals.append(Terminal(list(arguments), environment, tmp_path))
        return terminals[-1]

    yield run
    for terminal in terminals:
        terminal.stop()
