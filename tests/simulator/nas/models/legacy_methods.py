# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Methods in the older schema language: cloud sync tasks, jobs, datasets, the system; in 24.10 nearly everything."""

from __future__ import annotations

from typing import Any

from simulator.nas.models import account, auth, core, cron, storage
from simulator.nas.models.base import ABSENT, Date, Secret, Text, extend, listed, model
from simulator.nas.models.legacy import Bool, Cron, Dict, Int, List, OneOf, Schema, Str
from simulator.nas.models.methods import Crud, Spec, check_filters, query_result

_LONG = 2**31 - 1
_KEYCHAIN = ("create", "delete", "get_instance")


def _spec(*params: Schema, result: Any = Any, roles: str = "", crud: Crud | None = None, **more: Any) -> Spec:
    if roles:
        more["secrets_role"] = roles.removesuffix("_READ").removesuffix("_WRITE") + "_WRITE"
    return Spec({one.name: one for one in params}, result, (roles,) if roles else (), crud=crud, **more)


def _check_filters(value: list[Any]) -> str | None:
    try:
        check_filters(value)
    except ValueError as error:
        return str(error)
    return None


def _query_options(name: str, *, force: bool = False) -> Dict:
    members = (
        Bool("relationships", default=True),
        Str("extend", null=True, default=None),
        Str("extend_context", null=True, default=None),
        Str("prefix", null=True, default=None),
        Dict("extra", open=True, default={}),
        List("order_by", default=[]),
        List("select", default=[]),
        Bool("count", default=False),
        Bool("get", default=False),
        Int("offset", default=0),
        Int("limit", default=0),
        Bool("force_sql_filters", default=force),
    )
    return Dict(name, members=members)


def _query_params() -> tuple[Schema, Schema]:
    return List("query-filters", default=[], check=_check_filters), _query_options("query-options")


def _instance_params(key: Schema) -> tuple[Schema, Schema]:
    return key, _query_options("query-options-get_instance", force=True)


def _task_members() -> tuple[Schema, ...]:
    limit = Dict(
        "cloud_sync_bwlimit", members=(Str("time", check=cron.check_time), Int("bandwidth", null=True, least=1))
    )
    return (
        Str("description", default=""),
        Str("path", required=True),
        Int("credentials", required=True),
        Bool("encryption", default=False),
        Bool("filename_encryption", default=False),
        Str("encryption_password", default="", secret=True),
        Str("encryption_salt", default=""),
        Cron("schedule", default={}),
        Bool("follow_symlinks", default=False),
        Int("transfers", null=True, default=None, least=1),
        List("bwlimit", default=[], item=limit),
        List("include", default=[], item=Str("path", empty=False)),
        List("exclude", default=[], item=Str("path", empty=False)),
        Dict("attributes", open=True, default={}),
        Bool("snapshot", default=False),
        Str("pre_script", default="", max_length=_LONG),
        Str("post_script", default="", max_length=_LONG),
        Str("args", default="", max_length=_LONG),
        Bool("enabled", default=True),
        Str("direction", required=True, choices=("PUSH", "PULL")),
        Str("transfer_mode", required=True, choices=("SYNC", "COPY", "MOVE")),
        Bool("create_empty_src_dirs", default=False),
    )


def _task_entry(release: str, *, update: bool = False) -> Dict:
    hidden = "attributes" if release == "24.10" else "provider"
    replaced: dict[str, Schema] = {
        "credentials": Dict("credentials", open=True, members=(Schema(hidden, secret=True),), update=True)
    }
    members = tuple(replaced.get(one.name, one) for one in _task_members())
    more = (Int("id"), Schema("job", null=True), Bool("locked", null=update))
    return Dict("cloud_sync_entry", members=members + more, update=update)


