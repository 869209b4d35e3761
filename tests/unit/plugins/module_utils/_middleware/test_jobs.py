# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs from start to end, whatever comes in between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client, connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from simulator.fixture import SimulatedNas


@pytest.fixture(params=["websocket", "rest"])
def client(request: pytest.FixtureRequest, nas: SimulatedNas) -> Iterator[Client]:
    """A client by each transport."""
    with connect(options(nas, api_transport=request.param)) as one:
        yield one


@pytest.fixture
def rpc(nas: SimulatedNas) -> Iterator[Client]:
    """A client by JSON-RPC."""
    with connect(options(nas)) as one:
        yield one


def options(nas: SimulatedNas, **changes: Any) -> ConnectionOptions:
    known = {"api_url": nas.api_url, "ca_path": nas.ca_path, "api_username": nas.username, "api_key": nas.api_key}
    return ConnectionOptions(**{**known, "api_timeout": 5, **changes})


def task(client: Client, script: str) -> int:
    """A task that does what the script does."""
    provider = {"type": "HTTP", "url": "http://127.0.0.1:9"}
    credential = client.call("cloudsync.credentials.create", {"name": "nowhere", "provider": provider})
    made = client.call(
        "cloudsync.create",
        {
            "path": "/mnt/tank/photos",
            "credentials": credential["id"],
            "attributes": {"folder": ""},
            "direction": "PULL",
            "transfer_mode": "COPY",
            "pre_script": script,
        },
    )
    return made["id"]


def set_permissions(client: Client) -> int:
    return client.start_job("filesystem.setperm", {"path": "/mnt/tank/photos", "mode": "755"})


def test_a_job_that_succeeds(client: Client) -> None:
    seen: list[Job] = []
    job = client.follow_job(set_permissions(client), timeout=20, on_progress=seen.append)
    assert (job.method, job.state, job.percent, job.error) == ("filesystem.setperm", "SUCCESS", 100, None)
    assert job.started is not None
    assert job.finished is not None
    assert job.started <= job.finished
    assert seen[-1].state == "SUCCESS"
    # Each report is news.
    states = [(one.state, one.percent, one.description) for one in seen]
    assert len(states) == len(set(states))


def test_changes_are_pushed_not_asked_for(rpc: Client, nas: SimulatedNas) -> None:
    number = task(rpc, "sleep 2; exit 1")
    rpc.follow_job(rpc.start_job("cloudsync.sync", number), timeout=20)
    methods = [call["method"] for call in nas.calls()]
    assert methods.index("core.subscribe") < methods.index("cloudsync.sync")
    assert methods.count("core.get_jobs") <= 5


def test_a_job_that_fails_says_why(client: Client) -> None:
    number = task(client, "seq 1 100; exit 3")
    job = client.follow_job(client.start_job("cloudsync.sync", number), timeout=20)
    assert (job.state, job.errno) == ("FAILED", 14)
    assert job.error is not None
    assert "exit code 3" in job.error
    assert not job.error.startswith("[")
    assert "more lines" in job.logs_excerpt
    log = client.job_log(job).splitlines()
    assert [line.rpartition(" ")[2] for line in log] == [str(line) for line in range(1, 101)]


def test_bad_arguments_of_a_job_are_in_the_job(client: Client) -> None:
    job = client.follow_job(client.start_job("cloudsync.sync", 99), timeout=20)
    assert job.state == "FAILED"
    assert job.fields[0][2] == 2
    assert job.error is not None
    assert "99 does not exist" in job.error


def test_a_job_that_is_aborted(client: Client) -> None:
    number = task(client, "sleep 30")
    job_id = client.start_job("cloudsync.sync", number)

    def abort(job: Job) -> None:
        if job.state == "RUNNING":
            client.call("cloudsync.abort", number)

    job = client.follow_job(job_id, timeout=20, on_progress=abort)
    assert (job.state, job.error) == ("ABORTED", None)


def test_a_job_that_takes_longer_than_one_waits(client: Client) -> None:
    number = task(client, "sleep 30")
    with pytest.raises(errors.JobTimeout, match=r"still goes on after 0\.6 s") as caught:
        client.follow_job(client.start_job("cloudsync.sync", number), timeout=0.6)
    assert caught.value.job is not None
    assert caught.value.job.state == "RUNNING"
    client.call("cloudsync.abort", number)


def test_a_method_that_is_no_job(client: Client) -> None:
    with pytest.raises(errors.ProtocolError, match="not a job"):
        client.start_job("system.version")


def test_a_job_that_nobody_knows(client: Client) -> None:
    assert client.get_job(77) is None
    with pytest.raises(errors.JobVanished, match="77"):
        client.follow_job(77, timeout=5)


def test_a_restart_of_the_middleware_ends_the_waiting(client: Client, nas: SimulatedNas) -> None:
    number = task(client, "sleep 30")
    job_id = client.start_job("cloudsync.sync", number)

    def restart(job: Job) -> None:
        if job.state == "RUNNING":
            nas.restart()

    with pytest.raises(errors.JobVanished, match="restarted") as caught:
        client.follow_job(job_id, timeout=20, on_progress=restart)
    assert caught.value.job is not None
    assert caught.value.job.state == "RUNNING"


def test_another_job_of_the_same_number_is_not_taken_for_it(rpc: Client, nas: SimulatedNas) -> None:
    number = task(rpc, "sleep 30")
    job_id = rpc.start_job("cloudsync.sync", number)

    def restart(job: Job) -> None:
        if job.state == "RUNNING":
            nas.restart()
            with connect(options(nas)) as other:
                while set_permissions(other) < job_id:
                    pass

    with pytest.raises(errors.JobVanished):
        rpc.follow_job(job_id, timeout=20, on_progress=restart)


def test_a_lost_connection_does_not_end_the_waiting(rpc: Client, nas: SimulatedNas) -> None:
    number = task(rpc, "sleep 1.5; exit 1")
    job_id = rpc.start_job("cloudsync.sync", number)
    nas.faults(drop_after={"core.get_jobs": True})
    job = rpc.follow_job(job_id, timeout=20)
    assert job.state == "FAILED"
    assert [call["method"] for call in nas.calls()].count("core.subscribe") == 2


def test_a_start_whose_answer_is_lost_is_told(rpc: Client, nas: SimulatedNas) -> None:
    number = task(rpc, "sleep 30")
    nas.faults(drop_after={"cloudsync.sync": True})
    with pytest.raises(errors.ConnectionLost) as caught:
        rpc.start_job("cloudsync.sync", number)
    assert caught.value.method == "cloudsync.sync"
    assert rpc.call("cloudsync.get_instance", number)["job"]["method"] == "cloudsync.sync"
    assert rpc.call("cloudsync.abort", number) is True


def test_without_the_log_there_is_its_excerpt(rpc: Client, nas: SimulatedNas) -> None:
    job = rpc.follow_job(rpc.start_job("cloudsync.sync", task(rpc, "seq 1 100; exit 3")), timeout=20)
    nas.faults(fail={"core.job_download_logs": {"message": "no", "errno": 14}})
    assert rpc.job_log(job) == job.logs_excerpt


def test_the_job_of_a_record(rpc: Client) -> None:
    number = task(rpc, "exit 1")
    job_id = rpc.start_job("cloudsync.sync", number)
    rpc.follow_job(job_id, timeout=20)
    entry = rpc.call("cloudsync.get_instance", number)["job"]
    assert Job.from_api(entry) == rpc.get_job(job_id)
