# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a task runs when its schedule says. PRIVATE to the collection. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.next_run import last_start, next_run
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.words import moment_text
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.reasons import Reason

# cron starts a task within the minute; the NAS may be busy, and counts whole seconds.
_EARLY = timedelta(minutes=2)
# Where the time zone is not known, a time of day may be that of the westernmost zone or 26 hours earlier.
_WESTERNMOST = timezone(timedelta(hours=-12))
_ZONES_APART = timedelta(hours=26)
_SKIPPED = timedelta(hours=1, minutes=1)


@dataclass(frozen=True)
class Clock:
    """The time on the NAS, an aware one, and its time zone, `None` where that is not known."""

    now: datetime
    zone: tzinfo | None = None

    def text(self, moment: datetime) -> str:
        """A moment for people."""
        return moment_text(moment, self.now, self.zone or UTC) + ("" if self.zone else " UTC")


def coming(schedule: Mapping[str, str], clock: Clock) -> datetime | None:
    """The next start; `None` when there is none or it is not known."""
    try:
        return next_run(schedule, clock.now, clock.zone) if clock.zone else None
    except OptionError:
        return None


def never_starts(schedule: Mapping[str, str], clock: Clock) -> Reason | None:
    """Why the schedule never starts the task; `None` when it does."""
    try:
        if next_run(schedule, clock.now, clock.zone or UTC) is not None:
            return None
        return Reason("never_starts", "The schedule names no day that exists, so the task never starts by itself.")
    except OptionError:
        return Reason("never_starts", "cron does not understand the schedule, so the task never starts by itself.")


def late(schedule: Mapping[str, str], began: datetime, clock: Clock, grace: timedelta) -> Iterator[Reason]:
    """Whether a run that began then, and ended, is older than the start before the last `grace`.

    Raises:
        OptionError: cron does not understand the schedule.
    """
    due = _due(schedule, clock, grace)
    if due is not None and began < due - _EARLY:
        # Where the zone is not known, neither is when exactly the run was due.
        since = f" The schedule asked for one at {clock.text(due)}." if clock.zone else ""
        yield Reason("late", f"No run has begun since {clock.text(began)}.{since}")


def too_long(schedule: Mapping[str, str], began: datetime, clock: Clock, grace: timedelta) -> Iterator[Reason]:
    """Whether a run that goes on takes longer than to the next start and `grace`.

    Raises:
        OptionError: cron does not understand the schedule.
    """
    due = _due(schedule, clock, grace)
    if due is not None and began < due - _EARLY:
        yield Reason("late", f"The run that began {clock.text(began)} has not ended, and the next one is late.")


def _due(schedule: Mapping[str, str], clock: Clock, grace: timedelta) -> datetime | None:
    """When the last run must have begun at the latest, in UTC: durations count across changes of the clocks."""
    until = clock.now.astimezone(UTC) - grace
    if clock.zone:
        due = last_start(schedule, until, clock.zone)
        return due.astimezone(UTC) if due else None
    due = last_start(schedule, until, _WESTERNMOST)
    # All starts within an hour may be left out, when clocks are put forward.
    due = last_start(schedule, due - _SKIPPED, _WESTERNMOST) if due else None
    return due.astimezone(UTC) - _ZONES_APART if due else None
