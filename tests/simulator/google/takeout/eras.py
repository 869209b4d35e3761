# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Takeout's form has changed over the years."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Era:
    """What exports of some time have in common."""

    first_day: datetime.date
    legacy: float
    """The share of sidecars that have no suffix yet."""
    localised_years: bool
    uncut: bool = False
    """Names are as long as they are."""
    album_data: bool = False
    """An album's metadata is one level down, and year folders have metadata, too."""
    middle_number: bool = False
    """The archives have a number more in their names."""


ERAS = {
    "2023": Era(datetime.date(2023, 2, 1), legacy=1.0, localised_years=False, album_data=True),
    "2025": Era(datetime.date(2025, 1, 10), legacy=0.1, localised_years=False),
    "2026": Era(datetime.date(2026, 3, 1), legacy=0.0, localised_years=True, middle_number=True),
    "2026-uncut": Era(datetime.date(2026, 7, 20), legacy=0.0, localised_years=True, middle_number=True, uncut=True),
}
