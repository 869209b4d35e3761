# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file of an export, as text. PRIVATE to the collection. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from ansible_collections.nasops.cloudsync.plugins.module_utils._printable import CONTROLS
from ansible_collections.nasops.cloudsync.plugins.plugin_utils._tagged_yaml import (
    UNSAFE,
    TaggedDumper,
    marked,
)

_HEADING = """\
---
# Read this file with vars_files, include_vars or -e @FILE, or in a lookup with the filter
# nasops.cloudsync.cloudsync_from_yaml. VAULT_ME stands for a secret that the NAS keeps.
# !unsafe keeps Ansible from evaluating a text that came from the NAS.
"""


class _Dumper(TaggedDumper):
    """Writes equal values out, each in its place, instead of referring to the first.

    A text with characters that control a terminal is quoted in the one way that has escapes for them.
    """

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_data(self, data: Any) -> yaml.Node:
        node = super().represent_data(data)
        if isinstance(node, yaml.ScalarNode) and CONTROLS.search(node.value):
            node.style = '"'
        return node


class _Loader(yaml.SafeLoader):
    """Reads a text with the tag `!unsafe` as the text that it is."""


def _text(loader: _Loader, node: yaml.ScalarNode) -> Any:
    return loader.construct_scalar(node)


_Loader.add_constructor(UNSAFE, _text)


def dump(export: Mapping[str, Any]) -> str:
    """The text of a file that holds the export."""
    text = yaml.dump(marked(export), Dumper=_Dumper, sort_keys=False, allow_unicode=True)
    return _HEADING + CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04X}", text)


def load(text: str) -> Any:
    """What such a file holds, with nothing in it evaluated.

    Raises:
        yaml.YAMLError: the text is not YAML, or has another tag, such as `!vault`.
    """
    return yaml.load(text, _Loader)  # noqa: S506  # a subclass of SafeLoader
