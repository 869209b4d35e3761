# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source: what happens on the NAS becomes an event, once, and nothing that happened before does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import LoginError

# As ansible-rulebook finds it.
SOURCE = Path(".cache/collections/ansible_collections/nasops/cloudsync/extensions/eda/plugins/event_source/truenas.py")
SOURCE = Path(__file__).resolve().parents[4] / SOURCE
SOON, LATER = 0.1, 20  # seconds


@pytest.fixture(scope="module")
def source():
    return runpy.run_path(str(SOURCE))


@pytest.fixture
def admin(nas):
    with connect(ConnectionOptions(api_url=nas.api_url, api_key=nas.api_key, ca_path=nas.ca_path)) as client:
        yield client


@pytest.fixture
def options(nas):
    nas.faults(rate_limit=10_000)
    key = nas.account("eda", roles=["ALERT_LIST_READ", "CLOUD_SYNC_READ"], api_key=True)["api_key"]
    return {"api_url": nas.api_url, "api_key": key, "api_username": "eda", "ca_path": nas.ca_path, "interval": SOON}


@pytest.fixture
def fail(admin, google, nas):
    """Let a run of the task fail: a photo that lies loose belongs to no album."""
    client = json.loads(Path(google.client_secret_file).read_text())["installed"]
    token = Path(google.token_file).read_text()
    credential = admin.call(
        "cloudsync.credentials.create",
        {
            "name": "photos",
            "provider": {
                "type": "GOOGLE_PHOTOS",
                "client_id": client["client_id"],
                "client_secret": client["client_secret"],
                "token": token,
            },
        },
    )
    task = admin.call(
        "cloudsync.create",
        {
            "description": "push",
            "credentials": credential["id"],
            "direction": "PUSH",
            "transfer_mode": "COPY",
            "path": "/mnt/tank/photos",
            "attributes": {"folder": "/album"},
        },
    )
    Path(nas.root, "tank/photos/loose.gif").write_text("GIF89a loose")

    def fail():
        job = admin.follow_job(admin.start_job("cloudsync.sync", task["id"]), timeout=LATER)
        assert job.state == "FAILED"

    fail.secrets = (token, json.loads(token)["refresh_token"], client["client_secret"])
    return fail


@contextlib.asynccontextmanager
async def watching(source, options):
    """The source as a task beside the test, and its queue."""
    queue = asyncio.Queue()
    watched = asyncio.create_task(source["main"](queue, options))
    try:
        yield queue, watched
    finally:
        watched.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watched


def count(nas, method):
    return sum(call["method"] == method for call in nas.calls())


async def until(condition):
    async with asyncio.timeout(LATER):
        while not condition():  # noqa: ASYNC110 - the simulator is another process
            await asyncio.sleep(SOON)


async def calls(nas, method, enough):
    """Wait until the NAS has had so many calls of a method."""
    await until(lambda: count(nas, method) >= enough)


async def events(queue, count):
    async with asyncio.timeout(LATER):
        return [(await queue.get())["truenas"] for dummy in range(count)]


def test_a_failed_job_and_its_alert_become_events_once(source, options, nas, fail, admin):
    (task,) = admin.call("cloudsync.query")
    admin.call("cloudsync.update", task["id"], {"description": "push {{ 7 }}\x1b"})

    async def story():
        async with watching(source, options) as (queue, dummy):
            await calls(nas, "alert.list", 2)
            await asyncio.to_thread(fail)
            got = await events(queue, 2)
            await calls(nas, "alert.list", count(nas, "alert.list") + 2)
            assert queue.empty()
            return {event["type"]: event for event in got}

    got = asyncio.run(story())
    alert, job = got["alert"], got["cloudsync_failed"]
    assert alert == {
        "nas": nas.api_url,
        "type": "alert",
        "text": 'Cloud sync task "push { { 7 }}\\x1b" failed.',
        "level": "ERROR",
        "class": "CloudSyncTaskFailed",
        "at": alert["at"],
    }
    assert alert["at"].endswith("Z")
    assert job["task"]["description"] == "push { { 7 }}\\x1b"
    assert job["problem"].startswith("files lie directly in the task's local directory")
    assert not any(secret in json.dumps(got) for secret in fail.secrets)


