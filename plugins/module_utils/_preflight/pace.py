# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a task's arguments for rclone limit the requests of a run, and the arguments that do. PRIVATE to the collection.

Pure. `--tpslimit` limits the requests of a second, whatever the files are, and `--max-duration` the seconds in which
files are begun: together they limit the requests of a run. rclone keeps both itself, also in runs that TrueNAS starts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import schedule
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_command_line import parse

FLAGS = ("tpslimit", "tpslimit-burst", "cutoff-mode", "gphotos-batch-timeout", "low-level-retries")
"""What `arguments` sets in any case."""
_USED = 0.85  # of the day's requests; the rest is for dry runs, for files in flight when the time is up, and for others
_LONGEST = 6000  # seconds; what is in flight then still ends within two hours
_PART = 0.8  # of the time between two runs
_BURST = 20  # requests that may follow at once after a wait, such as that for a commit
_MOST = 10**9  # requests of a second, and seconds of a run, beyond which nothing is limited
_BATCH = 10  # seconds that a batch waits for its next file
_LEAST = 60  # requests of a run, and seconds, below which it would get little further than its lists
_DAY = 86400
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": _DAY, "w": 7 * _DAY, "M": 30 * _DAY, "y": 365 * _DAY, "": 1}
_AMOUNT = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ms|[smhdwMy]|$)", re.ASCII)


def starts(fields: Mapping[str, str]) -> tuple[int, int]:
    """How often a schedule starts a run on a day on which it does, and the least seconds between two of these.

    Args:
        fields: All five cron fields.
    """
    hours, minutes = (sorted(schedule.times(name, fields[name])[1]) for name in ("hour", "minute"))
    moments = [hour * 3600 + minute * 60 for hour in hours for minute in minutes]
    gaps = [later - one for one, later in zip(moments, [*moments[1:], moments[0] + _DAY], strict=True)]
    return len(moments), min(gaps)


def arguments(args: str, daily_requests: int, starts_a_day: int, gap: int, tasks: int) -> str | None:
    """What to add to a task's arguments to keep the runs of all tasks together below the day's requests.

    Returns:
        `None` when the requests are too few.

    Args:
        args: The task's own. How long a run takes is theirs to say, by `--max-duration`.
        daily_requests: What the project may ask for in a day.
        starts_a_day: How often this task runs.
        gap: The least seconds between two of its runs.
        tasks: How many tasks share the quota, each with an equal part.
    """
    requests = int(daily_requests * _USED / max(tasks, 1) / starts_a_day)
    own = _duration(args)
    seconds = own or min(_LONGEST, int(gap * _PART))
    if requests < _LEAST or (seconds < _LEAST and not own):
        return None
    return paced(requests, seconds) if own else f"--max-duration {seconds:g}s {paced(requests, seconds)}"


def paced(requests: int, seconds: float) -> str:
    """The arguments with which a run that takes so many seconds makes so many requests.

    A batch waits a while for its next file, as files that are held back by the limit come one by one and would be
    committed one by one. Refused requests are repeated less often, so that a used-up quota ends the run soon. The soft
    cutoff lets a large video end.
    """
    batch = int(max(1, min(_BATCH, seconds / 60)))
    return (
        f"--tpslimit {_down((requests - _BURST) / seconds)} --tpslimit-burst {_BURST} --cutoff-mode soft "
        f"--gphotos-batch-timeout {batch}s --low-level-retries 3"
    )


def _down(number: float) -> str:
    return f"{int(number * 1000) / 1000:g}"


def limit(args: str) -> int | None:
    """The most requests that a run with these arguments makes; `None` when they do not limit them."""
    given = _given(args)
    try:
        rate, burst = float(given.get("tpslimit", "")), int(given.get("tpslimit-burst", "1"))
    except ValueError:
        return None
    seconds = _duration(args)
    return int(rate * seconds) + burst - 1 if seconds and 0 < rate <= _MOST else None


def _given(args: str) -> dict[str, str]:
    return {one.flag.name: one.value or "" for one in parse(args).given if not one.off}


def _duration(args: str) -> float | None:
    """The seconds of `--max-duration`; `None` when it is not given, or is none."""
    text = _given(args).get("max-duration", "")
    amounts = _AMOUNT.findall(text)
    if "".join(number + unit for number, unit in amounts) != text.removeprefix("+"):
        return None
    seconds = sum(float(number) * _UNITS[unit] for number, unit in amounts)
    return seconds if 0 < seconds <= _MOST else None
