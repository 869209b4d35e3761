# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kit has what the NAS itself gives to rclone, for every provider, and nothing that breaks out of its line."""

from __future__ import annotations

import configparser
import json
import shlex
import subprocess
from typing import Any

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import restore_kit
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import Field
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._rclone_obscured import obscure, reveal
from simulator.nas import rclone_config
from simulator.nas.rclone_obscure import obscure as obscured_by_the_nas
from simulator.nas.rclone_run import binary

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\nbm==\n-----END OPENSSH PRIVATE KEY-----\n"
TOKEN = {"access_token": "a", "token_type": "Bearer", "refresh_token": "r", "expiry": "2030-01-01T00:00:00Z"}
HIDDEN = "********"


def example(one: Field) -> Any:
    if one.choices:
        return one.choices[-1]
    if one.type == "raw":
        return json.dumps(TOKEN)
    if one.type == "json":
        return '{\n  "private_key": "key"\n}'
    if one.type in ("bool", "int"):
        return {"bool": True, "int": 7}[one.type]
    return f"value of {one.name}"


def entry(kind: str, **members: Any) -> dict[str, Any]:
    """A task as the API answers it, with a value for every field of the provider."""
    provider = PROVIDERS[kind]
    bucket = {"bucket": "bucket"} if provider.bucket else {}
    return {
        "id": 3,
        "description": "Photos",
        "direction": "PUSH",
        "transfer_mode": "COPY",
        "path": "/mnt/tank/photos",
        "args": "",
        "credentials": {
            "id": 1,
            "name": "Cloud",
            "provider": {"type": kind, **{one.name: example(one) for one in provider.fields}},
        },
        "attributes": {"folder": "/a b", **bucket, **{one.name: example(one) for one in provider.task_attributes}},
        "encryption": False,
        "filename_encryption": False,
        "encryption_password": "",
        "encryption_salt": "",
        **members,
    }


def kit(*tasks: dict[str, Any]) -> str:
    return restore_kit.kit(tasks, {7: KEY}, "nas", obscure)


def sections(text: str) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.read_string(text)
    return {name: dict(parser[name]) for name in parser.sections()}


def command(text: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if line.startswith("#     rclone ")]
    return shlex.split(line[1:])


@pytest.mark.parametrize("kind", sorted(PROVIDERS))
def test_a_remote_has_what_the_nas_gives_to_rclone(kind):
    task = entry(kind)
    expected = rclone_config.remote_section("26.0", task["credentials"]["provider"], task["attributes"])
    wanted = {name: json.dumps(one) if isinstance(one, bool) else str(one) for name, one in expected.items()}
    for name in ("folder", "bucket", "fast_list"):
        wanted.pop(name, None)
    if wanted.pop("private_key", None):
        wanted["key_pem"] = KEY.strip().replace("\n", "\\n")
    found = sections(kit(task))["task3"]
    if "pass" in wanted:
        assert reveal(found["pass"]) == reveal(wanted["pass"]) == "value of pass"
        del found["pass"], wanted["pass"]
    assert found.pop("type").replace(" ", "") == wanted.pop("type").replace(" ", "")
    assert {name: " ".join(one.split()) for name, one in found.items()} == {
        name: " ".join(one.split()) for name, one in wanted.items() if one
    }


def test_an_older_release_keeps_the_fields_apart():
    task, old = entry("SFTP"), entry("SFTP")
    fields = old["credentials"].pop("provider")
    old["credentials"] |= {"provider": fields.pop("type"), "attributes": fields}
    assert restore_kit.private_keys([old]) == restore_kit.private_keys([task]) == {7}
    assert restore_kit.comparable(kit(old), reveal) == restore_kit.comparable(kit(task), reveal)


@pytest.mark.parametrize("names", [False, True])
def test_an_encrypted_task_has_a_remote_that_decrypts(names):
    key = {"encryption": True, "encryption_password": "pass wörd", "encryption_salt": "salt"}
    text = kit(entry("S3", filename_encryption=names, **key))
    crypt = sections(text)["task3-decrypted"]
    assert (reveal(crypt.pop("password")), reveal(crypt.pop("password2"))) == ("pass wörd", "salt")
    assert crypt == {
        "type": "crypt",
        "remote": "task3:bucket/a b",
        "filename_encryption": "standard" if names else "off",
    }
    assert command(text) == shlex.split(
        "rclone --config rclone.conf --progress copy task3-decrypted: restored/task3"
    )  # fmt: skip
    assert "password2" not in kit(entry("S3", **{**key, "encryption_salt": ""}))


