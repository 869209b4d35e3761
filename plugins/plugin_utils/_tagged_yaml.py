# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read and write YAML whose values may have Ansible's own tags. PRIVATE to the collection. Pure.

A value with a tag, such as `!unsafe` or `!vault`, is kept as it is written: nothing evaluates it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

UNSAFE = "!unsafe"
"""The tag of a text that Ansible must not evaluate, whatever it holds."""

_TEMPLATE_MARKS = ("{{", "{%", "{#")


class Tagged:
    """A value with a tag of its own."""

    def __init__(self, node: yaml.Node) -> None:
        self.node = node


class TaggedLoader(yaml.SafeLoader):
    """Reads values that have unknown tags as `Tagged`."""


class TaggedDumper(yaml.SafeDumper):
    """Writes `Tagged` values as they were read."""


def _construct(_loader: TaggedLoader, node: yaml.Node) -> Any:
    return Tagged(node)


def _represent(_dumper: TaggedDumper, value: Tagged) -> yaml.Node:
    return value.node


def marked(value: Any) -> Any:
    """The same structure with every text that Ansible would take for a template as `Tagged` by `!unsafe`.

    What comes from a NAS or a provider is data. Read back from a file of variables, an unmarked `{{` in it would be
    evaluated on the controller.
    """
    if isinstance(value, Mapping):
        return {_plain(str(name)): marked(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [marked(item) for item in value]
    if isinstance(value, str):
        text = _plain(value)
        return Tagged(yaml.ScalarNode(UNSAFE, text)) if any(one in text for one in _TEMPLATE_MARKS) else text
    return value


def _plain(text: str) -> str:
    """The text without what Ansible's own kinds of text add to it."""
    return str.__str__(text)


TaggedLoader.add_constructor(None, _construct)
TaggedDumper.add_representer(Tagged, _represent)
