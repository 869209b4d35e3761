# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods that tell about the NAS itself, and the jobs with which its services make each other act."""

from __future__ import annotations

import os
import socket
import time
from typing import TYPE_CHECKING, Any

from simulator.nas import clock
from simulator.nas.service import METHODS, Context, job, method
from simulator.nas.session import Session

if TYPE_CHECKING:
    from simulator.nas.server import Nas


@method("system.version")
async def version(ctx: Context) -> str:
    return ctx.nas.features.version


@method("system.info")
async def info(ctx: Context) -> dict[str, Any]:
    now = ctx.nas.clock.time()
    uptime = time.monotonic() - ctx.nas.started
    started = now - uptime
    cores = os.cpu_count() or 1
    return {
        "version": ctx.nas.features.version,
        "buildtime": clock.wire_time(started),
        "hostname": socket.gethostname(),
        "physmem": 8 * 1024**3,
        "model": "Simulated",
        "cores": cores,
        "physical_cores": cores,
        "loadavg": list(os.getloadavg()),
        "uptime": f"{int(uptime)}s",
        "uptime_seconds": uptime,
        "system_serial": None,
        "system_product": None,
        "system_product_version": None,
        "license": None,
        "boottime": clock.wire_time(started),
        "datetime": clock.wire_time(now),
        "timezone": os.environ.get("TZ") or "UTC",
        "system_manufacturer": None,
        "ecc_memory": False,
    }


@method("alert.list")
async def alert_list(ctx: Context) -> list[dict[str, Any]]:
    return ctx.nas.alerts.all()


@job("service.control")
async def service_control(ctx: Context, verb: str, service: str) -> bool:
    return True


async def restart_service(nas: Nas, service: str) -> None:
    """What a service does when its configuration is to be read anew; it waits until that is done."""
    if nas.features.service_jobs:
        started = nas.jobs.start(METHODS["service.control"], Session(internal=True), ["RESTART", service], [])
        await started.finished.wait()
