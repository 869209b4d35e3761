# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of a push before its first byte: what goes, what is refused or left out, how long it takes.

PRIVATE to the collection. Pure.
"""

from __future__ import annotations

import math
import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import next_run, words
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.left_out import LeftOut
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import UploadRules
from ansible_collections.nasops.cloudsync.plugins.module_utils._preflight import pace, requests_needed

_TRANSFERS = 4  # rclone's default


@dataclass(frozen=True)
class Push:
    """What is known before a push.

    Attributes:
        task: As the API answers it.
        would_copy: The files that a run would write, by its dry run.
        sizes: Bytes of these, as far as they are known.
        kept: All files that the task's filters let through, with their sizes; empty when the NAS did not tell.
        left_out: What lies in the task's path and is not sent.
        whole: Whether nothing is missing in `would_copy`.
        rules: What the provider counts and refuses; `None` when nothing is known of that.
        daily_requests: What the project may ask for in a day; `None` for the provider's default.
        deletes: How many files a run would take out of albums, each with a request.
    """

    task: Mapping[str, Any]
    would_copy: Sequence[str]
    sizes: Mapping[str, int | None]
    kept: Mapping[str, int | None]
    left_out: Sequence[LeftOut]
    whole: bool
    rules: UploadRules | None
    daily_requests: int | None = None
    deletes: int = 0


def forecast(push: Push) -> dict[str, Any]:
    """What `truenas_cloudsync_run` returns as `forecast`."""
    exact = {path: size for path, size in push.kept.items() if size is not None}
    wanted = {path: exact.get(path, push.sizes.get(path)) for path in push.would_copy}
    refused = _refused(wanted, push)
    refusals = {one.path for one in refused}
    sent = {path: size for path, size in wanted.items() if path not in refusals}
    effort = _effort(wanted, push)
    found = push.rules.pairs(sent) if push.rules else []
    known = [size for size in sent.values() if size is not None]
    result: dict[str, Any] = {
        "files": len(sent),
        "bytes": sum(known) if len(known) == len(sent) else None,
        "albums": _albums(sent, push),
        "requests": effort[0],
        "days": effort[1],
        "refused": [{"path": one.path, "reason": one.reason} for one in refused],
        "left_out": [{"path": one.path, "reason": one.reason} for one in push.left_out if one.path not in refusals],
        "pairs": [{"photo": photo, "video": video} for photo, video in found],
    }
    result["notes"] = list(_notes(result, sent, push))
    return result


def _refused(wanted: Mapping[str, int | None], push: Push) -> list[LeftOut]:
    """The files that are sent and not taken, with the reasons."""
    if push.rules is None:
        return []
    folder = _folder(push)
    found = []
    room = _room(push, push.rules)
    for path, size in sorted(wanted.items()):
        if reason := push.rules.refusal(path, size, folder):
            found.append(LeftOut(path, reason))
            continue
        album = push.rules.album(path, folder)
        if album:
            room[album] -= 1
            if room[album] < 0:
                most = f"{push.rules.album_items:,}"
                found.append(LeftOut(path, f"its album is full: an album holds {most} photos and videos"))
    return found


def _room(push: Push, rules: UploadRules) -> defaultdict[str, int]:
    """How many files each album still takes."""
    room: defaultdict[str, int] = defaultdict(lambda: rules.album_items)
    going = set(push.would_copy)
    for path in push.kept:
        if path not in going and (album := rules.album(path, _folder(push))):
            room[album] -= 1
    return room


def _effort(wanted: Mapping[str, int | None], push: Push) -> tuple[int | None, int | None]:
    """Requests and days."""
    rules = push.rules
    if rules is None:
        return None, None
    daily = push.daily_requests or rules.daily_requests
    own = pace.limit(push.task["args"])
    runs_a_day = _starts(push.task["schedule"]) if own else 1
    albums: dict[str, requests_needed.Album] = {}
    going = set(push.would_copy)
    for path in sorted({*push.kept, *going}):
        album = albums.setdefault(posixpath.dirname(path), requests_needed.Album(0))
        if path in going:
            album.files += 1
        else:
            album.present += 1
    limit = max(1, min(own or daily, daily // runs_a_day))
    effort = requests_needed.effort(albums.values(), push.task["transfers"] or _TRANSFERS, limit, rules)
    requests = effort.requests + push.deletes
    if effort.runs is None:
        return requests, None
    runs = max(effort.runs, -(-requests // limit)) if wanted or push.deletes else 0
    return requests, _days(-(-runs // runs_a_day), push.task["schedule"])


def _days(run_days: int, fields: Mapping[str, str]) -> int | None:
    """How many days it takes until there were so many on which the task runs; `None` when it never runs."""
    if run_days == 0:
        return 0
    apart = _apart(fields)
    return None if apart is None else math.ceil((run_days - 1) * apart) + 1


def _apart(fields: Mapping[str, str]) -> float | None:
    """How many days apart the runs are; one, where the NAS has a schedule that cron does not understand."""
    try:
        return next_run.days_apart(fields)
    except OptionError:
        return 1


def _starts(fields: Mapping[str, str]) -> int:
    """How often a day the schedule starts a run; once, where the NAS has a schedule that cron does not understand."""
    try:
        return pace.starts(fields)[0]
    except OptionError:
        return 1


def _folder(push: Push) -> str:
    return str(push.task["attributes"].get("folder", ""))


def _albums(sent: Mapping[str, int | None], push: Push) -> list[dict[str, Any]]:
    """What goes into each album."""
    if push.rules is None:
        return []
    totals: dict[str, list[int]] = {}
    for path, size in sent.items():
        if album := push.rules.album(path, _folder(push)):
            entry = totals.setdefault(album, [0, 0])
            entry[0] += 1
            entry[1] += size or 0
    return [{"name": name, "files": files, "bytes": size} for name, (files, size) in sorted(totals.items())]


def _notes(result: Mapping[str, Any], sent: Mapping[str, int | None], push: Push) -> Iterator[str]:
    if not push.whole:
        yield (
            "The log of the dry run is not whole, so that all files that lie here count as files to go; those that are "
            "at the provider already will not be sent again."
        )
    if push.rules is None:
        return
    if result["bytes"]:
        yield f"The account needs {words.size(result['bytes'])} of free storage."
    if sent and _apart(push.task["schedule"]) is None:
        yield "The schedule of the task names no day that there is, so the upload never starts by itself."
    elif result["days"] is None:
        yield "At this quota the upload does not end: a day's requests are used up by the lists of what is there."
    if found := result["pairs"]:
        yield (
            f"{len(found)} live or motion photos arrive as two items each, a photo and a short video: "
            f"{found[0]['photo']!r}" + (", ..." if len(found) > 1 else "")
        )
    yield from push.rules.notes(sent)
    if sent:
        yield (
            "Requests and days are an estimate for full batches. Where files get through to the provider seconds "
            f"apart, each may be committed by itself, which takes up to {_slowest(result, sent)} requests."
        )


def _slowest(result: Mapping[str, Any], sent: Mapping[str, int | None]) -> int:
    return max(int(result["requests"]), 2 * len(sent) + len(result["albums"]) + 1)


def summary(result: Mapping[str, Any]) -> str:
    """The forecast in a few sentences."""
    size = "" if result["bytes"] is None else f" ({words.size(result['bytes'])})"
    parts = [f"{_counted(result['files'], 'file')}{size} to go"]
    if result["albums"]:
        parts[0] += f" into {_counted(len(result['albums']), 'album')}"
    if result["requests"] is not None and result["files"]:
        days = "more days than can be told" if result["days"] is None else _counted(result["days"], "day")
        parts.append(f"this takes about {_counted(result['requests'], 'request')} and {days}")
    if result["refused"]:
        parts.append(f"{_counted(len(result['refused']), 'file')} will be refused: {_named(result['refused'])}")
    if result["left_out"]:
        parts.append(f"{len(result['left_out'])} left out: {_named(result['left_out'])}")
    return ". ".join([*(f"{part[:1].upper()}{part[1:]}" for part in parts)]) + "."


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _named(entries: Iterable[Mapping[str, str]]) -> str:
    reasons: dict[str, list[str]] = defaultdict(list)
    for one in entries:
        reasons[one["reason"]].append(one["path"])
    return "; ".join(f"{len(paths)} ({reason}), such as {paths[0]!r}" for reason, paths in sorted(reasons.items()))
