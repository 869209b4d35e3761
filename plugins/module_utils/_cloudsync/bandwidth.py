# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's bandwidth limits: from what people write to TrueNAS's list. PRIVATE to the collection. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError

_TIME = re.compile(r"(\d{1,2}):(\d{1,2})")
_BANDWIDTH = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?(?:/s)?", re.IGNORECASE)
_FACTORS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
_OFF = ("off", "none", "unlimited", "false", "no")


def limits(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The limits in TrueNAS's form: times as `HH:MM` in order, bytes per second or `None` for no limit.

    Raises:
        OptionError: a time or bandwidth that cannot be read, or two limits from one time on.
    """
    given = [{"time": _time(entry["time"]), "bandwidth": _bandwidth(entry.get("bandwidth"))} for entry in entries]
    given.sort(key=lambda entry: str(entry["time"]))
    for one, other in itertools.pairwise(given):
        if one["time"] == other["time"]:
            raise OptionError(f"bwlimit: two limits begin at {one['time']}. Give each time once.")
    return given


def same(one: Iterable[Mapping[str, Any]], other: Iterable[Mapping[str, Any]]) -> bool:
    """Whether two lists in TrueNAS's form limit alike (`8:00` and `08:00` are the same time)."""
    try:
        return limits(one) == limits(other)
    except OptionError:
        return list(one) == list(other)


def _time(value: object) -> str:
    text = str(value).strip()
    if text.isdigit():
        # YAML reads an unquoted 23:30 as a number to the base of 60.
        text = f"{int(text) // 60}:{int(text) % 60}"
    match = _TIME.fullmatch("".join(text.split()))
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise OptionError(
            f"bwlimit: time {value!r} is not a time of the day. Write it as 'HH:MM', for example '08:00'."
        )
    return f"{int(match[1]):02}:{int(match[2]):02}"


def _bandwidth(value: object) -> int | None:
    text = "" if value is None else str(value).strip()
    if value is None or value is False or text.lower() in _OFF:
        return None
    match = _BANDWIDTH.fullmatch(text)
    number = round(float(match[1]) * _FACTORS[match[2].upper()]) if match else 0
    if number < 1:
        raise OptionError(
            f"bwlimit: bandwidth {value!r} is not a bandwidth. Give bytes per second (1048576), a number with K, M "
            "or G (10M is 10 MiB per second), or 'off' for no limit."
        )
    return number
