# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page of the playbook status shows of a task's past."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ansible_collections.nasops.cloudsync.plugins.filter.cloudsync_status import cloudsync_status
from ansible_collections.nasops.cloudsync.tests.unit.returned_task import returned_task

TEMPLATES = Path(__file__).parents[3] / "playbooks/templates"
TASK = returned_task(description="<b>Photos")
RUN = {"state": "SUCCESS", "started": "2026-01-31T04:00:00Z", "finished": "2026-01-31T04:01:00Z", "goes_on": False,
       "transferred": 1, "bytes": 1, "deleted": 0, "errors": 0}  # fmt: skip


def page(**judged: Any) -> str:
    said = {"id": 1, "verdict": "healthy", "ok": True, "reasons": [], "runs": [], "last_run": None, "next_run": None,
            "proof": None, **judged}  # fmt: skip
    status = cloudsync_status({"tasks": [TASK]}, "<nas>", health={"tasks": [said], "nas": {"reasons": []}})
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=False)  # noqa: S701
    return environment.get_template("status.html.j2").render(
        cloudsync_statuses=[status], now=lambda utc: datetime(2026, 2, 1, tzinfo=UTC)
    )


def test_runs_are_bars_with_a_text_for_each():
    shown = page(runs=[{**RUN, "state": "FAILED"}, {**RUN, "finished": "2026-01-31T04:00:30Z"}])
    bars = re.findall(
        r'<li class="(\w+)" style="--height: (\d+)%" title="([^"]+)"><span class="hidden">\3</span>', shown
    )
    assert [(state, height) for state, height, _text in bars] == [("success", "50"), ("failed", "100")]
    assert "took 30 s, 1 transferred (1 B), 0 deleted" in bars[0][2]
    assert 'aria-label="The last runs of &lt;b&gt;Photos, the oldest first"' in shown
    assert "<b>" not in shown


def test_one_run_alone_is_no_history():
    assert 'class="runs"' not in page(runs=[RUN])


def test_the_age_of_a_restore_test_grows_with_the_page():
    shown = page(proof={"date": "2026-01-31T04:00:12Z", "files": 20, "bytes": 1048576, "damages": []})
    assert re.search(
        r'Restore tested <time datetime="2026-01-31T04:00:12Z" data-words=ago>[^<]+</time>: 20 files', shown
    )
    assert "Restore tested" not in page()
