# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured. Each scenario returns rows: a name, figures, and ratios to other rows of the same scenario."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client, connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from bench import first_upload as library_upload
from bench import plan
from bench.runs import Bench, Figures, config, connection, play, round_trips, single
from bench.tasks import credential_name
from simulator.fixture import SimulatedGoogle, SimulatedNas, running

Rows = dict[str, Figures]

_NO_LIMIT = 10**9
_PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"

# How a real account feels.
_GOOGLE = [
    {"path": "/v1/uploads", "delay_ms": 400, "times": None},
    {"path": "/v1/mediaItems:batchCreate", "delay_ms": 600, "times": None},
    {"path": "/v1/albums", "delay_ms": 300, "times": None},
]
# Refusals come first of all faults, hence without delay. New albums and commits: the rate that Google's refusals name,
# 30 a minute, in thirds, so that 200 photos reach it with any number of transfers. All that is written, the photos'
# bytes too: a limit made up for this benchmark, a little below what 4 transfers send.
_QUOTA = {"method": "POST", "status": 429, "times": None}
_LIMITS: dict[str, list[dict[str, Any]]] = {
    "": [],
    ", 10 albums and commits in 20 s": [{**_QUOTA, "path": "/v1/[am]*", "per": {"requests": 10, "seconds": 20}}],
    ", 40 writes in 10 s": [{**_QUOTA, "path": "/v1/*", "per": {"requests": 40, "seconds": 10}}],
}
_CLIENT = ("client_id", "client_secret")


def compare(rows: Rows, name: str, other: str, *figures: str) -> None:
    """Note the ratios of a row to another."""
    if name in rows and other in rows:
        ratios = {figure: rows[name][figure] / rows[other][figure] for figure in figures}
        rows[name].setdefault("ratios", {})[other] = ratios


def pure(bench: Bench, full: bool) -> Rows:
    """The plan, and the check of the options before it, without NAS or Ansible."""
    rows: Rows = {}
    for count in (200, 2000, 20_000):
        taken = [plan.seconds(count) for dummy in range(3)]
        rows[f"{count} tasks"] = {name: min(one[name] for one in taken) for name in taken[0]}
    compare(rows, "20000 tasks", "2000 tasks", "plan", "validate")
    return rows


def no_op(bench: Bench, full: bool) -> Rows:
    """Nothing to do: all tasks are as they should be."""
    rows: Rows = {}
    with running() as simulator:
        nas = simulator.nas[0]
        nas.faults(rate_limit=_NO_LIMIT)  # or what logs in for each task would be refused, and wait
        for count in (1, 20, 200, 2000):
            bench.ansible(play(config(count)), [nas])
            ways: dict[str, Callable[[], Figures]] = {
                "one debug": partial(bench.ansible, play(_debug(1)), [nas]),
                "one module that does nothing": partial(bench.ansible, play([{"nothing": None}]), [nas]),
                "debug of the same lists": partial(bench.ansible, play(_debug_lists(count)), [nas]),
                "bare script": partial(bench.script, "bare.py", nas),
                "config": partial(bench.ansible, play(config(count)), [nas]),
                "config, module": partial(bench.ansible, play(config(count)), [nas], variables=_PROCESS),
            }
            measured = bench.median(ways, 3)
            ways = {}
            if count <= 200 or full:
                ways |= {
                    "debug": partial(bench.ansible, play(_debug(count)), [nas]),
                    "single": partial(bench.ansible, play(single(count)), [nas]),
                }
            if count <= 20 or (full and count <= 200):
                ways |= {
                    "single, module": partial(bench.ansible, play(single(count)), [nas], variables=_PROCESS),
                    "login and query": partial(bench.ansible, play(_others(count, nas)), [nas]),
                }
            measured |= bench.median(ways, 1 if count > 200 else 3 if count <= 20 else 2)
            found = {f"{count}: {name}": figures for name, figures in measured.items()}
            rows |= found
            for name in ("config", "config, module"):
                for floor in ("one debug", "one module that does nothing", "debug of the same lists", "bare script"):
                    compare(rows, f"{count}: {name}", f"{count}: {floor}", "wall", "cpu")
            for name in ("single", "single, module", "login and query"):
                compare(rows, f"{count}: {name}", f"{count}: debug", "wall", "cpu")
                compare(rows, f"{count}: {name}", f"{count}: config", "wall", "cpu")
    # Round trips show only where messages take their time.
    with running("--latency-ms=100") as simulator:
        nas = simulator.nas[0]
        for count in (1, 20, 200, 2000):
            bench.ansible(play(config(count)), [nas])
            for name, way in (("config", config), *((("single", single),) if count <= 20 else ())):
                arrivals = bench.ansible(play(way(count)), [nas])["arrivals"]
                rows[f"{count}: {name}"]["round_trips"] = round_trips(arrivals, 0.05)
    return rows


