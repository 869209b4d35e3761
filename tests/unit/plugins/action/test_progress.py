# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines that tell how far a job is, of several hosts at once."""

from __future__ import annotations

import pytest

from ansible_collections.nasops.cloudsync.plugins.action.truenas_cloudsync_run import Progress
from ansible_collections.nasops.cloudsync.plugins.module_utils._middleware.job import Job

RUNNING = Job(7, "cloudsync.sync", [1], "RUNNING", 34.4, "3 / 9, 1 MiB")


def test_a_line_names_host_and_task(capsys: pytest.CaptureFixture[str]) -> None:
    Progress("nas1")("Photos to Google", RUNNING)
    assert capsys.readouterr().out == "nas1: Photos to Google: RUNNING 34% 3 / 9, 1 MiB (job 7)\n"


def test_a_name_of_the_nas_moves_no_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    Progress("nas1")("Photos\x1b[2J\nnas2: Photos", RUNNING)
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert shown.count("\n") == 1


def test_the_same_state_is_told_once_in_a_while(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("nas1")
    for _time in range(3):
        progress("Photos", RUNNING)
    assert len(capsys.readouterr().out.splitlines()) == 1
