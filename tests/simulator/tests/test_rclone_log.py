# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of rclone's reports of progress a job's log keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.fixture import SimulatedNas
from simulator.nas.rclone_log import LogCutter
from simulator.tests import second_round
from simulator.tests.remotes import served
from simulator.tests.wire import Message, Wire

_REPORT = re.compile(r"(?:INFO  |NOTICE): \n")


def _report(number: int, *lines: str, level: str = "INFO  ") -> str:
    head = f"2026/11/28 03:12:47 {level}: \n"
    block = [
        "Transferred:   \t  117.188 KiB / 781.250 KiB, 15%, 0 B/s, ETA -\n",
        "Errors:                 1 (retrying may help)\n",
        "Checks:                 0 / 0, -, Listed 40\n",
        *lines,
        f"Elapsed time:         {number}.0s\n",
        "Transferring:\n",
        " *                                       f04.jpg:100% / 19.531 KiB, 0 B/s, -\n",
        "\n",
    ]
    return head + "".join(block)


def _cut(log: str) -> str:
    cutter = LogCutter()
    return "".join(cutter.take(line) for line in log.splitlines(keepends=True)) + cutter.rest()


_COPIED = "2026/11/28 03:12:47 INFO  : f04.jpg: Copied (new)\n"


def test_the_first_report_is_kept_and_the_last_is_not() -> None:
    log = "".join(_report(number) + _COPIED for number in range(4))
    assert _cut(log) == _report(0) + _COPIED * 4


def test_so_is_each_300th_after_it() -> None:
    log = "".join(_report(number) for number in range(602))
    assert _cut(log) == _report(0) + _report(300) + _report(600)


@pytest.mark.parametrize("line", ["Deleted:               1 (files)\n", "Checking:\n", "Renamed:                1\n"])
def test_a_report_with_another_line_stays_and_counts_for_nothing(line: str) -> None:
    log = _report(0, line) + _report(1) + _report(2, line) + _report(3)
    assert _cut(log) == _report(0, line) + _report(1) + _report(2, line)


def test_a_dry_run_keeps_every_report() -> None:
    log = "".join(_report(number, level="NOTICE") for number in range(4))
    assert _cut(log) == log


def test_a_report_that_is_broken_off_stays() -> None:
    half = _report(1)[:120]
    assert _cut(_report(0) + half) == _report(0) + half
    begun_anew = "2026/11/28 03:12:47 INFO  : \n" + _report(1)
    assert _cut(_report(0) + begun_anew) == _report(0) + "2026/11/28 03:12:47 INFO  : \n"


# The logs as the real server kept them, and those of the same runs here.


def _recorded_log(release: str, step: str) -> str:
    frames = second_round.step(release, f"{step}-log")["frames"]
    body: str = frames[-1]["<"]["body"]
    return body


@pytest.mark.parametrize("release", second_round.RELEASES)
@pytest.mark.parametrize("step", ["sync-over-3-seconds", "sync-30-deletions", "sync-over-1-second-failing"])
def test_what_the_real_server_kept_is_kept(release: str, step: str) -> None:
    log = _recorded_log(release, step)
    assert _cut(log) == log
    # If the last report could be cut, it would have been: a plain one more is.
    assert _cut(log + _report(99)) == log


@pytest.fixture
def wire(nas: SimulatedNas) -> Iterator[Wire]:
    with Wire(nas) as one:
        one.log_in(nas)
        yield one


def _run(wire: Wire, provider: dict[str, Any], *options: Any, **fields: Any) -> Message:
    credential = wire.call("cloudsync.credentials.create", {"name": "dav", "provider": provider})["id"]
    task = {
        "path": "/mnt/tank/photos",
        "credentials": credential,
        "direction": "PUSH",
        "transfer_mode": "SYNC",
        "attributes": {"folder": "/up"},
        **fields,
    }
    number = wire.call("cloudsync.sync", wire.call("cloudsync.create", task)["id"], *options)
    return wire.finished_job(number)


def test_a_run_of_seconds_tells_the_first_of_them_only(wire: Wire, nas: SimulatedNas, tmp_path: Path) -> None:
    for number in range(6):
        Path(nas.root, "tank", "photos", f"{number}.jpg").write_bytes(bytes(10_000))
    with served("WEBDAV", tmp_path) as provider:
        job = _run(wire, provider, transfers=1, bwlimit=[{"time": "00:00", "bandwidth": 20_000}])
    assert (job["state"], job["progress"]["percent"]) == ("SUCCESS", 100)
    assert len(_REPORT.findall(job["logs_excerpt"])) == 1
    assert "Transferred:            6 / 6, 100%" not in job["logs_excerpt"]
    assert job["progress"]["description"].startswith("6 / 6, ")


def test_a_run_with_deletions_tells_all(wire: Wire, nas: SimulatedNas, tmp_path: Path) -> None:
    (tmp_path / "up").mkdir()
    for number in range(6):
        (tmp_path / "up" / f"{number}.jpg").touch()
    args = "--tpslimit 4 --tpslimit-burst 1"
    with served("WEBDAV", tmp_path) as provider:
        job = _run(wire, provider, {"dry_run": True}, args=args)
    assert "Deleted:                6 (files)" in job["logs_excerpt"].splitlines()[-3]
    assert job["progress"]["description"] == "Starting"
