# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection: the options of the providers. Made by tests/generate_fragments.py: do not edit."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  azureblob:
    description:
      - A credential for Microsoft Azure Blob Storage.
    type: dict
    suboptions:
      account:
        description:
          - The name of the storage account.
        type: str
        required: true
      key:
        description:
          - The key of the storage account.
        type: str
        required: true
      endpoint:
        description:
          - The address of the service, for another one than Azure's public one.
        type: str
  b2:
    description:
      - A credential for Backblaze B2.
    type: dict
    suboptions:
      account:
        description:
          - The ID of the application key, or of the account for its master key.
        type: str
        required: true
      key:
        description:
          - The application key.
        type: str
        required: true
  box:
    description:
      - A credential for Box.
    type: dict
    suboptions:
      client_id:
        description:
          - The ID of the OAuth client that the token was made with.
        type: str
      client_secret:
        description:
          - The secret of the OAuth client that the token was made with.
        type: str
      token:
        description:
          - The OAuth token, as the JSON text that C(rclone authorize) prints or as a mapping.
          - Two tokens with the same refresh token are the same token.
          - TrueNAS renews it by itself after every run of a task. This does not count as a change.
        type: raw
        required: true
  dropbox:
    description:
      - A credential for Dropbox.
    type: dict
    suboptions:
      client_id:
        description:
          - The ID of the OAuth client that the token was made with.
        type: str
      client_secret:
        description:
          - The secret of the OAuth client that the token was made with.
        type: str
      token:
        description:
          - The OAuth token, as the JSON text that C(rclone authorize) prints or as a mapping.
          - Two tokens with the same refresh token are the same token.
        type: raw
        required: true
  ftp:
    description:
      - A credential for FTP.
    type: dict
    suboptions:
      host:
        description:
          - The name or address of the server.
        type: str
        required: true
      port:
        description:
          - The port that the server listens on.
          - TrueNAS's default is V(21).
        type: int
      user:
        description:
          - The name of the account.
        type: str
        required: true
      pass:
        description:
          - The password of the account.
        type: str
        required: true
        aliases:
          - password
  google_cloud_storage:
    description:
      - A credential for Google Cloud Storage.
    type: dict
    suboptions:
      service_account_credentials:
        description:
          - The key file of a service account, as JSON text or as a mapping.
        type: json
        required: true
  google_drive:
    description:
      - A credential for Google Drive.
    type: dict
    suboptions:
      client_id:
        description:
          - The ID of the OAuth client that the token was made with.
        type: str
      client_secret:
        description:
          - The secret of the OAuth client that the token was made with.
        type: str
      token:
        description:
          - The OAuth token, as the JSON text that C(rclone authorize) prints or as a mapping.
          - Two tokens with the same refresh token are the same token.
          - TrueNAS renews it by itself after every run of a task. This does not count as a change.
        type: raw
        required: true
      team_drive:
        description:
          - The ID of a shared drive, to use it in place of the account's own.
        type: str
  google_photos:
    description:
      - A credential for Google Photos.
      - Only what was uploaded with the same OAuth client can be seen and pulled.
      - Tasks use the folder V(/album) (each directory is an album), V(/album/NAME) or, to push only,
        V(/upload).
    type: dict
    suboptions:
      client_id:
        description:
          - The ID of the OAuth client that the token was made with.
          - 'Make a client of your own: the one that rclone shares with everybody is being withdrawn.'
        type: str
      client_secret:
        description:
          - The secret of the OAuth client that the token was made with.
        type: str
      token:
        description:
          - The OAuth token, as the JSON text that C(rclone authorize) prints or as a mapping.
          - Two tokens with the same refresh token are the same token.
          - RV(nasops.cloudsync.google_photos_token#module:token) can be used as it is.
          - TrueNAS renews it by itself after every run of a task. This does not count as a change.
        type: raw
        required: true
  http:
    description:
      - A credential for HTTP.
      - A web server that lists its directories.
      - Tasks with it can only pull.
    type: dict
    suboptions:
      url:
        description:
          - The address of the server, with C(http://) or C(https://).
        type: str
        required: true
  hubic:
    description:
      - A credential for Hubic.
    type: dict
    suboptions:
      token:
        description:
          - The OAuth token, as the JSON text that C(rclone authorize) prints or as a mapping.
          - Two tokens with the same refresh token are the same token.
        type: raw
        required: true
  mega:
    description:
      - A credential for Mega.
      - TrueNAS 25.04.2 removed it. Later releases store such a credential again, but cannot use it.
      - Only up to TrueNAS 24.10.
    type: dict
    suboptions:
      user:
        description:
          - The name of the account.
        type: str
        required: true
      pass:
        description:
          - The password of the account.
        type: str
        required: true
        aliases:
          - password
  onedrive:
    description:
      - A credential for Microsoft OneDrive.
      - Needs TrueNAS 25.04 or later.
    type: dict
    suboptions:
      client_id:
        description:
          - The ID of the OAuth client that the token was made with.
        type: str
      client_secret:
        description:
          - The secret of the OAuth client that the token was made with.
        type: str
      token:
        description:
          - The OAuth token, as the JSON text that C(rclone authorize) prints or as a mapping.
          - Two tokens with the same refresh token are the same token.
          - TrueNAS renews it by itself after every run of a task. This does not count as a change.
        type: raw
        required: true
      drive_type:
        description:
          - The kind of the drive.
        type: str
        required: true
        choices:
          - PERSONAL
          - BUSINESS
          - DOCUMENT_LIBRARY
      drive_id:
        description:
          - The ID of the drive.
        type: str
        required: true
  openstack_swift:
    description:
      - A credential for OpenStack Swift.
    type: dict
    suboptions:
      user:
        description:
          - The name of the user (C(OS_USERNAME)).
        type: str
        required: true
      key:
        description:
          - The password or API key of the user (C(OS_PASSWORD)).
        type: str
        required: true
      auth:
        description:
          - The address of the authentication service (C(OS_AUTH_URL)).
        type: str
        required: true
      user_id:
        description:
          - The ID of the user, for version 3 (C(OS_USER_ID)).
        type: str
      domain:
        description:
          - The user's domain, for version 3 (C(OS_USER_DOMAIN_NAME)).
        type: str
      tenant:
        description:
          - The name of the tenant or project (C(OS_TENANT_NAME), C(OS_PROJECT_NAME)).
        type: str
      tenant_id:
        description:
          - The ID of the tenant or project (C(OS_TENANT_ID)).
        type: str
      tenant_domain:
        description:
          - The tenant's domain, for version 3 (C(OS_PROJECT_DOMAIN_NAME)).
        type: str
      region:
        description:
          - The name of the region (C(OS_REGION_NAME)).
        type: str
      storage_url:
        description:
          - The address of the storage (C(OS_STORAGE_URL)).
        type: str
      auth_token:
        description:
          - A token from another way of logging in (C(OS_AUTH_TOKEN)).
        type: str
      application_credential_id:
        description:
          - The ID of an application credential (C(OS_APPLICATION_CREDENTIAL_ID)).
        type: str
      application_credential_name:
        description:
          - The name of an application credential (C(OS_APPLICATION_CREDENTIAL_NAME)).
        type: str
      application_credential_secret:
        description:
          - The secret of an application credential (C(OS_APPLICATION_CREDENTIAL_SECRET)).
        type: str
      auth_version:
        description:
          - The version of the authentication service; V(0) finds it out.
        type: int
        choices:
          - 0
          - 1
          - 2
          - 3
      endpoint_type:
        description:
          - Which of the service's endpoints to use.
        type: str
        choices:
          - public
          - internal
          - admin
  pcloud:
    description:
      - A credential for pCloud.
    type: dict
    suboptions:
      client_id:
        description:
          - The ID of the OAuth client that the token was made with.
        type: str
      client_secret:
        description:
          - The secret of the OAuth client that the token was made with.
        type: str
      token:
        description:
          - The OAuth token, as the JSON text that C(rclone authorize) prints or as a mapping.
          - Two tokens with the same refresh token are the same token.
          - TrueNAS renews it by itself after every run of a task. This does not count as a change.
        type: raw
        required: true
      hostname:
        description:
          - The host of pCloud's API, which depends on the account's region.
        type: str
  s3:
    description:
      - A credential for Amazon S3.
      - Amazon S3, or any service that speaks its protocol.
    type: dict
    suboptions:
      access_key_id:
        description:
          - The ID of the access key.
        type: str
        required: true
      secret_access_key:
        description:
          - The secret part of the access key.
        type: str
        required: true
      endpoint:
        description:
          - The address of a service that is not Amazon's.
        type: str
      region:
        description:
          - The region of the buckets; left empty, TrueNAS asks the service for it.
        type: str
      skip_region:
        description:
          - Do not ask the service for a bucket's region.
          - TrueNAS's default is V(false).
        type: bool
      signatures_v2:
        description:
          - Sign with the older version 2, for services that know nothing newer.
          - TrueNAS's default is V(false).
        type: bool
      max_upload_parts:
        description:
          - The number of parts into which an upload may be cut.
          - TrueNAS's default is V(10000).
        type: int
      provider:
        description:
          - The kind of service, as rclone names it.
          - TrueNAS's default is V(Other).
          - Needs TrueNAS 26.0 or later.
        type: str
      force_path_style:
        description:
          - Put the bucket into the path of an address rather than into its host name.
          - TrueNAS's default is V(true).
          - Needs TrueNAS 26.0 or later.
        type: bool
      sign_accept_encoding:
        description:
          - Let the signature cover the header C(Accept-Encoding), which some proxies change.
          - TrueNAS's default is V(true).
          - Needs TrueNAS 26.0 or later.
        type: bool
  sftp:
    description:
      - A credential for SFTP.
    type: dict
    suboptions:
      host:
        description:
          - The name or address of the server.
        type: str
        required: true
      port:
        description:
          - The port that the server listens on.
          - TrueNAS's default is V(22).
        type: int
      user:
        description:
          - The name of the account.
        type: str
        required: true
      pass:
        description:
          - The password of the account.
        type: str
        aliases:
          - password
      private_key:
        description:
          - The number of an SSH key pair of the NAS, and not the key itself. Key pairs are made under
            Credentials > Backup Credentials > SSH Keypairs, and M(nasops.cloudsync.truenas_call) lists
            them with their numbers by the method C(keychaincredential.query).
        type: int
  storj_ix:
    description:
      - A credential for Storj.
    type: dict
    suboptions:
      access_key_id:
        description:
          - The ID of the access key.
        type: str
        required: true
      secret_access_key:
        description:
          - The secret part of the access key.
        type: str
        required: true
      endpoint:
        description:
          - The address of the gateway, with C(https://).
          - TrueNAS's default is V(https://gateway.storjshare.io/).
          - Needs TrueNAS 25.04 or later.
        type: str
  webdav:
    description:
      - A credential for WebDAV.
    type: dict
    suboptions:
      url:
        description:
          - The address of the server, with C(http://) or C(https://).
        type: str
        required: true
      vendor:
        description:
          - The kind of server.
        type: str
        required: true
        choices:
          - NEXTCLOUD
          - OWNCLOUD
          - SHAREPOINT
          - OTHER
      user:
        description:
          - The name of the account; empty for a server that asks for none.
        type: str
        required: true
      pass:
        description:
          - The password of the account; empty for a server that asks for none.
        type: str
        required: true
        aliases:
          - password
  yandex:
    description:
      - A credential for Yandex.
    type: dict
    suboptions:
      client_id:
        description:
          - The ID of the OAuth client that the token was made with.
        type: str
      client_secret:
        description:
          - The secret of the OAuth client that the token was made with.
        type: str
      token:
        description:
          - The OAuth token, as the JSON text that C(rclone authorize) prints or as a mapping.
          - Two tokens with the same refresh token are the same token.
          - TrueNAS renews it by itself after every run of a task. This does not count as a change.
        type: raw
        required: true
"""

    TASK_ATTRIBUTES = r"""
options:
  attributes:
    description:
      - The options that the provider of O(credential) has for its tasks, beside O(folder) and O(bucket).
      - What is not given is left alone, or gets TrueNAS's own default in a new task.
      - C(fast_list) (bool), for Microsoft Azure Blob Storage, Backblaze B2, Google Cloud Storage, Google
        Drive, Hubic, OpenStack Swift, Amazon S3, Storj, Yandex. List the remote with fewer calls, at
        the cost of more memory. TrueNAS's default is V(false).
      - C(chunk_size) (int), for Backblaze B2. The size in MiB of the pieces in which large files are
        uploaded. At least V(5). TrueNAS's default is V(96).
      - C(chunk_size) (int), for Dropbox. The size in MiB of the pieces in which large files are uploaded.
        From V(5) to V(149). TrueNAS's default is V(48).
      - C(bucket_policy_only) (bool), for Google Cloud Storage. Leave access to the bucket's own policy;
        needed for buckets with uniform access. TrueNAS's default is V(false).
      - C(acknowledge_abuse) (bool), for Google Drive. Download files that Google holds for malware or
        spam all the same. TrueNAS's default is V(false).
      - C(region) (str), for Amazon S3. The region of the bucket. When neither this nor the credential
        says it, TrueNAS finds it out and stores it.
      - C(encryption) (str), for Amazon S3. How the service encrypts what it stores. One of V(AES256).
      - C(storage_class) (str), for Amazon S3. The class in which new objects are stored; empty for the
        bucket's own. One of V(STANDARD), V(REDUCED_REDUNDANCY), V(STANDARD_IA), V(ONEZONE_IA), V(INTELLIGENT_TIERING),
        V(GLACIER), V(GLACIER_IR), V(DEEP_ARCHIVE).
    type: dict
"""
