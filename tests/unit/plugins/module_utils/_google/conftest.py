# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._google.client import OAuthClient
from simulator.google.visitor import Visitor


@pytest.fixture
def world(google, monkeypatch):
    """The simulated Google, which this process takes for the real one."""
    monkeypatch.setenv("HTTPS_PROXY", google.proxy)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", google.ca_path)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    return google


@pytest.fixture
def client(google):
    """The OAuth client whose JSON was downloaded."""
    return OAuthClient.from_file(google.client_secret_file)


@pytest.fixture
def visitor(google):
    """A person with a browser."""
    return Visitor(google.proxy, google.ca_path)
