# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The status of several NASes, on the terminal and as a page in a real browser."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.client import Client, connect
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.connection_options import ConnectionOptions
from simulator.fixture import SimulatedNas, Simulator, running

from .conftest import SCREENSHOTS

NASTY = """<script>alert("x")</script> & 'Åland/日本' \x1b[31m"""
NASTY_SHOWN = """<script>alert("x")</script> & 'Åland/日本'  [31m"""
PIXEL = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"


def add_task(client: Client, credential: int, description: str, **fields: object) -> int:
    task = {
        "description": description,
        "credentials": credential,
        "direction": "PUSH",
        "transfer_mode": "SYNC",
        "attributes": {"folder": "/album"},
        "schedule": {"minute": "0", "hour": "3"},
        **fields,
    }
    return client.call("cloudsync.create", task)["id"]


def add_photos(nas: SimulatedNas, *names: str) -> None:
    for name in names:
        path = Path(nas.root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PIXEL + name.encode())


def add_credential(client: Client, simulator: Simulator) -> int:
    oauth_client = json.loads(Path(simulator.google.client_secret_file).read_text())["installed"]
    provider = {
        "type": "GOOGLE_PHOTOS",
        "client_id": oauth_client["client_id"],
        "client_secret": oauth_client["client_secret"],
        "token": Path(simulator.google.token_file).read_text(),
    }
    return client.call("cloudsync.credentials.create", {"name": "Google Photos", "provider": provider})["id"]


def run(client: Client, task: int, *options: object) -> str:
    return client.follow_job(client.start_job("cloudsync.sync", task, *options), timeout=60).state


@pytest.fixture(scope="module")
def nases() -> Iterator[Simulator]:
    """Two NASes in Berlin: on one all has ended, well or not; on the other some still goes on."""
    with pytest.MonkeyPatch.context() as patch, running_in_berlin(patch) as simulator:
        first, second = simulator.nas
        add_photos(first, "tank/photos/Trip/one.gif", "tank/photos/Trip/two.gif", "tank/photos/loose.gif")
        with connect(ConnectionOptions(api_url=first.socket)) as client:
            google = add_credential(client, simulator)
            good = add_task(client, google, "Photos to Google", path="/mnt/tank/photos", exclude=["/*.gif"])
            bad = add_task(client, google, "Photos and loose files", path="/mnt/tank/photos")
            assert run(client, good) == "SUCCESS"
            assert run(client, bad) == "FAILED"
            add_task(client, google, NASTY, path="/mnt/tank/photos", enabled=False, direction="PULL",
                     transfer_mode="COPY", attributes={"folder": "/album/Trip"})  # fmt: skip
        second.dataset("tank/vault", locked=True)
        add_photos(second, *(f"tank/photos/Trip/{number}.gif" for number in range(60)))
        with connect(ConnectionOptions(api_url=second.socket)) as client:
            google = add_credential(client, simulator)
            going_on = add_task(client, google, "Family", path="/mnt/tank/photos", transfers=1,
                                schedule={"minute": "*/15", "hour": "8-18", "dow": "mon-fri"})  # fmt: skip
            tried = add_task(client, google, "Only tried so far", path="/mnt/tank/photos")
            add_task(client, google, "Vault", path="/mnt/tank/vault")
            assert run(client, tried, {"dry_run": True}) == "SUCCESS"
            simulator.google.door.post("/faults", path="/v1/uploads", delay_ms=2000, times=None)
            job = client.start_job("cloudsync.sync", going_on)
            wait_for(lambda: (client.get_job(job).percent or 0) > 0)
        yield simulator


def running_in_berlin(patch: pytest.MonkeyPatch):
    patch.setenv("TZ", "Europe/Berlin")
    return running("--count", "2")


def wait_for(condition, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.2)


@pytest.fixture(scope="module")
def inventory(nases: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both, one of them by an account that may read cloud sync only; and two that are switched off."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    reader = nases.nas[1].account("reader", roles=["CLOUD_SYNC_READ"], api_key=True)
    accounts = {"attic": (nases.nas[0].username, nases.nas[0].api_key), "office": ("reader", reader["api_key"])}
    hosts = {
        name: {"api_url": nas.api_url, "ca_path": nas.ca_path, "api_username": user, "api_key": key}
        for (name, (user, key)), nas in zip(accounts.items(), nases.nas, strict=True)
    }
    hosts["shed"] = {**hosts["attic"], "api_url": f"https://127.0.0.1:{closed}"}
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "google_photos_token_expires_on": (datetime.now(UTC) + timedelta(days=3, hours=1)).isoformat(),
    }
    file = tmp_path_factory.mktemp("inventory") / "inventory.json"
    file.touch(mode=0o600)
    described = {name: {"truenas_connection": connection} for name, connection in hosts.items()}
    described["cellar"] = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": closed}
    file.write_text(json.dumps({"all": {"hosts": described, "vars": variables}}))
    return file


