# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that breaks anywhere leaves nothing that the next run does not finish; two runs at once end as one would."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._work import steps
from simulator.fixture import Simulator, running

from .harness import DATASET, ByHand, Play, albums, google_photos, photo

TASKS: tuple[dict[str, Any], ...] = (
    {"description": "push", "credential": "google", "direction": "PUSH", "transfer_mode": "SYNC", "path": DATASET,
     "folder": "/album", "schedule": "0 3 * * *"},
    {"description": "pull", "credential": "google", "direction": "PULL", "transfer_mode": "COPY", "path": DATASET,
     "folder": "/album", "enabled": False, "exclude": ["*.tmp"]},
)  # fmt: skip
WHEN = pytest.mark.parametrize("when", ["before", "within", "after"])


class Wish:
    """Directories, a credential and tasks."""

    def __init__(self, google: Any, tasks: Sequence[dict[str, Any]] = TASKS, **changes: Any) -> None:
        self.tasks = list(tasks)
        self.credential = {"name": "google", "google_photos": {**google_photos(google), **changes}}
        token = json.loads(self.credential["google_photos"]["token"])
        self.secrets = {
            token["access_token"],
            token["refresh_token"],
            self.credential["google_photos"]["client_secret"],
        }

    def by_modules(self, play: Play) -> dict[str, Any]:
        """One module for each thing."""
        tasks = (("truenas_cloudsync_task", task) for task in self.tasks)
        return self._play(play, ("truenas_cloud_credential", self.credential), *tasks)

    def at_once(self, play: Play) -> dict[str, Any]:
        """As the role does it: one module for the credential and all tasks."""
        return self._play(play, ("truenas_cloudsync_config", {"credentials": [self.credential], "tasks": self.tasks}))

    @staticmethod
    def _play(play: Play, *steps: tuple[str, dict[str, Any]]) -> dict[str, Any]:
        """One module after the other; like a play, it stops at the first that fails."""
        answer: dict[str, Any] = {}
        changed = False
        for name, options in (("truenas_album_directories", {"path": DATASET, "albums": ["Trip/Day 2"]}), *steps):
            answer = play.run(name, **options)
            changed = changed or bool(answer.get("changed"))
            if answer.get("failed"):
                break
        return {**answer, "changed": changed}

    def check_stands(self, play: Play, client: Any) -> None:
        """It stands on the NAS, once, whole, and as it was asked for."""
        assert Path(play.nas.root, "tank/photos/Trip/Day 2").is_dir()
        (credential,) = client.call("cloudsync.credentials.query")
        provider = credential["provider"]
        if not isinstance(provider, dict):
            provider = credential["attributes"]
        assert json.loads(provider["token"]) == json.loads(self.credential["google_photos"]["token"])
        tasks = client.call("cloudsync.query")
        assert {task["description"] for task in tasks} == {task["description"] for task in self.tasks}
        assert len(tasks) == len(self.tasks)
        again = self.at_once(play)
        assert not again.get("failed"), again
        assert not again["changed"], again


Way = Callable[[Wish, Play], dict[str, Any]]


@pytest.fixture(params=[Wish.by_modules, Wish.at_once], ids=["module by module", "all at once"])
def way(request) -> Way:
    return request.param


@pytest.fixture
def impatient(monkeypatch) -> None:
    """Wait less for what a lost answer would have told of: the simulated NAS is fast."""
    monkeypatch.setattr(steps, "PATIENCE", (0, 0.1, 0.2))


def cut_everywhere(nas: Any, when: str, one_run: Callable[[], dict[str, Any]], check: Callable[[dict], None]) -> int:
    """Do it with the connection cut at every frame in turn, each on a new NAS; how many frames there were."""
    frame = 0
    while True:
        frame += 1
        nas.reset()
        nas.faults(cut_at={"frame": frame, "when": when})
        answer = one_run()
        if nas.present_faults()["cut_at"] is not None:
            return frame - 1
        check(answer)


@WHEN
@pytest.mark.usefixtures("impatient")
def test_a_run_cut_at_every_frame_is_finished_by_the_next(when, way, play, by_hand, nas, google, count):
    wish = Wish(google, TASKS if way is Wish.at_once else TASKS[:1])

    def check(first: dict[str, Any]) -> None:
        assert not [secret for secret in wish.secrets if secret in json.dumps(first)]
        count("Cut frames", "cut")
        count("Cut frames", "healed in the same run", not first.get("failed"))
        answer = way(wish, play)
        assert not answer.get("failed"), (first, answer)
        wish.check_stands(play, by_hand.client)
        count("Cut frames", "converged")

    assert cut_everywhere(nas, when, lambda: way(wish, play), check) > 15