@pytest.mark.parametrize("text", ["{{ x }}", "{% if x %}", "{# x #}", "{{{{ x }}}}", "a{{% x", "*.{{(?i)(png)}}"])
def test_no_event_holds_a_template(source, text):
    (((name, (first, second)),),) = [source["_harmless"]({text: [text, {"a": text}]}).items()]
    for told in (name, first, second["a"]):
        assert not any(mark in told for mark in ("{{", "{%", "{#"))
        assert told.replace(" ", "") == text.replace(" ", "")
    assert source["_harmless"]({"n": [1, None, True, "{x}"]}) == {"n": [1, None, True, "{x}"]}


def test_what_stood_before_is_told_only_if_asked_for(source, options, nas, fail):
    fail()

    async def story(**more):
        async with watching(source, {**options, **more}) as (queue, dummy):
            await calls(nas, "cloudsync.query", count(nas, "cloudsync.query") + 3)
            return [queue.get_nowait()["truenas"]["type"] for dummy in range(queue.qsize())]

    assert asyncio.run(story()) == []
    assert sorted(asyncio.run(story(past=True))) == ["alert", "cloudsync_failed"]
    assert asyncio.run(story(past=True, watch=["jobs"])) == ["cloudsync_failed"]


def test_a_restart_of_the_nas_is_survived(source, options, nas, admin):
    async def story():
        async with watching(source, options) as (queue, watched):
            await calls(nas, "alert.list", 1)
            before = len(nas.logins())
            nas.restart()
            await until(lambda: len(nas.logins()) > before)
            assert not watched.done()
            assert queue.empty()

    asyncio.run(story())


def test_a_refused_login_ends_it(source, options):
    with pytest.raises(LoginError, match="refused the login"):
        asyncio.run(source["main"](asyncio.Queue(), {**options, "api_key": "1-wrong"}))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"intervall": 5}, "intervall"),
        ({"watch": ["pools"]}, "pools"),
        ({"interval": "soon"}, "interval"),
        ({"interval": 0}, "interval: 0 s"),
        ({"interval": -5}, "interval: -5 s"),
    ],
    ids=["unknown", "choice", "type", "no pause", "negative"],
)
def test_wrong_options_are_named(source, options, wrong, told):
    with pytest.raises(ValueError, match=told):
        asyncio.run(source["main"](asyncio.Queue(), {**options, **wrong}))


def test_the_documentation_names_the_options(source):
    documented = yaml.safe_load(source["DOCUMENTATION"])["options"]
    assert documented.keys() == source["ARGUMENTS"].keys()
    for name, argument in source["ARGUMENTS"].items():
        for key in ("type", "default", "choices"):
            assert documented[name].get(key) == argument.get(key), (name, key)


def test_it_finds_the_collection_by_itself(tmp_path):
    """In a process that knows nothing of Ansible's collections, as ansible-rulebook's."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE", "PYTHON"))}
    script = f"import runpy; print(sorted(runpy.run_path({str(SOURCE)!r})['ARGUMENTS'])[0])"
    printed = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "api_key"


def test_the_rulebook_asks_for_what_there_is():
    arguments = runpy.run_path(str(SOURCE))["ARGUMENTS"]
    (file,) = (SOURCE.parents[2] / "rulebooks").glob("*.yml")
    (rulebook,) = yaml.safe_load(file.read_text(encoding="utf-8"))
    ((name, given),) = (one for source in rulebook["sources"] for one in source.items())
    assert name == "nasops.cloudsync.truenas"
    assert given.keys() <= arguments.keys()
    told = SOURCE.read_text(encoding="utf-8")
    for rule in rulebook["rules"]:
        for kind in re.findall(r'event\.truenas\.type == "(\w+)"', rule["condition"]):
            assert f'"{kind}"' in told, rule["name"]
        assert "event.truenas.type ==" in rule["condition"]
