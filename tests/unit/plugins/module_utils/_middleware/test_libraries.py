# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which libraries each way needs: on a NAS there is websocket-client and no more."""

from __future__ import annotations

import subprocess
import sys

from simulator.fixture import SimulatedNas

_SCRIPT = """
import sys
for name in sys.argv[1].split(","):
    sys.modules[name] = None  # as if it were not installed
sys.path[:0] = sys.argv[4:]
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import ConnectError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
try:
    with connect(ConnectionOptions(api_url=sys.argv[2], api_transport=sys.argv[3], api_key="1-x", ca_path=None)
                 if sys.argv[3] == "rest" else ConnectionOptions(api_url=sys.argv[2])) as client:
        print(client.release)
except ConnectError as error:
    print(error)
"""


def run(missing: str, address: str, transport: str) -> str:
    command = [sys.executable, "-c", _SCRIPT, missing, address, transport, *sys.path]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_socket_needs_websocket_client_alone(nas: SimulatedNas) -> None:
    missing = "requests,urllib3,cryptography,scramp,truenas_api_client,google"
    assert run(missing, nas.socket, "auto") == "25.10\n"


def test_without_it_the_message_names_it(nas: SimulatedNas) -> None:
    assert f"{sys.executable} -m pip install websocket-client" in run("websocket", nas.socket, "auto")


def test_rest_needs_no_library(nas: SimulatedNas) -> None:
    missing = "requests,urllib3,websocket,cryptography"
    assert "is not trusted" in run(missing, nas.api_url, "rest")
