# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turn what is on a NAS into the options that make it. PRIVATE to the collection. Pure.

Only what differs from the NAS's defaults is exported. A secret becomes a placeholder, which means "leave it as it is"
when the export is given back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import credential_form, task_form
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.errors import VAULT_ME
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.providers import PROVIDERS
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN, public_address


def credential(entry: Mapping[str, Any], release: str) -> dict[str, Any]:
    """The options of `truenas_cloud_credential` for a credential as the API answers it."""
    kind = credential_form.type_of(entry)
    options: dict[str, Any] = {"name": entry["name"]}
    provider = PROVIDERS.get(kind)
    if provider is None:
        return options
    values = credential_form.current(entry, release)["provider"]
    options["unspecified"] = "default"  # what is left out below is part of what is exported
    fields: dict[str, Any] = {}
    for one in provider.fields_in(release):
        value = values.get(one.name)
        if value is None or (value == one.default and not one.required):
            continue
        if value == HIDDEN and (one.choices or one.type not in ("str", "raw")):
            # No placeholder fits. What is not given, and the name alone, are left as they are.
            options.pop("unspecified", None)
            if one.required:
                return options
            continue
        if one.secret or value == HIDDEN or (isinstance(value, str) and public_address(value) != value):
            value = VAULT_ME
        fields[one.name] = value
    options[provider.option] = fields
    return options


def task(entry: Mapping[str, Any], release: str) -> dict[str, Any]:
    """The options of `truenas_cloudsync_task` for a task as the API answers it."""
    provider = PROVIDERS.get(task_form.reference_of(entry["credentials"]).type or "")
    known = task_form.members(provider, release, given=entry["attributes"])
    form = task_form.current(entry, known)
    attributes = form.pop("attributes")
    dangerous = task_form.needs_agreement(form)
    options: dict[str, Any] = {"description": form.pop("description"), "credential": form.pop("credentials").name}
    options["unspecified"] = "default"  # what is left out below is part of what is exported
    for name, member in known.items():
        if name in form and form[name] != member.default:
            options[name] = VAULT_ME if member.secret else form[name]
    for name in ("bucket", "folder"):
        if name in attributes:
            options[name] = attributes.pop(name)
    parts = known["attributes"].parts(attributes)
    others = {
        name: value for name, value in attributes.items() if value != parts[name].default and not parts[name].secret
    }
    if others:
        options["attributes"] = others
    if dangerous:
        options["allow_deletes"] = True
    return options