@pytest.fixture
def status(ansible, inventory, tmp_path):
    """Runs the playbook; returns what it showed, and the page."""

    def run(*arguments: str) -> tuple[str, Path]:
        code, shown = ansible("nasops.cloudsync.status", f"--inventory={inventory}", *arguments).ends()
        assert code == 0, shown
        return shown, tmp_path / "cloudsync_status.html"

    return run


def test_the_table_and_the_page(status, nases, inventory, tab):
    shown, file = status()
    for text in (
        "attic: TrueNAS-25.10",
        "times in Europe/Berlin",
        "Photos to Google",
        "PUSH SYNC /mnt/tank/photos -> Google Photos:/album, daily at 03:00",
        "2 transferred (",
        "can't upload files here",
        "The token of Google Photos ends in 3 days",
        "PULL COPY Google Photos:/album/Trip -> /mnt/tank/photos",
        NASTY_SHOWN,
        "success, dry run",
        "every 15 minutes 08:00–18:59, Mon–Fri",
        "not while the dataset is locked",
        "the account needs the role READONLY_ADMIN",
        "shed: NOT REACHED",
        "cellar: NOT REACHED",
        "4 NASes, 2 not reached. 6 tasks: 1 failed, 1 locked, 1 never run, 1 running, 2 success.",
    ):
        assert text in shown, shown
    assert "\x1b[31m" not in shown

    page = file.read_text()
    for secret in secrets(nases, inventory):
        assert secret not in page + shown

    requests = []
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("dialog", lambda dialog: pytest.fail("a script ran"))
    tab.goto(file.as_uri())
    assert requests == [file.as_uri()]
    expect(tab).to_have_title("Cloud sync status")
    assert tab.locator("html").get_attribute("lang") == "en"
    assert tab.get_by_role("heading").all_inner_texts() == ["Cloud sync status", "attic", "office", "shed", "cellar"]
    table = tab.get_by_role("table", name="Cloud sync tasks of attic")
    assert table.get_by_role("columnheader").all_inner_texts() == ["Task", "State", "Last run", "Next run"]
    expect(table.get_by_role("rowheader").nth(2)).to_contain_text(" ".join(NASTY_SHOWN.split()))
    expect(table.get_by_role("row").nth(2)).to_contain_text("failed")
    expect(table.locator("pre")).to_be_hidden()
    table.get_by_text("The error in full").click()
    expect(table.locator("pre")).to_be_visible()
    progress = tab.get_by_role("progressbar", name="Progress of Family")
    assert 0 < float(progress.get_attribute("value")) < 100
    expect(tab.get_by_role("region", name="shed")).to_contain_text("not reached")
    look_at(tab)
    grow_old(tab, file)


def grow_old(tab: Page, file: Path) -> None:
    """A page that is opened two days later says so, of itself and of each run."""
    tab.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=2, seconds=30))
    tab.goto(file.as_uri())
    expect(tab.locator("header").first).to_contain_text("2 days ago")
    row = tab.get_by_role("row").filter(has_text="Photos to Google").first
    expect(row).to_contain_text("2 days ago, took")
    expect(row).to_contain_text(re.compile(r"was due 1 day \d+ h ago|was due 2 days ago"))


def look_at(tab: Page) -> None:
    """Pictures, wide and narrow, light and dark; no picture is wider than its screen, and all of it can be read."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width in (1280, 820, 360):
        tab.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            tab.emulate_media(color_scheme=scheme)
            tab.screenshot(path=SCREENSHOTS / f"status-{width}-{scheme}.png", full_page=True)
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            assert tab.evaluate(CONTRAST) >= 4.5


# The least contrast of any text with the nearest background behind it, as WCAG reckons.
CONTRAST = """() => {
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const light = text => {
    const [r, g, b] = numbers(text).map(part => part / 255).map(
      part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = element => {
    const color = element ? getComputedStyle(element).backgroundColor : "rgb(255, 255, 255)";
    return numbers(color)[3] === 0 ? behind(element.parentElement) : color;
  };
  const ratios = [...document.body.querySelectorAll("*")].filter(element => element.innerText).map(element => {
    const [dark, bright] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  });
  return Math.min(...ratios);
}"""


def secrets(nases: Simulator, inventory: Path) -> set[str]:
    token = json.loads(Path(nases.google.token_file).read_text())
    client = json.loads(Path(nases.google.client_secret_file).read_text())["installed"]
    keys = re.findall(r'"api_key": "([^"]+)"', inventory.read_text())
    return {token["access_token"], token["refresh_token"], client["client_secret"], *keys}


def test_a_zone_that_the_inventory_gives(status):
    shown, file = status("--limit=office", "-e", "cloudsync_timezone=Pacific/Auckland")
    assert "office: times in Pacific/Auckland" in shown
    assert "attic" not in shown + file.read_text()


def test_no_nas_is_reached(status):
    shown, file = status("--limit=shed")
    assert "1 NAS, 1 not reached. 0 tasks." in shown
    assert "not reached" in file.read_text()
