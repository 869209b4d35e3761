# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read and write YAML whose values may have Ansible's own tags. PRIVATE to the collection. Pure.

A value with a tag, such as `!unsafe` or `!vault`, is kept as it is written: nothing evaluates it.
"""

from __future__ import annotations

from typing import Any

import yaml


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


TaggedLoader.add_constructor(None, _construct)
TaggedDumper.add_representer(Tagged, _represent)
