# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which rclone the NAS runs."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from simulator.nas.cloudsync_tasks import DEFAULTS
from simulator.nas.rclone_command import bandwidth, filters, list_arguments, remote_path, sync_arguments
from simulator.nas.rclone_config import crypt_section, read_section, remote_section, to_text
from simulator.nas.rclone_obscure import obscure
from simulator.nas.rclone_progress import Progress, decoded_names, failure_text, listing_excerpt
from simulator.nas.rclone_run import binary


def _task(**changes: Any) -> dict[str, Any]:
    given = {
        "path": "/mnt/tank/photos",
        "direction": "PUSH",
        "transfer_mode": "SYNC",
        "attributes": {"folder": "/album"},
    }
    return {**DEFAULTS, **given, **changes}


def _arguments(dry_run: bool = False, **changes: Any) -> list[str]:
    return sync_arguments(
        _task(**changes),
        local=Path("/LOCAL"),
        remote="remote:/album",
        config=Path("/CONFIG"),
        filter_file=Path("/FILTERS"),
        dry_run=dry_run,
    )


def _reveal(text: str) -> str:
    return subprocess.run([binary(), "reveal", "--", text], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("kind", "attributes", "path"),
    [
        ("GOOGLE_PHOTOS", {"folder": "/album"}, "/album"),
        ("GOOGLE_PHOTOS", {"folder": "album/Trip/"}, "album/Trip"),
        ("WEBDAV", {"folder": ""}, "/"),
        ("S3", {"bucket": "b", "folder": ""}, "b/"),
        ("S3", {"bucket": "b", "folder": "/x/y/"}, "b/x/y"),
    ],
)
def test_remote_path(kind: str, attributes: dict[str, str], path: str) -> None:
    assert remote_path(kind, attributes) == path


def test_a_plain_push() -> None:
    assert _arguments() == [
        "--config", "/CONFIG", "-v", "--stats", "1s", "--filter-from", "/FILTERS", "sync", "/LOCAL", "remote:/album",
    ]  # fmt: skip


def test_every_option_of_a_pull() -> None:
    arguments = _arguments(
        direction="PULL",
        transfer_mode="MOVE",
        attributes={"folder": "/album", "fast_list": True},
        follow_symlinks=True,
        transfers=16,
        bwlimit=[{"time": "08:00", "bandwidth": 1048576}, {"time": "20:00", "bandwidth": None}],
        args="--max-delete 0 --exclude 'a b'",
        create_empty_src_dirs=True,
        dry_run=True,
    )
    assert arguments == [
        "--config", "/CONFIG", "-v", "--stats", "1s", "--fast-list", "-L", "--transfers", "16",
        "--bwlimit", "08:00,1048576b 20:00,off", "--dry-run", "--filter-from", "/FILTERS",
        "--max-delete", "0", "--exclude", "a b", "move", "--create-empty-src-dirs", "remote:/album", "/LOCAL",
    ]  # fmt: skip


def test_bandwidth_may_lack_its_limit_in_older_releases() -> None:
    assert bandwidth([{"time": "08:00"}]) == "08:00,off"


def test_filters_leave_out_snapshots_always() -> None:
    assert filters(_task(), is_pool=False) == "- .zfs\n- .zfs/**"


def test_filters_in_their_order() -> None:
    rules = filters(_task(exclude=["/*"], include=["*.jpg"]), is_pool=False)
    assert rules == "- .zfs\n- .zfs/**\n- /*\n+ *.jpg\n- *"


def test_filters_of_a_pool_leave_out_its_apps() -> None:
    assert "- /ix-apps/**" in filters(_task(), is_pool=True)


def test_the_check_of_a_credential_gives_up_early() -> None:
    arguments = list_arguments("remote:", Path("/CONFIG"), impatient=True)
    assert arguments == ["--config", "/CONFIG", "--contimeout", "15s", "--timeout", "30s", "lsjson", "remote:"]


def test_the_section_of_google_photos() -> None:
    provider = {"type": "GOOGLE_PHOTOS", "client_id": "i", "client_secret": "s", "token": '{"a":"b"}'}
    text = to_text({"remote": remote_section("25.10", provider, {"folder": "/album"})})
    assert text == (
        '[remote]\ntype = googlephotos\nclient_id = i\nclient_secret = s\ntoken = {"a":"b"}\nfolder = /album\n'
    )


@pytest.mark.parametrize("kind", ["FTP", "SFTP", "WEBDAV"])
def test_passwords_are_obscured(kind: str) -> None:
    provider = {"type": kind, "host": "h", "port": 1, "user": "u", "pass": "pass wörd", "vendor": "OTHER"}
    section = remote_section("25.10", provider, {"folder": "/"})
    assert section["pass"] != "pass wörd"
    assert _reveal(section["pass"]) == "pass wörd"


def test_no_password_is_one_too_many_before_27() -> None:
    provider = {"type": "SFTP", "host": "h", "user": "u", "pass": None, "private_key": 1}
    with pytest.raises(AttributeError, match="'NoneType' object has no attribute 'encode'"):
        remote_section("26.0", provider, None)
    assert "pass" not in remote_section("27.0", provider, None)
    assert _reveal(remote_section("26.0", {**provider, "pass": ""}, None)["pass"]) == ""


