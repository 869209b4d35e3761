# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of `mediaItems:search`."""

from __future__ import annotations

import datetime
from typing import Any

from simulator.google.answers import ApiError
from simulator.google.library import Item


def matches(item: Item, filters: dict[str, Any]) -> bool:
    """Whether an item passes all filters. Raises `ApiError` for dates that are none.

    Archived items and favourites do not exist here: neither can be made through the API.
    """
    if "featureFilter" in filters and "NONE" not in filters["featureFilter"].get("includedFeatures", ["NONE"]):
        return False
    kinds = filters.get("mediaTypeFilter", {}).get("mediaTypes", ["ALL_MEDIA"])
    if not {"ALL_MEDIA", "VIDEO" if item.media.is_video else "PHOTO"} & set(kinds):
        return False
    dates = filters.get("dateFilter", {})
    if not dates.get("dates") and not dates.get("ranges"):
        return True
    day = item.created.date()
    return any(_is_on(day, date) for date in dates.get("dates", [])) or any(
        _first_day(span["startDate"]) <= day <= _first_day(span["endDate"]) for span in dates.get("ranges", [])
    )


def _is_on(day: datetime.date, date: dict[str, int]) -> bool:
    """A date may leave out (or set to 0) its year, month or day: then any will do."""
    return all(not date.get(part) or date[part] == getattr(day, part) for part in ("year", "month", "day"))


def _first_day(date: dict[str, int]) -> datetime.date:
    try:
        return datetime.date(date["year"], date.get("month") or 1, date.get("day") or 1)
    except (KeyError, TypeError, ValueError) as error:
        raise ApiError(400, "Invalid date.") from error
