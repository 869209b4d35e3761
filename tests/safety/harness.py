# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A play against a simulated NAS and Google: modules as Ansible runs them, and the same done by hand without them."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client, connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Module
from simulator.fixture import SimulatedGoogle, SimulatedNas
from simulator.tests.google.harness import png

MODULES = "ansible_collections.nasops.cloudsync.plugins.modules"
DATASET = "/mnt/tank/photos"


def module(name: str) -> Module:
    """The module of that name."""
    found: Module = importlib.import_module(f"{MODULES}.{name}").MODULE
    return found


def google_photos(google: SimulatedGoogle) -> dict[str, Any]:
    """The options of a credential that works."""
    client = json.loads(Path(google.client_secret_file).read_text())["installed"]
    token = Path(google.token_file).read_text()
    return {"client_id": client["client_id"], "client_secret": client["client_secret"], "token": token}


def connection(nas: SimulatedNas, **changes: Any) -> dict[str, Any]:
    """The shared options: over the socket, where there is JSON-RPC."""
    options: dict[str, Any] = {"api_url": nas.socket}
    if nas.release == "24.10":
        options = {
            "api_url": nas.api_url, "api_key": nas.api_key, "api_username": nas.username, "ca_path": nas.ca_path,
        }  # fmt: skip
    return {**options, "api_timeout": 20, **changes}


class Play:
    """Modules run against one NAS, each with a login of its own.

    Attributes:
        warnings: What the modules have warned of.
    """

    def __init__(self, nas: SimulatedNas, **options: Any) -> None:
        self.nas = nas
        self.options = connection(nas, **options)
        self.warnings: list[str] = []

    def run(self, module_name: str, /, *, check: bool = False, **options: Any) -> dict[str, Any]:
        """What the module answers, failures too."""
        one = module(module_name)
        checked = ArgumentSpecValidator(one.argument_spec, **one.constraints).validate({**self.options, **options})
        assert not checked.error_messages, checked.error_messages
        return one.answer(checked.validated_parameters, check_mode=check, warn=self.warnings.append)

    def done(self, module_name: str, /, **options: Any) -> dict[str, Any]:
        """What the module answers; it must not fail."""
        answer = self.run(module_name, **options)
        assert not answer.get("failed"), answer["msg"]
        return answer

    def refused(self, module_name: str, /, **options: Any) -> str:
        """The message that the module fails with."""
        answer = self.run(module_name, **options)
        assert answer.get("failed"), answer
        return str(answer["msg"])


class ByHand:
    """What a person does in TrueNAS's web interface: nothing looks after them."""

    def __init__(self, nas: SimulatedNas) -> None:
        options = {name: value for name, value in connection(nas).items() if name != "api_timeout"}
        self.client: Client = connect(ConnectionOptions(**options))

    def task(self, credential: int, **changes: Any) -> int:
        body = {
            "description": "by hand", "direction": "PUSH", "transfer_mode": "SYNC", "path": DATASET,
            "attributes": {"folder": "/album"}, "credentials": credential, **changes,
        }  # fmt: skip
        number: int = self.client.call("cloudsync.create", body)["id"]
        return number

    def sync(self, task: int, **options: Any) -> Job:
        return self.client.follow_job(self.client.start_job("cloudsync.sync", task, options), timeout=60)


class Hazard:
    """One hazard: a NAS and a library on which it can be met by hand and with the modules."""

    def __init__(self, play: Play, by_hand: ByHand, nas: Any, google: Any) -> None:
        self.play, self.by_hand, self.nas, self.google = play, by_hand, nas, google
        made = play.done("truenas_cloud_credential", name="google", google_photos=google_photos(google))
        self.credential = made["credential"]["id"]

    def run_by_hand(self, **task: Any) -> None:
        """Make a task and run it; it succeeds, whatever it has destroyed."""
        job = self.by_hand.sync(self.by_hand.task(self.credential, **task))
        assert job.state == "SUCCESS", job.error

    def asked(self, **task: Any) -> str:
        """Ask the module for a task; the message that it refuses it with."""
        return self.play.refused("truenas_cloudsync_task", **self.options(**task))

    def options(self, **task: Any) -> dict[str, Any]:
        """The options of the module for a task."""
        return {
            "description": "asked", "credential": "google", "direction": "PUSH", "transfer_mode": "SYNC",
            "path": DATASET, "folder": "/album", **task,
        }  # fmt: skip

    def refused_to_run(self, **options: Any) -> str:
        return self.play.refused("truenas_cloudsync_run", task="by hand", **options)


def folder(nas: SimulatedNas) -> Path:
    """The dataset's directory on this machine."""
    return Path(nas.root, "tank", "photos")


def photo(nas: SimulatedNas, name: str, content: str | None = None) -> Path:
    """Put a picture into the dataset; pictures with equal content are equal."""
    path = folder(nas) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png(name if content is None else content))
    return path


def local(nas: SimulatedNas) -> set[str]:
    """The files of the dataset."""
    return {str(path.relative_to(folder(nas))) for path in folder(nas).rglob("*") if path.is_file()}


def albums(google: SimulatedGoogle) -> list[tuple[str, list[str]]]:
    """Titles with the names of their items; a title that is there twice comes twice."""
    return sorted(
        (album["title"], sorted(item["filename"] for item in album["items"])) for album in google.library()["albums"]
    )
