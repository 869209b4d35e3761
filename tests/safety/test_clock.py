# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that jumps, the NAS's or the controller's, while something is being done: it is done all the same."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.filter.cloudsync_status import cloudsync_status

from .harness import albums, google_photos, local, photo
from .test_faults import TASKS, Wish

HOUR, DAY = 3600, 86400
MEND = "set the clocks of the NAS and of the machine that makes tokens right"
JUMPS = pytest.mark.parametrize("jump", [HOUR, -HOUR, DAY, -DAY], ids="{:+d} s".format)


def meanwhile(work: Callable[[], dict[str, Any]], under_way: Callable[[], bool], do: Callable[[], None]) -> Any:
    """Do something as soon as the work has come to a point; what the work answers."""
    answers: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: answers.append(work()))
    thread.start()
    while not under_way():
        assert thread.is_alive(), answers
    do()
    thread.join(60)
    return answers[0]


@pytest.fixture
def push(play, by_hand, nas, google, tmp_path) -> Iterator[tuple[int, Path]]:
    """A task that waits, once it runs, for a file to be there. It is not dry-run first, for it deletes nothing."""
    go = tmp_path / "go"
    play.done("truenas_cloud_credential", name="google", google_photos=google_photos(google))
    script = f"#!/bin/sh\nuntil [ -e '{go}' ]; do sleep 0.1; done\n"
    yield by_hand.task(1, description="push", transfer_mode="COPY", pre_script=script), go
    go.touch()


@JUMPS
def test_the_nas_s_clock_jumps_during_a_converge(jump, play, by_hand, nas, google, count):
    wish = Wish(google)
    nas.faults(delay={"cloudsync.credentials.update": 0.5})
    answer = meanwhile(
        lambda: wish.at_once(play),
        lambda: any(call["method"] == "cloudsync.credentials.update" for call in nas.calls()),
        lambda: nas.faults(clock=jump, delay={}),
    )
    assert not answer.get("failed"), answer
    wish.check_stands(play, by_hand.client)
    count("Clocks that jump", "converges")


@JUMPS
def test_the_nas_s_clock_jumps_during_a_run(jump, play, push, nas, google, by_hand, count):
    photo(nas, "Trip/a.jpg")
    task, go = push

    def jumps() -> None:
        nas.faults(clock=jump)
        go.touch()

    answer = meanwhile(
        lambda: play.run("truenas_cloudsync_run", id=task, wait_timeout=30),
        lambda: any(job["state"] == "RUNNING" for job in by_hand.client.call("core.get_jobs")),
        jumps,
    )
    assert not answer.get("failed"), answer
    assert answer["summary"]["transferred"] == 1
    started, finished = (datetime.fromisoformat(answer["job"][name]) for name in ("started", "finished"))
    assert abs((finished - started).total_seconds() - jump) < 30
    nas.faults(clock=0)
    assert not play.done("truenas_cloudsync_run", id=task)["changed"]
    assert albums(google) == [("Trip", ["a.jpg"])]
    count("Clocks that jump", "runs")


@pytest.mark.parametrize("jump", [-HOUR, DAY], ids="{:+d} s".format)
def test_a_token_that_was_refreshed_under_a_wrong_clock(jump, play, push, nas, google, by_hand):
    """A clock that was ahead makes rclone keep an access token for longer than it lives, until that clock is right."""
    photo(nas, "Trip/a.jpg")
    task, go = push
    go.touch()
    nas.faults(clock=jump)
    play.done("truenas_cloudsync_run", id=task)
    (credential,) = by_hand.client.call("cloudsync.credentials.query")
    ends = datetime.fromisoformat(json.loads(credential["provider"]["token"])["expiry"])
    assert abs(ends - datetime.now(UTC) - timedelta(seconds=HOUR + jump)) < timedelta(minutes=1)
    assert not play.done("truenas_cloud_credential", name="google", google_photos=google_photos(google))["changed"]
    nas.faults(clock=0)
    google.door.post("/clock", seconds=HOUR)
    photo(nas, "Trip/b.jpg")
    if jump > 0:
        message = play.refused("truenas_cloudsync_run", id=task)
        assert MEND in message
        fresh = json.dumps(google.door.post("/tokens", account="ada@example.com", expired=False))
        play.done("truenas_cloud_credential", name="google", google_photos={**google_photos(google), "token": fresh})
    assert play.done("truenas_cloudsync_run", id=task)["changed"]


@pytest.mark.parametrize("jump", [DAY, -DAY], ids="{:+d} s".format)
def test_a_guarded_pull_is_guarded_by_any_clock(jump, play, nas, google, by_hand):
    play.done("truenas_cloud_credential", name="google", google_photos=google_photos(google))
    by_hand.task(1, direction="PULL", description="pull")
    photo(nas, "only-here.jpg")
    nas.faults(clock=jump)
    assert (MEND if jump == -DAY else "it would delete 1 files") in play.refused("truenas_cloudsync_run", task="pull")
    assert local(nas) == {"only-here.jpg"}


@pytest.mark.parametrize("jump", [DAY, -HOUR], ids="{:+d} s".format)
def test_the_status_of_a_nas_whose_clock_is_wrong(jump, play, nas, google, by_hand):
    play.done("truenas_cloud_credential", name="google", google_photos=google_photos(google))
    task = by_hand.task(1)
    nas.faults(clock=jump)
    by_hand.sync(task)
    (shown,) = cloudsync_status(play.done("truenas_cloudsync_task_info"), "nas", "UTC")["tasks"]
    if jump > 0:
        assert shown["last_run_ago"].endswith("ahead: is the clock of the NAS right?")
    else:
        assert shown["last_run_ago"] == "1 h ago"


@pytest.mark.parametrize("jump", [DAY, -DAY], ids="{:+d} s".format)
def test_the_controllers_clock_jumps_all_the_time(jump, play, by_hand, nas, google, monkeypatch, count):
    """What waits must not go by the time of day, which is set while machines run."""
    real, jumps = time.time, itertools.cycle([0, jump])
    monkeypatch.setattr(time, "time", lambda: real() + next(jumps))
    wish = Wish(google, TASKS[:1])
    assert not wish.by_modules(play).get("failed")
    wish.check_stands(play, by_hand.client)
    photo(nas, "Trip/a.jpg")
    assert play.done("truenas_cloudsync_run", task="push", wait_timeout=30)["summary"]["transferred"] == 1
    count("Clocks that jump", "converges")
    count("Clocks that jump", "runs")
