# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be wrong with a task's backups. PRIVATE to the collection. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

HEALTHY, RUNNING = "healthy", "running"
KINDS = (
    "failed",
    "damaged",
    "missing",
    "locked",
    "aborted",
    "disabled",
    "never_starts",
    "never_run",
    "only_dry_runs",
    "late",
    "shrunk",
    "left_out",
    "nothing_sent",
    "credential_ends",
    "untested",
    "no_kit",
    "no_alert",
    "clock_wrong",
)
"""Every kind of reason, the gravest first."""


@dataclass(frozen=True)
class Reason:
    """Why a task is not healthy: the kind is for programs, the text for people."""

    kind: str
    text: str

    def show(self) -> dict[str, str]:
        return {"kind": self.kind, "text": self.text}


def ordered(reasons: Iterable[Reason]) -> list[Reason]:
    """The gravest first."""
    return sorted(reasons, key=lambda reason: KINDS.index(reason.kind))


def counting(reasons: Iterable[Reason], ignored: Collection[str]) -> list[Reason]:
    """Those of kinds that are not ignored."""
    return [reason for reason in reasons if reason.kind not in ignored]
