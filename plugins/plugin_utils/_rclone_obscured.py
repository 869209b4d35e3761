# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passwords in the form in which rclone keeps them in its configuration. PRIVATE to the collection."""

from __future__ import annotations

import base64
import binascii
import contextlib
import os

with contextlib.suppress(ImportError):  # ansible-core requires it; ansible-test imports without
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

# Not a secret: rclone's source has it. It only keeps a password from being read over a shoulder.
_KEY = bytes.fromhex("9c935b48730a554d6bfd7c63c886a92bd390198eb8128afbf4de162b8b95f638")
_BLOCK = 16


def obscure(password: str) -> str:
    """Return what `rclone obscure` prints. It is different each time."""
    start = os.urandom(_BLOCK)
    return base64.urlsafe_b64encode(start + _crypted(start, password.encode())).decode().rstrip("=")


def reveal(obscured: str) -> str:
    """Return the password; a text that is not obscured as it is."""
    try:
        raw = base64.b64decode(obscured + "=" * (-len(obscured) % 4), altchars=b"-_", validate=True)
        return _crypted(raw[:_BLOCK], raw[_BLOCK:]).decode() if len(raw) >= _BLOCK else obscured
    except (binascii.Error, ValueError):
        return obscured


def _crypted(start: bytes, text: bytes) -> bytes:
    return Cipher(algorithms.AES(_KEY), modes.CTR(start)).encryptor().update(text)
