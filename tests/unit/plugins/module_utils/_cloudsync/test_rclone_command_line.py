# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments are read as the real rclone reads them."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_command_line import parse

RCLONE = Path(sys.executable).with_name("rclone")


def read(args):
    return [(one.flag.name, one.value) for one in parse(args).given]


def rclone(args, folder):
    """What the real one makes of them, where TrueNAS puts them."""
    return subprocess.run(
        [RCLONE, "--config", "/dev/null", "-v", *shlex.split(args), "lsf", str(folder)],
        capture_output=True, check=False, text=True, timeout=20,
    )  # fmt: skip


TAKEN = [
    ("", []),
    ("--fast-list", [("fast-list", None)]),
    ("--fast-list=true --checksum=F", [("fast-list", "true"), ("checksum", "F")]),
    ("--transfers 8", [("transfers", "8")]),
    ("--transfers=8", [("transfers", "8")]),
    ("--exclude '*.txt'", [("exclude", "*.txt")]),
    ("--exclude=--fast-list", [("exclude", "--fast-list")]),
    ("--exclude ''", [("exclude", "")]),
    ("--exclude=", [("exclude", "")]),
    ("--max-delete -1", [("max-delete", "-1")]),
    ("-f '- *.txt'", [("filter", "- *.txt")]),
    ("-f='- *.txt'", [("filter", "- *.txt")]),
    ("-vf'- *.txt'", [("verbose", None), ("filter", "- *.txt")]),
    ("-cI", [("checksum", None), ("ignore-times", None)]),
    ("-cI=false", [("checksum", None), ("ignore-times", "false")]),
    ("-vv --verbose=2", [("verbose", None), ("verbose", None), ("verbose", "2")]),
    ("--size-only\n--update", [("size-only", None), ("update", None)]),
    ("--s3-might-gzip true", [("s3-might-gzip", "true")]),
    ("--dropbox-batch-commit-timeout 1s", [("dropbox-batch-commit-timeout", "1s")]),  # one that the help hides
]


@pytest.mark.parametrize(("args", "expected"), TAKEN)
def test_taken(args, expected, tmp_path):
    assert read(args) == expected
    assert parse(args).problem is None
    done = rclone(args, tmp_path)
    assert done.returncode == 0, done.stderr


NOT_UNDERSTOOD = [
    ("foo", "the word 'foo' is not an option"),
    ("--fast-list false", "the word 'false' is not an option"),
    ("--transfers = 8", "the word '8' is not an option"),
    ("''", "the word '' is not an option"),
    ("-", "the word '-' is not an option"),
    ("--", "the word '--' is not an option"),
    ("--exclude", "--exclude has no value, so rclone takes its command for it. Give one: --exclude=VALUE"),
    ("-f", "-f has no value, so rclone takes its command for it. Give one: -f VALUE"),
    ("--no-such-thing", "rclone has no option --no-such-thing. Leave it out"),
    ("--max_delete 5", "rclone has no option --max_delete. Do you mean --max-delete?"),
    ("--MAX-DELETE 5", "rclone has no option --MAX-DELETE. Do you mean --max-delete?"),
    (
        "\u2014fast-list",
        "the word '\u2014fast-list' begins with another dash than the hyphens that rclone knows. Write --fast-list",
    ),
    ("--checksum \u2013-fast-list", "the word '\u2013-fast-list' begins with another dash than the hyphens"),
    ("--exlude x", "rclone has no option --exlude. Do you mean --exclude?"),
    ("---checksum", "rclone has no option ---checksum. Do you mean --checksum?"),
    ("-checksum", "rclone has no option -checksum. Do you mean --checksum?"),
    ("-k", "rclone has no option -k. Leave it out"),
    ("--checksum=no", "--checksum is on or off, and 'no' is neither"),
    ("--checksum=", "--checksum is on or off, and '' is neither"),
]


@pytest.mark.parametrize(("args", "problem"), NOT_UNDERSTOOD)
def test_not_understood(args, problem, tmp_path):
    assert parse(args).problem.startswith(problem)
    done = rclone(args, tmp_path)
    assert done.returncode != 0 or "Usage:" in done.stdout


def test_a_flag_that_takes_the_next_flag_for_its_value():
    """rclone does not mind; nobody means it."""
    assert parse("--exclude --delete-excluded").problem == (
        "--exclude has no value, so rclone takes --delete-excluded for it. Give one: --exclude=VALUE"
    )


def test_a_value_behind_letters_in_one_word_is_looked_at_as_the_command(tmp_path):
    """rclone looks for its command before it reads what the letters mean: here it is `move`, and `lsf` the filter."""
    assert "-f needs its value in the same word" in parse("-vf move").problem
    assert 'malformed rule "lsf"' in rclone("-vf move", tmp_path).stderr


def test_what_comes_before_the_problem_is_read():
    line = parse("--s3-secret-access-key = hunter2")
    assert [one.spelled for one in line.given] == ["--s3-secret-access-key"]
    assert "hunter2" in line.problem  # so what is said first has to be about the flag: see the decisions


def test_quotes_that_do_not_end():
    assert parse("--exclude 'a").problem.startswith("its quotes cannot be read (No closing quotation). Close")
    assert "No escaped character" in parse("--exclude a\\").problem


def test_a_flag_of_the_command():
    (one,) = parse("--create-empty-src-dirs").given
    assert one.flag.kind.reason.startswith("rclone takes it behind its command only")


def test_off():
    off, on, other = parse("--checksum=f --checksum --exclude=false").given
    assert (off.off, on.off, other.off) == (True, False, False)
