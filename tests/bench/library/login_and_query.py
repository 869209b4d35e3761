# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for how modules for such APIs are usually built: each task logs in, and reads the full lists."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bench_bare import Session


def main() -> None:
    spec = {name: {"type": "str"} for name in ("api_url", "ca_path", "api_username", "description")}
    module = AnsibleModule(argument_spec={**spec, "api_key": {"type": "str", "no_log": True}}, supports_check_mode=True)
    wanted = module.params.pop("description")
    with Session(module.params) as session:
        session.call("cloudsync.credentials.query")
        found = [row for row in session.call("cloudsync.query") if row["description"] == wanted]
    module.exit_json(changed=not found)


if __name__ == "__main__":
    main()
