# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the errors of rclone and of providers mean, and what to do. PRIVATE to the collection. Pure.

Each row holds what rclone prints, as a pattern, and its meaning. The first match counts, so rows go from special to
general; those of a provider, which its row in the provider table names, come before those for all. In a meaning,
`{address}` and `{login}` stand for the provider's options that say where it is and who logs in, `{option}` for the
option with its credential, `{rclone}` for its name in rclone, `{bucket}` and `{folder}` for those of the task.
"""

from __future__ import annotations

from ansible_collections.nasops.cloudsync.plugins.module_utils import _google_words

Meanings = tuple[tuple[str, str], ...]

_CLOCK = "Set the clock of the NAS right (System > General > NTP)"

# What Go says of a file that it has opened itself: `write PATH: why`. All data of a NAS are below /mnt.
_FILE_OF_NAS = r"(?:^|\s)/mnt/[^\n]*: "
LOCAL: Meanings = (
    (
        rf"{_FILE_OF_NAS}(?:no space left on device|disk quota exceeded)|file too big for remaining disk space",
        "the NAS itself has no room for what the task writes. Free space in the dataset of the task's path, or raise "
        "its quota",
    ),
    (
        rf"{_FILE_OF_NAS}(?:permission denied|operation not permitted|read-only file system)",
        "the NAS itself does not let the run read or write there. Check the permissions of the file on the NAS, and "
        "whether its dataset is read-only or locked",
    ),
    (
        rf"{_FILE_OF_NAS}input/output error",
        "the NAS itself cannot read or write the file. Check the health of its pool",
    ),
)
"""Errors of files on the NAS, at which no provider is at fault. These rows come first."""

NETWORK: Meanings = (
    (
        r"x509: .*: current time \S+ is before",
        "the clock of the NAS is slow, so that it takes the certificate of the provider for one of the future. "
        f"{_CLOCK}",
    ),
    (
        "server gave HTTP response to HTTPS client|first record does not look like a TLS handshake",
        "what answers at this address and port does not speak TLS. Correct {address}",
    ),
    (
        "remote error: tls: |tls: server selected unsupported",
        "the server and the NAS do not agree on how to encrypt the connection. Update the server, or correct {address}",
    ),
    (
        "x509: |certificate signed by unknown authority|failed to verify certificate|tls: ",
        "the NAS does not trust the certificate of the provider: it has expired, is for another name, or comes from an "
        "authority that the NAS does not know. Correct {address}, or the server's certificate",
    ),
    (
        "no such host|server misbehaving",
        "there is no server of this name, as far as the NAS can tell. Correct {address}, or the DNS settings of the "
        "NAS",
    ),
    (
        "connection refused",
        "nothing accepts connections at this address and port, or a proxy or firewall refuses them. Correct "
        "{address}, or start the server. The NAS cannot reach the provider",
    ),
    (
        "network is unreachable|i/o timeout|context deadline exceeded|no route to host|connection timed out",
        "the NAS cannot reach the provider. Check {address}, and the network, DNS and proxy settings of the NAS",
    ),
)
"""The provider was not reached, so nothing of its own is at fault. These rows come next."""

GENERAL: Meanings = (
    (
        "--max-delete threshold reached",
        "the run was stopped because it would have deleted more files than its --max-delete allows",
    ),
    (
        "max transfer (duration|limit) reached",
        "the run has used up what the task's args allow it (--max-duration or --max-transfer), and ended as planned. "
        "The next run goes on from here",
    ),
    ("no refresh token", "the token has expired and holds no refresh token. Make a new token"),
    (
        "empty token found|failed to configure .*invalid character",
        "what is stored as the token is not a token. Make a new token and give its whole JSON text",
    ),
    (
        "invalid_grant",
        "the refresh token is no longer valid: access was revoked, it was not used for a long time, or the password "
        'of the account was changed. Make a new token with rclone authorize "{rclone}" on a machine with a browser, '
        "and give it as {option}.token",
    ),
    (
        "invalid_client|unauthorized_client",
        "the OAuth client id or client secret is wrong, or does not belong to this token. Give the client_id and "
        "client_secret of the client that made the token",
    ),
    (
        r"401 Unauthorized|401 UNAUTHENTICATED|Invalid Credentials|unable to authenticate|Login incorrect"
        r"|NT_STATUS_LOGON_FAILURE|Unauthorized|unauthenticated|Log ?in (?:required|failed)|Authorization Failed"
        r"|Invalid 'access_token'",
        "the provider does not accept the user name, password, key or token. Correct {login}",
    ),
    (
        r"\bForbidden\b|Access[ _]?Denied|permission[ _]denied|insufficient[ _]?permissions|no_write_permission",
        "the provider does not let this account do that. Correct {login}, or what the account may do there",
    ),
    (
        r"Insufficient[ _]?Storage|no space left on device|insufficient[ _]?(?:disk[ _]?)?space|StorageFull"
        r"|quota ?(?:limit ?)?(?:reached|exceeded)|storage[ _]limit[ _](?:reached|exceeded)|over quota"
        r"|not enough space",
        "the storage at the provider is full. Delete something there, or get more storage",
    ),
    (
        r"\b429\b|Too ?Many ?Requests|SlowDown|too_many_|rate ?limit|throttl|reduce your request rate",
        "there were more requests than the provider allows for now. Give the task fewer transfers (transfers: 2), or "
        "slow it down (args: --tpslimit 5). The next run goes on from here",
    ),
    (
        r"413 Request Entity Too Large|Payload Too Large|EntityTooLarge",
        "a file is larger than the server takes. Raise the limit of the server, or leave the file out with exclude",
    ),
    (
        "directory not found|404 Not Found|Container Not Found",
        "the folder or bucket does not exist at the provider. Correct {folder}",
    ),
    (
        r"Internal ?(?:Server ?)?Error|Service ?(?:is )?(?:currently )?Unavailable|service_unavailable|Bad Gateway"
        r"|Gateway Time-?out|ServerBusy",
        "the service of the provider fails at present, or is overloaded. The next run goes on from here",
    ),
    (
        "unexpected EOF|: EOF$|connection reset by peer|broken pipe|use of closed network connection",
        "the connection to the provider broke off. The next run goes on from here. If this happens often, check the "
        "network of the NAS",
    ),
)

NO_BUCKET = "bucket: {bucket} does not exist at the service. Create it there, or correct the name"
BAD_BUCKET = "bucket: {bucket} is not a name that the service takes for a bucket. Correct the name"
OTHER_REGION = "bucket: {bucket} is in another region. Give its region in the credential"
S3: Meanings = (
    (r"NoSuchBucket|bucket does not exist", NO_BUCKET),
    ("InvalidBucketName", BAD_BUCKET),
    (
        "InvalidAccessKeyId",
        "the service does not know this key. Correct {option}.access_key_id, or {option}.endpoint if it belongs to "
        "another service",
    ),
    (
        "SignatureDoesNotMatch",
        "the secret key does not belong to the access key. Correct {option}.secret_access_key",
    ),
    (r"PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint|StatusCode: 301", OTHER_REGION),
    (
        "RequestTimeTooSkewed",
        f"the clock of the NAS differs from that of the service. {_CLOCK}",
    ),
    (
        "ExpiredToken|InvalidToken",
        "the keys of the credential are temporary ones that have ended. Give {option}.access_key_id and "
        "{option}.secret_access_key of a user",
    ),
    (
        "AccountProblem|UserSuspended|NotSignedUp|AllAccessDisabled",
        "the service has closed or suspended the account. See what it says there, for example of its payment",
    ),
    (
        "InvalidObjectState",
        "a file is in an archive of the service (Glacier), where it cannot be read. Restore it there first",
    ),
    (
        r"AccessDenied|StatusCode: 403",
        "the keys of the credential may not do that with {bucket}. Allow them s3:ListBucket, s3:GetObject, "
        "s3:PutObject and s3:DeleteObject, or give other keys",
    ),
    (
        r"RequestLimitExceeded|SlowDown",
        "there were more requests than the service allows for now. Give the task fewer transfers (transfers: 2)",
    ),
)
WEBDAV: Meanings = (
    (
        r"401|Unauthorized",
        "the server does not accept the user name or the password. Correct {login}. Nextcloud and ownCloud with "
        "two-factor login want an app password",
    ),
    (
        r"405 Method Not Allowed|404 Not Found|the remote url looks incorrect|doesn't look like a WebDAV|chunked upload"
        r"|invalid character '<'|expected element type",
        "this address is not the root of a WebDAV server. Correct {address}: Nextcloud and ownCloud have theirs at "
        "https://HOST/remote.php/dav/files/USER",
    ),
    ("423 Locked", "the server has locked a file, as somebody edits it or an upload broke off. Try again later"),
)
SFTP: Meanings = (
    (
        "knownhosts: |no common algorithm",
        "the server shows another key than the NAS expects, or they agree on no way to encrypt. Check {address}, and "
        "update the server",
    ),
    (
        "passphrase protected|failed to parse private key",
        "the NAS cannot use the private key of its SSH keypair. Give {option}.private_key the number of a keypair "
        "whose key is whole and has no passphrase",
    ),
    ("subsystem request failed", "the server speaks SSH and offers no SFTP. Turn SFTP on at the server"),
    (
        r"unable to authenticate|no supported methods remain|permission denied \(publickey",
        "the server does not accept the user name, the password or the key. Correct {login}",
    ),
    (
        r"handshake failed|unexpected packet|connection reset",
        "what answers at this address and port does not speak SFTP with the NAS. Correct {address}",
    ),
    (
        "permission denied",
        "the account may not write or read there. Correct {folder}, or the permissions on the server",
    ),
)
FTP: Meanings = (
    (r"(?<![\d.:])530 |Login incorrect", "the server does not accept the user name or the password. Correct {login}"),
    (
        r"(?<![\d.:])(?:534|522|431) |AUTH TLS",
        "the server wants an encrypted connection, which TrueNAS does not make for FTP",
    ),
    (r"(?<![\d.:])(?:452|552) ", "the storage at the server is full. Delete something there, or get more storage"),
    (
        r"(?<![\d.:])421 ",
        "the server takes no more connections at present. Give the task fewer transfers (transfers: 1)",
    ),
    (r"(?<![\d.:])55[0-9] ", "the server has no such folder, or the account may not write there. Correct {folder}"),
)
B2: Meanings = (
    (
        r"bad_auth_token|failed to authorize|unauthorized",
        "Backblaze does not accept this key, or the key may not do that. Correct {option}.account (the key's id) and "
        "{option}.key",
    ),
    (
        r"cap_exceeded|storage cap|transaction cap|bandwidth cap",
        "a cap of the Backblaze account is reached. Raise it at Backblaze under Caps & Alerts",
    ),
    (r"bucket does not exist|Couldn't find bucket|not_found|invalid_bucket", NO_BUCKET),
    ("duplicate_bucket_name", "bucket: {bucket} belongs to somebody else. Choose another name"),
)
AZURE: Meanings = (
    (
        r"Request date header too old|Date header in the request",
        f"the clock of the NAS differs from that of Azure. {_CLOCK}",
    ),
    (
        "KeyBasedAuthenticationNotPermitted",
        "the storage account takes no keys. Turn on Allow storage account key access in its configuration",
    ),
    ("illegal base64 data", "azureblob.key is not the key of a storage account. Give the whole key"),
    (
        r"AuthenticationFailed|AuthorizationFailure|InvalidAuthenticationInfo",
        "Azure does not accept this key for this account. Correct {option}.account and {option}.key",
    ),
    ("ContainerNotFound", "bucket: the container {bucket} does not exist. Create it, or correct the name"),
    (
        "InvalidResourceName|OutOfRangeInput",
        "bucket: {bucket} is not a name that Azure takes for a container. Correct the name",
    ),
)
GOOGLE_STORAGE: Meanings = (
    ("reasonable timeframe", f"the clock of the NAS differs from that of Google. {_CLOCK}"),
    (
        "billing account|accountDisabled",
        "no billing is set up for the project of the bucket. Set it up in the Google Cloud console",
    ),
    (
        "has not been used in project|it is disabled|SERVICE_DISABLED",
        _google_words.DISABLED_API.format(api="Cloud Storage API"),
    ),
    (
        "invalid_grant|invalid_client|Invalid JWT|account not found",
        "Google does not accept this service account: its key was deleted, or the account. Make a new key in the "
        "Google Cloud console and give it as {option}.service_account_credentials",
    ),
    (
        r"does not have storage\.|insufficient authentication scopes|Error 403",
        "the service account may not do that with {bucket}. Give it the role Storage Object Admin for the bucket",
    ),
    ("bucket does not exist|notFound|Error 404", NO_BUCKET),
)
_GOOGLE_ACCOUNT: Meanings = (
    ("unauthorized_client", _google_words.OTHER_CLIENT),
    ("invalid_client", _google_words.WRONG_CLIENT),
    (
        "insufficient authentication scopes|ACCESS_TOKEN_SCOPE_INSUFFICIENT|insufficientPermissions",
        _google_words.MISSING_SCOPE,
    ),
)
DRIVE: Meanings = (
    (
        "invalid_grant",
        f'{_google_words.DEAD_TOKEN}. Make a new token with rclone authorize "{{rclone}}", or with the module '
        "google_photos_token and service: drive",
    ),
    *_GOOGLE_ACCOUNT,
    (
        "has not been used in project|it is disabled|SERVICE_DISABLED|accessNotConfigured",
        _google_words.DISABLED_API.format(api="Google Drive API"),
    ),
    (
        "downloadQuotaExceeded|download quota",
        "Google lets this file be downloaded no more for now, as it was downloaded often. Try again tomorrow",
    ),
    *_google_words.DRIVE_LIMITS,
    (
        "teamDriveFileLimitExceeded|file limit for this shared drive",
        "the shared drive holds as many files as Google allows. Delete some, or use another shared drive",
    ),
    (
        "teamDriveNotFound|Shared drive not found",
        "there is no such shared drive, or the account may not see it. Correct {option}.team_drive",
    ),
    (
        "insufficientFilePermissions|cannotDownloadAbusiveFile|cannotModify",
        "the account may not do that with a file. Check who owns it and how it is shared; for a file that Google "
        "takes for malware, set acknowledge_abuse: true in attributes",
    ),
    (r"File not found: ", "the folder does not exist in Google Drive, or the account may not see it. Correct {folder}"),
)
ONEDRIVE: Meanings = (
    (
        "AADSTS5007[69]|AADSTS50158|interaction_required",
        "Microsoft asks for a second factor, which only a person can give. Make a new token with rclone authorize "
        '"{rclone}", and give it as {option}.token',
    ),
    ("does not have a SPO license", "the account has no OneDrive. Give it a license, or use another account"),
    (
        "AADSTS7000222|AADSTS7000215",
        "the client secret of the OAuth client has ended or is wrong. Make a new one in Microsoft Entra (App "
        "registrations > Certificates & secrets) and give it as {option}.client_secret",
    ),
    (
        "AADSTS65001|AADSTS90094|consent",
        "the organization of the account has not agreed to this app. Have its administrator agree, or use another "
        "account",
    ),
    (
        "ObjectHandle is Invalid|drive_id|itemNotFound: .*drive|ResourceNotFound",
        "there is no such drive. Correct {option}.drive_id and {option}.drive_type",
    ),
    (
        "InvalidAuthenticationToken|unauthenticated",
        "Microsoft does not accept the token. Make a new one and give it as {option}.token",
    ),
    ("quotaLimitReached", "the OneDrive is full. Delete something there, or get more storage"),
)
DROPBOX: Meanings = (
    (
        "expired_access_token|invalid_access_token",
        'Dropbox does not accept the token. Make a new one with rclone authorize "{rclone}" and give it as '
        "{option}.token",
    ),
    (
        "missing_scope",
        "the Dropbox app lacks a permission. Tick files.metadata.write, files.content.write, files.content.read and "
        "account_info.read in its settings, then make a new token",
    ),
    ("insufficient_space", "the Dropbox is full. Delete something there, or get more storage"),
    (
        "too_many_write_operations|too_many_requests",
        "Dropbox makes one change at a time. Give the task fewer transfers (transfers: 1), and let no two tasks use "
        "the account at the same time (schedule)",
    ),
    (
        "malformed_path|disallowed_name",
        "Dropbox does not take a name. Rename the file that rclone names, or exclude it",
    ),
    (r"path/not_found|not_found/", "the folder does not exist in Dropbox. Correct {folder}"),
)
