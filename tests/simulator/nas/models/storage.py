# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Directories and datasets, from 25.04 and 25.10: `filesystem.*`, `pool.dataset.*`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from simulator.nas.models.base import (
    ABSENT,
    Model,
    NonEmpty,
    Open,
    Text,
    at_least,
    listed,
    literal,
    model,
    one_of,
    partial,
    secret,
)
from simulator.nas.models.methods import Spec, get_instance_params, query_options, query_params, query_result

# Properties that are answered as a value with its raw text and its source.
DATASET_PROPERTIES = [
    "aclmode",
    "acltype",
    "atime",
    "available",
    "casesensitivity",
    "checksum",
    "comments",
    "compression",
    "compressratio",
    "copies",
    "creation",
    "deduplication",
    "encryption_algorithm",
    "exec",
    "key_format",
    "managedby",
    "origin",
    "pbkdf2iters",
    "quota",
    "quota_critical",
    "quota_warning",
    "readonly",
    "recordsize",
    "refquota",
    "refquota_critical",
    "refquota_warning",
    "refreservation",
    "reservation",
    "snapdev",
    "snapdir",
    "sparse",
    "special_small_block_size",
    "sync",
    "used",
    "usedbychildren",
    "usedbydataset",
    "usedbyrefreservation",
    "usedbysnapshots",
    "volblocksize",
    "volsize",
    "xattr",
]


def _check_mode(value: str) -> str:
    try:
        mode = int(value, 8)
    except ValueError:
        raise ValueError("Not a valid integer. Must be between 000 and 777") from None
    if mode & 0o777 != mode:
        raise ValueError("Please supply a value between 000 and 777")
    return value


UnixMode = Annotated[str, AfterValidator(_check_mode)]
Id = Annotated[int, Field(ge=-1, le=2147483647)]
FileType = Literal["DIRECTORY", "FILE", "SYMLINK", "OTHER"]
OnOff = Literal["ON", "OFF", "INHERIT"]
Percent = Annotated[int, Field(ge=0, le=100)] | Literal["INHERIT"]
Quota = Annotated[int, Field(ge=2**30)] | Literal[0, None]
ZfsAttributes = list[
    Literal[
        "READONLY", "HIDDEN", "SYSTEM", "ARCHIVE", "IMMUTABLE", "NOUNLINK", "APPENDONLY", "NODUMP", "OPAQUE",
        "AV_QUARANTINED", "AV_MODIFIED", "REPARSE", "OFFLINE", "SPARSE",
    ]
]  # fmt: skip
_LEVELS = {"GZIP": (1, 9), "ZSTD": tuple(range(1, 20)), "ZSTD-FAST": (*range(1, 11), *range(20, 101, 10), 500, 1000)}
Compression = literal(
    "ON", "OFF", "LZ4", "ZLE", "LZJB", "INHERIT", *_LEVELS,
    *(f"{name}-{level}" for name, levels in _LEVELS.items() for level in levels),
)  # fmt: skip
Checksum = Literal["ON", "OFF", "FLETCHER2", "FLETCHER4", "SHA256", "SHA512", "SKEIN", "EDONR", "BLAKE3", "INHERIT"]


class PropertyValue(Model):
    parsed: Any
    rawvalue: Text | None
    value: Text | None
    source: Text | None
    source_info: Any


class DatasetTierJob(Model):
    tier_job_id: NonEmpty
    dataset_name: NonEmpty
    job_uuid: NonEmpty
    status: Literal["COMPLETE", "RUNNING", "QUEUED", "CANCELLED", "STOPPED", "ERROR"]


class DatasetTier(Model):
    tier_type: Literal["REGULAR", "PERFORMANCE"]
    tier_job: DatasetTierJob | None = None


class UserProperty(Model):
    key: Annotated[Text, Field(pattern=".*:.*")]
    value: Text


def _statx_attributes(release: str) -> Any:
    names = ["COMPRESSED", "APPEND", "NODUMP", "IMMUTABLE", "AUTOMOUNT", "MOUNT_ROOT", "VERIFY", "DAX"]
    if at_least(release, "27.0"):
        names.append("ENCRYPTED")
    return listed(literal(*names))


