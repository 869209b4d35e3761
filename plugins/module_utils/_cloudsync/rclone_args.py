# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments for rclone that stand in a task. PRIVATE to the collection. Pure."""

from __future__ import annotations

import itertools
import shlex


def options(args: str) -> list[tuple[str, str]]:
    """The options on a command line with their values; one without may get the next word as its value."""
    try:
        words = shlex.split(args)
    except ValueError:
        words = args.split()
    found = []
    for word, following in itertools.zip_longest(words, words[1:], fillvalue=""):
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            found.append((name.replace("_", "-"), value if equals else following.lstrip("-")))
        elif word.startswith("-"):
            letters, equals, value = word[1:].partition("=")
            found += [(letter, value) for letter in letters]
    return found


def decides_on_dry_run(args: str) -> str | None:
    """Say why these arguments cannot stand in a task, or return `None`.

    TrueNAS puts them behind its own --dry-run, and for rclone the last one counts: --dry-run=false would turn a dry run
    into a run, and --dry-run every run into a dry run.
    """
    if any(name in ("dry-run", "n") for name, _value in options(args)):
        return (
            "args: --dry-run (-n) must not stand there: it would turn the dry runs that keep files from being deleted "
            "into runs, or runs into dry runs. Leave it out, and use truenas_cloudsync_run with action: dry_run"
        )
    return None
