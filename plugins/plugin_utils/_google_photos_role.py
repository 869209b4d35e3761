# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role `google_photos` adds to a task: TrueNAS's guide as defaults, and filters.

PRIVATE to the collection. Pure.
"""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    album_names,
    filter_rules,
    google_photos_media,
    names,
    rclone_decisions,
    schedule,
    shared_destination,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._options import (
    Spec,
    WrongOptionsError,
    is_omitted,
    understood,
    without_omitted,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._preflight import pace

OWN_OPTIONS: Spec = {
    "albums": {"type": "list", "elements": "str"},
    "max_deletes": {"type": "int"},
    "media_only": {"type": "bool"},
    "stray_files": {"type": "str", "choices": ["fail", "exclude", "warn", "ignore"]},
}
"""The options that a task of the role has beside those of `truenas_cloudsync_task`."""
# Of these an empty text clears what is set, which is the default. Elsewhere it means the role's default.
_CLEARED_BY_EMPTY = ("args", "pre_script", "post_script", "encryption_password", "encryption_salt")
_DEFAULTS = {"direction": "PUSH", "folder": "/album", "schedule": "@daily"}
_TRANSFER_MODES = {"PUSH": "SYNC", "PULL": "COPY"}

# Uploads run in parallel and are then committed one batch at a time, each of at most so many files. With TrueNAS's 4
# most batches hold few photos; 16 fill them and take less than half the time. More would be faster still, at the cost
# of the NAS's memory and connections.
_TRANSFERS = 16

_AT_THE_ROOT = "/*"

_PACE = frozenset(pace.FLAGS)

_MAX_DELETE = "--max-delete"
"""rclone's own limit, which holds for the runs that TrueNAS starts by the schedule, too."""


def problems(
    tasks: Iterable[Mapping[str, Any]], known: Spec, credential: str = "", daily_requests: int | None = None
) -> list[str]:
    """What is wrong with tasks of the role, one sentence each.

    Args:
        known: The options of `truenas_cloudsync_task`.
        credential: Name of the credential of those tasks that have no other.
        daily_requests: As for `task_options`.
    """
    read, wrong = _read(tasks, known, credential)
    return wrong if daily_requests is None else [*wrong, *_unpaced(read, daily_requests)]


def task_options(
    tasks: Iterable[Mapping[str, Any]],
    credential: str,
    known: Spec,
    *,
    own: bool = False,
    daily_requests: int | None = None,
) -> list[dict[str, Any]]:
    """The options of `truenas_cloudsync_task` for each task of the role.

    Args:
        credential: Name of the credential that the tasks use.
        known: The options of `truenas_cloudsync_task`.
        own: Add the options that are given and that only the role has.
        daily_requests: Keep the runs of all tasks together below so many requests a day; `None` for no limit.

    Raises:
        OptionError: a task has a key that there is not, or keys that do not go together.
    """
    read = _checked(tasks, known, credential)
    if daily_requests is not None and (wrong := list(_unpaced(read, daily_requests))):
        raise OptionError(" ".join(wrong))
    found = []
    for task in read:
        options = _options(task, credential)
        if daily_requests is not None and _is_paced(task):
            options["args"] = f"{options.get('args', '')} {_pace(task, read, daily_requests)}".lstrip()
        found.append({**({name: task[name] for name in OWN_OPTIONS if name in task} if own else {}), **options})
    return found


def _unpaced(tasks: Sequence[Mapping[str, Any]], daily_requests: int) -> Iterator[str]:
    """Which tasks cannot be kept below a day's requests, and why."""
    for number, task in enumerate(tasks, 1):
        if not _is_paced(task):
            continue
        where = f"google_photos_tasks: {_name(task, number)}"
        if own := [one.spelled for one in rclone_decisions.given(str(task.get("args") or ""), _PACE)]:
            yield f"{where}: args: {own[0]} and google_photos_initial_upload both set it. Leave one of them out."
        elif _pace(task, tasks, daily_requests) is None:
            yield (
                f"{where}: google_photos_daily_requests: {daily_requests} requests a day are too few for so many runs "
                "a day. Give the tasks a schedule with fewer runs, such as @daily."
            )


def _is_paced(task: Mapping[str, Any]) -> bool:
    return not _is_absent(task) and _direction(task) == "PUSH"


def _pace(task: Mapping[str, Any], tasks: Iterable[Mapping[str, Any]], daily_requests: int) -> str | None:
    """The arguments that keep a task's runs within its part of a day's requests."""
    active = [one for one in tasks if not _is_absent(one) and bool(one.get("enabled", True))]
    return pace.arguments(str(task.get("args") or ""), daily_requests, *_starts(task), len(active))