@pytest.mark.parametrize(
    ("kind", "attributes", "source"),
    [
        ("S3", {"bucket": "b", "folder": "/"}, "task3:b/"),
        ("S3", {"bucket": "b", "folder": "/it's/"}, "task3:b/it's"),
        ("SFTP", {"folder": ""}, "task3:/"),
        ("WEBDAV", {"folder": "/a b"}, "task3:/a b"),
    ],
)
def test_the_command_has_the_place_of_the_task(kind, attributes, source):
    task = entry(kind, attributes=attributes)
    assert command(kit(task))[-2:] == [source, "restored/task3"]


def test_a_name_that_a_terminal_would_obey_is_exact_for_a_shell():
    folder = "/a'\\\n[evil]\x1b[2J\u202e"
    text = kit(entry("WEBDAV", attributes={"folder": folder}, description="x\n[evil]\ntype = local", path=folder))
    assert sections(text).keys() == {"task3"}
    assert "\x1b" not in text
    assert "\u202e" not in text
    (line,) = [line for line in text.splitlines() if line.startswith("#     rclone ")]
    program = f"rclone() {{ printf %s \"$5\"; }}; {line[1:]}"  # fmt: skip
    run = subprocess.run(["/bin/bash", "-c", program], env={"LC_ALL": "C.UTF-8"}, capture_output=True, check=True)
    assert run.stdout.decode() == f"task3:{folder}"


def test_a_value_is_no_further_setting():
    task = entry("S3")
    task["credentials"]["provider"]["region"] = task["attributes"]["region"] = "x\n[evil]\ntype = local"
    assert sections(kit(task)).keys() == {"task3"}


def test_a_kit_made_again_says_the_same_unless_something_has_changed():
    def compared(refresh: str, access: str, password: str) -> str:
        photos = entry("GOOGLE_PHOTOS")
        token = {**TOKEN, "refresh_token": refresh, "access_token": access}
        photos["credentials"]["provider"]["token"] = json.dumps(token)
        files = entry("FTP", id=4, encryption=True, encryption_password=password)
        assert kit(photos, files) != kit(photos, files)
        return restore_kit.comparable(kit(photos, files), reveal)

    before = compared("r", "a", "p")
    assert compared("r", "another", "p") == before
    assert compared("another", "a", "p") != before
    assert compared("r", "a", "another") != before


def hidden(kind: str, **provider: Any) -> dict[str, Any]:
    task = entry(kind)
    task["credentials"]["provider"] |= provider
    return task


OLD = entry("FTP")
OLD["credentials"] = {"id": 1, "name": "Cloud", "provider": "FTP", "attributes": HIDDEN}


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (hidden("FTP", **{"pass": HIDDEN}), "credential 'Cloud'.*CLOUD_SYNC_WRITE"),
        (entry("FTP", credentials={"id": 1, "name": "Cloud", "provider": HIDDEN}), "credential 'Cloud'"),
        (OLD, "credential 'Cloud'"),
        (entry("FTP", encryption=True, encryption_password=HIDDEN), "encryption password of task 'Photos'"),
        (hidden("SFTP", private_key=8), "SSH key pair 8 of credential 'Cloud'.*KEYCHAIN_CREDENTIAL_WRITE"),
    ],
)
def test_what_the_nas_hides_is_an_error_that_names_the_role(task, words):
    with pytest.raises(restore_kit.HiddenError, match=words):
        kit(task)


def test_a_provider_that_is_not_known_does_not_cost_the_others():
    other = entry("FTP", id=4, credentials={"id": 1, "name": "New", "provider": {"type": "NEW"}})
    text = kit(entry("FTP"), other)
    assert sections(text).keys() == {"task3"}
    assert "does not know the provider" in text
    assert restore_kit.unknown([entry("FTP"), other]) == ["Photos"]


@pytest.mark.parametrize("password", ["", "p", "pass wörd, longer than a block of sixteen bytes"])
def test_passwords_are_obscured_as_rclone_does_it(password):
    assert obscure(password) != obscure(password)
    assert reveal(obscure(password)) == reveal(obscured_by_the_nas(password)) == password
    if password:
        shown = subprocess.run(
            [binary(), "reveal", "--", obscure(password)], capture_output=True, text=True, check=True
        )
        assert shown.stdout == f"{password}\n"


@pytest.mark.parametrize("text", ["", "not obscured", "c2hvcnQ", "/+/+"])
def test_what_is_not_obscured_is_left_as_it_is(text):
    assert reveal(text) == text
