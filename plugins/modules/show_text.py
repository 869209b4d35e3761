# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: show_text
short_description: Show text on the terminal unchanged
version_added: 1.0.0
description:
  - Shows lines of text without quotes and escapes, so that columns stay aligned.
author:
  - The nasops.cloudsync authors (@nasops)
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.info_module
  - nasops.cloudsync._attributes.controller
options:
  text:
    description:
      - The text.
    type: str
    required: true
seealso:
  - plugin: nasops.cloudsync.cloudsync_status_table
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show two columns
  nasops.cloudsync.show_text:
    text: |
      NAME    SIZE
      photos  12.3 GiB
"""

RETURN = r"""#"""
