# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever comes from outside is read without falling over: it is understood, or refused in our own words."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
from collections import Counter

import pytest
import websocket
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import example, given, settings
from hypothesis import strategies as st
from unit.plugins.module_utils._middleware.conftest import Peer, Wire

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_errors, rclone_log, run_figures
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import connection_options
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.error_answers import from_rpc
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import MiddlewareError, ProtocolError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.transport import extended_json
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
TOKEN = '{"access_token": "a", "refresh_token": "r", "expiry": "2026-11-22T22:24:14Z"}'
WISHES = {
    "truenas_cloud_credential_info": {},
    "truenas_cloudsync_task_info": {"export": True},
    "truenas_cloudsync_health_info": {"stale_after": 1, "token_ends": {"photos": "2026-11-22T22:24:14Z"}},
    "truenas_cloudsync_config": {
        "credentials": [{"name": "photos", "google_photos": {"client_id": "c", "client_secret": "s", "token": TOKEN}}],
        "tasks": [{"description": "t", "credential": "photos", "schedule": "@daily", "bwlimit": [{"time": "8:00"}]}],
        "purge_credentials": True,
        "purge_tasks": True,
    },
    "truenas_cloudsync_task": {"description": "t", "transfers": 4, "schedule": "@daily", "bwlimit": [{"time": "8:00"}]},
    "truenas_cloudsync_run": {"task": "t", "wait_timeout": 1},
    "truenas_album_directories": {"path": "/mnt/tank/photos", "albums": ["Trip"], "stray_files": "ignore"},
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
        assert run_figures.summary(log, None).keys() == {
            "transferred",
            "bytes",
            "checks",
            "deleted",
            "errors",
            "elapsed",
        }
        assert all(value is None or value >= 0 for value in run_figures.summary(log, None).values())
        assert "\n" not in rclone_errors.explain(text, None)


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


CREDENTIAL = {
    "id": 1, "name": "photos", "provider": {
        "type": "GOOGLE_PHOTOS", "client_id": "c", "client_secret": "s", "token": TOKEN,
    },
}  # fmt: skip
JOB = {
    "id": 7, "method": "cloudsync.sync", "arguments": [1], "state": "SUCCESS", "progress": {"percent": 100},
    "time_started": {"$date": 1760000000000}, "time_finished": {"$date": 1760000000000}, "logs_excerpt": "",
    "exc_info": None, "error": None,
}  # fmt: skip
TASK = {
    "id": 1, "description": "t", "credentials": CREDENTIAL, "direction": "PUSH", "transfer_mode": "COPY",
    "path": "/mnt/tank/photos", "attributes": {"folder": "/album"}, "bwlimit": [{"time": "08:00", "bandwidth": None}],
    "schedule": {"minute": "0", "hour": "3", "dom": "*", "month": "*", "dow": "*"}, "enabled": True, "snapshot": False,
    "transfers": 16, "include": [], "exclude": ["/*"], "pre_script": "", "post_script": "", "args": "",
    "encryption": False, "encryption_password": "", "encryption_salt": "", "filename_encryption": False,
    "follow_symlinks": False, "create_empty_src_dirs": False, "locked": False, "job": JOB,
}  # fmt: skip


ANSWERS = {
    "auth.login_ex": {"response_type": "SUCCESS", "user_info": {}},
    "system.version": "TrueNAS-25.10.2",
    "cloudsync.credentials.query": [CREDENTIAL],
    "cloudsync.credentials.create": CREDENTIAL,
    "cloudsync.credentials.update": CREDENTIAL,
    "cloudsync.credentials.get_instance": CREDENTIAL,
    "cloudsync.credentials.verify": {"valid": True, "error": None, "excerpt": None},
    "cloudsync.query": [TASK],
    "cloudsync.create": TASK,
    "cloudsync.update": TASK,
    "cloudsync.get_instance": TASK,
    "cloudsync.list_directory": [{"Name": "Trip"}],
    "cloudsync.sync": 7,
    "cloudsync.abort": True,
    "core.get_jobs": [JOB],
    "core.job_download_logs": "/nowhere",
    "core.subscribe": None,
    "filesystem.listdir": [{"name": "Trip", "path": "/mnt/tank/photos/Trip", "type": "DIRECTORY"}],
    "filesystem.stat": {"type": "DIRECTORY"},
}


@st.composite
def almost(draw, whole):
    """What the NAS would answer, but for one part of it, at any depth."""
    if not isinstance(whole, (dict, list)) or not whole or draw(st.integers(0, 7)) == 0:
        return draw(JSON | st.just(whole) if isinstance(whole, (bool, dict)) else JSON | st.from_type(type(whole)))
    place = draw(st.sampled_from(sorted(whole) if isinstance(whole, dict) else range(len(whole))))
    changed = whole.copy()
    if draw(st.integers(0, 7)) == 0:
        del changed[place]
    else:
        changed[place] = draw(almost(whole[place]))
    return changed


ODD = st.sampled_from(sorted(ANSWERS)).flatmap(lambda method: st.tuples(st.just(method), almost(ANSWERS[method])))


@pytest.fixture(scope="module")
def on_box(tmp_path_factory):
    """This machine counts as the NAS itself, to which an unencrypted connection is allowed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection_options, "ON_BOX_SOCKET", str(tmp_path_factory.mktemp("nas")))
        yield


@pytest.mark.parametrize("name", WISHES)
@settings(max_examples=max(10, settings.default.max_examples // 4))
@given(odd=st.lists(ODD, min_size=1, max_size=3).map(dict), times=st.integers(0, 2), check_mode=st.booleans())
def test_any_result_of_a_call_gives_one_message_at_most(name, fuzzed, on_box, odd, times, check_mode):
    """A server that answers as a NAS does but for some methods: these, after a few times, as it likes."""

    def serve(wire: Wire) -> None:
        if "/api/versions" not in (request := wire.request()):
            if request:
                wire.answer(200, "2026/11/22 22:24:14 INFO  : a.jpg: Copied (new)")
            return
        wire.answer(200, ["v25.10.2"])
        wire.upgrade(wire.request())
        asked: Counter[str] = Counter()
        while (message := wire.message()) is not None:
            method = message["method"]
            asked[method] += 1
            whose = odd if asked[method] > times else ANSWERS
            wire.result(message, whose.get(method, ANSWERS.get(method)))

    peer = Peer(serve)
    try:
        with fuzzed("results of calls"):
            options = {
                **WISHES[name],
                "api_url": peer.api_url,
                "api_key": "1-x",
                "api_username": "svc",
                "api_timeout": 5,
            }
            one = module(name)
            params = ArgumentSpecValidator(one.argument_spec, **one.constraints).validate(options).validated_parameters
            answer = one.answer(params, check_mode=check_mode, warn=lambda message: None)
            assert answer.get("msg") or not answer.get("failed")
            json.dumps(answer, default=str)
            assert "exception" not in answer
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
            assert json.loads(another.recv())["id"] == 1


@pytest.fixture(scope="module", params=["on the NAS itself", "over the network, before a login"])
def door(simulator, request):
    nas = simulator.nas[0]
    if request.param == "on the NAS itself":  # where the socket is the login

        def opened() -> websocket.WebSocket:
            plain = socket.socket(socket.AF_UNIX)
            plain.connect(nas.socket)
            plain.settimeout(10)
            return websocket.create_connection("ws://localhost/api/current", socket=plain, timeout=10)

    else:
        nas.faults(rate_limit=10**9)  # or calls before a login are soon kept waiting

        def opened() -> websocket.WebSocket:
            trust = {"ca_certs": nas.ca_path}
            return websocket.create_connection(
                nas.api_url.replace("https", "wss") + "/api/current", sslopt=trust, timeout=10
            )

    return opened
