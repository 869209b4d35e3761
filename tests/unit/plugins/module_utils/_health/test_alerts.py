# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._health.alerts import why_no_alert

MAIL = {"type__title": "Email", "attributes": {"type": "Mail", "email": ""}, "level": "WARNING", "enabled": True}
OLD_MAIL = {"type": "Mail", "attributes": {"email": ""}, "level": "WARNING", "enabled": True}
CHAT = {"attributes": {"type": "Slack", "url": "********"}, "level": "WARNING", "enabled": True}
SERVER = {"outgoingserver": "mail.example.com", "oauth": None}
NO_SERVER = {"outgoingserver": "", "oauth": None}
NEVER = {"classes": {"CloudSyncTaskFailed": {"policy": "NEVER"}}}
LOWERED = {"classes": {"CloudSyncTaskFailed": {"level": "INFO"}}}


@pytest.mark.parametrize(
    ("services", "classes", "mail", "administrator", "why"),
    [
        ([MAIL], {"classes": {}}, SERVER, "a@example.com", None),
        ([MAIL], None, NO_SERVER, "a@example.com", "name no outgoing mail server"),
        ([OLD_MAIL], None, NO_SERVER, "a@example.com", "name no outgoing mail server"),
        ([MAIL], None, {"outgoingserver": "", "oauth": {"provider": "gmail"}}, "a@example.com", None),
        ([MAIL], None, {"outgoingserver": "", "oauth": "********"}, "a@example.com", None),
        ([MAIL], None, SERVER, "", "has an e-mail address"),
        ([{**MAIL, "attributes": {"type": "Mail", "email": "b@example.com"}}], None, SERVER, "", None),
        ([{**MAIL, "attributes": "********"}], None, NO_SERVER, "", None),
        ([MAIL, CHAT], None, NO_SERVER, "", None),
        ([{**CHAT, "enabled": False}], None, SERVER, "a@example.com", "no alert service"),
        ([{**CHAT, "level": "CRITICAL"}], None, None, None, "enabled for the level ERROR"),
        ([CHAT], LOWERED, None, None, "enabled for the level INFO"),
        ([], None, None, None, "no alert service"),
        ([CHAT], NEVER, None, None, "never send"),
        (None, None, NO_SERVER, "", None),
        ([MAIL], None, None, None, None),
    ],
)  # fmt: skip
def test_who_gets_an_alert(services, classes, mail, administrator, why):
    told = why_no_alert(services, classes, mail, administrator)
    assert (told is None) == (why is None)
    assert (why or "") in (told or "")
