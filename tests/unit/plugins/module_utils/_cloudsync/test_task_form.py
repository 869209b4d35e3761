# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import export, task_form
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.task_form import CredentialReference
from ansible_collections.nasops.cloudsync.plugins.module_utils._reconcile import plan

RELEASE = "25.10"
PHOTOS = CredentialReference(3, "Google Photos", "GOOGLE_PHOTOS")
S3 = CredentialReference(4, "Bucket", "S3")
NEW = {
    "description": "Photos",
    "direction": "PUSH",
    "transfer_mode": "SYNC",
    "path": "/mnt/tank/photos",
    "folder": "/album",
}


def entry(**changes):
    """A task as the API answers it."""
    return {
        "id": 1,
        "description": "Photos",
        "path": "/mnt/tank/photos",
        "credentials": {"id": 3, "name": "Google Photos", "provider": {"type": "GOOGLE_PHOTOS", "token": "secret"}},
        "attributes": {"folder": "/album"},
        "schedule": {"minute": "00", "hour": "*", "dom": "*", "month": "*", "dow": "*"},
        "pre_script": "",
        "post_script": "",
        "snapshot": False,
        "include": [],
        "exclude": [],
        "args": "",
        "enabled": True,
        "job": None,
        "locked": False,
        "bwlimit": [],
        "transfers": None,
        "direction": "PUSH",
        "transfer_mode": "SYNC",
        "encryption": False,
        "filename_encryption": False,
        "encryption_password": "",
        "encryption_salt": "",
        "create_empty_src_dirs": False,
        "follow_symlinks": False,
        **changes,
    }


def planned(params, present=None, reference=PHOTOS):
    wanted = task_form.desired(params, reference)
    known = task_form.members(PROVIDERS[reference.type], RELEASE)
    return plan(wanted, task_form.current(present, known) if present else None, known)


def test_a_new_task_is_predicted_as_the_nas_fills_it_in():
    after = task_form.by_option(planned(NEW).after)
    shown = task_form.result(entry(), RELEASE)
    assert {name: shown[name] for name in after} == after


def test_the_credential_is_sent_by_its_number_and_shown_by_its_name():
    result = planned(NEW)
    assert task_form.wire(result.payload)["credentials"] == 3
    assert task_form.by_option(result.after)["credential"] == {
        "id": 3,
        "name": "Google Photos",
        "type": "GOOGLE_PHOTOS",
    }


@pytest.mark.parametrize(
    "params",
    [
        {"folder": "album/"},
        {"path": "/mnt/tank/photos/"},
        {"schedule": "0 * * * *"},
        {"schedule": {"minute": 0}},
        {"transfers": 0},
        {"bwlimit": []},
        {"include": []},
    ],
    ids=str,
)
def test_another_spelling_of_what_is_there_is_no_change(params):
    assert planned({"description": "Photos", **params}, entry()).action == "none"


def test_a_part_of_a_schedule_keeps_the_others():
    present = entry(schedule={"minute": "5", "hour": "3", "dom": "*", "month": "*", "dow": "sun"})
    result = planned({"schedule": {"hour": 4}}, present)
    assert result.payload == {"schedule": {"minute": "5", "hour": "4", "dom": "*", "month": "*", "dow": "sun"}}


def test_an_attribute_keeps_the_others_as_the_api_replaces_them_all():
    present = entry(
        credentials={"id": 4, "name": "Bucket", "provider": {"type": "S3"}},
        attributes={"bucket": "b", "folder": "/x", "storage_class": "GLACIER", "region": "eu-1"},
    )
    result = planned({"attributes": {"storage_class": "STANDARD"}}, present, S3)
    assert result.payload == {
        "attributes": {"bucket": "b", "folder": "/x", "storage_class": "STANDARD", "region": "eu-1"}
    }


