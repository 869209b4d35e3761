# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's attributes, once its provider is known."""

from __future__ import annotations

import errno
from typing import Any

from pydantic import ValidationError

from simulator.nas.models import legacy_providers
from simulator.nas.models.base import at_least, dump
from simulator.nas.models.legacy import Refused
from simulator.nas.models.providers import attribute_models, remotes_in

Rows = list[tuple[str | None, str, int]]


def check_attributes(
    release: str, prefix: str, provider_type: str, attributes: dict[str, Any]
) -> tuple[dict[str, Any], Rows]:
    """The attributes with defaults filled in, and what is wrong with them.

    :param prefix: the parameter's name
    """
    path = f"{prefix}.attributes"
    remotes_in(release)[provider_type]  # a type that only its model knows crashes, as it does there
    if not at_least(release, "25.10"):
        schema = legacy_providers.attributes_schema(release, provider_type)
        try:
            cleaned = schema.clean(attributes, path)
        except Refused as error:
            return attributes, [(where, message, errno.EINVAL) for where, message in error.rows]
        return cleaned, [(where, message, errno.EINVAL) for where, message in schema.validate(cleaned, path)]
    try:
        return dump(attribute_models(release)[provider_type].model_validate(attributes)), []
    except ValidationError as error:
        return attributes, [
            (".".join([path, *map(str, one["loc"])]), one["msg"], errno.EINVAL)
            for one in error.errors(include_url=False)
        ]


def task_schema(release: str, provider_type: str) -> list[dict[str, Any]]:
    """The attributes as `cloudsync.providers` lists them."""
    if not at_least(release, "25.10"):
        return legacy_providers.task_schema(release, provider_type)
    names = attribute_models(release)[provider_type].model_fields
    return [{"property": f"{provider_type.lower()}_{name}" if name == "chunk_size" else name} for name in names]