def _starts(task: Mapping[str, Any]) -> tuple[int, int]:
    """How often a task starts in a day, and the time between. A schedule that is none is told of elsewhere."""
    try:
        given = schedule.schedule(task.get("schedule", _DEFAULTS["schedule"]))
    except OptionError:
        given = schedule.schedule(_DEFAULTS["schedule"])
    return pace.starts({**schedule.DEFAULTS, **given})


def directories(tasks: Iterable[Mapping[str, Any]], known: Spec) -> list[dict[str, Any]]:
    """The options of `truenas_album_directories` for each task of the role, and what to call the task as `task`.

    Every task needs its directory; only where directories become albums do files beside them matter.

    Raises:
        OptionError: as for `task_options`.
    """
    found = []
    for number, task in enumerate(_checked(tasks, known), 1):
        if _is_absent(task) or not task.get("path"):
            continue
        stray_files = task.get("stray_files", "fail") if _makes_albums_of_directories(task) else "ignore"
        found.append(
            {
                "task": _name(task, number),
                "path": task["path"],
                "albums": task.get("albums") or [],
                "stray_files": "ignore" if stray_files == "exclude" else stray_files,
                "follow_symlinks": _is_true(task, "follow_symlinks"),
            }
        )
    return found


def _checked(tasks: Iterable[Mapping[str, Any]], known: Spec, credential: str = "") -> list[dict[str, Any]]:
    read, wrong = _read(tasks, known, credential)
    if wrong:
        raise OptionError(" ".join(wrong))
    return read