def test_empty_values_clear():
    present = entry(transfers=4, exclude=["x"], args="--fast", bwlimit=[{"time": "8:00", "bandwidth": 1}])
    result = planned({"transfers": 0, "exclude": [], "args": "", "bwlimit": []}, present)
    assert result.payload == {"transfers": None, "exclude": [], "args": "", "bwlimit": []}


def checked(allow_deletes=False, **changes):
    params = {**NEW, **changes}
    form = task_form.desired(params, changes.pop("reference", PHOTOS))
    task_form.check(form, form, allow_deletes=allow_deletes)


@pytest.mark.parametrize("mode", ["SYNC", "MOVE"])
def test_a_pull_that_deletes_needs_leave(mode):
    with pytest.raises(OptionError, match="allow_deletes"):
        checked(direction="PULL", transfer_mode=mode)
    checked(direction="PULL", transfer_mode=mode, allow_deletes=True)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"snapshot": True, "direction": "PULL", "transfer_mode": "COPY"}, "snapshot"),
        ({"snapshot": True, "transfer_mode": "MOVE"}, "snapshot"),
        ({"encryption": True}, "encryption_password"),
        ({"folder": "/"}, "folder"),
        ({"folder": "media/by-day"}, "folder"),
        ({"folder": None}, "folder"),
        ({"reference": S3, "folder": "x"}, "bucket"),
        ({"reference": CredentialReference(1, "n", "HTTP")}, "direction"),
    ],
    ids=str,
)
def test_what_cannot_work_is_refused_by_option(changes, named):
    with pytest.raises(OptionError) as error:
        checked(**changes)
    assert str(error.value).startswith(f"{named}: ") or named in str(error.value)