def delay(bench: Bench, full: bool) -> Rows:
    """The same over a network: every message to the NAS takes so long."""
    rows: Rows = {}
    for latency in (0, 20, 100):
        with running(f"--latency-ms={latency}") as simulator:
            nas = simulator.nas[0]
            nas.faults(rate_limit=_NO_LIMIT)
            count = 200 if full else 20
            bench.ansible(play(config(count)), [nas])
            ways = {
                "config": partial(bench.ansible, play(config(count)), [nas]),
                "single": partial(bench.ansible, play(single(count)), [nas]),
                "single, module": partial(bench.ansible, play(single(count)), [nas], variables=_PROCESS),
                "login and query": partial(bench.ansible, play(_others(count, nas)), [nas]),
            }
            for name, figures in bench.median(ways, 1).items():
                if latency:
                    figures["round_trips"] = round_trips(figures["arrivals"], latency / 2000)
                rows[f"{count} tasks, {latency} ms: {name}"] = figures
        for name in ways:
            compare(rows, f"{count} tasks, {latency} ms: {name}", f"{count} tasks, 0 ms: {name}", "wall")
    return rows


def login_limit(bench: Bench, full: bool) -> Rows:
    """With the NAS's own limit of 20 logins a minute, which the others switch off: nothing to do."""
    with running() as simulator:
        nas = simulator.nas[0]
        bench.ansible(play(config(40)), [nas])
        ways = {
            "40: config": partial(bench.ansible, play(config(40)), [nas]),
            "40: single": partial(bench.ansible, play(single(40)), [nas]),
            # It does not try again: each task that is refused fails.
            "25: login and query": partial(bench.ansible, play(_others(25, nas), ignore_errors=True), [nas]),
        }
        if full:  # it waits, up to a minute
            ways["25: single, module"] = partial(bench.ansible, play(single(25)), [nas], variables=_PROCESS)
        return bench.median({name: partial(_after_restart, nas, way) for name, way in ways.items()}, 1)


def changes(bench: Bench, full: bool) -> Rows:
    """The first run, and a run that changes every task."""
    rows: Rows = {}
    with running() as simulator:
        nas = simulator.nas[0]
        for count in (20, 200, *((2000,) if full else ())):
            for name, way in (("config", config), ("single", single)):
                if name == "single" and count > 200:
                    continue
                nas.reset()
                nas.faults(rate_limit=_NO_LIMIT)
                if way is single:
                    bench.ansible(play(config(0)), [nas])
                rows[f"{count} tasks, first run: {name}"] = bench.ansible(play(way(count)), [nas])
                rows[f"{count} tasks, all changed: {name}"] = bench.ansible(play(way(count, 1)), [nas])
                rows[f"{count} tasks, no change: {name}"] = bench.ansible(play(way(count, 1)), [nas])
            for what in ("first run", "all changed", "no change"):
                compare(rows, f"{count} tasks, {what}: single", f"{count} tasks, {what}: config", "wall", "cpu")
    return rows


