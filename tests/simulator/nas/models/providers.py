# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cloud providers, release by release: credential fields, task attributes, and what their remotes can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from simulator.nas.models.base import (
    HttpsUrl,
    HttpUrl,
    Model,
    NonEmpty,
    Text,
    UrlOrEmpty,
    at_least,
    literal,
    long_non_empty,
    model,
    one_of,
    partial,
    secret,
)

REQUIRED = object()
LONG = object()  # stands for the release's own kind of long text


@dataclass(frozen=True)
class F:
    """A field of a credential or of a task's attributes.

    :param old_default: whether 24.10 fills the default in, too
    :param visible: shown to accounts that may only read
    """

    type: Any
    default: Any = REQUIRED
    visible: bool = False
    since: str = "24.10"
    until: str = "27.0"
    old_default: bool = True

    def there_in(self, release: str) -> bool:
        return at_least(release, self.since) and at_least(self.until, release)


Fields = Mapping[str, F | tuple[F, ...]]


@dataclass(frozen=True)
class Remote:
    """A provider as the middleware knows it."""

    title: str
    rclone_type: str
    credential: Fields
    attributes: Fields
    bucket_title: str | None = None  # None: there are no buckets
    can_create_bucket: bool = False
    read_only: bool = False
    refreshed: tuple[str, ...] = ()
    oauth_page: str | None = None
    since: str = "24.10"
    until: str = "27.0"


AzureAccount = Annotated[NonEmpty, Field(pattern=r"^[A-Za-z0-9\-.]+$")]
StorageClass = Literal[
    "",
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "GLACIER_IR",
    "DEEP_ARCHIVE",
]
OLD_STORAGE_CLASSES = tuple(name for name in get_args(StorageClass) if name != "GLACIER_IR")

_OAUTH = {"client_id": F(Text, ""), "client_secret": F(Text, ""), "token": F(LONG)}
_KEYS = {"access_key_id": F(NonEmpty), "secret_access_key": F(NonEmpty)}
_FOLDER = {"folder": F(Text)}
_FAST = {"fast_list": F(bool, False)}
_BUCKET = {"bucket": F(NonEmpty)} | _FOLDER | _FAST
_PAGE = "https://www.truenas.com/oauth/"
_TOKEN = ("token",)

REMOTES: dict[str, Remote] = {
    "AZUREBLOB": Remote(
        "Microsoft Azure Blob Storage",
        "azureblob",
        {
            "account": F(AzureAccount),
            "key": F(NonEmpty),
            "endpoint": F(UrlOrEmpty, ""),
        },
        _BUCKET,
        bucket_title="Container",
    ),
    "B2": Remote(
        "Backblaze B2",
        "b2",
        {"account": F(NonEmpty), "key": F(NonEmpty)},
        _BUCKET | {"chunk_size": F(int, 96)},
        bucket_title="Bucket",
    ),
    "BOX": Remote("Box", "box", _OAUTH, _FOLDER, refreshed=_TOKEN, oauth_page=_PAGE + "box"),
    "DROPBOX": Remote("Dropbox", "dropbox", _OAUTH, _FOLDER | {"chunk_size": F(int, 48)}, oauth_page=_PAGE + "dropbox"),
    "FTP": Remote(
        "FTP",
        "ftp",
        {"host": F(NonEmpty), "port": F(int, 21, old_default=False), "user": F(NonEmpty), "pass": F(Text)},
        _FOLDER,
    ),
    "GOOGLE_CLOUD_STORAGE": Remote(
        "Google Cloud Storage",
        "google cloud storage",
        {"service_account_credentials": F(LONG)},
        _BUCKET | {"bucket_policy_only": F(bool, False)},
        bucket_title="Bucket",
    ),
    "GOOGLE_DRIVE": Remote(
        "Google Drive",
        "drive",
        _OAUTH | {"team_drive": F(Text, "", old_default=False)},
        _FOLDER | _FAST | {"acknowledge_abuse": F(bool, False)},
        refreshed=_TOKEN,
        oauth_page=_PAGE + "google_drive",
    ),
    "GOOGLE_PHOTOS": Remote("Google Photos", "googlephotos", _OAUTH, _FOLDER, refreshed=_TOKEN),
    "HTTP": Remote("HTTP", "http", {"url": F(HttpUrl)}, _FOLDER, read_only=True),
    "HUBIC": Remote("Hubic", "hubic", {"token": F(LONG)}, _BUCKET, bucket_title="Container"),
    "MEGA": Remote("Mega", "mega", {"user": F(NonEmpty), "pass": F(NonEmpty)}, _FOLDER),
    "ONEDRIVE": Remote(
        "Microsoft OneDrive",
        "onedrive",
        _OAUTH | {"drive_type": F(Literal["PERSONAL", "BUSINESS", "DOCUMENT_LIBRARY"]), "drive_id": F(Text)},
        _FOLDER,
        refreshed=_TOKEN,
        oauth_page=_PAGE + "onedrive",
        since="25.04",
    ),
    "PCLOUD": Remote(
        "pCloud",
        "pcloud",
        _OAUTH | {"hostname": F(Text, "", old_default=False)},
        _FOLDER,
        refreshed=_TOKEN,
        oauth_page=_PAGE + "pcloud2",
    ),
    "S3": Remote(
        "Amazon S3",
        "s3",
        _KEYS
        | {
            "endpoint": (
                F(Text, "", until="24.10"),
                F(Text, "", visible=True, since="25.04", until="25.04"),
                F(UrlOrEmpty, "", visible=True, since="25.10"),
            ),
            "region": F(Text, ""),
            "skip_region": F(bool, False),
            "signatures_v2": F(bool, False),
            "max_upload_parts": F(int, 10000),
            "provider": F(Text, "Other", visible=True, since="26.0"),
            "force_path_style": F(bool, True, visible=True, since="26.0"),
            "sign_accept_encoding": F(bool, True, visible=True, since="26.0"),
        },
        _BUCKET
        | {
            "region": F(Text, ""),
            "encryption": F(Literal[None, "AES256"], None),
            "storage_class": F(StorageClass, "", old_default=False),
        },
        bucket_title="Bucket",
    ),
    "SFTP": Remote(
        "SFTP",
        "sftp",
        {
            "host": F(NonEmpty),
            "port": F(int, 22, old_default=False),
            "user": F(NonEmpty),
            "pass": F(Text | None, None, old_default=False),
            "private_key": F(int | None, None, old_default=False),
        },
        _FOLDER,
    ),
    "STORJ_IX": Remote(
        "Storj",
        "s3",
        _KEYS | {"endpoint": F(HttpsUrl, "https://gateway.storjshare.io/", visible=True, since="25.04")},
        _BUCKET,
        bucket_title="Bucket",
        can_create_bucket=True,
    ),
    "OPENSTACK_SWIFT": Remote(
        "OpenStack Swift",
        "swift",
        {"user": F(NonEmpty), "key": F(NonEmpty), "auth": F(NonEmpty)}
        | dict.fromkeys(
            (
                "user_id",
                "domain",
                "tenant",
                "tenant_id",
                "tenant_domain",
                "region",
                "storage_url",
                "auth_token",
                "application_credential_id",
                "application_credential_name",
                "application_credential_secret",
            ),
            F(Text, ""),
        )
        | {
            "auth_version": F(Literal[0, 1, 2, 3] | None, old_default=False),
            "endpoint_type": F(Literal["public", "internal", "admin"] | None, old_default=False),
        },
        _BUCKET,
        bucket_title="Container",
    ),
    "WEBDAV": Remote(
        "WebDAV",
        "webdav",
        {
            "url": F(HttpUrl),
            "vendor": F(Literal["NEXTCLOUD", "OWNCLOUD", "SHAREPOINT", "OTHER"]),
            "user": F(Text),
            "pass": F(Text),
        },
        _FOLDER,
    ),
    "YANDEX": Remote("Yandex", "yandex", _OAUTH, _FOLDER | _FAST, refreshed=_TOKEN, oauth_page=_PAGE + "yandex"),
}

