# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the documentation of the provider options from the provider table.

Run it after a change of the table; with `--check` it only tells, by its exit code, whether the file is stale.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
FRAGMENT = ROOT / "plugins/doc_fragments/_providers.py"
sys.path.append(str(ROOT / ".cache/collections"))  # when not run by pytest, which has it from its configuration

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import providers as table  # noqa: E402

HEAD = '''\
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: the options of the providers. Made by tests/generate_fragments.py: do not edit."""

from __future__ import annotations


class ModuleDocFragment:
'''


class Dumper(yaml.SafeDumper):
    """YAML as Ansible's documentation has it: lists indented, no references."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def fragment() -> str:
    """Return the text of the fragment file."""
    parts = {
        "DOCUMENTATION": {one.option: provider_option(one) for one in table.PROVIDERS.values()},
        "TASK_ATTRIBUTES": {"attributes": attributes_option()},
    }
    return HEAD + "\n".join(
        f'    {name} = r"""\n'
        + yaml.dump({"options": options}, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)
        + '"""\n'
        for name, options in parts.items()
    )


def provider_option(provider: table.Provider) -> dict[str, Any]:
    """Return the documentation of the option that holds a provider's fields."""
    description = [f"A credential for {provider.title}.", *provider.description, *lifetime(provider)]
    if provider.read_only:
        description.append("Tasks with it can only pull.")
    return {
        "description": description,
        "type": "dict",
        "suboptions": {one.name: suboption(provider, one) for one in provider.fields},
    }


def suboption(provider: table.Provider, one: table.Field) -> dict[str, Any]:
    """Return the documentation of one field; keys are left out where the argument spec leaves them out."""
    description = [*one.description, *default(one), *lifetime(one)]
    if one.name in provider.refreshed:
        description.append("TrueNAS renews it by itself after every run of a task. This does not count as a change.")
    result: dict[str, Any] = {"description": description, "type": one.type}
    if one.required and not one.nullable:
        result["required"] = True
    if one.choices:
        result["choices"] = list(one.choices)
    if one.aliases:
        result["aliases"] = list(one.aliases)
    return result


def attributes_option() -> dict[str, Any]:
    """Return the documentation of the provider's own options of a task."""
    description = [
        "The options that the provider of O(credential) has for its tasks, beside O(folder) and O(bucket).",
        "What is not given is left alone, or gets TrueNAS's own default in a new task.",
    ]
    takers: dict[table.Field, list[str]] = {}
    for provider in table.PROVIDERS.values():
        for one in provider.task_attributes:
            takers.setdefault(one, []).append(provider.title)
    for one, titles in takers.items():
        accepted = [f"One of {', '.join(f'V({choice})' for choice in one.choices if choice)}."] if one.choices else []
        sentences = [*one.description, *accepted, *default(one)]
        description.append(f"C({one.name}) ({one.type}), for {', '.join(titles)}. {' '.join(sentences)}")
    return {"description": description, "type": "dict"}


def default(one: table.Field) -> list[str]:
    """Say what TrueNAS fills in, where that is not just nothing."""
    if one.default in (None, ""):
        return []
    shown = str(one.default).lower() if isinstance(one.default, bool) else one.default
    return [f"TrueNAS's default is V({shown})."]


def lifetime(thing: table.Field | table.Provider) -> list[str]:
    """Say which releases know it, where not all do."""
    if thing.since and thing.until:
        return [f"Only for TrueNAS {thing.since} to {thing.until}."]
    if thing.since:
        return [f"Needs TrueNAS {thing.since} or later."]
    if thing.until:
        return [f"Only up to TrueNAS {thing.until}."]
    return []


def main(arguments: list[str]) -> str | None:
    """Write the fragment, or with `--check` say what is wrong with the one that is there."""
    if arguments == ["--check"]:
        current = FRAGMENT.read_text(encoding="utf-8") if FRAGMENT.exists() else None
        return None if current == fragment() else f"{FRAGMENT} is stale: run tests/generate_fragments.py"
    if arguments:
        return "usage: generate_fragments.py [--check]"
    FRAGMENT.parent.mkdir(exist_ok=True)
    FRAGMENT.write_text(fragment(), encoding="utf-8")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
