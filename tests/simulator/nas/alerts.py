# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One-shot alerts, which services raise and clear."""

from __future__ import annotations

import json
import uuid
from typing import Any

from simulator.nas.clock import Clock

# Class -> level, title, text with the arguments' names.
_CLASSES = {"CloudSyncTaskFailed": ("ERROR", "Cloud Sync Task Failed", 'Cloud sync task "{name}" failed.')}


class Alerts:
    """What stands in the alert list."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._alerts: dict[tuple[str, str], dict[str, Any]] = {}

    def all(self) -> list[dict[str, Any]]:
        return [dict(alert) for alert in self._alerts.values()]

    def clear(self) -> None:
        self._alerts.clear()

    def raise_alert(self, klass: str, key: Any, args: dict[str, Any]) -> None:
        """Add an alert of a class, or note that the one with this key has occurred again."""
        level, _title, text = _CLASSES[klass]
        now = self._clock.now()
        number = str(uuid.uuid4())
        old = self._alerts.get((klass, json.dumps(key)), {})
        self._alerts[klass, json.dumps(key)] = {
            "uuid": number,
            "source": "",
            "klass": klass,
            "args": args,
            "node": "Controller A",
            "key": json.dumps(key),
            "datetime": old.get("datetime", now),
            "last_occurrence": now,
            "dismissed": False,
            "mail": None,
            "text": text,
            "id": old.get("id", number),
            "level": level,
            "formatted": text.format(**args),
            "one_shot": True,
        }

    def delete_alert(self, klass: str, key: Any) -> None:
        """Remove the alert of a class with this key, if there is one."""
        self._alerts.pop((klass, json.dumps(key)), None)