def filesystem_methods(release: str) -> dict[str, Spec]:
    """`filesystem.*` of 25.04 and later."""
    newest = at_least(release, "27.0")
    maybe = (lambda kind: kind | None) if newest else (lambda kind: kind)
    attributes = _statx_attributes(release)
    entry = model(
        "FilesystemDirEntry",
        name=NonEmpty,
        path=NonEmpty,
        realpath=maybe(NonEmpty),
        type=FileType,
        size=int,
        allocation_size=int,
        mode=int,
        mount_id=int,
        acl=maybe(bool),
        uid=int,
        gid=int,
        is_mountpoint=bool,
        is_ctldir=maybe(bool),
        attributes=attributes,
        xattrs=maybe(list[NonEmpty]),
        zfs_attrs=ZfsAttributes | None,
    )
    listing = {
        "path": NonEmpty,
        "query_filters": (list[Any], []),
        "query_options": (query_options(release), {}),
    }
    mode = model("FilesystemMkdirOptions", mode=(UnixMode, "755"), raise_chmod_error=(bool, True))
    mkdir = model("FilesystemMkdir", path=NonEmpty, options=(mode, {}))
    flags = model("FilesystemSetpermOptions", **dict.fromkeys(("stripacl", "recursive", "traverse"), (bool, False)))
    setperm = model(
        "FilesystemSetperm",
        path=NonEmpty,
        uid=(Id | None, None),
        user=(NonEmpty | None, None),
        gid=(Id | None, None),
        group=(NonEmpty | None, None),
        mode=(UnixMode | None, None),
        options=(flags, {}),
    )
    flags_of_chown = model("FilesystemChownOptions", **dict.fromkeys(("recursive", "traverse"), (bool, False)))
    chown = model(
        "FilesystemChown",
        path=NonEmpty,
        uid=(Id | None, None),
        user=(NonEmpty | None, None),
        gid=(Id | None, None),
        group=(NonEmpty | None, None),
        options=(flags_of_chown, {}),
    )
    put = model("FilesystemPutOptions", append=(bool, False), mode=(int | None, None))
    return {
        "filesystem.get": Spec({"path": NonEmpty}, None, ("FULL_ADMIN",), job=True),
        "filesystem.put": Spec({"path": NonEmpty, "options": (put, {})}, Literal[True], ("FULL_ADMIN",), job=True),
        "filesystem.chown": Spec({"filesystem_chown": chown}, None, ("FILESYSTEM_ATTRS_WRITE",), job=True),
        "filesystem.listdir": Spec(
            listing, query_result(release, entry), ("FILESYSTEM_ATTRS_READ",), crud="query", result_name="ListdirResult"
        ),
        "filesystem.stat": Spec({"path": NonEmpty}, _stat(release), ("FILESYSTEM_ATTRS_READ",)),
        "filesystem.mkdir": Spec({"data" if newest else "filesystem_mkdir": mkdir}, entry, ("FILESYSTEM_DATA_WRITE",)),
        "filesystem.setperm": Spec({"filesystem_setperm": setperm}, None, ("FILESYSTEM_ATTRS_WRITE",), job=True),
    }


def _stat(release: str) -> type[BaseModel]:
    return model(
        "FilesystemStatData",
        realpath=NonEmpty,
        type=FileType,
        size=int,
        allocation_size=int,
        mode=int,
        uid=int,
        gid=int,
        atime=float,
        mtime=float,
        ctime=float,
        btime=float,
        mount_id=int,
        dev=int,
        inode=int,
        nlink=int,
        is_mountpoint=bool,
        is_ctldir=bool,
        attributes=_statx_attributes(release),
        user=NonEmpty | None,
        group=NonEmpty | None,
        acl=bool,
    )


def dataset_entry(release: str) -> type[BaseModel]:
    """A dataset as it is answered; the properties that it has depend on what was asked for."""
    fields: dict[str, Any] = dict.fromkeys(DATASET_PROPERTIES, PropertyValue)
    if release == "26.0":
        fields["tier"] = DatasetTier | None
    fields |= {
        "encrypted": bool,
        "encryption_root": Text | None,
        "key_loaded": bool | None,
        "children": list[Any],
        "user_properties": dict[str, Any],
        "mountpoint": Text | None,
        "locked": bool,
    }
    fields = {name: (kind, ABSENT) for name, kind in fields.items()}
    return model("PoolDatasetEntry", Open, id=Text, type=Text, name=Text, pool=Text, **fields)


def dataset_rows(release: str) -> Any:
    """What a query for datasets answers."""
    row = partial(dataset_entry(release), "PoolDatasetQueryResultItem", base=Open)
    return one_of(listed(row), row, int)


