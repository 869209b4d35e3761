# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of rclone's flags. PRIVATE to the collection. Made by tests/generate_rclone_flags.py: do not edit.

One line, or several, for each backend: its flags without the prefix that they share. The first lines, with no
prefix, are the flags of rclone itself.
"""

from __future__ import annotations

WITH_VALUE = """\
: acd-auth-url acd-checkpoint acd-client-id acd-client-secret acd-encoding acd-templink-threshold acd-token
: acd-token-url acd-upload-wait-per-gb backup-dir bind buffer-size bwlimit bwlimit-file ca-cert checkers client-cert
: client-key client-pass color compare-dest config contimeout copy-dest cpuprofile cutoff-mode default-time disable
: dscp dump exclude exclude-from exclude-if-present expect-continue-timeout files-from files-from-raw files-from0
: filter filter-from fs-cache-expire-duration fs-cache-expire-interval hash-filter header header-download
: header-upload include include-from kv-lock-time list-cutoff log-file log-file-max-age log-file-max-backups
: log-file-max-size log-format log-level low-level-retries max-age max-backlog max-buffer-memory max-connections
: max-delete max-delete-size max-depth max-duration max-size max-stats-groups max-transfer memprofile metadata-exclude
: metadata-exclude-from metadata-filter metadata-filter-from metadata-include metadata-include-from metadata-mapper
: metadata-set min-age min-size modify-window multi-thread-chunk-size multi-thread-cutoff multi-thread-streams
: multi-thread-write-buffer-size name-transform order-by partial-suffix password-command retries retries-sleep stats
: stats-file-name-length stats-log-level stats-one-line-date-format stats-unit streaming-upload-cutoff suffix
: syslog-facility temp-dir timeout tpslimit tpslimit-burst track-renames-strategy transfers user-agent
alias: description remote
archive: description remote
azureblob: access-tier account chunk-size client-certificate-password client-certificate-path client-id client-secret
azureblob: connection-string copy-concurrency copy-cutoff copy-total-concurrency delete-snapshots description encoding
azureblob: endpoint key list-chunk list-parallelism memory-pool-flush-time msi-client-id msi-mi-res-id msi-object-id
azureblob: password public-access sas-url service-principal-file tenant upload-concurrency upload-cutoff username
azurefiles: account chunk-size client-certificate-password client-certificate-path client-id client-secret
azurefiles: connection-string description encoding endpoint key max-stream-size msi-client-id msi-mi-res-id
azurefiles: msi-object-id password sas-url service-principal-file share-name tenant upload-concurrency username
b2: account chunk-size copy-cutoff description download-auth-duration download-url encoding endpoint key lifecycle
b2: memory-pool-flush-time sse-customer-algorithm sse-customer-key sse-customer-key-base64 sse-customer-key-md5
b2: test-mode upload-concurrency upload-cutoff version-at
box: access-token auth-url box-config-file box-sub-type client-id client-secret commit-retries config-credentials
box: description encoding impersonate list-chunk owned-by root-folder-id token token-url upload-cutoff
cache: chunk-clean-interval chunk-path chunk-size chunk-total-size db-path db-wait-time description dir info-age
cache: plex-insecure plex-password plex-token plex-url plex-username read-retries remote rps tmp-upload-path
cache: tmp-wait-time workers
chunker: chunk-size description hash-type meta-format name-format remote start-from transactions
cloudinary: api-key api-secret cloud-name description encoding eventually-consistent-delay media-extensions
cloudinary: upload-prefix upload-preset
combine: description upstreams
compress: description level mode ram-cache-limit remote
crypt: description filename-encoding filename-encryption password password2 remote suffix
doi: description doi doi-resolver-api-url provider
drime: access-token chunk-size description encoding list-chunk root-folder-id upload-concurrency upload-cutoff
drime: workspace-id
drive: auth-url chunk-size client-id client-secret description encoding export-formats formats impersonate
drive: import-formats list-chunk metadata-labels metadata-owner metadata-permissions pacer-burst pacer-min-sleep
drive: resource-key root-folder-id scope service-account-credentials service-account-file team-drive token token-url
drive: upload-cutoff v2-download-min-size
dropbox: auth-url batch-commit-timeout batch-mode batch-size batch-timeout chunk-size client-id client-secret
dropbox: description encoding export-formats impersonate impersonate-admin pacer-min-sleep root-namespace token
dropbox: token-url
fichier: api-key description encoding file-password folder-password shared-folder
filefabric: description encoding permanent-token root-folder-id token token-expiry url version
filelu: chunk-size description encoding key upload-cutoff
filen: api-key auth-version base-folder-uuid description email encoding master-keys password private-key public-key
filen: upload-concurrency
filescom: api-key description encoding password site username
ftp: close-timeout concurrency description encoding host http-proxy idle-timeout pass port shut-timeout socks-proxy
ftp: tls-cache-size user
gcs: access-token auth-url bucket-acl client-id client-secret description encoding endpoint location object-acl
gcs: project-number service-account-credentials service-account-file storage-class token token-url user-project
gofile: access-token account-id description encoding list-chunk root-folder-id
gphotos: auth-url batch-commit-timeout batch-mode batch-size batch-timeout client-id client-secret description
gphotos: encoding proxy start-year token token-url
hasher: auto-size description hashes max-age remote
hdfs: data-transfer-protection description encoding namenode service-principal-name username
hidrive: auth-url chunk-size client-id client-secret description encoding endpoint root-prefix scope-access scope-role
hidrive: token token-url upload-concurrency upload-cutoff
http: description headers proxy url
huaweidrive: auth-url chunk-size client-id client-secret description encoding list-chunk root-folder-id token
huaweidrive: token-url upload-cutoff
iclouddrive: apple-id client-id cookies description encoding password service trust-token
imagekit: description encoding endpoint private-key public-key upload-tags
internetarchive: access-key-id description encoding endpoint front-endpoint item-metadata secret-access-key
internetarchive: wait-archive
internxt: chunk-size description email encoding mnemonic pass upload-concurrency upload-cutoff
jottacloud: auth-url client-id client-secret description encoding md5-memory-limit token token-url upload-resume-limit
koofr: description encoding endpoint mountid password provider user
linkbox: description email password token web-token
local: description encoding hashes time-type
mailru: auth-url client-id client-secret description encoding pass quirks speedup-file-patterns speedup-max-disk
mailru: speedup-max-memory token token-url user user-agent
mega: 2fa description encoding master-key pass session-id user
memory: description
metrics: addr allow-origin baseurl cert client-ca htpasswd key max-header-bytes min-tls-version pass realm
metrics: response-header salt server-read-timeout server-write-timeout template user user-from-header
netstorage: account description host protocol secret
onedrive: access-scopes auth-url chunk-size client-id client-secret description drive-id drive-type encoding hash-type
onedrive: link-password link-scope link-type list-chunk metadata-permissions region root-folder-id tenant tenant-url
onedrive: token token-url upload-cutoff
oos: chunk-size compartment config-file config-profile copy-cutoff copy-timeout description encoding endpoint
oos: max-upload-parts namespace provider region sse-customer-algorithm sse-customer-key sse-customer-key-file
oos: sse-customer-key-sha256 sse-kms-key-id storage-tier upload-concurrency upload-cutoff
opendrive: access chunk-size description encoding password username
pcloud: auth-url client-id client-secret description encoding hostname password root-folder-id token token-url
pcloud: username
pikpak: auth-url chunk-size client-id client-secret description device-id encoding hash-memory-limit pass
pikpak: root-folder-id token token-url upload-concurrency upload-cutoff user user-agent
pixeldrain: api-key api-url description root-folder-id
premiumizeme: api-key auth-url client-id client-secret description encoding token token-url
protondrive: 2fa app-version client-access-token client-refresh-token client-salted-key-pass client-uid description
protondrive: encoding mailbox-password otp-secret-key password username
putio: auth-url client-id client-secret description encoding token token-url
qingstor: access-key-id chunk-size connection-retries description encoding endpoint secret-access-key
qingstor: upload-concurrency upload-cutoff zone
quatrix: api-key description effective-upload-time encoding host maximal-summary-chunk-size minimal-chunk-size
rc: addr allow-origin baseurl cert client-ca files htpasswd job-expire-duration job-expire-interval key
rc: max-header-bytes min-tls-version pass realm response-header salt server-read-timeout server-write-timeout template
rc: user user-from-header web-fetch-url
s3: access-key-id acl bucket-acl chunk-size copy-cutoff description download-url encoding endpoint ibm-api-key
s3: ibm-iam-endpoint ibm-resource-instance-id list-chunk list-url-encode list-version list-versions-oldest-first
s3: location-constraint max-upload-parts memory-pool-flush-time might-gzip object-lock-legal-hold-status
s3: object-lock-mode object-lock-retain-until-date object-lock-supported profile provider region role-arn
s3: role-external-id role-session-duration role-session-name sdk-log-mode secret-access-key server-side-encryption
s3: session-token shared-credentials-file sign-accept-encoding sse-customer-algorithm sse-customer-key
s3: sse-customer-key-base64 sse-customer-key-md5 sse-kms-key-id storage-class sts-endpoint upload-concurrency
s3: upload-cutoff use-accept-encoding-gzip use-already-exists use-data-integrity-protections use-multipart-etag
s3: use-multipart-uploads use-unsigned-payload use-x-id version-at
seafile: auth-token description encoding library library-key pass url user
sftp: blake3sum-command chunk-size ciphers concurrency connections crc32sum-command description encoding hashes host
sftp: host-key-algorithms host-keys http-proxy idle-timeout key-exchange key-file key-file-pass key-pem
sftp: known-hosts-file macs md5sum-command pass path-override port pubkey pubkey-file server-command set-env
sftp: sha1sum-command sha256sum-command shell-type socks-proxy ssh subsystem user xxh128sum-command xxh3sum-command
shade: api-key chunk-size description drive-id encoding endpoint max-upload-parts token token-expiry
shade: upload-concurrency
sharefile: auth-url chunk-size client-id client-secret description encoding endpoint root-folder-id token token-url
sharefile: upload-cutoff
sia: api-password api-url description encoding user-agent
smb: description domain encoding host idle-timeout kerberos-ccache pass port spn user
storj: access-grant api-key description passphrase provider satellite-address
sugarsync: access-key-id app-id authorization authorization-expiry deleted-id description encoding private-access-key
sugarsync: refresh-token root-id user
swift: application-credential-id application-credential-name application-credential-secret auth auth-token
swift: auth-version chunk-size description domain encoding endpoint-type key partial-page-fetch-threshold region
swift: storage-policy storage-url tenant tenant-domain tenant-id use-segments-container user user-id
tardigrade: access-grant api-key description passphrase provider satellite-address
ulozto: app-token description encoding list-page-size password root-folder-slug username
union: action-policy cache-time create-policy description min-free-space search-policy upstreams
uptobox: access-token description encoding
webdav: bearer-token bearer-token-command description encoding headers nextcloud-chunk-size pacer-min-sleep pass
webdav: unix-socket url user vendor
yandex: auth-url client-id client-secret description encoding token token-url upload-wait
zoho: auth-url client-id client-secret description encoding list-folder-burst list-folder-limit list-folder-window
zoho: region root-folder-id token token-url tpslimit tpslimit-burst upload-cutoff
"""

SWITCHES = """\
: ask-password auto-confirm check-first checksum copy-links delete-after delete-before delete-during delete-excluded
: disable-http-keep-alives disable-http2 dry-run dump-bodies dump-headers error-on-no-transfer fast-list fix-case help
: human-readable ignore-case ignore-case-sync ignore-checksum ignore-errors ignore-existing ignore-size ignore-times
: immutable inplace interactive links log-file-compress log-systemd metadata no-check-certificate no-check-dest
: no-console no-gzip-encoding no-traverse no-unicode-normalization no-update-dir-modtime no-update-modtime
: one-file-system progress progress-terminal-title quiet rc refresh-times server-side-across-configs size-only
: skip-links skip-specials stats-one-line stats-one-line-date suffix-keep-extension syslog track-renames update
: use-cookies use-json-log use-mmap use-server-modtime verbose version
azureblob: archive-tier-delete client-send-certificate-chain decompress directory-markers disable-checksum
azureblob: disable-instance-discovery env-auth memory-pool-use-mmap no-check-container no-head-object use-arrow-list
azureblob: use-az use-copy-blob use-emulator use-msi
azurefiles: client-send-certificate-chain disable-instance-discovery env-auth use-az use-emulator use-msi
b2: disable-checksum hard-delete memory-pool-use-mmap versions
box: client-credentials
cache: chunk-no-memory db-purge writes
chunker: fail-hard
cloudinary: adjust-media-files-extensions
crypt: directory-name-encryption no-data-encryption pass-bad-blocks server-side-across-configs show-mapping
crypt: strict-names
drime: hard-delete
drive: acknowledge-abuse allow-import-name-change alternate-export auth-owner-only client-credentials
drive: copy-shortcut-content disable-http2 env-auth fast-list-bug-fix keep-revision-forever
drive: metadata-enforce-expansive-access server-side-across-configs shared-with-me show-all-gdocs size-as-quota
drive: skip-checksum-gphotos skip-dangling-shortcuts skip-gdocs skip-shortcuts starred-only stop-on-download-limit
drive: stop-on-upload-limit trashed-only use-created-date use-shared-date use-trash
dropbox: client-credentials shared-files shared-folders show-all-exports skip-exports skip-shared-folders
dropbox: skip-unowned-folders
fichier: cdn
ftp: allow-insecure-tls-ciphers ask-password disable-epsv disable-mlsd disable-tls13 disable-utf8 explicit-tls
ftp: force-list-hidden no-check-certificate no-check-upload tls writing-mdtm
gcs: anonymous bucket-policy-only client-credentials decompress directory-markers env-auth no-check-bucket
gphotos: client-credentials include-archived read-only read-size
hidrive: client-credentials disable-fetching-member-count
http: no-escape no-head no-slash
huaweidrive: client-credentials
imagekit: only-signed versions
internetarchive: disable-checksum item-derive
internxt: skip-hash-validation
jottacloud: client-credentials hard-delete no-versions trashed-only
koofr: setmtime
local: case-insensitive case-sensitive fatal-if-no-space links metadata-restore-special-bits no-check-updated no-clone
local: no-preallocate no-set-modtime no-sparse nounc unicode-normalization zero-size-links
mailru: check-hash client-credentials speedup-enable
mega: debug hard-delete use-https
memory: discard
onedrive: av-override client-credentials delta disable-site-permission expose-onenote-files hard-delete no-versions
onedrive: server-side-across-configs
oos: attempt-resume-upload decompress disable-checksum leave-parts-on-error no-check-bucket
pcloud: client-credentials
pikpak: no-media-link trashed-only use-trash
premiumizeme: client-credentials
protondrive: enable-caching original-file-size replace-existing-draft
putio: client-credentials
qingstor: env-auth
quatrix: hard-delete skip-project-folders
rc: enable-metrics no-auth serve serve-no-modtime web-gui web-gui-force-update web-gui-no-open-browser web-gui-update
s3: bucket-object-lock-enabled bypass-governance-retention decompress directory-bucket directory-markers
s3: disable-checksum disable-http2 env-auth force-path-style leave-parts-on-error memory-pool-use-mmap no-check-bucket
s3: no-head no-head-object no-system-metadata object-lock-set-after-upload requester-pays use-accelerate-endpoint
s3: use-arn-region use-dual-stack use-presigned-request v2-auth version-deleted versions
seafile: 2fa create-library
sftp: ask-password copy-is-hardlink disable-concurrent-reads disable-concurrent-writes disable-hashcheck key-use-agent
sftp: pin-host-key set-modtime skip-links use-fstat use-insecure-cipher
sharefile: client-credentials
smb: case-insensitive hide-special-share use-kerberos
sugarsync: hard-delete
swift: env-auth fetch-until-empty-page leave-parts-on-error no-chunk no-large-objects
uptobox: private
webdav: auth-redirect owncloud-exclude-mounts owncloud-exclude-shares
yandex: client-credentials hard-delete spoof-ua
zoho: client-credentials
"""

SHORT = {
    "I": "ignore-times",
    "L": "copy-links",
    "M": "metadata",
    "P": "progress",
    "V": "version",
    "c": "checksum",
    "f": "filter",
    "h": "help",
    "i": "interactive",
    "l": "links",
    "n": "dry-run",
    "q": "quiet",
    "u": "update",
    "v": "verbose",
    "x": "one-file-system",
}

# Flags of the commands: rclone knows them behind the command only, and arguments come before it.
OF_COMMANDS = """\
absolute combined create-empty-src-dirs csv delete-empty-src-dirs dest-after differ dir-slash dirs-only encrypted
error files-only format hash hash-type match missing-on-dst missing-on-src no-mimetype no-modtime original recursive
separator stat timeformat
"""
