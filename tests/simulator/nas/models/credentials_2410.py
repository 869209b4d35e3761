# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cloud credentials as 24.10 has them: the provider's name, and its fields as `attributes`."""

from __future__ import annotations

import errno
from typing import Any

from simulator.nas.errors import ValidationErrors
from simulator.nas.models.base import NonEmpty, Secret, Text, literal, model, partial
from simulator.nas.models.legacy import Refused
from simulator.nas.models.legacy_providers import credential_schema
from simulator.nas.models.methods import Service, Spec, get_instance_params, query_params, query_result
from simulator.nas.models.providers import remotes_in

_RELEASE = "24.10"


def to_old(row: dict[str, Any]) -> dict[str, Any]:
    """A stored credential in this shape."""
    attributes = {name: value for name, value in row["provider"].items() if name != "type"}
    return {**row, "provider": row["provider"]["type"], "attributes": attributes}


def to_new(prefix: str, data: dict[str, Any]) -> dict[str, Any]:
    """What is stored, the attributes checked.

    :raises ValidationErrors: attributes that do not fit the provider
    """
    kind = data["provider"]
    if kind not in remotes_in(_RELEASE):
        raise ValidationErrors([(f"{prefix}.provider", "Invalid provider", errno.EINVAL)])
    path = f"{prefix}.attributes"
    schema = credential_schema(kind)
    try:
        attributes = schema.clean(data["attributes"], path)
        rows = schema.validate(attributes, path)
    except Refused as error:
        rows = error.rows
    if rows:
        raise ValidationErrors([(where, message, errno.EINVAL) for where, message in rows])
    rest = {name: value for name, value in data.items() if name != "attributes"}
    return {**rest, "provider": {"type": kind, **attributes}}


def methods() -> dict[str, Spec]:
    """`cloudsync.credentials.*` of 24.10."""
    service = Service("cloudsync.credentials", "CLOUD_SYNC")
    attributes = Secret[dict[str, Any]]
    kinds = literal(*sorted(remotes_in(_RELEASE)))
    create = model("CloudCredentialCreate", name=NonEmpty, provider=kinds, attributes=attributes)
    changes = partial(model("CloudCredentialUpdate", name=NonEmpty, provider=Text, attributes=attributes))
    verify = model("CloudCredentialVerify", provider=kinds, attributes=attributes)
    entry = model("CloudCredentialEntry", id=int, name=NonEmpty, provider=Text, attributes=attributes)
    rows = query_result(_RELEASE, entry)
    valid = model("CredentialVerify", valid=bool, error=(str | None, None), excerpt=(str | None, None))
    service.add("query", query_params(_RELEASE), rows, write=False, crud="query")
    service.add("get_instance", get_instance_params(_RELEASE), entry, write=False, crud="get_instance")
    service.add("create", {"cloud_sync_credentials_create": create}, entry, write=True, crud="create")
    # The answer to an update holds only what was sent, and the id.
    changed = partial(entry)
    service.add("update", {"id": int, "cloud_sync_credentials_update": changes}, changed, write=True, crud="update")
    service.add("delete", {"id": int}, bool, write=True, crud="delete")
    service.add("verify", {"cloud_sync_credentials_create": verify}, valid, write=True)
    return service.specs
