# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How files get lost when a task is changed, or when what it works on is no longer what it was."""

from __future__ import annotations

import pytest

from .harness import local, photo


@pytest.mark.parametrize(
    "change",
    [{"path": "/mnt/tank/photos/family"}, {"folder": "/media/all"}, {"exclude": []}, {"enabled": True}],
    ids=str,
)
def test_a_mirror_that_is_pointed_at_other_files(change, hazard, noted, nas):
    """Somebody has agreed to what a pull deletes in a mirror; the change makes it delete other files."""
    photo(nas, "family/only-here.jpg")
    mirror = "/mnt/tank/photos" if "exclude" in change else "/mnt/tank/photos/mirror"
    mirror = "/mnt/tank/photos/family" if change.keys() & {"folder", "enabled"} else mirror
    photo(nas, "mirror/old.jpg").unlink()
    made = hazard.play.done(
        "truenas_cloudsync_task", description="by hand", credential="google", direction="PULL", transfer_mode="SYNC",
        path=mirror, folder="/album", exclude=["/family/**"], enabled=False, allow_deletes=True,
    )["task"]["id"]  # fmt: skip
    with noted("guarded"):
        message = hazard.play.refused("truenas_cloudsync_task", description="by hand", **change)
        assert message.startswith(f"{next(iter(change))}: this change is refused: a PULL with SYNC deletes")
        assert "allow_deletes: true" in message
        assert local(nas) == {"family/only-here.jpg"}
    with noted("shown"):
        sent = {"attributes": {"folder": change["folder"]}} if "folder" in change else change
        hazard.by_hand.client.call("cloudsync.update", made, sent)
        assert hazard.by_hand.sync(made).state == "SUCCESS"
        assert local(nas) == set()