@WHEN
@pytest.mark.usefixtures("impatient")
def test_a_token_that_is_dead_is_never_kept_for_good(when, play, by_hand, nas, google, count):
    """Wherever the first run is cut: the second finds the token out, and the credential does not stay."""
    token = google.door.post("/tokens", account="ben@example.com", expired=False)
    google.door.post("/revoke", account="ben@example.com")
    wish = Wish(google, token=json.dumps(token))

    def check(first: dict[str, Any]) -> None:
        count("Cut frames", "cut")
        answer = play.run("truenas_cloud_credential", **wish.credential)
        assert answer.get("failed"), (first, answer)
        assert "refresh token is no longer valid" in answer["msg"]
        assert by_hand.client.call("cloudsync.credentials.query") == []
        count("Cut frames", "converged")

    assert cut_everywhere(nas, when, lambda: play.run("truenas_cloud_credential", **wish.credential), check) > 8


@WHEN
@pytest.mark.parametrize("used", [False, True], ids=["unused", "used"])
@pytest.mark.usefixtures("impatient")
def test_a_good_token_is_never_lost_to_a_dead_one(when, used, play, by_hand, nas, google, count):
    """Wherever the replacement is cut: the token that works stays, or the next run brings it back."""
    good = Wish(google)
    dead = google.door.post("/tokens", account="cleo@example.com", expired=False)
    google.door.post("/revoke", account="cleo@example.com")
    credential = good.credential
    replaced = {"name": "google", "google_photos": {**credential["google_photos"], "token": json.dumps(dead)}}
    refresh_token = json.loads(credential["google_photos"]["token"])["refresh_token"]

    frame = 0
    while True:
        frame += 1
        nas.reset()
        play.done("truenas_cloud_credential", **credential)
        if used:
            play.done("truenas_cloudsync_task", **TASKS[0])
        nas.faults(cut_at={"frame": frame, "when": when})
        answer = play.run("truenas_cloud_credential", **replaced)
        if nas.present_faults()["cut_at"] is not None:
            break
        assert answer.get("failed")
        count("Cut frames", "cut")
        (stands,) = by_hand.client.call("cloudsync.credentials.query")
        assert json.loads(stands["provider"]["token"])["refresh_token"] == refresh_token, (frame, answer)
        count("Cut frames", "converged")
    assert frame > 8


def changed(wish: Wish, play: Play) -> dict[str, Any]:
    """Every task otherwise than before."""
    tasks = [{**task, "schedule": "30 4 * * 1", "transfers": 7} for task in wish.tasks]
    return play.run("truenas_cloudsync_config", credentials=[wish.credential], tasks=tasks)


def emptied(_wish: Wish, play: Play) -> dict[str, Any]:
    """All tasks deleted, then their credential."""
    return play.run("truenas_cloudsync_config", credentials=[], tasks=[], purge_credentials=True, purge_tasks=True)


@WHEN
@pytest.mark.parametrize("step", [changed, emptied])
@pytest.mark.usefixtures("impatient")
def test_a_change_or_a_deletion_cut_at_every_frame_is_finished_by_the_next_run(
    when, step, play, by_hand, nas, google, count
):
    wish = Wish(google)

    frame = 0
    while True:
        frame += 1
        nas.reset()
        assert not wish.at_once(play).get("failed")
        nas.faults(cut_at={"frame": frame, "when": when})
        answer = step(wish, play)
        if nas.present_faults()["cut_at"] is not None:
            break
        count("Cut frames", "cut")
        count("Cut frames", "healed in the same run", not answer.get("failed"))
        again = step(wish, play)
        assert not again.get("failed"), (frame, answer, again)
        assert not step(wish, play)["changed"]
        tasks = by_hand.client.call("cloudsync.query")
        if step is emptied:
            assert tasks == by_hand.client.call("cloudsync.credentials.query") == []
        else:
            assert sorted(task["description"] for task in tasks) == ["pull", "push"]
            assert {task["transfers"] for task in tasks} == {7}
        count("Cut frames", "converged")
    assert frame > 8


