# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read what the NAS tells about its backups, and judge it. PRIVATE to the collection.

Two exchanges, whatever the number of tasks: one for all that the NAS keeps, one for the paths of the tasks.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import OptionError
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.job import text
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.task_form import named_values, reference_of
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.words import clean
from ansible_collections.nasops.cloudsync.plugins.module_utils._health import alerts, clocks, kits, runs
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.durations import duration
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.reasons import KINDS, Reason
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.timing import Clock
from ansible_collections.nasops.cloudsync.plugins.module_utils._health.verdict import Settings, Task, judge
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware import methods
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.errors import CallError, MiddlewareError
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Failure, Invocation, Outcome
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.answers import ask_all
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.record import filter_by, meant

ARGUMENTS: dict[str, dict[str, Any]] = {
    "description": {"type": "str", "aliases": ["name"]},
    "id": {"type": "int"},
    "grace": {"type": "str", "default": "1h"},
    "restore_test_max_age": {"type": "str"},
    "stale_after": {"type": "int"},
    "ignore": {"type": "list", "elements": "str", "choices": list(KINDS), "default": []},
    "proofs": {"type": "list", "elements": "dict", "default": []},
    "kit": {"type": "dict"},
    "kit_max_age": {"type": "str"},
    "token_ends": {"type": "dict", "no_log": False, "default": {}},
    "timezone": {"type": "str"},
    # Evaluated by the action plugin: the NAS itself has no JMESPath library.
    "query": {"type": "str"},
}

# Of a job, no more than is used: there may be a thousand of them.
_OF_JOBS = (
    "id", "method", "arguments", "state", "progress", "error", "exc_info", "time_started", "time_finished",
    "logs_excerpt",
)  # fmt: skip
_ASKED: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("core.get_jobs", ([["method", "=", runs.METHOD]], {"select": list(_OF_JOBS)})),
    ("system.info", ()),
    ("alert.list", ()),
    ("alertservice.query", ()),
    ("alertclasses.config", ()),
    ("mail.config", ()),
    ("mail.local_administrator_email", ()),
)


@dataclass(frozen=True)
class _Wishes:
    """What the options say."""

    settings: Settings
    token_ends: Mapping[str, datetime]
    proofs: Sequence[tuple[datetime, Mapping[str, Any]]]
    kit: datetime | None
    in_kit: Sequence[Mapping[str, Any]]
    zone: tzinfo | None

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> _Wishes:
        """Read the options.

        Raises:
            OptionError: One has a value that means nothing.
        """
        max_age, kit_max_age = params["restore_test_max_age"], params["kit_max_age"]
        stale_after, kit = params["stale_after"], params["kit"]
        if stale_after is not None and stale_after < 1:
            raise OptionError(f"stale_after: {stale_after} is not accepted. Give a number of runs from 1.")
        settings = Settings(
            grace=duration("grace", params["grace"]),
            restore_test_max_age=duration("restore_test_max_age", max_age) if max_age else None,
            kit_max_age=duration("kit_max_age", kit_max_age) if kit_max_age else None,
            stale_after=stale_after,
            ignore=params["ignore"] or (),
        )
        ends = {name: _moment("token_ends", value) for name, value in (params["token_ends"] or {}).items()}
        proofs = [(_moment("proofs", one.get("date")), one) for one in params["proofs"] or ()]
        return cls(
            settings=settings,
            token_ends=ends,
            proofs=proofs,
            kit=_moment("kit", kit.get("date")) if kit else None,
            in_kit=[one for one in kit.get("tasks") or () if isinstance(one, Mapping)] if kit else (),
            zone=_zone(params["timezone"]) if params["timezone"] else None,
        )

    def proof(self, number: int, description: str) -> tuple[datetime, Mapping[str, Any]] | tuple[None, None]:
        """The last proof of a task."""
        own = [one for one in self.proofs if _is_of(one[1], number, description)]
        return max(own, key=lambda one: one[0]) if own else (None, None)


def _is_of(proof: Mapping[str, Any], number: int, description: str) -> bool:
    """Whether a proof is of that task. A number tells tasks of one description apart."""
    if proof.get("id") is not None:
        return str(proof["id"]) == str(number)
    return proof.get("task") in (description, number, str(number))


def refuse(params: Mapping[str, Any]) -> None:
    """Refuse values that mean nothing.

    Raises:
        OptionError
    """
    _Wishes.of(params)


