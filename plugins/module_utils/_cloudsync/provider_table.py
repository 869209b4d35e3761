# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""THE table of the providers that TrueNAS can sync with; every fact about a provider stands here and nowhere else.

Fields that several providers share are in `provider_fields`. PRIVATE to the collection.

Module options, their documentation, redaction and the comparison of credentials and tasks are all made from it.
"""

from __future__ import annotations

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import (
    google_photos_meanings,
    google_photos_media,
    google_photos_rules,
    google_photos_uploads,
    rclone_meanings,
    rclone_remotes,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_fields import (
    ACCESS_KEY,
    CLIENT_SECRET,
    FAST_LIST,
    HOST,
    OAUTH,
    PORTABLE_TOKEN,
    TOKEN,
    URL,
    USER,
    chunk_size,
    needed,
    optional,
    password,
    port,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_model import (
    Field,
    FileRules,
    Provider,
    UploadRules,
)
from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.provider_rules import (
    between,
    google_photos_folder,
    json_object,
    matching,
    normal_json,
    normal_url,
    not_empty,
    secure_address,
    web_address_or_empty,
    without_percent,
)

_ALL = (
    Provider(
        "AZUREBLOB",
        "Microsoft Azure Blob Storage",
        account=("account", "endpoint"),
        meanings=rclone_meanings.AZURE,
        bucket=True,
        fields=(
            needed(
                "account",
                "The name of the storage account.",
                refuse=matching(r"[A-Za-z0-9.-]+", "must consist of letters, digits, dots and hyphens"),
                earlier={
                    "24.10": {
                        "refuse": matching(
                            r"[a-z0-9.-]+", "must consist of lower-case letters, digits, dots and hyphens"
                        )
                    }
                },
            ),
            needed("key", "The key of the storage account.", secret=True),
            optional(
                "endpoint",
                "The address of the service, for another one than Azure's public one.",
                refuse=web_address_or_empty,
                normalise=normal_url,
                earlier={"24.10": {"normalise": None}},
            ),
        ),
        task_attributes=(FAST_LIST,),
    ),
    Provider(
        "B2",
        "Backblaze B2",
        account=(),
        remote=rclone_remotes.chunk_size,
        meanings=rclone_meanings.B2,
        bucket=True,
        fields=(
            needed("account", "The ID of the application key, or of the account for its master key."),
            needed("key", "The application key.", secret=True),
        ),
        task_attributes=(FAST_LIST, chunk_size(96, 5)),
    ),
    Provider(
        "BOX",
        "Box",
        account=("token",),
        fields=OAUTH,
        folds_case=True,
        refreshed=("token",),
        rotates_refresh_token=True,
    ),
    Provider(
        "DROPBOX",
        "Dropbox",
        account=("token",),
        remote=rclone_remotes.chunk_size,
        meanings=rclone_meanings.DROPBOX,
        fields=OAUTH,
        folds_case=True,
        task_attributes=(chunk_size(48, 5, 149),),
    ),
    Provider(
        "FTP",
        "FTP",
        account=("host", "port", "user"),
        meanings=rclone_meanings.FTP,
        hashes=False,
        fields=(HOST, port(21), USER, password("The password of the account.")),
    ),
    Provider(
        "GOOGLE_CLOUD_STORAGE",
        "Google Cloud Storage",
        account=(),
        rclone_type="google cloud storage",
        meanings=rclone_meanings.GOOGLE_STORAGE,
        bucket=True,
        fields=(
            needed(
                "service_account_credentials",
                "The key file of a service account, as JSON text or as a mapping.",
                type="json",
                secret=True,
                refuse=json_object,
                normalise=normal_json,
            ),
        ),
        task_attributes=(
            FAST_LIST,
            Field(
                "bucket_policy_only",
                type="bool",
                description=("Leave access to the bucket's own policy; needed for buckets with uniform access.",),
                default=False,
                hidden=False,
            ),
        ),
    ),
    Provider(
        "GOOGLE_DRIVE",
        "Google Drive",
        account=("token", "team_drive"),
        remote=rclone_remotes.drive,
        meanings=rclone_meanings.DRIVE,
        rclone_type="drive",
        fields=(
            *OAUTH,
            optional(
                "team_drive",
                "The ID of a shared drive, to use it in place of the account's own.",
                earlier={"24.10": {"default": None}},
            ),
        ),
        task_attributes=(
            FAST_LIST,
            Field(
                "acknowledge_abuse",
                type="bool",
                description=("Download files that Google holds for malware or spam all the same.",),
                default=False,
                hidden=False,
            ),
        ),
        refreshed=("token",),
    ),
    Provider(
        "GOOGLE_PHOTOS",
        "Google Photos",
        account=("token",),
        meanings=google_photos_meanings.MEANINGS,
        rclone_type="google photos",
        description=(
            "Only what was uploaded with the same OAuth client can be seen and pulled.",
            "Tasks use the folder V(/album) (each directory is an album), V(/album/NAME) or, to push only, V(/upload).",
        ),
        fields=(
            optional(
                "client_id",
                "The ID of the OAuth client that the token was made with.",
                "Make a client of your own: the one that rclone shares with everybody is being withdrawn.",
                refuse=without_percent,
            ),
            CLIENT_SECRET,
            needed(
                "token",
                *PORTABLE_TOKEN,
                "RV(nasops.cloudsync.google_photos_token#module:token) can be used as it is.",
                type="raw",
                secret=True,
            ),
        ),
        takes="photos and videos",
        converts="photos come back without their location, and videos recompressed",
        hashes=False,
        refreshed=("token",),
        check_folder="/album",
        folder_rule=google_photos_folder,
        loss_rule=google_photos_rules.loss,
        flag_loss=google_photos_rules.flag_loss,
        unusable_flag=google_photos_rules.unusable_flag,
        names_rule=google_photos_rules.same_titles,
        notices=google_photos_rules.notices,
        files=FileRules(
            google_photos_media.reason,
            google_photos_media.is_system,
            (*google_photos_media.PLACES, google_photos_media.MEDIA),
            google_photos_media.ADVICE,
        ),
        uploads=UploadRules(
            daily_requests=10_000,
            album_items=20_000,
            listed_albums=50,
            listed_items=100,
            refusal=google_photos_uploads.refusal,
            album=google_photos_uploads.album,
            pairs=google_photos_uploads.pairs,
            notes=google_photos_uploads.notes,
        ),
    ),
    Provider(
        "HTTP",
        "HTTP",
        account=("url",),
        description=("A web server that lists its directories.",),
        read_only=True,
        hashes=False,
        fields=(URL,),
    ),
    Provider("HUBIC", "Hubic", account=("token",), bucket=True, fields=(TOKEN,), task_attributes=(FAST_LIST,)),
    Provider(
        "MEGA",
        "Mega",
        account=("user",),
        description=("TrueNAS 25.04.2 removed it. Later releases store such a credential again, but cannot use it.",),
        until="24.10",
        hashes=False,
        fields=(USER, password("The password of the account.", refuse=not_empty)),
    ),
    Provider(
        "ONEDRIVE",
        "Microsoft OneDrive",
        account=("drive_id",),
        remote=rclone_remotes.onedrive,
        meanings=rclone_meanings.ONEDRIVE,
        folds_case=True,
        since="25.04",
        fields=(
            *OAUTH,
            Field(
                "drive_type",
                description=("The kind of the drive.",),
                required=True,
                choices=("PERSONAL", "BUSINESS", "DOCUMENT_LIBRARY"),
            ),
            needed("drive_id", "The ID of the drive."),
        ),
        refreshed=("token",),
        rotates_refresh_token=True,
    ),
    Provider(
        "OPENSTACK_SWIFT",
        "OpenStack Swift",
        account=("auth", "user", "user_id", "tenant", "tenant_id", "region", "storage_url"),
        rclone_type="swift",
        bucket=True,
        fields=(
            needed("user", "The name of the user (C(OS_USERNAME))."),
            needed("key", "The password or API key of the user (C(OS_PASSWORD)).", secret=True),
            needed("auth", "The address of the authentication service (C(OS_AUTH_URL))."),
            optional("user_id", "The ID of the user, for version 3 (C(OS_USER_ID))."),
            optional("domain", "The user's domain, for version 3 (C(OS_USER_DOMAIN_NAME))."),
            optional("tenant", "The name of the tenant or project (C(OS_TENANT_NAME), C(OS_PROJECT_NAME))."),
            optional("tenant_id", "The ID of the tenant or project (C(OS_TENANT_ID))."),
            optional("tenant_domain", "The tenant's domain, for version 3 (C(OS_PROJECT_DOMAIN_NAME))."),
            optional("region", "The name of the region (C(OS_REGION_NAME))."),
            optional("storage_url", "The address of the storage (C(OS_STORAGE_URL))."),
            optional("auth_token", "A token from another way of logging in (C(OS_AUTH_TOKEN)).", secret=True),
            optional(
                "application_credential_id",
                "The ID of an application credential (C(OS_APPLICATION_CREDENTIAL_ID)).",
            ),
            optional(
                "application_credential_name",
                "The name of an application credential (C(OS_APPLICATION_CREDENTIAL_NAME)).",
            ),
            optional(
                "application_credential_secret",
                "The secret of an application credential (C(OS_APPLICATION_CREDENTIAL_SECRET)).",
                secret=True,
            ),
            Field(
                "auth_version",
                type="int",
                description=("The version of the authentication service; V(0) finds it out.",),
                required=True,
                nullable=True,
                choices=(0, 1, 2, 3),
                null_as=0,  # until 26.0, null becomes the word None in rclone's configuration
                earlier={"24.10": {"required": False, "nullable": False, "null_as": None}},
            ),
            Field(
                "endpoint_type",
                description=("Which of the service's endpoints to use.",),
                required=True,
                nullable=True,
                choices=("public", "internal", "admin"),
                null_as="public",
                earlier={"24.10": {"required": False, "nullable": False, "null_as": None}},
            ),
        ),
        task_attributes=(FAST_LIST,),
    ),
    Provider(
        "PCLOUD",
        "pCloud",
        account=("token",),
        fields=(
            *OAUTH,
            optional(
                "hostname",
                "The host of pCloud's API, which depends on the account's region.",
                earlier={"24.10": {"default": None}},
            ),
        ),
        refreshed=("token",),
        token_expires=False,
    ),
    Provider(
        "S3",
        "Amazon S3",
        account=("endpoint", "access_key_id"),
        remote=rclone_remotes.s3,
        meanings=rclone_meanings.S3,
        description=("Amazon S3, or any service that speaks its protocol.",),
        bucket=True,
        fields=(
            *ACCESS_KEY,
            optional(
                "endpoint",
                "The address of a service that is not Amazon's.",
                hidden=False,
                refuse=web_address_or_empty,
                normalise=normal_url,
                earlier={"25.04": {"refuse": None, "normalise": None}, "24.10": {"hidden": True}},
            ),
            optional("region", "The region of the buckets; left empty, TrueNAS asks the service for it."),
            Field(
                "skip_region",
                type="bool",
                description=("Do not ask the service for a bucket's region.",),
                default=False,
            ),
            Field(
                "signatures_v2",
                type="bool",
                description=("Sign with the older version 2, for services that know nothing newer.",),
                default=False,
            ),
            Field(
                "max_upload_parts",
                type="int",
                description=("The number of parts into which an upload may be cut.",),
                default=10000,
                refuse=between(1),
            ),
            optional(
                "provider",
                "The kind of service, as rclone names it.",
                default="Other",
                hidden=False,
                since="26.0",
            ),
            Field(
                "force_path_style",
                type="bool",
                description=("Put the bucket into the path of an address rather than into its host name.",),
                default=True,
                hidden=False,
                since="26.0",
            ),
            Field(
                "sign_accept_encoding",
                type="bool",
                description=("Let the signature cover the header C(Accept-Encoding), which some proxies change.",),
                default=True,
                hidden=False,
                since="26.0",
            ),
        ),
        task_attributes=(
            FAST_LIST,
            optional(
                "region",
                "The region of the bucket. When neither this nor the credential says it, TrueNAS finds it out and "
                "stores it.",
                hidden=False,
                detected=True,
            ),
            Field(
                "encryption",
                description=("How the service encrypts what it stores.",),
                nullable=True,
                hidden=False,
                choices=("AES256",),
            ),
            optional(
                "storage_class",
                "The class in which new objects are stored; empty for the bucket's own.",
                hidden=False,
                choices=(
                    "",
                    "STANDARD",
                    "REDUCED_REDUNDANCY",
                    "STANDARD_IA",
                    "ONEZONE_IA",
                    "INTELLIGENT_TIERING",
                    "GLACIER",
                    "GLACIER_IR",
                    "DEEP_ARCHIVE",
                ),
                earlier={
                    "25.04": {"default": None},
                    "24.10": {
                        "choices": (
                            "",
                            "STANDARD",
                            "REDUCED_REDUNDANCY",
                            "STANDARD_IA",
                            "ONEZONE_IA",
                            "INTELLIGENT_TIERING",
                            "GLACIER",
                            "DEEP_ARCHIVE",
                        )
                    },
                },
            ),
        ),
    ),
    Provider(
        "SFTP",
        "SFTP",
        account=("host", "port", "user"),
        meanings=rclone_meanings.SFTP,
        fields=(
            HOST,
            port(22),
            USER,
            password(
                "The password of the account.",
                required=False,
                nullable=True,
                # Until 26.0, null makes every check and run of a key pair fail: 'NoneType' has no attribute 'encode'.
                earlier={"24.10": {"nullable": False, "null_as": None}, "26.0": {"null_as": ""}},
            ),
            Field(
                "private_key",
                type="int",
                description=(
                    "The number of an SSH key pair of the NAS, and not the key itself. Key pairs are made under "
                    "Credentials > Backup Credentials > SSH Keypairs, and M(nasops.cloudsync.truenas_call) lists them "
                    "with their numbers by the method C(keychaincredential.query).",
                ),
                nullable=True,
                hint="the number (id) of the NAS's SSH keypair, and not the key itself: add the key under Credentials "
                "> Backup Credentials > SSH Keypairs, and find its number with truenas_call and the method "
                "keychaincredential.query",
                earlier={"24.10": {"nullable": False}},
            ),
        ),
    ),
    Provider(
        "STORJ_IX",
        "Storj",
        account=("endpoint", "access_key_id"),
        rclone_type="s3",
        remote=rclone_remotes.storj,
        meanings=rclone_meanings.S3,
        bucket=True,
        fields=(
            *ACCESS_KEY,
            optional(
                "endpoint",
                "The address of the gateway, with C(https://).",
                default="https://gateway.storjshare.io/",
                hidden=False,
                refuse=secure_address,
                normalise=normal_url,
                since="25.04",
            ),
        ),
        task_attributes=(FAST_LIST,),
    ),
    Provider(
        "WEBDAV",
        "WebDAV",
        account=("url", "user"),
        remote=rclone_remotes.webdav,
        meanings=rclone_meanings.WEBDAV,
        fields=(
            URL,
            Field(
                "vendor",
                description=("The kind of server.",),
                required=True,
                choices=("NEXTCLOUD", "OWNCLOUD", "SHAREPOINT", "OTHER"),
            ),
            needed("user", "The name of the account; empty for a server that asks for none.", refuse=None),
            password("The password of the account; empty for a server that asks for none."),
        ),
    ),
    Provider(
        "YANDEX",
        "Yandex",
        account=("token",),
        fields=OAUTH,
        task_attributes=(FAST_LIST,),
        refreshed=("token",),
        rotates_refresh_token=True,
    ),
)

PROVIDERS = {provider.type: provider for provider in _ALL}