@WHEN
@pytest.mark.usefixtures("impatient")
def test_a_run_of_a_task_cut_at_every_frame_is_started_once_and_uploads_all(when, play, by_hand, nas, google, count):
    frame = 0
    while True:
        frame += 1
        nas.reset()
        google.reset()
        assert not Wish(google, TASKS[:1]).at_once(play).get("failed")
        photo(nas, "Trip/one.png")
        nas.faults(cut_at={"frame": frame, "when": when})
        answer = play.run("truenas_cloudsync_run", task="push")
        if nas.present_faults()["cut_at"] is not None:
            break
        count("Cut frames", "cut")
        count("Cut frames", "healed in the same run", not answer.get("failed"))
        started = by_hand.client.call("core.get_jobs", [["method", "=", "cloudsync.sync"]])
        assert len(started) <= 1, (frame, answer)
        if answer.get("failed"):
            play.done("truenas_cloudsync_run", task="push")
        assert albums(google) == [("Trip", ["one.png"])]
        count("Cut frames", "converged")
    assert frame > 8


@WHEN
@pytest.mark.usefixtures("impatient")
def test_over_a_kept_session_a_run_cut_at_every_frame_is_finished_by_the_next(
    when, nas, google, by_hand, tmp_path, monkeypatch, count
):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    kept = Play(nas)
    kept.options = {
        "api_url": nas.api_url, "api_key": nas.api_key, "api_username": nas.username, "ca_path": nas.ca_path,
        "api_timeout": 20, "api_session": "keep",
    }  # fmt: skip
    wish = Wish(google, TASKS[:1])

    def check(first: dict[str, Any]) -> None:
        count("Cut frames", "cut")
        count("Cut frames", "healed in the same run", not first.get("failed"))
        answer = wish.at_once(kept)
        assert not answer.get("failed"), (first, answer)
        wish.check_stands(kept, by_hand.client)
        count("Cut frames", "converged")

    assert cut_everywhere(nas, when, lambda: wish.at_once(kept), check) > 10


def test_a_stop_whose_answer_is_lost_is_settled_by_reading(play, by_hand, nas, google):
    assert not Wish(google, TASKS[:1]).at_once(play).get("failed")
    (task,) = by_hand.client.call("cloudsync.query")
    by_hand.client.call("cloudsync.update", task["id"], {"pre_script": "#!/bin/sh\nsleep 4\n"})
    play.done("truenas_cloudsync_run", task="push", wait=False)
    nas.faults(drop_after={"cloudsync.abort": True})
    assert play.done("truenas_cloudsync_run", task="push", action="abort")["changed"]
    assert not play.done("truenas_cloudsync_run", task="push", action="abort")["changed"]


def test_a_read_is_made_again_until_it_is_answered(play, by_hand, nas, google):
    assert not Wish(google).at_once(play).get("failed")
    nas.faults(cut_at={"frame": 1, "when": "before", "of": '"cloudsync.query"', "times": 3})
    answer = Wish(google).at_once(play)
    assert nas.present_faults()["cut_at"] is None
    assert not answer.get("failed"), answer
    assert not answer["changed"]


def test_two_runs_at_once_end_as_one_would(way, nas, google, by_hand, count):
    wish = Wish(google)
    for _round in range(5):
        nas.reset()
        plays = [Play(nas), Play(nas)]
        with ThreadPoolExecutor() as pool:
            answers = list(pool.map(lambda play: way(wish, play), plays))
        assert [answer["msg"] for answer in answers if answer.get("failed")] == []
        wish.check_stands(plays[0], by_hand.client)
        count("Two runs at once", "pairs")


@pytest.mark.parametrize("step", [changed, emptied])
def test_two_changes_or_deletions_at_once_end_as_one_would(step, nas, google, by_hand, count):
    wish = Wish(google)
    for dummy in range(5):
        nas.reset()
        plays = [Play(nas), Play(nas)]
        assert not wish.at_once(plays[0]).get("failed")
        # Long enough for both to have made their plans before either is carried out.
        nas.faults(delay=dict.fromkeys(("cloudsync.update", "cloudsync.delete", "cloudsync.credentials.delete"), 0.1))
        with ThreadPoolExecutor() as pool:
            answers = list(pool.map(lambda play: step(wish, play), plays))
        assert [answer["msg"] for answer in answers if answer.get("failed")] == []
        assert not step(wish, plays[0])["changed"]
        tasks = by_hand.client.call("cloudsync.query")
        if step is emptied:
            assert tasks == by_hand.client.call("cloudsync.credentials.query") == []
        else:
            assert {task["transfers"] for task in tasks} == {7}
        count("Two runs at once", "pairs")


