# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API's extended JSON: objects that stand for values which JSON does not have.

PRIVATE to the collection.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def loads(text: str | bytes | bytearray) -> Any:
    """Parse; times become aware datetimes (UTC), sets lists, and days, hours and addresses remain texts.

    Raises:
        ValueError: not JSON, or nested or dated beyond reason.
    """
    try:
        return json.loads(text, object_hook=_value)
    except (RecursionError, OverflowError) as error:
        raise ValueError(str(error)) from None


def _value(members: dict[str, Any]) -> Any:
    if len(members) == 1:
        ((name, value),) = members.items()
        if name == "$date" and isinstance(value, int):
            return _EPOCH + datetime.timedelta(milliseconds=value)
        if name in ("$set", "$time", "$ipv4_interface", "$ipv6_interface"):
            return value
    if members.keys() == {"$type", "$value"}:
        return members["$value"]
    return members
