# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs: states, locks, who sees them, logs."""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.fixture import SimulatedNas
from simulator.nas.jobs import excerpt
from simulator.tests.replay import Remote
from simulator.tests.wire import Message, Wire


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    one = Remote(tmp_path / "remote")
    yield one
    one.be_gone()


@pytest.fixture
def wire(nas: SimulatedNas) -> Iterator[Wire]:
    with Wire(nas) as one:
        one.log_in(nas)
        yield one


def _task(wire: Wire, remote: Remote) -> int:
    provider = {"type": "WEBDAV", "url": f"http://127.0.0.1:{remote.port}", "vendor": "OTHER", "user": "u", "pass": "p"}
    credential = wire.call("cloudsync.credentials.create", {"name": f"dav {remote.port}", "provider": provider})["id"]
    task = {
        "path": "/mnt/tank/photos",
        "credentials": credential,
        "attributes": {"folder": "/up"},
        "direction": "PUSH",
        "transfer_mode": "COPY",
    }
    return wire.call("cloudsync.create", task)["id"]


def _running(wire: Wire, number: int) -> bool:
    return wire.call("core.get_jobs", [["id", "=", number]])[0]["progress"]["description"] == "Starting"


def test_a_run_tells_its_subscribers_every_step(nas: SimulatedNas, wire: Wire, remote: Remote) -> None:
    remote.serve()
    task = _task(wire, remote)
    wire.call("core.subscribe", "core.get_jobs")
    number = wire.call("cloudsync.sync", task)
    while not _ended(wire.pushes, number):
        wire.receive()
    pushes = [push for push in wire.pushes if push["id"] == number]
    states = [(push["msg"], push["fields"]["state"]) for push in pushes]
    assert states[:2] == [("added", "WAITING"), ("changed", "RUNNING")]
    assert states[-2:] == [("changed", "SUCCESS"), ("changed", "SUCCESS")]
    assert [push["fields"]["logs_excerpt"] is None for push in pushes] == [True] * (len(pushes) - 1) + [False]
    descriptions = list(dict.fromkeys(push["fields"]["progress"]["description"] for push in pushes))
    local, remote_path = "Locking local path '/mnt/tank/photos' for reading", "Locking remote path '/up' for writing"
    assert descriptions[:4] == ["", local, remote_path, "Starting"]


def _ended(pushes: list[Message], number: int) -> bool:
    return any(push["id"] == number and push["fields"]["logs_excerpt"] is not None for push in pushes)


def test_one_runs_one_waits_and_further_ones_join(nas: SimulatedNas, wire: Wire, remote: Remote) -> None:
    remote.be_deaf()
    task = _task(wire, remote)
    first, second, third = (wire.call("cloudsync.sync", task) for dummy in range(3))
    assert first != second == third
    assert len(wire.call("core.get_jobs", [["id", "=", second]])[0]["message_ids"]) == 2
    with_options = wire.call("cloudsync.sync", task, {"dry_run": True})
    assert with_options not in (first, second)  # its lock has another name
    other = nas.account("other", roles=["CLOUD_SYNC_WRITE"], api_key=True)
    with Wire(nas) as colleague:
        colleague.log_in(nas, mechanism="API_KEY_PLAIN", username="other", api_key=other["api_key"])
        assert colleague.error("cloudsync.sync", task)["data"]["errname"] == "EBUSY"
        assert colleague.error("core.job_abort", first)["data"]["errname"] == "EPERM"
        assert colleague.call("cloudsync.abort", task) is True  # this it may
    assert wire.finished_job(first)["state"] == "ABORTED"


def test_an_aborted_run_has_no_error(wire: Wire, remote: Remote) -> None:
    remote.be_deaf()
    number = wire.call("cloudsync.sync", _task(wire, remote))
    while not _running(wire, number):
        pass
    wire.call("core.job_abort", number)
    job = wire.finished_job(number)
    assert (job["state"], job["error"], job["exc_info"]) == ("ABORTED", None, None)


