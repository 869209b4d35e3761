# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the alert about a failed task reaches anybody. PRIVATE to the collection. Pure.

Every answer may be missing, as an account may not be allowed to ask. What follows from a missing one is not told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

CLASS = "CloudSyncTaskFailed"
_LEVELS = ("INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
_LEVEL = "ERROR"  # of the class, unless it was changed
_NEVER = "NEVER"


def why_no_alert(
    services: Sequence[Mapping[str, Any]] | None,
    classes: Mapping[str, Any] | None,
    mail: Mapping[str, Any] | None,
    administrator: str | None,
) -> str | None:
    """Why it reaches no person; `None` when it reaches one, or when that is not known.

    Args:
        services: What `alertservice.query` answers.
        classes: What `alertclasses.config` answers.
        mail: What `mail.config` answers.
        administrator: The address of a local administrator, to whom mail without one goes; empty where none has one.
    """
    changed = (classes or {}).get("classes", {}).get(CLASS)
    changed = changed if isinstance(changed, Mapping) else {}
    if changed.get("policy") == _NEVER:
        return f"the alert settings of the NAS never send the alert {CLASS}"
    if services is None:
        return None
    level = changed.get("level") or _LEVEL
    used = [one for one in services if one.get("enabled") and _reaches(one, level)]
    if not used:
        return f"no alert service of the NAS is enabled for the level {level}"
    problems = [_problem(one, mail, administrator) for one in used]
    return next((one for one in problems if one), None) if all(problems) else None


def _reaches(service: Mapping[str, Any], level: str) -> bool:
    lowest = service.get("level")
    if lowest not in _LEVELS or level not in _LEVELS:
        return True  # of a release that is not known
    return _LEVELS.index(level) >= _LEVELS.index(str(lowest))


def _problem(service: Mapping[str, Any], mail: Mapping[str, Any] | None, administrator: str | None) -> str | None:
    """Why a service reaches no person. Only of mail it can be known."""
    attributes = service.get("attributes")
    attributes = attributes if isinstance(attributes, Mapping) else {}
    if (service.get("type") or attributes.get("type")) != "Mail":  # its place until 24.10, and since 25.04
        return None
    # A service's attributes, and how to log in to a mail provider, are hidden from accounts that only read.
    if mail is not None and mail.get("outgoingserver") == "" and not mail.get("oauth"):
        return "the mail settings of the NAS name no outgoing mail server"
    if administrator == "" and attributes.get("email") == "":
        return "neither the alert service nor a local administrator of the NAS has an e-mail address"
    return None


def of_tasks(alerts: Sequence[Mapping[str, Any]] | None) -> dict[int, Mapping[str, Any]]:
    """The alerts about failed tasks by the number of the task."""
    found: dict[int, Mapping[str, Any]] = {}
    for alert in alerts or ():
        args = alert.get("args")
        if alert.get("klass") == CLASS and isinstance(args, Mapping) and isinstance(args.get("id"), int):
            found[args["id"]] = alert
    return found