@pytest.mark.parametrize(
    ("params", "named"),
    [
        *(({"path": path}, f"path: {path!r} is not in a pool") for path in ("tank/photos", "/mnt/", "/mnt//tank/x")),
        *(({"path": path}, f"path: {path!r} is not in") for path in ("/mnt/tank/../x", "/mnt/tank/..", "/mnt/./tank")),
        ({"transfers": -1}, "transfers: -1"),
        ({"include": [""]}, "include"),
        ({"attributes": {"folder": "/x"}}, "attributes: folder"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(params, named):
    with pytest.raises(OptionError) as error:
        task_form.desired({**NEW, **params}, PHOTOS)
    assert named in str(error.value)


@pytest.mark.parametrize(
    ("attributes", "named"),
    [
        ({"chunk_size": 10}, "'chunk_size'"),
        ({"storage_class": "COLD"}, "storage_class"),
        ({"fast_list": "perhaps"}, "fast_list"),
    ],
)
def test_an_attribute_that_the_provider_does_not_take_is_named(attributes, named):
    with pytest.raises(OptionError) as error:
        task_form.typed({"attributes": {"bucket": "b", **attributes}}, PROVIDERS["S3"], RELEASE)
    assert named in str(error.value)


def test_attributes_get_their_types():
    form = task_form.typed({"attributes": {"bucket": "b", "fast_list": "yes"}}, PROVIDERS["S3"], RELEASE)
    assert form["attributes"] == {"bucket": "b", "fast_list": True}


def test_what_is_shown_of_a_task_holds_no_secret():
    present = entry(encryption=True, encryption_password="crypt password", encryption_salt="crypt salt")
    shown = repr(task_form.result(present, RELEASE))
    for secret in ("secret", "crypt password", "crypt salt"):
        assert secret not in shown


def test_an_export_given_back_changes_nothing():
    present = entry(
        transfers=16,
        exclude=["/*"],
        encryption=True,
        encryption_password="p",
        bwlimit=[{"time": "08:00", "bandwidth": None}],
        schedule={"minute": "0", "hour": "3", "dom": "*", "month": "*", "dow": "*"},
    )
    options = export.task(present, RELEASE)
    assert options["encryption_password"] == "VAULT_ME"
    assert "enabled" not in options
    assert planned(options, present).action == "none"


SYNC = {"direction": "PUSH", "transfer_mode": "SYNC", "credentials": PHOTOS, "attributes": {"folder": "/album"}}


def refusal(form, given=None, **options):
    form = {**SYNC, **form}
    with pytest.raises(OptionError) as refused:
        task_form.check(form, form if given is None else given, **{"allow_deletes": False, **options})
    return str(refused.value)


def test_arguments_that_no_task_can_have_are_refused_whatever_is_agreed_to():
    assert refusal({"args": "--log-format pid"}, allow_deletes=True).startswith("args: --log-format is refused: ")
    assert refusal({"args": "--min-size 1"}, allow_deletes=True).startswith("args: --min-size is refused: ")


def test_filters_among_the_arguments_are_checked_when_they_or_the_path_change():
    form = {"path": "/mnt/tank/photos", "args": "--exclude /mnt/tank/photos/Private/**"}
    for option in ("args", "path"):
        assert refusal(form, {option: form[option]}).endswith("Write '/Private/**'.")
    task_form.check({**SYNC, **form}, {"schedule": {}}, allow_deletes=False)


def test_arguments_on_the_nas_are_refused_with_any_other_change():
    message = refusal({"args": "move"}, {"schedule": {}})
    assert message.startswith("args: the word 'move' is not an option")
    assert message.endswith("The task on the NAS has these arguments: give args to change them.")
    task_form.check({**SYNC, "args": "move", "enabled": False}, {"enabled": False}, allow_deletes=False)
    assert "NAS has" not in refusal({"args": "move", "enabled": False}, {"args": "move", "enabled": False})


@pytest.mark.parametrize("option", ["args", "transfer_mode", "direction"])
def test_arguments_that_delete_more_need_agreement(option):
    form = {"args": "--delete-excluded"}
    message = refusal(form, {option: "x"})
    assert message.startswith("args: --delete-excluded is refused: with --delete-excluded in args a SYNC deletes ")
    assert message.endswith("Leave it out, or set allow_deletes: true if you want that.")
    task_form.check({**SYNC, **form}, {option: "x"}, allow_deletes=True)
    task_form.check({**SYNC, **form}, {"schedule": {}}, allow_deletes=False)
    assert refusal(form, {"path": "x"}, wider="path").startswith("path: this change is refused: with --delete-excluded")


def test_an_export_agrees_to_what_the_task_does():
    assert export.task(entry(args="--delete-excluded"), RELEASE)["allow_deletes"] is True
    assert "allow_deletes" not in export.task(entry(args="--exclude *.txt"), RELEASE)


@pytest.mark.parametrize("given", [{}, {"direction": "PULL", "transfer_mode": "COPY"}])
def test_arguments_are_refused_before_anything_is_known_of_the_task(given):
    params = {"state": "present", "allow_deletes": True, "args": "sync --exclude", **given}
    with pytest.raises(OptionError, match="args: the word 'sync' is not an option"):
        task_form.refuse(params)


def test_attributes_that_nobody_knows_are_not_shown_when_they_are_named_like_secrets():
    credential = {"id": 5, "name": "New", "provider": {"type": "NEW_CLOUD"}}
    attributes = {"folder": "/", "api_token": "s3cret", "chunk": 5}
    found = entry(credentials=credential, attributes=attributes)
    shown = task_form.result(found, RELEASE)["attributes"]
    assert shown == {"folder": "/", "api_token": "(not shown)", "chunk": 5}
    assert export.task(found, RELEASE)["attributes"] == {"chunk": 5}


def test_a_task_is_called_by_one_line():
    assert task_form.title({"description": "a\n[ERROR]: b\r\nc", "id": 3}) == 'Cloud sync task "a [ERROR]: b c" (id 3)'


@pytest.mark.parametrize("bucket", ["photos ", "\u200bphotos", "\tphotos"])
def test_a_bucket_with_something_at_its_ends_that_cannot_be_seen_is_refused(bucket):
    with pytest.raises(OptionError, match=r"^bucket: .* Type it anew"):
        task_form.desired({"bucket": bucket}, S3)
