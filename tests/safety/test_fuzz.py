# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever comes from outside is read without falling over: it is understood, or refused in our own words."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import socket

import pytest
import websocket
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import example, given, settings
from hypothesis import strategies as st
from unit.plugins.module_utils._middleware.conftest import Peer, Wire

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_errors, rclone_log
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import extended_json
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.error_answers import from_rpc
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError, ProtocolError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.jobs import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._rclone_token import RcloneToken, TokenError

from .harness import module

JOB_MEMBERS = (
    "id", "method", "arguments", "state", "progress", "exc_info", "error", "time_started", "time_finished", "result",
    "logs_excerpt", "abortable",
)  # fmt: skip
KEYS = st.one_of(
    st.sampled_from(
        [
            "id", "jsonrpc", "method", "params", "result", "error", "code", "data", "reason", "extra", "message",
            "$date", "$set", "$type", "$value", "access_token", "refresh_token", "expiry", "token",
            "percent", "errno", "fields",
        ]
    ),
    st.text(max_size=6),
)  # fmt: skip
READING = {
    "truenas_cloud_credential_info": {},
    "truenas_cloudsync_task_info": {"export": True},
    "truenas_cloudsync_config": {"tasks": [{"description": "d", "state": "absent"}], "purge_credentials": True},
    "truenas_cloudsync_run": {"task": "t", "action": "abort"},
    "truenas_album_directories": {"path": "/mnt/tank/photos", "albums": ["Trip"]},
}
METHODS = ("core.ping", "auth.me", "cloudsync.query", "cloudsync.create", "core.subscribe", "core.get_jobs", "x", "")
LEVELS = ("DEBUG", "INFO ", "NOTICE", "ERROR", "CRITICAL")
PARTS = st.one_of(
    st.sampled_from(
        [
            ": Copied (new)", ": Deleted", ": Skipped delete as --dry-run is set", ": Skipped move as --dry-run is set",
            ": Skipped copy as --dry-run is set (size 1)", "Checks:  ", "Deleted:  ", " (files), 0 (dirs)", "Errors:  ",
            "Elapsed time:  ", "Transferred:   ", " B / ", "1.2.3", "9" * 5000, " / 3, 100%", "1e9 GiB", "d", "h", "m",
            "... 3 more lines ...", "Attempt 1/3 failed", "\u2028", "\x85", "\x1c", "\r", "²", "٣", "Renamed:  ", "s",
        ]
    ),
    st.text(max_size=20),
)  # fmt: skip
MESSAGES = st.lists(PARTS, max_size=6).map("".join)
LINES = st.one_of(
    MESSAGES,
    st.tuples(st.sampled_from(LEVELS), MESSAGES).map(lambda both: f"2026/11/22 22:24:14 {both[0]}: {both[1]}"),
)
LOGS = st.lists(LINES, max_size=12).map("\n".join)