def judged(invocation: Invocation) -> Outcome:
    """The work of `truenas_cloudsync_health_info`."""
    params = invocation.params
    wishes = _Wishes.of(params)
    entries, facts, unknown = _read(invocation)
    here = datetime.now(UTC)
    if not entries and (wanted := [f"{name} {params[name]!r}" for name in ("description", "id") if params[name]]):
        raise Failure(f"The NAS has no cloud sync task with {' and '.join(wanted)}. Compare with the web interface.")
    system = facts["system.info"] or {}
    on_nas = system.get("datetime")
    on_nas = on_nas if isinstance(on_nas, datetime) else None
    zone = wishes.zone or _zone_of_nas(system, unknown)
    jobs = [Job.from_api(one) for one in facts["core.get_jobs"] or ()]
    started = [job.started for job in jobs if job.started]
    of_nas = list(_of_nas(facts, clocks.wrong(on_nas, here, max(started, default=None))))
    clock = Clock(on_nas or here, zone)
    missing = _missing(invocation, entries, unknown)
    remembered, failed = runs.by_task(jobs), alerts.of_tasks(facts["alert.list"])
    tasks = [
        judge(
            _task(entry, wishes, remembered.get(entry["id"], []), failed.get(entry["id"]), missing.get(entry["path"])),
            clock,
            wishes.settings,
            of_nas,
        )
        for entry in entries
    ]
    nas = {
        "release": clean(str(system["version"])) if system.get("version") else None,
        "time": text(on_nas),
        "timezone": str(zone) if zone else None,
        "reasons": [reason.show() for reason in of_nas],
    }
    return Outcome(returns={"tasks": tasks, "nas": nas, "unknown": unknown})


def _read(invocation: Invocation) -> tuple[Sequence[Mapping[str, Any]], dict[str, Any], list[dict[str, str]]]:
    """The tasks, what else the NAS tells (`None` for what it does not), and what it does not tell."""
    params = invocation.params
    given = {field: params[field] for field in ("description", "id") if params[field] is not None}
    filters = [filter_by(field, wanted) for field, wanted in given.items()]
    entries, *answers = ask_all(invocation.client, [("cloudsync.query", (filters,)), *_ASKED])
    if isinstance(entries, MiddlewareError):
        raise entries
    for field, wanted in given.items():
        entries = meant(entries, field, wanted)
    facts: dict[str, Any] = {}
    unknown: list[dict[str, str]] = []
    for (method, dummy), answer in zip(_ASKED, answers, strict=True):
        if isinstance(answer, MiddlewareError):
            facts[method] = None
            unknown.append(_not_told(method, answer))
        else:
            facts[method] = answer if answer is not None else ""  # the address of an administrator who has none
    return entries, facts, unknown


def _not_told(method: str, error: MiddlewareError) -> dict[str, str]:
    if not isinstance(error, CallError):
        raise error
    return {"method": method, "role": methods.role_for(method) or "", "msg": clean(str(error))}


def _of_nas(facts: Mapping[str, Any], clock: Reason | None) -> Iterator[Reason]:
    why = alerts.why_no_alert(
        facts["alertservice.query"],
        facts["alertclasses.config"],
        facts["mail.config"],
        facts["mail.local_administrator_email"],
    )
    if why:
        yield Reason("no_alert", f"No alert about a failed run reaches anybody: {why}.")
    if clock:
        yield clock


def _missing(
    invocation: Invocation, entries: Sequence[Mapping[str, Any]], unknown: list[dict[str, str]]
) -> dict[str, bool]:
    """Whether each path is missing; those that cannot be known are left out."""
    paths = list(dict.fromkeys(entry["path"] for entry in entries if entry.get("enabled", True)))
    answers = ask_all(invocation.client, [("filesystem.stat", (path,)) for path in paths]) if paths else []
    found: dict[str, bool] = {}
    for path, answer in zip(paths, answers, strict=True):
        if not isinstance(answer, MiddlewareError):
            found[path] = False
        elif isinstance(answer, CallError) and answer.errno == errno.ENOENT:
            found[path] = True
        elif not any(one["method"] == "filesystem.stat" for one in unknown):
            unknown.append(_not_told("filesystem.stat", answer))
    return found


def _task(
    entry: Mapping[str, Any],
    wishes: _Wishes,
    remembered: Sequence[Job],
    alert: Mapping[str, Any] | None,
    missing: bool | None,
) -> Task:
    last = Job.from_api(entry["job"]) if entry.get("job") else None
    credential = reference_of(entry["credentials"])
    raised = (alert or {}).get("last_occurrence")
    ends = wishes.token_ends.get(credential.name)
    proved, proof = wishes.proof(entry["id"], entry["description"])
    return Task(
        id=entry["id"],
        description=entry["description"],
        direction=entry["direction"],
        schedule=entry["schedule"],
        enabled=entry.get("enabled", True),
        locked=bool(entry.get("locked")),
        missing=missing,
        runs=runs.of_task(entry["id"], last, remembered, PROVIDERS.get(credential.type or ""), named_values(entry)),
        alert=raised if isinstance(raised, datetime) else None,
        token=(credential.name, ends) if ends else None,
        proof=proof,
        proved=proved,
        kit=wishes.kit,
        lacking=kits.lacking(entry, wishes.in_kit) if wishes.kit else None,
    )


def _moment(option: str, value: Any) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise OptionError(f"{option}: {value!r} is not a time with a zone. Give one such as 2026-01-31T12:00:00Z.")
    return moment


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise OptionError(
            f"timezone: {name!r} is not known here. Give a name such as Europe/Berlin. The Python library tzdata "
            "brings the names to a machine that has none."
        ) from None


def _zone_of_nas(system: Mapping[str, Any], unknown: list[dict[str, str]]) -> tzinfo | None:
    name = system.get("timezone")
    if not isinstance(name, str):
        return None
    try:
        return _zone(name)
    except OptionError as error:
        unknown.append({"method": "system.info", "role": "", "msg": clean(str(error))})
        return None
