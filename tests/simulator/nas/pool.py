# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods of `pool.dataset`."""

from __future__ import annotations

import errno
from typing import Any

from simulator.nas.errors import CallError, InstanceNotFound, ValidationErrors
from simulator.nas.filters import filter_list
from simulator.nas.service import Context, method
from simulator.nas.state import Row

# The attribute's prefix is the same in every release, also where the parameter has another name.
_PREFIX = "pool_dataset_create"


@method("pool.dataset.query")
async def query(ctx: Context, filters: list[Any], options: dict[str, Any]) -> Any:
    with_children = options.get("extra", {}).get("retrieve_children", True)
    rows = ctx.nas.datasets.table.all()
    return filter_list([_entry(ctx, row, rows if with_children else []) for row in rows], filters, options)


@method("pool.dataset.get_instance")
async def get_instance(ctx: Context, name: str, options: dict[str, Any]) -> dict[str, Any]:
    row = ctx.nas.datasets.table.find(name=name)
    if row is None:
        raise InstanceNotFound(f"PoolDataset {name} does not exist")
    return _entry(ctx, row, ctx.nas.datasets.table.all())


@method("pool.dataset.create")
async def create(ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
    name = data["name"]
    datasets = ctx.nas.datasets
    parents = _parents(name)
    missing = [parent for parent in parents if datasets.table.find(name=parent) is None]
    fault = None
    if "/" not in name:
        fault = "You need a full name, e.g. pool/newdataset"
    elif datasets.root.joinpath(name).exists():
        fault = f"Path {datasets.mountpoint(name)} already exists"
    elif parents[0] in missing:
        fault = f"Pool {parents[0]} does not exist"
    elif missing and not data.get("create_ancestors"):
        fault = f"Parent dataset {missing[-1]} does not exist"
    if fault is not None:
        raise ValidationErrors([(f"{_PREFIX}.name", fault, errno.EINVAL)])
    for parent in missing:
        datasets.create(parent)
    return _entry(ctx, datasets.create(name), [])


@method("pool.dataset.delete")
async def delete(ctx: Context, name: str, options: dict[str, Any]) -> bool:
    datasets = ctx.nas.datasets
    if datasets.table.find(name=name) is None:
        raise InstanceNotFound(f"PoolDataset {name} does not exist")
    if not options["recursive"] and any(row["name"].startswith(f"{name}/") for row in datasets.table.all()):
        text = f"Failed to delete dataset: cannot destroy {name!r}: filesystem has children"
        raise CallError(text, errno.ENOTEMPTY)
    datasets.destroy(name)
    return True


def _parents(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _entry(ctx: Context, row: Row, rows: list[Row]) -> dict[str, Any]:
    name = row["name"]
    return {
        "id": name,
        "type": "FILESYSTEM",
        "name": name,
        "pool": name.split("/")[0],
        "encrypted": row["locked"],
        "encryption_root": name if row["locked"] else None,
        "key_loaded": False,  # of one that is not encrypted; one that is encrypted is locked here
        "children": [
            _entry(ctx, child, rows)
            for child in rows
            if child["name"].startswith(f"{name}/") and "/" not in child["name"].removeprefix(f"{name}/")
        ],
        "mountpoint": ctx.nas.datasets.mountpoint(name),
        "locked": row["locked"],
        "readonly": _property("OFF", False),
        "atime": _property("OFF", False),
        "sync": _property("STANDARD", "standard"),
        "compression": _property("LZ4", "lz4"),
        "user_properties": {},
    }


def _property(value: str, parsed: Any) -> dict[str, Any]:
    return {
        "value": value,
        "rawvalue": value.lower(),
        "parsed": parsed,
        "source": "DEFAULT",
        "source_info": None,
    }
