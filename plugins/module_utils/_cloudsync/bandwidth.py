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
from ansible_collections.nasops.cloudsync.plugins.module_utils._options import unknown

_TIME = re.compile(r"(\d{1,2}):(\d{1,2})")
_BANDWIDTH = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGTP]?)(?:i?B|(?<=[KMGTP])i)?(?:/s)?", re.IGNORECASE)
_FACTORS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4, "P": 1024**5}
_OFF = ("off", "none", "unlimited", "false", "no")


def limits(value: object) -> list[dict[str, Any]]:
    """The limits in TrueNAS's form: times as `HH:MM` in order, bytes per second or `None` for no limit.

    Args:
        value: A list of limits, each a mapping with `time` and `bandwidth` or a text such as `08:00,512K`; or
            rclone's line of such texts, or one bandwidth for the whole day.

    Raises:
        OptionError: a time or bandwidth that cannot be read, or two limits from one time on.
    """
    entries = value if isinstance(value, (list, tuple)) else [value]
    given = [limit for entry in entries for limit in _limits(entry)]
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


def _limits(entry: object) -> list[dict[str, Any]]:
    if isinstance(entry, Mapping):
        return [_limit(entry)]
    if entry is False or (isinstance(entry, str) and entry.strip().lower() in _OFF):  # YAML reads off as false
        return []
    if isinstance(entry, str):
        return [_limit_in(text) for text in _spaced(entry).split()]
    if isinstance(entry, (int, float)) and not isinstance(entry, bool):
        raise _without_unit(str(entry))
    raise OptionError(
        f"bwlimit: {entry!r} is not a limit. Give a text such as '08:00,512K 23:00,off', or a list of mappings with "
        "time and bandwidth."
    )


def _limit(entry: Mapping[str, Any]) -> dict[str, Any]:
    for name in entry:
        if name not in ("time", "bandwidth"):
            raise OptionError(f"bwlimit: {unknown(str(name), 'a limit', ('time', 'bandwidth'))}")
    if entry.get("time") in (None, ""):
        raise OptionError("bwlimit: a limit has no time. Give the time of the day from which it holds, as 'HH:MM'.")
    return {"time": _time(entry["time"]), "bandwidth": _bandwidth(entry.get("bandwidth"))}


def _spaced(text: str) -> str:
    """The text with blanks only between its limits, and not around commas or before units."""
    text = re.sub(r"\s*,\s*", ",", text.strip())
    return re.sub(r"(?<=\d)\s+(?=[A-Za-z])", "", text)


def _limit_in(text: str) -> dict[str, Any]:
    time, comma, bandwidth = text.rpartition(",")
    if comma and "-" in time:
        raise OptionError(
            f"bwlimit: {text!r} is for one day of the week, which TrueNAS cannot store. Give limits for every day."
        )
    if not comma and _TIME.fullmatch(text):
        raise OptionError(f"bwlimit: {text!r} has no bandwidth. Write both as '{text},10M'.")
    if ":" in bandwidth:
        raise OptionError(
            f"bwlimit: {text!r} limits upload and download differently, and TrueNAS stores one limit for both. Give "
            "one bandwidth."
        )
    if bandwidth.replace(".", "", 1).isdecimal():
        raise _without_unit(bandwidth)
    return {"time": _time(time) if comma else "00:00", "bandwidth": _bandwidth(bandwidth)}


def _without_unit(text: str) -> OptionError:
    return OptionError(
        f"bwlimit: {text} has no unit, so it is KiB per second for rclone and bytes for TrueNAS. Write {text}K or "
        f"{text}B, or 'off' for no limit."
    )


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
