# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What options have in common: the error for one that cannot be used, and the placeholder for a secret.

PRIVATE to the collection.
"""

from __future__ import annotations

VAULT_ME = "VAULT_ME"
"""What an export holds in place of a secret. Given back, it means: leave what the NAS has."""


class OptionError(ValueError):
    """An option's value cannot be used. The message names the option, the value (unless secret) and the remedy."""