@given(LOGS)
@example("Errors:  " + "9" * 5000)
@example("Transferred:   1.2.3 B / 3 B")
@example("Elapsed time:  1.2.3s")
def test_any_log_is_read(fuzzed, text):
    with fuzzed("rclone's log"):
        log = rclone_log.read(text)
        assert log.summary().keys() == {"transferred", "bytes", "checks", "deleted", "errors", "elapsed"}
        assert all(value >= 0 for value in log.summary().values())
        assert "\n" not in rclone_errors.explain(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@given(st.one_of(st.text(), JSON, JSON.map(json.dumps), st.binary().map(lambda data: base64.b64encode(data).decode())))
@example('{"access_token": "a", "refresh_token": "r", "expiry": "9999-12-31T23:59:59-23:59"}')
@example("[" * 100_000)
@example("1" * 5000)
def test_any_token_is_read_or_refused(fuzzed, value):
    with fuzzed("tokens"):
        try:
            token = RcloneToken.parse(value)
        except TokenError:
            return
        assert RcloneToken.parse(token.text()).same_grant(token)
        assert json.loads(token.text())
        token.expires_at()
        token.outdated()


@given(data=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
@example(b"[" * 100_000)
@example(b'{"$date": 99999999999999999999999}')
@example(b'{"id": ' + b"1" * 5000 + b"}")
@example(b"\xff\xfe")
def test_any_message_is_read_or_refused(fuzzed, data):
    with fuzzed("messages"), contextlib.suppress(ValueError):
        extended_json.loads(data)


@given(error=JSON, secret=st.text("xyz", min_size=4))
def test_any_error_answer_becomes_an_error_of_ours(fuzzed, error, secret):
    with fuzzed("error answers"):
        ours = from_rpc("cloudsync.create", error, {secret})
        assert isinstance(ours, MiddlewareError)
        assert secret not in str(ours)


@given(entry=st.dictionaries(st.sampled_from(JOB_MEMBERS), JSON))
def test_any_job_is_read_or_refused(fuzzed, entry):
    with fuzzed("jobs"), contextlib.suppress(ProtocolError):
        job = Job.from_api(entry)
        assert isinstance(job.done, bool)


RESULTS = JSON | st.lists(st.fixed_dictionaries({"id": JSON, "name": JSON}))


@settings(max_examples=max(10, settings.default.max_examples // 2))
@given(
    results=st.lists(RESULTS, min_size=1, max_size=4),
    name=st.sampled_from(sorted(READING)),
)
def test_any_result_of_a_call_gives_one_message_at_most(fuzzed, results, name):
    """A server that logs a client in and then answers whatever it likes."""

    def serve(wire: Wire) -> None:
        wire.greet()
        wire.log_in()
        answers = itertools.cycle(results)
        while (message := wire.message()) is not None:
            wire.result(message, None if message["method"] == "core.subscribe" else next(answers))

    peer = Peer(serve)
    try:
        with fuzzed("results of calls"):
            options = {
                **READING[name],
                "api_url": peer.api_url,
                "api_key": "1-x",
                "api_username": "svc",
                "api_timeout": 5,
            }
            one = module(name)
            params = ArgumentSpecValidator(one.argument_spec, **one.constraints).validate(options).validated_parameters
            answer = one.answer(params, check_mode=True, warn=lambda message: None)
            assert answer.get("msg") or not answer.get("failed")
            json.dumps(answer, default=str)
    finally:
        peer.stop()


CALLS = st.builds(
    lambda method, params, number: json.dumps({"jsonrpc": "2.0", "method": method, "params": params, "id": number}),
    st.sampled_from(METHODS), JSON, st.integers() | st.text(max_size=3),
)  # fmt: skip


@settings(max_examples=max(10, settings.default.max_examples // 2))
@given(messages=st.lists(st.one_of(JSON.map(json.dumps), st.text(max_size=30), CALLS), min_size=1, max_size=5))
def test_the_simulators_door_answers_anything(fuzzed, door, messages):
    """Whatever a client sends, it is answered or the connection is closed, and the next client is served."""
    with fuzzed("messages to the simulator"), contextlib.closing(door()) as socket:
        for text in messages:
            try:
                socket.send(text)
                if '"id"' in text and json.loads(text).get("id") is not None:
                    socket.recv()
            except (websocket.WebSocketException, ConnectionError):
                break
            except (ValueError, AttributeError):
                pass
        with contextlib.closing(door()) as another:
            another.send('{"jsonrpc": "2.0", "id": 1, "method": "core.ping"}')
            assert json.loads(another.recv())["result"] == "pong"


@pytest.fixture(scope="module")
def door(simulator):
    path = simulator.nas[0].socket

    def opened() -> websocket.WebSocket:
        plain = socket.socket(socket.AF_UNIX)
        plain.connect(path)
        plain.settimeout(10)
        return websocket.create_connection("ws://localhost/api/current", socket=plain, timeout=10)

    return opened