def task_methods(release: str) -> dict[str, Spec]:
    """`cloudsync.*` of 24.10 and 25.04, credentials aside."""
    read, write = "CLOUD_SYNC_READ", "CLOUD_SYNC_WRITE"
    number = Int("id")
    entry, row = _task_entry(release), _task_entry(release, update=True)
    rows = OneOf("result", schemas=(List("rows", item=row), row, Int("count")))
    options = (Bool("dry_run", default=False),)
    listing = Dict(
        "cloud_sync_ls",
        members=(
            Int("credentials", required=True),
            Bool("encryption", default=False),
            Bool("filename_encryption", default=False),
            Str("encryption_password", default=""),
            Str("encryption_salt", default=""),
            Dict("attributes", open=True, default={}),
            Str("args", default=""),
        ),
    )
    restore = Dict(
        "cloud_sync_restore",
        members=(
            Str("description"),
            Str("transfer_mode", required=True, choices=("SYNC", "COPY")),
            Str("path", required=True),
        ),
    )
    create = Dict("cloud_sync_create", members=_task_members())
    changes = Dict("cloud_sync_update", members=_task_members(), update=True)
    onetime = Dict("cloud_sync_sync_onetime", members=_task_members())
    onetime_options = Dict("cloud_sync_sync_onetime_options", members=options)
    specs = {
        "query": _spec(*_query_params(), result=rows, roles=read, crud="query"),
        "get_instance": _spec(*_instance_params(Int("id")), result=entry, roles=read, crud="get_instance"),
        "create": _spec(create, result=entry, roles=write, crud="create"),
        "update": _spec(number, changes, result=entry, roles=write, crud="update"),
        "delete": _spec(number, result=Bool("result"), roles=write, crud="delete"),
        "restore": _spec(number, restore, result=entry, roles=write),
        "providers": _spec(roles=read),
        "list_directory": _spec(listing, roles=write),
        "list_buckets": _spec(Int("credentials_id"), roles=write),
        "create_bucket": _spec(Int("credentials_id"), Str("name"), roles=write),
        "abort": _spec(number, roles=write),
        "sync": _spec(number, Dict("cloud_sync_sync_options", members=options), roles=write, job=True),
        "sync_onetime": _spec(onetime, onetime_options, roles=write, job=True),
    }
    return {f"cloudsync.{name}": spec for name, spec in specs.items()}


def common_methods(release: str) -> dict[str, Spec]:
    """Jobs, datasets and the system in 24.10 and 25.04."""
    jobs = query_result(release, core.job_entry(release))
    dataset = storage.dataset_entry(release)
    system = core.system_methods("25.10")
    return {
        "core.get_jobs": _spec(*_query_params(), result=jobs, crud="query"),
        "core.job_abort": _spec(Int("id")),
        "core.download": _spec(
            Str("method"), List("args", default=[]), Str("filename"), Bool("buffered", default=False)
        ),
        "core.job_download_logs": _spec(Int("id"), Str("filename"), Bool("buffered", default=False)),
        "core.job_wait": _spec(Int("id"), job=True),
        "pool.dataset.query": _spec(
            *_query_params(), result=storage.dataset_rows(release), roles="DATASET_READ", crud="query"
        ),
        "pool.dataset.get_instance": _spec(
            *_instance_params(Str("id")), result=dataset, roles="DATASET_READ", crud="get_instance"
        ),
        "pool.dataset.create": _spec(_dataset_create(), result=dataset, roles="DATASET_WRITE", crud="create"),
        "pool.dataset.delete": storage.dataset_methods("25.10")["pool.dataset.delete"],
        "system.info": system["system.info"],
        "system.version": system["system.version"],
    }


def _dataset_create() -> Dict:
    inherited = (
        "comments", "sync", "snapdir", "compression", "exec", "managedby", "deduplication", "checksum", "readonly",
    )  # fmt: skip
    numbers = ("quota_warning", "quota_critical", "refquota_warning", "refquota_critical", "copies")
    absent_texts = ("snapdev", "aclmode", "acltype", "atime", "casesensitivity", "recordsize", "volblocksize")
    absent_numbers = ("refreservation", "reservation", "volsize", "quota", "refquota")
    user_property = Dict("user_property", members=(Str("key", required=True, pattern=":"), Str("value", required=True)))
    encryption = Dict(
        "encryption_options",
        default={},
        members=(
            Bool("generate_key", default=False),
            Int("pbkdf2iters", default=350000, least=100000),
            Str("algorithm", default="AES-256-GCM"),
            Str("passphrase", null=True, default=None, secret=True),
            Str("key", null=True, default=None, secret=True),
        ),
    )
    members: tuple[Schema, ...] = (
        Str("name", required=True),
        Str("type", default="FILESYSTEM", choices=("FILESYSTEM", "VOLUME")),
        *(Str(name, default="INHERIT") for name in inherited),
        *(OneOf(name, default="INHERIT", schemas=(Int(name), Str(name))) for name in numbers),
        *(Str(name) for name in absent_texts),
        *(Int(name, null=True) for name in absent_numbers),
        OneOf("special_small_block_size", schemas=(Int("size"), Str("size"))),
        *(Bool(name) for name in ("force_size", "sparse")),
        *(Bool(name, default=default) for name, default in (("encryption", False), ("inherit_encryption", True))),
        Bool("create_ancestors", default=False),
        Str("share_type", default="GENERIC", choices=("GENERIC", "MULTIPROTOCOL", "NFS", "SMB", "APPS")),
        List("user_properties", default=[], item=user_property),
        encryption,
    )
    return Dict("pool_dataset_create", members=members)