def dataset_methods(release: str) -> dict[str, Spec]:
    """`pool.dataset.*` of 25.10 and later."""
    entry = dataset_entry(release)
    rows = dataset_rows(release)
    create = one_of(_filesystem(release), _volume(release))
    return {
        "pool.dataset.query": Spec(
            query_params(release), rows, ("DATASET_READ",), crud="query", result_name="PoolDatasetQueryResult"
        ),
        "pool.dataset.get_instance": Spec(
            get_instance_params(release, Text), entry, ("DATASET_READ",), crud="get_instance"
        ),
        "pool.dataset.create": Spec({"data": create}, entry, ("DATASET_WRITE",), crud="create"),
        "pool.dataset.delete": Spec(
            {
                "id": Text,
                "options": (
                    model("PoolDatasetDeleteOptions", **dict.fromkeys(("recursive", "force"), (bool, False))),
                    {},
                ),
            },
            Literal[None, True],
            ("DATASET_DELETE",),
            crud="delete",
        ),
    }


def _common(release: str) -> dict[str, Any]:
    newer = at_least(release, "26.0")
    iterations = 1300000 if newer else 350000
    key = Annotated[str, Field(min_length=64, max_length=64)]
    encryption: dict[str, Any] = {
        "generate_key": (bool, False),
        "pbkdf2iters": (Annotated[int, Field(ge=1300000 if newer else 100000)], iterations),
        "passphrase": (secret(Annotated[Text, Field(min_length=8)] | None), None),
        "key": (secret(key | None), None),
    }
    if not newer:
        ciphers = Literal["AES-128-CCM", "AES-192-CCM", "AES-256-CCM", "AES-128-GCM", "AES-192-GCM", "AES-256-GCM"]
        encryption["algorithm"] = (ciphers, "AES-256-GCM")
    return {
        "name": NonEmpty,
        "comments": (Text, "INHERIT"),
        "sync": (Literal["STANDARD", "ALWAYS", "DISABLED", "INHERIT"], "INHERIT"),
        "snapdir": (Literal["DISABLED", "VISIBLE", "HIDDEN", "INHERIT"], "INHERIT"),
        "compression": (Compression, "INHERIT"),
        "exec": (OnOff, "INHERIT"),
        "managedby": (NonEmpty, "INHERIT"),
        "quota_warning": (Percent, "INHERIT"),
        "quota_critical": (Percent, "INHERIT"),
        "refquota_warning": (Percent, "INHERIT"),
        "refquota_critical": (Percent, "INHERIT"),
        "deduplication": (Literal["ON", "VERIFY", "OFF", "INHERIT"], "INHERIT"),
        "checksum": (Checksum, "INHERIT"),
        "readonly": (OnOff, "INHERIT"),
        "share_type": (Literal["GENERIC", "MULTIPROTOCOL", "NFS", "SMB", "APPS"], "GENERIC"),
        "encryption_options": (model("PoolCreateEncryptionOptions", **encryption), {}),
        "encryption": (bool, False),
        "inherit_encryption": (bool, True),
        "user_properties": (list[UserProperty], []),
        "create_ancestors": (bool, False),
        "copies": (int | Literal["INHERIT"], "INHERIT"),
    }


_MORE = {
    "refreservation": (int, ABSENT),
    "reservation": (int, ABSENT),
    "special_small_block_size": (int | Literal["INHERIT"], ABSENT),
    "snapdev": (Literal["HIDDEN", "VISIBLE", "INHERIT"], ABSENT),
}


def _filesystem(release: str) -> type[BaseModel]:
    return model(
        "PoolDatasetCreateFilesystem",
        **_common(release),
        type=(Literal["FILESYSTEM"], "FILESYSTEM"),
        **_MORE,
        aclmode=(Literal["PASSTHROUGH", "RESTRICTED", "DISCARD", "INHERIT"], ABSENT),
        acltype=(Literal["OFF", "NFSV4", "POSIX", "INHERIT"], ABSENT),
        atime=(OnOff, ABSENT),
        casesensitivity=(Literal["SENSITIVE", "INSENSITIVE", "INHERIT"], ABSENT),
        quota=(Quota, ABSENT),
        refquota=(Quota, ABSENT),
        recordsize=(Text, ABSENT),
    )


def _volume(release: str) -> type[BaseModel]:
    blocks = Literal["512", "512B", "1K", "2K", "4K", "8K", "16K", "32K", "64K", "128K"]
    return model(
        "PoolDatasetCreateVolume",
        **_common(release),
        type=(Literal["VOLUME"], "VOLUME"),
        **_MORE,
        force_size=(bool, ABSENT),
        sparse=(bool, ABSENT),
        volsize=int,
        volblocksize=(blocks, ABSENT),
    )