def test_null_is_written_as_a_word_before_27() -> None:
    provider = {"type": "OPENSTACK_SWIFT", "user": "u", "auth_version": None}
    assert "\nauth_version = None\n" in to_text({"remote": remote_section("26.0", provider, None)})
    assert "auth_version" not in to_text({"remote": remote_section("27.0", provider, None)})


def test_the_vendor_of_webdav_is_in_capitals_without_a_task() -> None:
    provider = {"type": "WEBDAV", "url": "http://h/", "vendor": "NEXTCLOUD", "user": "u", "pass": "p"}
    assert remote_section("25.10", provider, None)["vendor"] == "NEXTCLOUD"
    assert remote_section("25.10", provider, {"folder": "/"})["vendor"] == "nextcloud"


@pytest.mark.parametrize(("team_drive", "root"), [("", "root"), ("0A", None)])
def test_the_root_of_google_drive(team_drive: str, root: str | None) -> None:
    provider = {"type": "GOOGLE_DRIVE", "token": "t", "team_drive": team_drive}
    assert remote_section("25.10", provider, {"folder": "/"}).get("root_folder_id") == root


def test_obscuring_differs_each_time() -> None:
    assert obscure("x") != obscure("x")


def test_encryption_is_a_remote_on_top() -> None:
    task = _task(encryption=True, filename_encryption=True, encryption_password="p", encryption_salt="s")
    section = crypt_section(task, "remote:/album")
    assert (section["type"], section["remote"], section["filename_encryption"]) == (
        "crypt",
        "remote:/album",
        "standard",
    )
    assert (_reveal(section["password"]), _reveal(section["password2"])) == ("p", "s")


def test_encryption_without_salt_or_names() -> None:
    section = crypt_section(_task(encryption=True, encryption_password="p"), "remote:/album")
    assert "password2" not in section
    assert section["filename_encryption"] == "off"


@pytest.mark.parametrize(
    ("provider", "attributes", "region"),
    [
        ({"region": ""}, {"region": "eu-1"}, "eu-1"),
        ({"region": "us-1"}, {"region": ""}, "us-1"),
        ({"region": "us-1", "endpoint": "http://m/", "skip_region": True}, {}, ""),
        ({"region": "", "endpoint": "http://m/", "skip_region": True, "signatures_v2": True}, {}, "other-v2-signature"),
    ],
)
def test_the_region_of_s3(provider: dict[str, Any], attributes: dict[str, Any], region: str) -> None:
    section = remote_section("25.10", {"type": "S3", **provider}, {"bucket": "b", "folder": "", **attributes})
    assert section["region"] == region


def test_what_rclone_wrote_back_is_read() -> None:
    text = '[remote]\ntype = googlephotos\ntoken = {"a": "b = c"}\n\n[other]\ntoken = no\n'
    assert read_section(text, "remote") == {"type": "googlephotos", "token": '{"a": "b = c"}'}


def test_progress_is_that_of_what_is_furthest_behind() -> None:
    progress = Progress()
    amount = "1.234 MiB / 2.468 MiB, 1.200 MiB/s, ETA 1s"
    lines = [
        "Transferred:   \t    1.234 MiB / 2.468 MiB, 50%, 1.200 MiB/s, ETA 1s\n",
        "Checks:                 3 / 4, 75%\n",
        "Transferred:            1 / 10, 10%\n",
        "Elapsed time:         1.0s\n",
    ]
    assert [progress.line(line) for line in lines] == [
        (50, amount),
        (50, f"{amount}, checks: 3 / 4"),
        (10, f"1 / 10, {amount}, checks: 3 / 4"),
        (10, f"1 / 10, {amount}, checks: 3 / 4"),
    ]


def test_nothing_transferred_is_no_progress() -> None:
    progress = Progress()
    assert progress.line("Transferred:   \t          0 B / 0 B, -, 0 B/s, ETA -\n") is None
    assert progress.line("Checks:                 2 / 2, 100%, Listed 8\n") is None


@pytest.mark.parametrize(("code", "text"), [(1, "a\nb\n"), (7, "a\nb\nrclone failed with exit code 7")])
def test_the_text_of_a_failure(code: int, text: str) -> None:
    assert failure_text(["a\n", "b\n"], code) == text


@pytest.mark.parametrize(
    ("stderr", "excerpt"),
    [
        ("2026/11/22 20:57:19 ERROR : error listing: no\n2026/11/22 20:57:19 NOTICE: x\n", "ERROR : error listing: no"),
        ('2026/01/02 03:04:05 Failed to create file system for "remote:": empty token found\n', "empty token found"),
    ],
)
def test_the_excerpt_of_a_failed_listing(stderr: str, excerpt: str) -> None:
    assert listing_excerpt(stderr) == excerpt


def test_names_that_were_not_encrypted_are_left_out() -> None:
    assert decoded_names("abc \t name\nplain \t Failed to decrypt\n") == {"abc": "name"}