def methods_2410() -> dict[str, Spec]:
    """What is left of 24.10: sessions, accounts, directories. Its answers have the form of 25.04's."""
    anonymous: dict[str, Any] = {"authentication_required": False}
    directory = storage.filesystem_methods("25.04")
    accounts = account.account_methods("25.04")
    flags = tuple(Bool(name, default=False) for name in ("stripacl", "recursive", "traverse"))
    limits: dict[str, Any] = {"null": True, "default": None, "least": -1, "most": 2147483647}
    setperm = Dict(
        "filesystem_permission",
        members=(
            Str("path", required=True),
            Str("mode", null=True, default=ABSENT),
            Int("uid", **limits),
            Int("gid", **limits),
            Dict("options", default={}, members=flags),
        ),
    )
    chown = Dict(
        "filesystem_ownership",
        members=(
            Str("path", required=True),
            Int("uid", **limits),
            Int("gid", **limits),
            Dict("options", default={}, members=flags[1:]),
        ),
    )
    mode = (Str("mode", default="755"), Bool("raise_chmod_error", default=True))
    mkdir = Dict("filesystem_mkdir", members=(Str("path"), Dict("options", default={}, members=mode)))
    rules = List("allowlist", default=[], item=Dict("allowlist_item", members=(
        Str("method", required=True, choices=("GET", "POST", "PUT", "DELETE", "CALL", "SUBSCRIBE", "*")),
        Str("resource", required=True),
    )))  # fmt: skip
    required_rules = List("allowlist", required=True, item=rules.item)
    privilege = Dict(
        "privilege_create",
        members=(
            Int("id"),
            Str("name", required=True, empty=False),
            List("local_groups", default=[], item=Int("group")),
            List("ds_groups", default=[], item=OneOf("group", schemas=(Int("group"), Str("group")))),
            rules,
            List("roles", default=[], item=Str("role")),
            Bool("web_shell", required=True),
        ),
    )
    privileges = extend(account.privilege_entry("24.10"), "PrivilegeEntry", allowlist=(listed(account.AllowRule), []))
    key = Dict("api_key_create", members=(Str("name", required=True, empty=False, max_length=200), required_rules))
    token = (
        Int("ttl", null=True, default=600),
        Dict("attrs", open=True),
        Bool("match_origin", default=True),
    )
    attrs = "FILESYSTEM_ATTRS"
    return {
        "alert.list": core.system_methods("25.04")["alert.list"],
        "api_key.create": _spec(key, result=_key_entry(), crud="create"),
        "auth.generate_token": _spec(*token, **anonymous),
        "auth.login": _spec(
            Str("username"),
            Str("password", secret=True),
            Str("otp_token", null=True, default=None, secret=True),
            **anonymous,
        ),
        "auth.login_with_api_key": _spec(Str("api_key", secret=True), **anonymous),
        "auth.login_with_token": _spec(Str("token", secret=True), **anonymous),
        "auth.logout": _spec(),
        "auth.me": _spec(result=auth.AuthUserInfo),
        "core.ping": _spec(),
        "filesystem.get": _spec(Str("path"), roles="FULL_ADMIN", job=True),
        "filesystem.put": _spec(
            Str("path"),
            Dict("options", default={}, members=(Bool("append", default=False), Int("mode"))),
            roles="FULL_ADMIN",
            job=True,
        ),
        "filesystem.chown": _spec(chown, roles=f"{attrs}_WRITE", job=True),
        "filesystem.listdir": _spec(
            Str("path"), *_query_params(), result=directory["filesystem.listdir"].result, roles=f"{attrs}_READ"
        ),
        "filesystem.stat": _spec(Str("path"), result=directory["filesystem.stat"].result, roles=f"{attrs}_READ"),
        "filesystem.mkdir": _spec(mkdir, result=directory["filesystem.mkdir"].result, roles="FILESYSTEM_DATA_WRITE"),
        "filesystem.setperm": _spec(setperm, roles=f"{attrs}_WRITE", job=True),
        "keychaincredential.query": _spec(
            *_query_params(),
            result=accounts["keychaincredential.query"].result,
            roles="KEYCHAIN_CREDENTIAL_READ",
            crud="query",
        ),
        **{f"keychaincredential.{name}": accounts[f"keychaincredential.{name}"] for name in _KEYCHAIN},
        "privilege.create": _spec(privilege, result=privileges, crud="create"),
        "privilege.query": _spec(*_query_params(), result=query_result("24.10", privileges), crud="query"),
    }


def _key_entry() -> Any:
    rules = listed(account.AllowRule)
    return model("ApiKeyEntry", id=int, name=Text, key=Secret[Text], created_at=Date, allowlist=rules)
