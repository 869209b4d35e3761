#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: truenas_cloudsync_task
short_description: Manage the cloud sync tasks of a TrueNAS
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Creates, updates, renames and deletes cloud sync tasks.
  - An option that is not given is left as it is, unless O(unspecified=default). When a task is created, TrueNAS's
    default is used. Empty lists and empty texts clear what is set. An empty text for an option that is not a text means
    that the option is not given.
  - The account needs the role C(CLOUD_SYNC_WRITE), and has to be a full administrator for tasks with O(pre_script) or
    O(post_script).
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.truenas
  - nasops.cloudsync._connection
  - nasops.cloudsync._providers.task_attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  description:
    description:
      - The description of the task, by which it is found. TrueNAS allows several tasks with the same description; O(id)
        is then required.
      - Either this or O(id) is required.
    type: str
    aliases: [name]
  id:
    description:
      - The number of an existing task.
    type: int
  new_description:
    description:
      - Rename the task. If only a task with the new description exists, nothing changes.
    type: str
  state:
    description:
      - V(present) creates or updates the task, V(absent) deletes it. Deleting a task stops its run. No files are
        deleted.
    type: str
    choices: [present, absent]
    default: present
  credential:
    description:
      - The name, or the number, of the cloud credential to use. Needed to create a task.
      - When the task moves to another provider, the O(attributes) of the former one are dropped. The O(folder) stays,
        unless it is the folder of a bucket and the new provider has no buckets.
    type: str
  direction:
    description:
      - V(PUSH) copies from the NAS to the provider, V(PULL) from the provider to the NAS. Needed to create a task.
    type: str
    choices: [PUSH, PULL]
  transfer_mode:
    description:
      - V(COPY) adds files, and replaces changed ones.
      - V(SYNC) also deletes files at the destination that are not at the source.
      - V(MOVE) deletes files at the source once they are copied.
      - Needed to create a task.
      - For O(direction=PULL), V(SYNC) and V(MOVE) need O(allow_deletes=true).
      - A push with V(SYNC) is refused when another enabled task of the NAS pushes with V(SYNC) or V(MOVE) to the same
        place, to a folder of it or to one that holds it, with the same credential. Each V(SYNC) would delete what the
        other task has pushed. It needs O(allow_deletes=true), unless O(include) or O(exclude) clearly let no file pass
        in both.
    type: str
    choices: [COPY, SYNC, MOVE]
  path:
    description:
      - The local directory, as the NAS names it, for example V(/mnt/tank/photos). Needed to create a task.
      - It has to exist. An account without the role C(FILESYSTEM_ATTRS_READ) learns only from the runs that it does
        not.
    type: str
  bucket:
    description:
      - The bucket or container. Needed to create a task with a provider that has them.
    type: str
  folder:
    description:
      - The provider's folder. Needed to create a task with a provider that has no buckets.
      - For Google Photos V(/album), where every directory below O(path) becomes an album, or V(/album/NAME).
    type: str
  schedule:
    description:
      - When the task runs, in the time zone of the NAS.
      - A line of five cron fields (minute, hour, day of the month, month, day of the week), one of V(@hourly),
        V(@daily), V(@weekly) and V(@monthly), or a mapping with C(minute), C(hour), C(dom), C(month) and C(dow).
      - Parts that a mapping leaves out stay as they are.
    type: raw
  enabled:
    description:
      - Whether the task runs by its schedule. It can still be started manually.
    type: bool
  snapshot:
    description:
      - Take a snapshot of the dataset and copy from that. For O(direction=PUSH) only.
    type: bool
  transfers:
    description:
      - How many files to transfer at a time. V(0) leaves it to the NAS.
    type: int
  bwlimit:
    description:
      - Limits of the bandwidth, each from a time of the day on. V(off), or an empty list, lifts them.
      - A line as rclone and TrueNAS's web interface take it, such as V(08:00,512K 23:00,off), one bandwidth for the
        whole day, such as V(10M), or a list of limits.
      - Each limit of a list is such a text, or a mapping with C(time) and C(bandwidth).
      - C(time) is the time of the day, as V(HH:MM). Quote it.
      - C(bandwidth) is bytes per second, or a number with C(K), C(M) or C(G) such as V(10M) for 10 MiB per second.
        V(off), or nothing, means no limit. In a line the unit is required.
      - TrueNAS stores one limit for upload and download, and the same limits for each day of the week.
    type: raw
  include:
    description:
      - Filter patterns of rclone. When there are any, only files that match one of them are transferred.
      - Patterns are relative to O(path). V(/Private/**) is all that is in the directory C(Private) there, V(Private/**)
        in every directory of that name, V(/*) the files directly in O(path), V(*.tmp) files by the end of their name.
        rclone tells upper from lower case.
      - A pattern that can never match is refused, with the right spelling. Examples are V(- /Private/**) as in a filter
        file, V(/mnt/tank/photos/Private/**) with the path of the NAS, V(./Private/**), V([bad), and V(Private) where
        that is a directory. A pattern that differs from the name of a directory in the case of letters only is warned
        of.
      - A text is one pattern, or one pattern a line. It is not split at commas.
    type: list
    elements: str
  exclude:
    description:
      - Filter patterns of rclone. Files that match one of them are left out. See O(include) for how they are written.
      - A text is one pattern, or one pattern a line. It is not split at commas.
    type: list
    elements: str
  pre_script:
    description:
      - A script to run, as root, before the task.
      - Line ends of Windows and a byte order mark are removed, as no interpreter is found with them.
    type: str
  post_script:
    description:
      - A script to run, as root, after the task has succeeded. Line ends are changed as for O(pre_script).
    type: str
  follow_symlinks:
    description:
      - Follow symbolic links, rather than leave them out.
    type: bool
  create_empty_src_dirs:
    description:
      - Create directories at the destination even when they are empty.
    type: bool
  encryption:
    description:
      - Encrypt what is pushed, and decrypt what is pulled, with rclone's C(crypt).
      - Google Photos takes photos and videos only, so nothing encrypted.
    type: bool
  filename_encryption:
    description:
      - Encrypt the names of files and directories too.
    type: bool
  encryption_password:
    description:
      - The password to encrypt with. Needed with O(encryption=true). Without it the files cannot be read again.
      - A value that is masked, still encrypted, padded with blanks or a line end, or read as a number by YAML is
        refused, as for every secret option. Put a password of digits in quotes.
    type: str
  encryption_salt:
    description:
      - A second password that makes the first harder to guess.
    type: str
  args:
    description:
      - More arguments for rclone, as on its command line. Alternatively a list of words, which are quoted where needed.
      - They are read as rclone reads them. A word that is not an option is refused, as rclone takes it for its command.
        So are an option that rclone does not have and an option without its value.
      - Refused as well are options that belong to the cloud credential or to the encryption of the task, that change
        where or how rclone writes its log, that write passwords into it such as C(--dump=auth), that read filters from
        a file, that run a program or open a port on the NAS, C(--dry-run), and a C(--max-delete) that does not limit
        anything. For Google Photos also those that make it upload everything again, for example C(--min-size), or that
        it cannot work with, for example C(--backup-dir).
      - C(--include) is refused beside O(exclude) and O(include), as rclone reads it first. It is also refused where
        snapshots can be seen in O(path), as it would transfer the files in C(.zfs). Use O(include) instead.
      - A task that has refused arguments on the NAS already cannot be changed until O(args) is given. It can be
        switched off with O(enabled=false).
      - C(--max-delete 20) limits the files that each run deletes, those of the schedule too. A run that would delete
        more deletes 20 and fails.
    type: str
  allow_deletes:
    description:
      - Agree that a task with O(direction=PULL) deletes files that the provider does not show any more, for
        O(transfer_mode=SYNC), or takes what it has copied away from the provider, for O(transfer_mode=MOVE).
      - A task for Google Photos needs it to push with O(transfer_mode=MOVE), which deletes a photo on the NAS unsent
        when one of its name is in the album already, and for C(--gphotos-read-size), C(--ignore-times), C(-I) and
        C(--name-transform) among O(args), with which photos drop out of their albums.
      - A task of any provider needs it for C(--delete-excluded) and C(--ignore-errors) with O(transfer_mode=SYNC), for
        C(--ignore-checksum) with O(transfer_mode=MOVE), and for options that delete for good what the provider
        otherwise keeps in its trash, for example C(--drive-use-trash=false) and C(--b2-hard-delete).
      - What counts is the task as it will be. A task that deletes needs it again when a change lets it reach other
        files than before. Such changes are another O(path), O(folder), O(bucket) or O(credential), O(enabled) or
        O(follow_symlinks) changed to V(true), an O(exclude) that is removed, an O(include) that is added, other filters
        or a higher C(--max-delete) among O(args), and another key. Other changes, for example of the O(schedule), do
        not need it.
    type: bool
    default: false
  allow_rekey:
    description:
      - Agree that a task that has run gets another O(encryption_password), O(encryption_salt) or
        O(filename_encryption), or that its O(encryption) is switched on or off.
      - Without it, such a change is refused. What the task has pushed so far stays at the provider as it is. With
        another key it cannot be read again, and with names in another form it is not even found.
      - The playbook C(nasops.cloudsync.rekey) moves the files to another key, and keeps all of them readable meanwhile.
    type: bool
    default: false
    version_added: 1.1.0
  unspecified:
    description:
      - What becomes of the options that are not given, for a task that exists.
      - V(keep) leaves them as they are.
      - V(default) sets them to TrueNAS's defaults, so that what somebody has changed by hand is found and undone. Then
        a task is enabled, runs hourly, and has no snapshot, filters, scripts, O(args), limits or encryption, unless the
        options say otherwise. The O(attributes) that are not given get the provider's defaults.
      - O(description), O(credential), O(direction), O(transfer_mode), O(path), O(folder) and O(bucket) are kept in any
        case, and so are O(encryption_password) and O(encryption_salt).
      - What would switch off the encryption of a task that has run, or let a task delete more files, is refused as when
        the option was given. See O(allow_rekey) and O(allow_deletes).
    type: str
    choices: [keep, default]
    default: keep
    version_added: 1.1.0
seealso:
  - module: nasops.cloudsync.truenas_cloud_credential
  - module: nasops.cloudsync.truenas_cloudsync_run
  - module: nasops.cloudsync.truenas_album_directories
"""

EXAMPLES = r"""
- name: Push albums to Google Photos every night
  nasops.cloudsync.truenas_cloudsync_task:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    description: Photos to Google
    credential: Google Photos
    direction: PUSH
    transfer_mode: SYNC
    path: /mnt/tank/photos
    folder: /album
    schedule: "0 3 * * *"

- name: Slow it down during the day
  nasops.cloudsync.truenas_cloudsync_task:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    description: Photos to Google
    bwlimit:
      - time: "08:00"
        bandwidth: 2M
      - time: "22:00"
        bandwidth: "off"

- name: Stop running it by schedule
  nasops.cloudsync.truenas_cloudsync_task:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    description: Photos to Google
    enabled: false

- name: Delete the task; the photos stay where they are
  nasops.cloudsync.truenas_cloudsync_task:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    description: Photos to Google
    state: absent
"""

RETURN = r"""
task:
  description:
    - The task as the NAS has it, without its secrets. In check mode, as it would be. V(null) when it is deleted.
  returned: success
  type: dict
  contains:
    id:
      description: Its number. V(null) in check mode for one that does not exist yet.
      type: int
    description:
      description: Its description.
      type: str
    credential:
      description: The C(id), C(name) and C(type) of its credential.
      type: dict
    attributes:
      description: The folder, the bucket and the provider's other attributes.
      type: dict
    job:
      description: Its last job, or V(null) when it never ran.
      type: dict
  sample:
    id: 1
    description: Photos to Google
    credential: {id: 3, name: Google Photos, type: GOOGLE_PHOTOS}
    direction: PUSH
    transfer_mode: SYNC
    path: /mnt/tank/photos
    attributes: {folder: /album}
    schedule: {minute: "0", hour: "3", dom: "*", month: "*", dow: "*"}
    enabled: true
    job: null
ids:
  description: The numbers of the tasks that O(description) may mean.
  returned: when several tasks have that description
  type: list
  elements: int
  sample: [3, 7]
"""

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.task_form import refuse
from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Module
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.task import ARGUMENTS, BLANK, CONSTRAINTS, execute

MODULE = Module(ARGUMENTS, execute, constraints=CONSTRAINTS, refuse=refuse, blank=BLANK)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
