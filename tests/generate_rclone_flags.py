# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the table of rclone's flags from what rclone itself tells of them.

Run it with the paths of several rclone binaries, the newest last: a NAS may have an older rclone than the tests, so the
table holds the flags of all of them. Without a path it takes the one beside this Python and keeps the flags that are in
the table already.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "plugins/module_utils/_cloudsync/rclone_flag_table.py"
RCLONE = Path(sys.executable).with_name("rclone")

# `  -c, --checksum          Check ...` or `      --max-delete int   When ...`
_LINE = re.compile(r"^ {2,6}(?:-(\w), )?\s*--([\w-]+)(?: (\S+))?(?:\s{2,}|$)")
_COMMANDS = ("sync", "copy", "move", "lsjson")
_LOCAL = "local"  # its flags have no prefix, and the help hides none of them

HEAD = '''\
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of rclone's flags. PRIVATE to the collection. Made by tests/generate_rclone_flags.py: do not edit.

One line, or several, for each backend: its flags without the prefix that they share. The first lines, with no
prefix, are the flags of rclone itself.
"""

from __future__ import annotations

'''


def flags(rclone: Path) -> tuple[dict[str, bool], dict[str, str]]:
    """Return every flag that this rclone knows: whether it takes a value, by name; and its name, by short form.

    Flags that its help hides are known too: they are options of a backend that `config providers` tells of.
    """
    takes_value: dict[str, bool] = {}
    short: dict[str, str] = {}
    for backend in json.loads(_told(rclone, "config", "providers", "--config", "/dev/null")):
        if backend["Prefix"] != _LOCAL:
            for option in backend["Options"]:
                name = f"{backend['Prefix']}-{option['Name']}".replace("_", "-")
                takes_value[name] = not isinstance(option["Default"], bool)
    for letter, name, kind in _listed(_told(rclone, "help", "flags")):
        takes_value[name] = kind not in (None, "count")
        if letter:
            short[letter] = name
    for name in ("group", "name"):  # flags of the help itself
        takes_value.pop(name, None)
    return {**takes_value, "version": False}, {**short, "V": "version"}


def of_commands(rclone: Path) -> set[str]:
    """Return the flags that belong to one of the commands that a NAS uses."""
    found = set()
    for command in _COMMANDS:
        text = _told(rclone, command, "--help").partition("\nFlags:\n")[2].partition("\n\n")[0]
        found |= {name for _letter, name, _kind in _listed(text)}
    return found - {"help"}


def _told(rclone: Path, *words: str) -> str:
    return subprocess.run([str(rclone), *words], capture_output=True, check=True, text=True).stdout


def _listed(text: str) -> Iterable[tuple[str | None, str, str | None]]:
    for line in text.splitlines():
        if match := _LINE.match(line):
            yield match[1], match[2], match[3]


def table(takes_value: Mapping[str, bool], short: Mapping[str, str], commands: Iterable[str]) -> str:
    """Return the text of the table's file."""
    values = [name for name, value in takes_value.items() if value]
    switches = [name for name, value in takes_value.items() if not value]
    letters = "\n".join(f'    "{letter}": "{name}",' for letter, name in sorted(short.items()))
    return (
        f'{HEAD}WITH_VALUE = """\\\n{_lines(values, takes_value)}\n"""\n\n'
        f'SWITCHES = """\\\n{_lines(switches, takes_value)}\n"""\n\n'
        f"SHORT = {{\n{letters}\n}}\n\n"
        "# Flags of the commands: rclone knows them behind the command only, and arguments come before it.\n"
        f'OF_COMMANDS = """\\\n{_wrapped(sorted(set(commands)))}\n"""\n'
    )


def _lines(names: Iterable[str], all_names: Iterable[str]) -> str:
    prefixes = _prefixes(all_names)
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(set(names)):
        prefix, dash, rest = name.partition("-")
        if dash and prefix in prefixes:
            groups[prefix].append(rest)
        else:
            groups[""].append(name)
    return "\n".join(_wrapped(rests, f"{prefix}: ") for prefix, rests in sorted(groups.items()))


def _prefixes(names: Iterable[str]) -> set[str]:
    """Return the backends: every one has a flag for its description."""
    return {name.removesuffix("-description") for name in names if name.endswith("-description")} | {"rc", "metrics"}


def _wrapped(words: Iterable[str], start: str = "") -> str:
    # Another line begins with the prefix again, so that each line can be read by itself.
    lines = textwrap.TextWrapper(118, initial_indent=start, subsequent_indent=start, break_on_hyphens=False)
    return lines.fill(" ".join(words))


def main(paths: list[str]) -> None:
    sys.path.append(str(ROOT / ".cache/collections"))
    takes_value: dict[str, bool] = {}
    short: dict[str, str] = {}
    commands: set[str] = set()
    if not paths:
        from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import rclone_flags as present

        takes_value.update({name: flag.takes_value for name, flag in present.FLAGS.items()})
        commands.update(present.OF_COMMANDS)
    for rclone in map(Path, paths or [str(RCLONE)]):
        known: Any = flags(rclone)
        takes_value.update(known[0])
        short.update(known[1])
        commands |= of_commands(rclone)
    TABLE.write_text(table(takes_value, short, commands - takes_value.keys()))


if __name__ == "__main__":
    main(sys.argv[1:])
