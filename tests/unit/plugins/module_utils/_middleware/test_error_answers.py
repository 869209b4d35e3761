# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of the NAS's error answers."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import errors
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.error_answers import from_rest, from_rpc
from simulator.tests import recordings

RECORDED = recordings.FOLDER / "recorded"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def call_error(number: int, reason: str, extra: object = None) -> dict[str, object]:
    data = {"error": number, "errname": "X", "reason": reason, "trace": {"frames": ["sesame"]}, "extra": extra}
    return {"code": -32001, "message": "Method call error", "data": data}


def invalid(*rows: list[object]) -> dict[str, object]:
    data = {
        "error": 22,
        "errname": "EINVAL",
        "reason": "[EINVAL] ...",
        "trace": {"repr": "sesame"},
        "extra": list(rows),
    }
    return {"code": -32602, "message": "Invalid params", "data": data}


def test_a_call_error_is_its_reason_and_nothing_of_its_trace() -> None:
    error = from_rpc("cloudsync.sync", call_error(14, "[EFAULT] the remote is gone", {"excerpt": "gone"}), ())
    assert error.__class__ is errors.CallError
    assert (error.errno, error.reason, error.extra) == (14, "the remote is gone", {"excerpt": "gone"})
    assert str(error) == "cloudsync.sync: the remote is gone"
    assert "sesame" not in repr(error) + repr(error.__dict__)


def test_refused_values_are_told_one_by_one() -> None:
    rows = [["cloud_sync_create.path", "not below /mnt", 22], ["attributes.folder", "no such folder", 22]]
    error = from_rpc("cloudsync.create", invalid(*rows), ())
    assert error.__class__ is errors.ValidationError
    assert error.fields == [
        ("cloud_sync_create.path", "not below /mnt", 22),
        ("attributes.folder", "no such folder", 22),
    ]
    assert str(error) == "cloudsync.create: cloud_sync_create.path: not below /mnt; attributes.folder: no such folder"


def test_absence_is_a_row_without_attribute_and_with_enoent() -> None:
    assert isinstance(from_rpc("x.update", invalid([None, "X 9 does not exist", 2]), ()), errors.DoesNotExist)
    assert not isinstance(from_rpc("x.update", invalid(["path", "does not exist", 2]), ()), errors.DoesNotExist)
    assert not isinstance(from_rpc("x.stat", call_error(2, "[ENOENT] not found"), ()), errors.DoesNotExist)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": -32601, "message": "Method does not exist"}, errors.UnknownMethod),
        ({"code": -32000, "message": "Maximum number of concurrent calls (20) has exceeded."}, errors.Busy),
        (call_error(201, "[ENOMETHOD] Method not found"), errors.UnknownMethod),
        (call_error(207, "[ENOTAUTHENTICATED] Not authenticated"), errors.NotAuthenticated),
        (call_error(16, "[EBUSY] Rate Limit Exceeded"), errors.Busy),
        (call_error(13, "[EACCES] Not authorized"), errors.NotAuthorized),
        ({"code": -32700, "message": "Expecting value"}, errors.ProtocolError),
        ("nonsense", errors.ProtocolError),
    ],
)
def test_kinds(error: object, kind: type[errors.MiddlewareError]) -> None:
    assert from_rpc("cloudsync.create", error, ()).__class__ is kind


def test_a_missing_right_names_the_role_that_gives_it() -> None:
    error = from_rpc("filesystem.mkdir", call_error(13, "[EACCES] Not authorized"), ())
    assert isinstance(error, errors.NotAuthorized)
    assert error.role == "FILESYSTEM_DATA_WRITE"
    assert "FILESYSTEM_DATA_WRITE" in str(error)


def test_a_secret_that_the_reason_repeats_is_cut_out() -> None:
    row = ["provider.token", "Input 'sesame' is wrong", 22]
    for error in (
        from_rpc("x.create", call_error(14, "[EFAULT] bad key sesame", {"excerpt": "sesame!"}), {"sesame"}),
        from_rpc("x.create", invalid(row), {"sesame"}),
        from_rest("x.create", 422, {"provider.token": [{"message": "not sesame", "errno": 22}]}, {"sesame"}),
        from_rest("x.create", 500, {"message": "sesame", "traceback": "sesame"}, {"sesame"}),
    ):
        assert "sesame" not in repr(error) + repr(error.__dict__)
        assert "********" in str(error)


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (401, "Invalid API key", errors.LoginError, "Invalid API key"),
        (403, "", errors.NotAuthorized, "CLOUD_SYNC_WRITE|allowlist"),
        (404, {"message": ""}, errors.UnknownMethod, "no such method"),
        (422, {"message": "in use", "errno": 14}, errors.CallError, "in use"),
        (422, {"a.name": [{"message": "taken", "errno": 22}]}, errors.ValidationError, "a.name: taken"),
        (422, {"null": [{"message": "CloudSync 9 does not exist", "errno": 2}]}, errors.DoesNotExist, "does not exist"),
        (400, {"message": "path attribute expected."}, errors.CallError, "expected"),
        (500, {"message": "oops", "traceback": "File ..."}, errors.CallError, "oops"),
    ],
)
def test_rest_statuses(status: int, body: object, kind: type[errors.MiddlewareError], says: str) -> None:
    error = from_rest("cloudsync.delete", status, body, ())
    assert error.__class__ is kind
    with pytest.raises(kind, match=says):
        raise error


def test_a_missing_record_in_rest() -> None:
    assert from_rest("cloudsync.get_instance", 404, {"message": ""}, ()).__class__ is errors.DoesNotExist


@given(st.dictionaries(st.sampled_from(["code", "message", "data"]), JSON | st.sampled_from([-32602, -32001, -32601])))
def test_whatever_the_nas_answers_becomes_an_error_of_ours(error: dict[str, object]) -> None:
    assert isinstance(from_rpc("x.y", error, ()), errors.MiddlewareError)


@given(st.integers(400, 599), JSON | st.text())
def test_whatever_rest_answers_becomes_an_error_of_ours(status: int, body: object) -> None:
    assert isinstance(from_rest("x.y", status, json.loads(json.dumps(body)), ()), errors.MiddlewareError)


@pytest.mark.parametrize("recording", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_the_errors_of_the_real_server(recording: Path) -> None:
    read = 0
    for exchange in json.loads(recording.read_text(encoding="utf-8")):
        for sent, received in itertools.pairwise(exchange["frames"]):
            answer = received.get("<")
            if not isinstance(answer, dict) or "error" not in answer or not isinstance(sent.get(">"), dict):
                continue
            error, told = answer["error"], from_rpc(sent[">"].get("method", "x"), answer["error"], ())
            data = error.get("data") or {}
            assert "stack frames" not in repr(told.__dict__)
            if isinstance(told, errors.ValidationError):
                assert told.fields == [tuple(row) for row in data["extra"]]
                assert isinstance(told, errors.DoesNotExist) == (data["extra"][0][0] is None)
            elif isinstance(told, errors.CallError) and data:
                assert told.errno == data["error"]
                assert data["reason"].strip().endswith(told.reason)
            read += 1
    assert read
