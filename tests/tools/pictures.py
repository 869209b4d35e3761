# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the pictures of the documentation from a real run against the simulator: `make pictures`.

- `run.svg`: a terminal in which the role sets up a NAS.
- `status.png`: the status page of two NASes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests"), str(ROOT / ".cache/collections")]

from demo import media  # noqa: E402
from tools.chromium import launch  # noqa: E402

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import connect  # noqa: E402
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import (  # noqa: E402
    ConnectionOptions,
)
from simulator.fixture import SimulatedNas, Simulator, running  # noqa: E402

PICTURES = ROOT / "docs/docsite/static"
COLUMNS = 116
DAY = 86_400
TASK = {
    "description": "Photos to Google",
    "path": "/mnt/tank/photos",
    "stray_files": "exclude",
    "schedule": "0 3 * * *",
}
PHOTOS = {"Holidays/2026": 4, "Family": 3, "Åland": 2}
SHORT = {"ANSIBLE_DISPLAY_OK_HOSTS": "false", "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false"}


def main() -> None:
    with running("--count", "2") as simulator, tempfile.TemporaryDirectory(prefix="pictures-") as name:
        folder = Path(name)
        turn_clocks(simulator, -7, by=-7)
        for number, nas in enumerate(simulator.nas):
            fill(nas, number)
            with connect(ConnectionOptions(api_url=nas.socket)) as client:
                client.call("mail.update", {"outgoingserver": "mail.example.com", "fromemail": "nas@example.com"})
                (service,) = client.call("alertservice.query")
                attributes = {**service["attributes"], "email": "me@example.com"}
                client.call("alertservice.update", service["id"], {"attributes": attributes})
        inventory = folder / "inventory.yml"
        inventory.touch(mode=0o600)
        inventory.write_text(json.dumps(described(simulator)), encoding="utf-8")
        command = ["nasops.cloudsync.google_photos", "-i", "inventory.yml"]
        shown = play(folder, *command, "--limit=home", **SHORT)
        draw(["$ ansible-playbook " + " ".join([*command, "--limit=home"]), shown])
        play(folder, *command)
        live(simulator)
        page = folder / "status.html"
        play(folder, "nasops.cloudsync.status", "-i", "inventory.yml", "-e", f"cloudsync_status_file={page}")
        photograph(page)


def fill(nas: SimulatedNas, number: int) -> None:
    """Put photos into albums."""
    for album, count in PHOTOS.items():
        for one in range(count + number):
            media.make(Path(nas.root, "tank/photos", album, f"IMG_{one:04}.JPG"), 100 * number + one)


def turn_clocks(simulator: Simulator, day: int, *, by: int) -> None:
    """Let it be that day for the NASes, and so many days later than before for Google."""
    simulator.google.door.post("/clock", seconds=by * DAY)
    for nas in simulator.nas:
        nas.faults(clock=day * DAY)


def live(simulator: Simulator) -> None:
    """Let a week go by in which the NASes run their task; then somebody disables the task of the second."""
    for day in range(-6, 1):
        turn_clocks(simulator, day, by=1)
        for number, nas in enumerate(simulator.nas):
            for one in range((day * 5 + number) % 7 + 1):
                media.make(Path(nas.root, f"tank/photos/Family/IMG_{20 + day}{one:02}.JPG"), 9000 + 100 * day + one)
            with connect(ConnectionOptions(api_url=nas.socket)) as client:
                client.follow_job(client.start_job("cloudsync.sync", 1), timeout=60)
    with connect(ConnectionOptions(api_url=simulator.nas[1].socket)) as client:
        client.call("cloudsync.update", 1, {"enabled": False})


def described(simulator: Simulator) -> dict[str, object]:
    """The inventory: both NASes, with one task each."""
    hosts = {
        name: {
            "truenas_api_url": nas.api_url,
            "truenas_api_username": nas.username,
            "truenas_api_key": nas.api_key,
            "truenas_ca_path": nas.ca_path,
            "google_photos_tasks": [{**TASK, "folder": folder}],
        }
        for name, nas, folder in zip(("home", "parents"), simulator.nas, ("/album/Home", "/album/Parents"), strict=True)
    }
    token = json.loads(Path(simulator.google.token_file).read_text(encoding="utf-8"))
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "google_photos_client_secret_file": simulator.google.client_secret_file,
        "google_photos_token": json.dumps({**token, "expiry": "2026-01-01T00:00:00Z"}),  # the NAS will refresh it
        "google_photos_run": True,
    }
    return {"all": {"hosts": hosts, "vars": variables}}


def play(folder: Path, *arguments: str, **settings: str) -> str:
    """Run a playbook, and return what it shows."""
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache/collections"),
        "ANSIBLE_FORCE_COLOR": "true",
        "COLUMNS": str(COLUMNS),
        **settings,
    }
    command = [sys.executable, "-m", "ansible", "playbook", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    blocks = done.stdout.strip("\n").split("\n\n")
    return "\n\n".join(one for one in blocks if "included: " not in one)  # these name paths of this machine


def draw(shown: list[str]) -> None:
    """Draw a terminal."""
    terminal = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    for text in shown:
        terminal.print(Text.from_ansi(text))
    drawing = terminal.export_svg(title="ansible-playbook")
    (PICTURES / "run.svg").write_text("".join(f"{line.rstrip()}\n" for line in drawing.splitlines()), encoding="utf-8")


def photograph(page: Path) -> None:
    """Take a picture of a page."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        tab = browser.new_page(viewport={"width": 1000, "height": 400})
        tab.goto(page.as_uri())
        tab.screenshot(path=PICTURES / "status.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