# MEGA had a remote until 25.04.1; from 25.10 its credential model is back, but nothing implements it.
_NO_MODEL = {("MEGA", "25.04")}
_NO_REMOTE = {("MEGA", release) for release in ("25.04", "25.10", "26.0", "27.0")}


def fields_in(release: str, fields: Fields) -> dict[str, F]:
    """The fields that a release has, each as that release has it."""
    found = {}
    for name, variants in fields.items():
        for field in variants if isinstance(variants, tuple) else (variants,):
            if field.there_in(release):
                found[name] = field
    return found


def remotes_in(release: str) -> dict[str, Remote]:
    """The providers that work in a release."""
    return {
        name: remote
        for name, remote in REMOTES.items()
        if at_least(release, remote.since) and (name, release) not in _NO_REMOTE
    }


@cache
def credential_models(release: str) -> dict[str, type[BaseModel]]:
    """The model of each provider's credential, as 25.04 and later have them."""
    base = type("Provider", (Model,), {"model_config": ConfigDict(populate_by_name=at_least(release, "27.0"))})
    made = {}
    for name, remote in REMOTES.items():
        if (name, release) in _NO_MODEL:
            continue
        fields: dict[str, Any] = {"type": literal(name)}
        for key, field in fields_in(release, remote.credential).items():
            annotation = long_non_empty(release) if field.type is LONG else field.type
            if not field.visible:
                annotation = secret(annotation)
            fields[key] = annotation if field.default is REQUIRED else (annotation, field.default)
        made[name] = model(name, base, **fields)
    return made


@cache
def provider_union(release: str) -> Any:
    """Any provider's credential, told apart by `type`."""
    return Annotated[one_of(*credential_models(release).values()), Field(discriminator="type")]


@cache
def attribute_models(release: str) -> dict[str, type[BaseModel]]:
    """The model of each provider's task attributes, as 25.10 and later have them."""
    return {
        name: model(
            f"{name}TaskAttributes",
            **{
                key: field.type if field.default is REQUIRED else (field.type, field.default)
                for key, field in fields_in(release, remote.attributes).items()
            },
        )
        for name, remote in remotes_in(release).items()
    }


@cache
def any_attributes(release: str) -> type[BaseModel]:
    """What the parameters of a call are held against before the provider is known: every attribute, none required."""
    merged: dict[str, Any] = {}
    for remote in REMOTES.values():
        merged |= {key: field.type for key, field in fields_in(release, remote.attributes).items()}
    return partial(model("CloudSyncTaskAttributes", **merged))