def test_a_task_whose_creation_takes_longer_than_the_answer_is_waited_for_is_made_once(play, by_hand, nas, google):
    play.done("truenas_cloud_credential", **Wish(google).credential)
    nas.faults(delay={"cloudsync.create": 5})
    message = Play(nas, api_timeout=1).refused("truenas_cloudsync_task", **TASKS[0])
    assert "Run this again" in message
    nas.faults(delay={})
    while not any(call["ok"] for call in nas.calls() if call["method"] == "cloudsync.create"):
        by_hand.client.call("core.ping")
    assert not play.done("truenas_cloudsync_task", **TASKS[0])["changed"]
    assert len(by_hand.client.call("cloudsync.query")) == 1


@pytest.mark.parametrize("fault", [{"answer_twice": True}, {"answer_backwards": True}], ids=str)
def test_answers_that_come_twice_or_backwards(fault, way, play, by_hand, nas, google):
    nas.faults(**fault)
    assert not way(Wish(google), play).get("failed")
    Wish(google).check_stands(play, by_hand.client)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"jsonrpc": "2.0"}', "[" * 50_000], ids=lambda text: text[:9])
def test_garbage_instead_of_an_answer(text, play, by_hand, nas, google):
    wish = Wish(google)
    nas.faults(garbage={"cloudsync.credentials.create": text})
    assert not wish.at_once(play).get("failed")
    wish.check_stands(play, by_hand.client)
    nas.faults(garbage={"cloudsync.query": text})
    assert "a message that is not JSON-RPC" in wish.at_once(play)["msg"]


def test_a_nas_that_is_busy_says_so_and_the_next_run_does_it(play, by_hand, nas, google):
    wish = Wish(google)
    nas.faults(fail={"cloudsync.create": {"message": "Try again later", "errno": 16, "times": 1}})
    answer = wish.at_once(play)
    assert "1 of 3 items failed" in answer["msg"]
    assert "Try again later" in answer["msg"]
    assert not wish.at_once(play).get("failed")
    wish.check_stands(play, by_hand.client)


def test_a_run_whose_job_vanishes_is_told_and_not_taken_for_done(play, by_hand, nas, google):
    wish = Wish(google)
    assert not wish.at_once(play).get("failed")
    nas.faults(vanish=True)
    message = play.refused("truenas_cloudsync_run", task="push", wait_timeout=30)
    assert "The NAS no longer knows job" in message
    assert "look at the NAS and run again" in message
    nas.faults(vanish=False)
    assert play.done("truenas_cloudsync_run", task="push")["job"]["state"] == "SUCCESS"


def test_a_restart_in_the_middle_of_a_run_is_told_and_the_next_run_does_it(play, by_hand, nas, google):
    wish = Wish(google)
    assert not wish.at_once(play).get("failed")
    task = next(task["id"] for task in by_hand.client.call("cloudsync.query") if task["description"] == "push")
    by_hand.client.call("cloudsync.update", task, {"pre_script": "#!/bin/sh\nsleep 5\n"})
    answers: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: answers.append(play.run("truenas_cloudsync_run", id=task)))
    thread.start()
    while thread.is_alive() and not any(job["state"] == "RUNNING" for job in by_hand.client.call("core.get_jobs")):
        pass
    nas.restart()
    thread.join(60)
    assert "middleware was restarted" in answers[0]["msg"]
    by_hand.client.call("cloudsync.update", task, {"pre_script": ""})
    assert play.done("truenas_cloudsync_run", id=task)["job"]["state"] == "SUCCESS"


@pytest.fixture(scope="module")
def simulator_of_rest() -> Iterator[Simulator]:
    """24.10 has no JSON-RPC."""
    with running("--release", "24.10") as one:
        yield one


@WHEN
@pytest.mark.usefixtures("impatient")
def test_over_rest_a_run_cut_at_every_request_is_finished_by_the_next(when, simulator_of_rest, count):
    nas, google = simulator_of_rest.nas[0], simulator_of_rest.google
    nas.reset()
    play, wish = Play(nas), Wish(google, TASKS[:1])
    with ByHand(nas).client as client:

        def check(first: dict[str, Any]) -> None:
            count("Cut frames", "cut")
            count("Cut frames", "healed in the same run", not first.get("failed"))
            answer = wish.at_once(play)
            assert not answer.get("failed"), (first, answer)
            wish.check_stands(play, client)
            count("Cut frames", "converged")

        assert cut_everywhere(nas, when, lambda: wish.at_once(play), check) > 10
