# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the simulator's models deliberately differ from the real ones."""

from __future__ import annotations

# Methods that the real servers have, whose schemas were not written down. Those of keychaincredential and
# pool.dataset.delete are in the recordings of the second round.
WITHOUT_SCHEMA = {
    "alertclasses.config",
    "alertclasses.update",
    "alertservice.query",
    "alertservice.update",
    "core.download",
    "filesystem.chown",
    "filesystem.get",
    "filesystem.put",
    "keychaincredential.create",
    "keychaincredential.delete",
    "keychaincredential.get_instance",
    "mail.config",
    "mail.local_administrator_email",
    "mail.update",
    "pool.dataset.delete",
}

# (release, method) -> members of the answer that the release's declaration does not name. 24.10 was never run for the
# recordings, and its declarations are known to leave members out; the simulator answers as 25.04 does.
MORE_IN_RESULTS: dict[tuple[str, str], set[str]] = {
    ("24.10", "auth.me"): {"account_attributes", "privilege"},
    ("24.10", "filesystem.stat"): {"type"},
}