def _read(tasks: Iterable[Mapping[str, Any]], known: Spec, credential: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The options of the tasks that are given, in their types, and what is wrong with them."""
    read: list[dict[str, Any]] = []
    wrong: list[str] = []
    for number, task in enumerate(tasks, 1):
        name = _name(without_omitted(task), number)
        try:
            given = understood(task, {**known, **OWN_OPTIONS}, "a task")
        except WrongOptionsError as error:
            wrong += [f"google_photos_tasks: {name}: {problem}" for problem in error.problems]
            continue
        options = {name: value for name, value in given.items() if value != "" or name in _CLEARED_BY_EMPTY}
        if isinstance(task.get("schedule"), Mapping):
            options["schedule"] = _schedule(task["schedule"])
        if "name" in options:  # one name for each option
            options.setdefault("description", options.pop("name"))
        wrong += _problems(options, number)
        read.append(options)
    return read, [*wrong, *_emptying_each_other(read, credential)]


def _schedule(given: Mapping[str, Any]) -> dict[str, Any]:
    """A schedule in which the role's default takes the place of each part that is omitted or empty.

    TrueNAS's own default for a part, and for all of them, is every hour.
    """
    default = schedule.schedule(_DEFAULTS["schedule"])
    whole = {name: default.get(name, "") if _is_not_given(part) else part for name, part in given.items()}
    return whole or default


def _is_not_given(value: Any) -> bool:
    return value is None or value == "" or is_omitted(value)


def _problems(task: Mapping[str, Any], number: int) -> Iterator[str]:
    where = f"google_photos_tasks: {_name(task, number)}"
    if not task.get("description") and task.get("id") is None:
        yield f"{where}: description is required. Give the name of the cloud sync task."
    if task.get("albums") and _direction(task) != "PUSH":
        yield f"{where}: albums are made for a PUSH. A PULL makes its directories itself, so leave albums out."
    if task.get("max_deletes", 0) < 0:
        yield f"{where}: max_deletes {task['max_deletes']} is not a number of files. Give 0 or more."
    if task.get("max_deletes") is not None and _is_limited(task):
        yield f"{where}: max_deletes and {_MAX_DELETE} in args say the same thing. Give one of them."
    yield from (f"{where}: {problem}" for problem in _wrong_names(task))
    if refused := _refused_args(task) or _wrong_filter(task):
        yield f"{where}: {refused}"
    if _is_true(task, "media_only") and task.get("include"):
        yield (
            f"{where}: media_only and include do not go together, as a file that either lets through is transferred. "
            "Give one of them."
        )


def _wrong_names(task: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the names of albums and the filters."""
    path = str(task.get("path") or "")
    checks: list[Callable[[], Any]] = [
        lambda: filter_rules.check_patterns("include", task.get("include") or (), path or None),
        lambda: filter_rules.check_patterns("exclude", task.get("exclude") or (), path or None),
        lambda: album_names.album_directories(path, task.get("albums") or ()),
    ]
    for check in checks:
        try:
            check()
        except OptionError as error:
            yield str(error)
    for album in task.get("albums") or ():
        if _is_media_only(task) and any(map(google_photos_media.is_system, album.strip("/").split("/"))):
            yield (
                f"albums: {album!r} would never be pushed, as media_only leaves out hidden directories and those of a "
                "system. Give the album another name, or set media_only: false."
            )


def _emptying_each_other(tasks: Iterable[Mapping[str, Any]], credential: str) -> Iterator[str]:
    pushes = []
    for number, task in enumerate(tasks, 1):
        if _is_absent(task) or _is_true(task, "allow_deletes"):
            continue
        form = {
            "direction": _direction(task),
            "transfer_mode": task.get("transfer_mode") or "SYNC",
            "folder": _folder(task),
            "enabled": _is_true({"enabled": True, **task}, "enabled"),
            **{option: task.get(option) for option in ("include", "exclude", "args")},
        }
        account = names.normal(str(task.get("credential") or credential))
        if one := shared_destination.push(_name(task, number), account, form):
            pushes.append(one)
    for one, other in itertools.combinations(pushes, 2):
        if names.same(one.name, other.name):  # one task, twice in the list: that is told elsewhere
            continue
        if shared := shared_destination.problem(one, other):
            yield f"google_photos_tasks: {shared}."


def _options(task: Mapping[str, Any], credential: str) -> dict[str, Any]:
    options = {name: value for name, value in task.items() if name not in OWN_OPTIONS}
    if _is_absent(task):
        return options
    options = {**_DEFAULTS, "credential": credential, **options}
    options.setdefault("transfer_mode", _TRANSFER_MODES.get(options["direction"]))
    if options["direction"] == "PUSH":
        options.setdefault("transfers", _TRANSFERS)
    limit = _max_deletes(task)
    if limit is not None or options["direction"] == "PULL":
        given = str(task.get("args") or "").strip()
        options["args"] = given if limit is None else f"{given} {_MAX_DELETE} {limit}".lstrip()
    exclude = []
    if task.get("stray_files") == "exclude" and _makes_albums_of_directories(task):
        exclude.append(_AT_THE_ROOT)
    if _is_media_only(task):
        exclude += google_photos_media.PLACES
        options["include"] = [google_photos_media.MEDIA]
    if exclude:
        asked = list(options.get("exclude") or [])
        options["exclude"] = asked + [pattern for pattern in exclude if pattern not in asked]
    return options


def _max_deletes(task: Mapping[str, Any]) -> int | None:
    """The most files that a run may delete: none for a pull, unless that was agreed to; `None`: no limit of ours."""
    if task.get("max_deletes") is not None:
        return int(task["max_deletes"])
    if _direction(task) != "PULL" or _is_true(task, "allow_deletes") or _is_limited(task):
        return None
    return 0


def _refused_args(task: Mapping[str, Any]) -> str | None:
    """Why the task cannot have its arguments: said here, before the role's own limit is put behind them."""
    if _is_absent(task):
        return None
    filters = {option: task.get(option) for option in ("include", "exclude")}
    form = {"direction": _direction(task), "transfer_mode": _transfer_mode(task), **filters}
    return rclone_decisions.refusal(str(task.get("args") or ""), form, PROVIDERS["GOOGLE_PHOTOS"])


def _wrong_filter(task: Mapping[str, Any]) -> str | None:
    return rclone_decisions.wrong_filter(str(task.get("args") or ""), str(task.get("path") or "") or None)


def _is_limited(task: Mapping[str, Any]) -> bool:
    return rclone_decisions.limit(str(task.get("args") or "")) is not None


def _name(task: Mapping[str, Any], number: int) -> str:
    return str(task.get("description") or task.get("name") or f"number {number}")


def _is_absent(task: Mapping[str, Any]) -> bool:
    return task.get("state") == "absent"


def _direction(task: Mapping[str, Any]) -> Any:
    return task.get("direction", _DEFAULTS["direction"])


def _is_true(task: Mapping[str, Any], option: str) -> bool:
    return bool(task.get(option))


def _is_media_only(task: Mapping[str, Any]) -> bool:
    """Whether the task gets filters for photos and videos: a push does, unless it says otherwise or has its own."""
    if task.get("media_only") is None:
        return _direction(task) == "PUSH" and not task.get("include")
    return _is_true(task, "media_only")


def _makes_albums_of_directories(task: Mapping[str, Any]) -> bool:
    """Whether each directory becomes an album, so that a file directly at the root has none to go to."""
    return bool(_direction(task) == "PUSH" and _folder(task) == "/album")


def _transfer_mode(task: Mapping[str, Any]) -> Any:
    return task.get("transfer_mode", _TRANSFER_MODES.get(_direction(task)))


def _folder(task: Mapping[str, Any]) -> str:
    return posixpath.normpath("/" + str(task.get("folder", _DEFAULTS["folder"])).lstrip("/"))
