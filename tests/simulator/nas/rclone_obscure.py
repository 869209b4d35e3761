# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The form in which rclone wants passwords in its configuration: encrypted with a key that everybody has."""

from __future__ import annotations

import base64
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

# Not a secret: published in rclone's source, so that a configuration can not be read over a shoulder.
_KEY = bytes.fromhex("9c935b48730a554d6bfd7c63c886a92bd390198eb8128afbf4de162b8b95f638")


def obscure(password: str) -> str:
    """What `rclone obscure` prints; different each time."""
    start = os.urandom(16)
    encryptor = Cipher(algorithms.AES(_KEY), modes.CTR(start)).encryptor()
    return base64.urlsafe_b64encode(start + encryptor.update(password.encode())).decode().rstrip("=")
