# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the simulator does not answer as the recordings do, and why.

Every entry is a recorded step; the replay fails when a step listed here begins to agree.
"""

from __future__ import annotations

_SNAPSHOT = (
    "These recordings show the server stumble over what stood in for ZFS (an object of the test bed that can not be "
    "written to) before it came to the rule; the simulator answers by the rule, as 25.04 and 25.10 do."
)

# (release, recording, step) -> reason
KNOWN: dict[tuple[str, str, str], str] = (
    {
        (release, "story", step): reason
        for release in ("26.0", "27.0")
        for step, reason in {
            "task.create-snapshot-pull": _SNAPSHOT,
            "task.create-snapshot-move": _SNAPSHOT,
            "login_with_api_key(username,key)": (
                "The recorded SCRAM messages hold the nonces and the proof of another exchange; test_login.py goes "
                "through an exchange of its own."
            ),
            "auth.me#2": "Was recorded in the session of that SCRAM login; test_login.py looks at its attributes.",
            "sessions": "auth.sessions is not simulated: nothing of cloud sync needs it.",
        }.items()
    }
    | {
        (release, "second", step): reason
        for release in ("25.10", "27.0")
        for step, reason in {
            "user.get_instance-unknown": "user.* is not simulated: nothing of cloud sync needs it.",
            "dataset.create": "Only some of a dataset's properties are answered, and comments are not kept.",
        }.items()
    }
    | {
        (release, "story", "task.update-extra"): "Both members that may not be sent are named, in the other order."
        for release in ("25.10", "26.0", "27.0")
    }
)