def fleet(bench: Bench, full: bool) -> Rows:
    """Many NASes, 10 tasks each."""
    rows: Rows = {}
    largest = 100 if full else 10
    with running(f"--count={largest}") as simulator:
        bench.ansible(play(config(10)), simulator.nas, forks=5)
        sizes = [size for size in (1, 10, 100) if size <= largest]
        ways = {
            f"{size} NASes, {forks} forks": partial(bench.ansible, play(config(10)), simulator.nas[:size], forks=forks)
            for size in sizes
            for forks in ((1,) if size == 1 else (2, 5, 10, 20))
        }
        ways["nothing, 1 host"] = partial(bench.ansible, play(_debug(1)), simulator.nas[:1])
        rows = bench.median(ways, 3 if full else 2)
    start = rows["nothing, 1 host"]["cpu"]
    for name, figures in rows.items():
        size = int(name.split()[0]) if name[0].isdigit() else 0
        if size > 1:
            one = rows["1 NASes, 1 forks"]["cpu"] - start
            figures["ratios"] = {
                "the CPU of so many times one NAS, less start-up": {"cpu": (figures["cpu"] - start) / (size * one)}
            }
    return rows


def uploads(bench: Bench, full: bool) -> Rows:
    """Photos to Google with the real rclone, by number of transfers; without and with limits on writes."""
    count = 200 if full else 60
    with running() as simulator:
        nas, google = simulator.nas[0], simulator.google
        albums = Path(nas.root) / "tank/photos"
        for number in range(count):
            folder = albums / f"Album {number % 10}"
            folder.mkdir(exist_ok=True)
            (folder / f"{number}.jpg").write_bytes(_PHOTO + number.to_bytes(4, "big") * 64)
        ways = {
            f"{count} photos, {transfers} transfers{limit}": partial(_upload, nas, google, count, transfers, faults)
            for limit, faults in _LIMITS.items()
            for transfers in (4, 16, 50)
        }
        rows = bench.median(ways, 3 if full else 1)
    for limit in _LIMITS:
        first, *others = (f"{count} photos, {transfers} transfers{limit}" for transfers in (4, 16, 50))
        for other in others:
            compare(rows, other, first, "wall")
    return rows


def first_upload(bench: Bench, full: bool) -> Rows:
    """Requests and time of a library, by bare rclone and by the module."""
    small, large = [(200, 10), (200, 100)], [(1000, 20), (1000, 300), (10_000, 100), (6000, 300), (50_000, 400)]
    found: Rows = {}
    for name, figures in library_upload.rows(large if full else small):
        found[name] = figures
        if ", module, " in name:
            compare(found, name, name.replace(", module, ", ", bare rclone, "), "requests")
    return found


def memory(bench: Bench, full: bool) -> Rows:
    """An answer of 50 MB."""
    with running() as simulator:
        nas = simulator.nas[0]
        nas.faults(rate_limit=_NO_LIMIT)
        with _client(nas) as client:
            webdav = {"type": "WEBDAV", "url": "https://a.example.com/", "vendor": "OTHER", "user": "u", "pass": "p"}
            made = client.call("cloudsync.credentials.create", {"name": credential_name(0), "provider": webdav})
            fields = {
                "path": "/mnt/tank/photos",
                "credentials": made["id"],
                "direction": "PUSH",
                "transfer_mode": "COPY",
                "attributes": {"folder": "/"},
                "exclude": [f"pattern {number:06} of a long list" for number in range(1700)],
            }
            tasks = [{**fields, "description": f"Task {number}"} for number in range(850)]
            for outcome in client.call_all([("cloudsync.create", (one,)) for one in tasks]):
                if isinstance(outcome, Exception):
                    raise outcome
            size = len(json.dumps(client.call("cloudsync.query"), default=str)) / 1e6
        ways = {
            "start": partial(bench.script, "memory.py", nas, "close", "none"),
            "own session": partial(bench.script, "memory.py", nas, "close", "all"),
            "kept session": partial(bench.script, "memory.py", nas, "keep", "all"),
        }
        rows = bench.median(ways, 1)
    for figures in rows.values():
        figures["answer_mb"] = size
    for name in ("own session", "kept session"):
        rows[name]["ratios"] = {"the answer": {"memory": (rows[name]["memory"] - rows["start"]["memory"]) / size}}
    return rows


