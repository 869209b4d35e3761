# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cloudsync_sentence
short_description: Describe what a run of a cloud sync task did in one sentence
version_added: 1.1.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Takes what M(nasops.cloudsync.truenas_cloudsync_run) returned, of a run or of a dry run. The text has no control
    characters. It is empty for a run that was not waited for.
options:
  _input:
    description:
      - What the module returned.
    type: dict
    required: true
seealso:
  - module: nasops.cloudsync.truenas_cloudsync_run
"""

EXAMPLES = r"""
- name: Show what the run did
  ansible.builtin.debug:
    msg: "{{ photos_run | nasops.cloudsync.cloudsync_sentence }}"
  # copied 12 (46.0 MiB) and deleted 0
"""

RETURN = r"""
_value:
  description: The sentence.
  type: str
  sample: copied 12 (46.0 MiB) and deleted 0
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.plugin_utils._status.sentences import sentence


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cloudsync_sentence": sentence}
