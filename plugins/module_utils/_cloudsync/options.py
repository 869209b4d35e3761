# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error for an option that cannot be used as it was given. PRIVATE to the collection."""

from __future__ import annotations


class OptionError(ValueError):
    """An option's value cannot be used. The message names the option, the value (unless secret) and the mend."""