SCENARIOS: dict[str, Callable[[Bench, bool], Rows]] = {
    one.__name__: one for one in (pure, no_op, delay, login_limit, changes, fleet, uploads, first_upload, memory)
}

_PROCESS = {"truenas_in_worker": False}


def _debug(count: int) -> list[dict[str, Any]]:
    return [{"name": f"Task {number}", "ansible.builtin.debug": {"msg": "x"}} for number in range(count)]


def _debug_lists(count: int) -> list[dict[str, Any]]:
    """What Ansible itself needs to take the lists in and to hand them back."""
    (task,) = config(count)
    return [{"name": "All", "ansible.builtin.debug": {"msg": task["nasops.cloudsync.truenas_cloudsync_config"]}}]


def _after_restart(nas: SimulatedNas, measure: Callable[[], Figures]) -> Figures:
    """Measure with no login counted so far."""
    nas.restart()
    return measure()


def _others(count: int, nas: SimulatedNas) -> list[dict[str, Any]]:
    return [
        {"name": f"Task {number}", "login_and_query": {**connection(nas), "description": f"Task {number:05}"}}
        for number in range(count)
    ]


@contextlib.contextmanager
def _client(nas: SimulatedNas) -> Iterator[Client]:
    with connect(ConnectionOptions(**connection(nas), api_timeout=600)) as client:
        yield client


def _upload(nas: SimulatedNas, google: SimulatedGoogle, count: int, transfers: int, faults: list[Figures]) -> Figures:
    """Upload all photos to an empty library. Raises when one is missing or was committed twice."""
    google.reset()
    for fault in (*faults, *_GOOGLE):
        google.faults(**fault)
    seconds = _push(nas, google, transfers)
    requests = google.requests()
    commits = [request for request in requests if "batchCreate" in request["path"] and request["status"] == 200]
    committed = sum(len(request["json"]["newMediaItems"]) for request in commits)
    library = google.library()
    uploaded = len(library["items"])
    if not uploaded == committed == sum(len(album["items"]) for album in library["albums"]) == count:
        raise RuntimeError(f"{uploaded} of {count} photos are there, {committed} were committed")
    refused = sum(request["status"] == 429 for request in requests)
    return {
        "wall": seconds,
        "commits": len(commits),
        "requests": len(requests),
        "refused": refused,
        "refused_per_photo": refused / count,
        "uploaded": uploaded,
    }


def _push(nas: SimulatedNas, google: SimulatedGoogle, transfers: int) -> float:
    """Run a task that pushes the photos; how long the job took."""
    secret = json.loads(Path(google.client_secret_file).read_text(encoding="utf-8"))["installed"]
    token = json.dumps(json.loads(Path(google.token_file).read_text(encoding="utf-8")))
    with _client(nas) as client:
        for row in client.call("cloudsync.query"):
            client.call("cloudsync.delete", row["id"])
        for row in client.call("cloudsync.credentials.query"):
            client.call("cloudsync.credentials.delete", row["id"])
        provider = {"type": "GOOGLE_PHOTOS", "token": token, **{name: secret[name] for name in _CLIENT}}
        made = client.call("cloudsync.credentials.create", {"name": "Photos", "provider": provider})
        task = {
            "description": "Photos",
            "path": "/mnt/tank/photos",
            "credentials": made["id"],
            "direction": "PUSH",
            "transfer_mode": "SYNC",
            "attributes": {"folder": "/album"},
            "transfers": transfers,
        }
        number = client.call("cloudsync.create", task)["id"]
        started = time.monotonic()
        job = client.follow_job(client.start_job("cloudsync.sync", number), timeout=1200)
        if job.state != "SUCCESS":
            raise RuntimeError(f"The upload failed: {job.error}\n{client.job_log(job)[-2000:]}")
        return time.monotonic() - started
