# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What leaves a module: no secret, nothing for a terminal, and no export that would be wrong."""

from __future__ import annotations

import json

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._leaving import Leaving
from ansible_collections.nasops.cloudsync.plugins.module_utils._safe_module import SafeModule
from ansible_collections.nasops.cloudsync.plugins.modules import (
    truenas_cloud_credential,
    truenas_cloudsync_config,
    truenas_cloudsync_task_info,
)

SPEC = {
    "api_url": {"type": "str"},
    "api_password": {"type": "str", "no_log": True, "aliases": ["secret_word"]},
    "webdav": {"type": "dict", "options": {"url": {"type": "str"}, "pass": {"type": "str", "no_log": True}}},
}


def leaving(**params):
    return Leaving(params, SPEC)


@pytest.mark.parametrize("password", ["photos", "Photos to", "PUSH", "tank/photos", "T"])
def test_an_export_with_the_password_in_other_texts_is_refused(password):
    export = {"tasks": [{"description": "T", "path": "/mnt/tank/photos", "direction": "PUSH", "args": "Photos to"}]}
    left = leaving(api_password=password).answer({"changed": False, "export": export})
    assert left["failed"]
    assert "api_password" in left["msg"]
    assert "export.tasks[0]." in left["msg"]
    assert password not in left["msg"].replace("The NAS", "").replace("api_password", "").replace("That", "") or (
        password == "T"
    )


def test_data_that_holds_a_secret_is_hidden_and_told_of():
    warnings = []
    left = leaving(webdav={"pass": "photos"}).answer({"tasks": [{"path": "/mnt/photos", "id": 1}]}, warnings.append)
    assert left == {"tasks": [{"path": "/mnt/********", "id": 1}]}
    (warning,) = warnings
    assert "webdav.pass" in warning
    assert "tasks[0].path" in warning


def test_words_that_hold_a_secret_are_hidden_without_a_word():
    warnings = []
    answer = {"msg": "bad s3cret", "log": "x s3cret", "job": {"error": "s3cret"}, "diff": {"before": "s3cret"}}
    left = leaving(secret_word="s3cret").answer(answer, warnings.append)
    assert "s3cret" not in json.dumps(left)
    assert warnings == []


def test_without_secrets_in_it_an_answer_stays_as_it_is():
    answer = {"changed": True, "export": {"tasks": [{"path": "/mnt/tank", "include": ["*.{{(?i)x}}"]}]}, "msg": "ok"}
    assert leaving(api_password="s3cret").answer(answer) == answer


def test_terminal_controls_in_words():
    left = leaving().answer({"msg": "T\x1b[2J", "tasks": [{"description": "T\x1b[2J"}]})
    assert left == {"msg": r"T\x1b[2J", "tasks": [{"description": "T\x1b[2J"}]}


def test_the_password_of_an_address_is_a_secret_everywhere():
    one = leaving(api_url="https://u:s3cret@nas", webdav={"url": "https://h/?sig=s1gnature"})
    assert one.options({"api_url": "https://u:s3cret@nas"}) == {"api_url": "https://********@nas"}
    assert one.text("refused s3cret and s1gnature") == "refused ******** and ********"


def test_an_option_that_does_not_exist_is_not_shown():
    shown = leaving().options({"api_url": "https://nas", "api_pasword": "s3cret", "webdav": None})
    assert shown == {"api_url": "https://nas", "api_pasword": "********", "webdav": None}


def test_what_has_to_be_exact_is():
    one = Leaving({"api_password": "s3cret"}, SPEC, exact=("token",))
    assert one.answer({"token": "s3cret", "msg": "no s3cret"}) == {"token": "s3cret", "msg": "no ********"}


@pytest.fixture
def process(tmp_path, capsys):
    """Be a module's process with these options; returns what it prints."""
    testing = pytest.importorskip("ansible.module_utils.testing")

    def process(main, **options):
        hidden = {"_ansible_verbosity": 4, "_ansible_remote_tmp": str(tmp_path)}
        with testing.patch_module_args({**options, **hidden}), pytest.raises(SystemExit):
            main()
        return json.loads(capsys.readouterr().out)

    return process


def test_a_process_hides_what_it_is_not_able_to_understand(process):
    said = process(truenas_cloud_credential.main, nmae="x", secret_acces_key="s3cret-k3y", api_url="https://u:p4ss@h")
    assert said["failed"]
    assert "s3cret-k3y" not in json.dumps(said)
    assert "p4ss" not in json.dumps(said)


def test_a_process_hides_a_private_key_given_as_something_else(process):
    key = "-----BEGIN OPENSSH PRIVATE KEY-----\ns3cretk3y\n-----END OPENSSH PRIVATE KEY-----\n"
    said = process(truenas_cloud_credential.main, name="A", sftp={"host": "h", "user": "u", "private_key": key})
    assert said["failed"]
    assert "s3cretk3y" not in json.dumps(said)


def test_a_blank_secret_hides_no_blanks(process):
    said = process(truenas_cloud_credential.main, api_url="https://h", name="A", google_photos={"token": " "})
    assert said["failed"]
    assert "token: The token is empty" in said["msg"]


def test_an_unforeseen_error_is_told_without_what_it_quotes(process):
    def main():
        module = SafeModule({"password": {"no_log": True}})
        with module.failing_safely():
            raise OSError("cannot write 's3\\u0063ret\x1b' to " + json.dumps({"a": 's3"cret'}))

    said = process(main, password='s3"cret')
    assert "OSError" in said["msg"]
    assert 's3"cret' not in json.dumps(said).replace("\\", "")
    assert "\x1b" not in said["msg"]


@pytest.mark.parametrize("module", [truenas_cloudsync_task_info, truenas_cloudsync_config])
def test_an_empty_api_key_says_that_there_is_none_in_the_environment_either(module):
    assert module.MODULE.understood({"api_key": ""}, "x") == {"api_key": ""}
