# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated Google, and ways to reach it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from simulator.fixture import SimulatedGoogle
from simulator.google.visitor import Visitor
from simulator.tests.google.harness import Rclone, running_google


@pytest.fixture(scope="module")
def one_google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedGoogle]:
    with running_google(tmp_path_factory.mktemp("google")) as google:
        yield google


@pytest.fixture
def google(one_google: SimulatedGoogle) -> SimulatedGoogle:
    """As good as new for each test."""
    one_google.reset()
    return one_google


@pytest.fixture
def visitor(google: SimulatedGoogle) -> Visitor:
    return Visitor(google.proxy, google.ca_path)


@pytest.fixture
def session(google: SimulatedGoogle) -> Iterator[requests.Session]:
    """HTTP through the simulator's proxy."""
    with requests.Session() as http:
        http.trust_env = False  # a REQUESTS_CA_BUNDLE of the environment would win
        http.proxies = {"https": google.proxy}
        http.verify = google.ca_path
        yield http


@pytest.fixture
def rclone(google: SimulatedGoogle, tmp_path: Path) -> Rclone:
    return Rclone(google, tmp_path)
