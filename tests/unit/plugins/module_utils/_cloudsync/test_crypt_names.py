# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What names tell of the key of a task."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import crypt_names

LOG = """\
2026/11/30 18:06:45 NOTICE: README.txt: Skipping undecryptable file name: illegal base32 data at input byte 6
2026/11/30 18:06:45 NOTICE: r1sl/2dd3: Skipping undecryptable file name: bad PKCS#7 padding - too long
2026/11/30 18:06:45 NOTICE: x.jpg: Skipping undecryptable file name: not an encrypted file - does not match suffix
2026/11/30 18:06:45 NOTICE: dir: Skipping undecryptable dir name: bad PKCS#7 padding - too long
2026/11/30 18:06:45 INFO  : a: Skipping undecryptable file name: x: Copied (new)
2026/11/30 18:06:45 INFO  : There was nothing to transfer
"""


def test_names_that_rclone_has_passed_over():
    assert crypt_names.skipped(LOG)[:4] == ["README.txt", "r1sl/2dd3", "x.jpg", "dir"]
    assert crypt_names.skipped("2026/11/30 18:06:45 INFO  : new: Copied (new)\n") == []


def entries(**names):
    return [{"Name": name, **({"Decrypted": shown} if shown else {})} for name, shown in names.items()]


@pytest.mark.parametrize(
    ("listed", "names", "most"),
    [
        ([], [], False),
        (entries(abc="a", bcd="b"), [], False),
        (entries(abc="a", README=None), ["README"], False),
        (entries(abc=None), ["abc"], True),
        (entries(abc="by chance", bcd=None, cde=None), ["bcd", "cde"], True),
    ],
)
def test_names_of_another_key_in_a_folder(listed, names, most):
    assert crypt_names.foreign(listed, names_encrypted=True) == (names, most)


def test_without_encrypted_names_files_end_alike():
    listed = [{"Name": "Trip", "IsDir": True}, {"Name": "a.jpg.bin", "IsDir": False}, {"Name": "b.jpg", "IsDir": False}]
    assert crypt_names.foreign(listed, names_encrypted=False) == (["b.jpg"], False)
    assert crypt_names.foreign(listed[2:], names_encrypted=False) == (["b.jpg"], True)
    assert crypt_names.foreign(listed[:1], names_encrypted=False) == ([], False)
    encrypted = {"Name": "8j3nem94pje8sitd7qp05908qc", "IsDir": True}
    assert crypt_names.foreign([encrypted], names_encrypted=False) == ([encrypted["Name"]], True)


@pytest.mark.parametrize(
    ("paths", "encrypted"),
    [
        ([], False),
        (["Trip/a.jpg.bin", "b.mp4.bin"], True),
        (["r1sllnbb8tc3cg7tmi5mu1dvj4/46bb5i7t9iq4qrq9rok5m4hn60"], True),
        (["a.jpg", "b.jpg.bin"], False),
        (["firmware.bin", "x.1.bin"], False),
        (["8j3nem94pje8sitd7qp05908qc", "b.jpg"], False),
        (["0" * 64 + "x"], False),
    ],
)
def test_files_that_look_encrypted(paths, encrypted):
    assert crypt_names.look_encrypted(paths) is encrypted
