# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.album_names import album_directories
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError

NFC, NFD = "Z\u00fcrich", "Zu\u0308rich"
PATH = "/mnt/tank/photos"


def refusal(*albums, path=PATH):
    with pytest.raises(OptionError) as error:
        album_directories(path, albums)
    assert str(error.value).startswith("albums: ")
    return str(error.value)


def test_names_are_taken_in_one_form_and_once_each():
    given = ["Family", "/2027/", "2026/Rome", NFD, "Family/", "Zurich", "mnt", "tank/photos", ".hidden"]
    wanted = ["Family", "2027", "2026/Rome", NFC, "Zurich", "mnt", "tank/photos", ".hidden"]
    given += ["/photos", "photos/x"]
    wanted += ["photos", "photos/x"]
    assert album_directories(PATH, given) == wanted


@pytest.mark.parametrize(
    "name",
    [
        "../escape",
        "Family//Ada",
        "./Family",
        "",
        "/",
        "..",
        "Family/..",
        "C:\\Photos\\Rome",
        "C:/Rome",
        "\\\\nas\\x",
        "smb://nas/x",
        "~/x",
    ],
)
def test_what_is_no_name_is_refused(name):
    assert repr(name) in refusal(name)
    assert "not a name for an album" in refusal(name)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("/mnt/tank/photos/Family", "'Family'"),
        ("/mnt/tank/photos/Family/", "'Family'"),
        ("mnt/tank/photos/2026/Rome", "'2026/Rome'"),
        ("/tank/photos/Family", "'Family'"),
        ("/photos/Family", "'Family'"),
        ("/mnt/tank/photos", "path itself"),
        ("/mnt/tank/other/x", "not below path, which is /mnt/tank/photos"),
        ("/mnt/tank/photos2/x", "not below path"),
    ],
)
def test_a_path_of_the_nas_is_refused_and_the_name_told(name, meant):
    message = refusal(name)
    assert repr(name) in message
    assert meant in message


def test_the_path_itself_may_be_in_another_form():
    assert "'Rome'" in refusal(f"/mnt/tank/{NFD}/Rome", path=f"/mnt/tank/{NFC}")


def test_a_padded_name_is_refused_and_the_right_one_told():
    assert "Do you mean 'Relatives'?" in refusal("Relatives ")
    assert "Do you mean 'Rome'?" in refusal("2026/\u00a0Rome")
    assert "Do you mean" not in refusal("a/ /b")
    assert "control character" in refusal("a\tb")


@pytest.mark.parametrize("albums", [(NFC, NFD), (NFD, NFC), (f"{NFC}/a", f"{NFD}/b"), (NFD, f"{NFC}/a")])
def test_one_album_in_two_unicode_forms_is_refused(albums):
    message = refusal(*albums)
    assert "two Unicode forms" in message
    assert "NFC" in message
    assert "NFD" in message


def test_a_title_longer_than_google_takes_is_refused():
    assert "501 characters" in refusal("/".join(["x" * 125] * 4)[:501].ljust(501, "x"))
    assert album_directories(PATH, ["x" * 100 + "/" + "y" * 100])


@given(st.lists(st.text(max_size=6), max_size=4))
def test_what_is_taken_is_safe_to_make(given_names):
    try:
        taken = album_directories(PATH, given_names)
    except OptionError:
        return
    for name in taken:
        assert names.normal(name) == name
        assert not any(part in ("", ".", "..") for part in name.split("/"))
    assert len(set(taken)) == len(taken)