def test_a_failed_run_raises_an_alert_and_a_good_one_clears_it(wire: Wire, remote: Remote) -> None:
    task = _task(wire, remote)
    job = wire.finished_job(wire.call("cloudsync.sync", task))
    assert (job["state"], job["exc_info"]["errno"]) == ("FAILED", 14)
    assert [alert["klass"] for alert in wire.call("alert.list")] == ["CloudSyncTaskFailed"]
    remote.serve()
    assert wire.finished_job(wire.call("cloudsync.sync", task))["state"] == "SUCCESS"
    assert wire.call("alert.list") == []


def test_the_answer_comes_at_the_end_without_legacy_jobs(wire: Wire, remote: Remote) -> None:
    wire.call("core.set_options", {"legacy_jobs": False})
    assert wire.error("cloudsync.sync", 99)["code"] == -32602
    assert wire.error("cloudsync.sync", _task(wire, remote))["data"]["errname"] == "EFAULT"
    remote.serve()
    assert wire.call("cloudsync.sync", 1) is None


def test_jobs_of_others_are_seen_only_by_role(nas: SimulatedNas, wire: Wire) -> None:
    run = wire.call("cloudsync.sync", 99)
    wait = wire.call("core.job_wait", run)
    wire.finished_job(wait)
    with Wire(nas) as reader:
        reader.log_in(nas, mechanism="API_KEY_PLAIN", username="readonly_admin", api_key=nas.readonly_api_key)
        assert [job["id"] for job in reader.call("core.get_jobs")] == [run]


def test_a_log_is_downloaded_once(nas: SimulatedNas, wire: Wire, remote: Remote) -> None:
    remote.serve()
    Path(nas.root, "tank", "photos", "a.jpg").write_bytes(bytes(100))
    number = wire.call("cloudsync.sync", _task(wire, remote))
    job = wire.finished_job(number)
    path = wire.call("core.job_download_logs", number, "run.log")
    context = ssl.create_default_context(cafile=nas.ca_path)
    with urllib.request.urlopen(nas.api_url + path, context=context) as response:
        assert "run.log" in response.headers["Content-Disposition"]
        log = response.read().decode()
    assert "a.jpg: Copied (new)" in log
    assert excerpt(log) == job["logs_excerpt"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(nas.api_url + path, context=context)
    with refused.value:
        assert refused.value.code == 403


def test_a_file_is_downloaded_by_full_administrators_only(nas: SimulatedNas, wire: Wire) -> None:
    content = bytes(range(256)) * 9000
    Path(nas.root, "tank", "photos", "a.jpg").write_bytes(content)
    context = ssl.create_default_context(cafile=nas.ca_path)
    for path, expected, state in (("a.jpg", content, "SUCCESS"), ("none", b"", "FAILED")):
        number, place = wire.call("core.download", "filesystem.get", [f"/mnt/tank/photos/{path}"], "a.jpg")
        with urllib.request.urlopen(nas.api_url + place, context=context) as response:
            assert response.read() == expected
        assert wire.finished_job(number)["state"] == state
    key = nas.account("reader", roles=["FILESYSTEM_DATA_WRITE", "FILESYSTEM_ATTRS_READ"], api_key=True)["api_key"]
    with Wire(nas) as reader:
        reader.log_in(nas, mechanism="API_KEY_PLAIN", username="reader", api_key=key)
        refused = reader.error("core.download", "filesystem.get", ["/mnt/tank/photos/a.jpg"], "a.jpg")
        assert refused["data"]["error"] == 13


@pytest.mark.parametrize(("lines", "kept"), [(0, 0), (20, 20), (21, 21), (30, 21)])
def test_an_excerpt_is_the_log_or_both_ends_of_it(lines: int, kept: int) -> None:
    log = "".join(f"{number}\n" for number in range(lines))
    shown = excerpt(log).splitlines()
    assert len(shown) == kept
    if lines > 20:
        assert shown[10] == f"... {lines - 20} more lines ..."
        assert (shown[9], shown[11]) == ("9", str(lines - 10))


def test_a_job_may_vanish_the_moment_it_ends(nas: SimulatedNas, wire: Wire) -> None:
    nas.faults(vanish=True)
    wire.call("core.subscribe", "core.get_jobs")
    number = wire.call("cloudsync.sync", 0)
    while wire.call("core.get_jobs", [["id", "=", number]]):
        pass
    assert [push["fields"]["state"] for push in wire.pushes] == ["WAITING", "RUNNING"]
