#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: truenas_cloudsync_restore_test
short_description: Test whether the files of a cloud sync task can be restored
version_added: 1.1.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Draws a sample of the files that a task pushes, restores them from the provider with the NAS's own rclone into a
    directory of your choice, compares their contents with the files on the NAS, and deletes what it has restored.
  - It fails when a file is damaged, and tells for each what is wrong. Files that were changed, created or deleted on
    the NAS after the task has last run successfully are told apart from damage.
  - The task, its path and the provider are only read. The restore is a one-time job, which is not stored as a task.
  - With O(level=contents), each file of the sample is read once from the provider to the NAS, and twice from the NAS
    to where the module runs, as the API of TrueNAS can hand out files and cannot compare them. On the NAS itself, the
    latter costs no network traffic.
  - TrueNAS lets only a full administrator (role C(FULL_ADMIN)) read files over its API, so O(level=contents) needs
    such an account. TrueNAS writes each read file into its audit log.
  - With O(level=checksum), the account needs the roles C(CLOUD_SYNC_WRITE) and C(FILESYSTEM_ATTRS_READ).
  - Tasks that pull, and tasks that push with V(MOVE), cannot be tested, as there is nothing on the NAS to compare
    with. Symbolic links are not tested.
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.truenas
  - nasops.cloudsync._connection
attributes:
  check_mode:
    support: full
    details:
      - Nothing is restored. RV(samples) names the files and what the test would cost.
  diff_mode:
    support: none
  idempotent:
    support: none
    details:
      - Each time the module is called, it tests. It reports a change only with O(keep=true).
options:
  task:
    description:
      - The description of the task. Either this, O(id) or O(all) is required.
    type: str
  id:
    description:
      - The number of the task.
    type: int
  all:
    description:
      - Test each task of the NAS that pushes and keeps its files, one after the other. A task that is damaged or
        cannot be tested does not keep the others from being tested.
    type: bool
    default: false
  scratch:
    description:
      - The directory on the NAS to restore to. It must be empty, or hold only what an earlier test has left. It is
        created when it is missing, but not the one above it.
      - A directory inside the path of a task, or with the path of a task in it, is refused, and one that is reached
        through a symbolic link.
      - All is restored to the directory C(nasops-restore-test) in it. That is emptied at the end, also when the test
        fails, and stays. When the module is killed, or the provider cannot be reached any more, it is emptied by the
        next test.
      - TrueNAS deletes files for no API client, so it is emptied by a one-time job that pulls nothing.
      - Required with O(level=contents).
    type: str
  files:
    description:
      - The most files to restore. The default is V(20), unless O(percent) is given.
    type: int
  percent:
    description:
      - The largest share of the task's files to restore, in percent.
    type: int
  max_bytes:
    description:
      - The most bytes to restore. Files that are larger than this are never restored; a warning tells how many there
        are.
      - The default is 1 GiB.
    type: int
    default: 1073741824
  seed:
    description:
      - A number that decides which files are drawn. The same number draws the same files, as long as the files stay
        the same.
      - By default it is random, and with O(rotate) it is V(0).
    type: int
  rotate:
    description:
      - The number of this test. Increase it by 1 from test to test, and each test draws other files, until all files
        were drawn once. Then it begins anew. RV(proof) tells after how many tests (C(parts)).
    type: int
  level:
    description:
      - V(contents) restores a sample and compares contents.
      - V(checksum) compares all files with the provider's checksums. Nothing is downloaded and nothing is written. It
        is refused where it proves nothing, for an encrypted task and for a provider that tells no checksums. Files of
        which the provider tells no checksum, as large ones at some S3 services, are compared by their size. It proves
        that the provider has the files, and not that they can be restored.
    type: str
    choices: [contents, checksum]
    default: contents
  keep:
    description:
      - Keep the restored files, in a directory named by the number of the task. The next test deletes them.
    type: bool
    default: false
  wait_timeout:
    description:
      - How long each job of the test may take, in seconds.
    type: int
    default: 3600
notes:
  - The NAS forgets its jobs when it restarts, but for the last one of each task. If that was a dry run or has failed,
    each file that differs counts as changed after the last run.
seealso:
  - module: nasops.cloudsync.truenas_cloudsync_run
  - module: nasops.cloudsync.truenas_cloudsync_health_info
"""

EXAMPLES = r"""
- name: See which files would be restored, and what it would cost
  nasops.cloudsync.truenas_cloudsync_restore_test:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    task: Photos to Google
    scratch: /mnt/tank/restore-test
    files: 5
  check_mode: true
  register: plan

- name: Restore five files of a task and compare them
  nasops.cloudsync.truenas_cloudsync_restore_test:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    task: Photos to Google
    scratch: /mnt/tank/restore-test
    files: 5

- name: Test all tasks, each week with other files, with at most 200 MB of each task
  nasops.cloudsync.truenas_cloudsync_restore_test:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    all: true
    scratch: /mnt/tank/restore-test
    percent: 2
    max_bytes: 200000000
    rotate: "{{ now(utc=true).strftime('%s') | int // 604800 }}"
"""

RETURN = r"""
proof:
  description: What was proven. V(null) in check mode, and with O(all) when there are several tasks.
  returned: when the test was made
  type: dict
  contains:
    task:
      description: The description of the task.
      type: str
    id:
      description: Its number.
      type: int
    date:
      description: When it was proven, in UTC.
      type: str
    level:
      description: The O(level).
      type: str
    files:
      description: How many files are at the provider as they are on the NAS.
      type: int
    bytes:
      description: How large these are. V(null) with O(level=checksum).
      type: int
    changed_since:
      description: How many files of the sample nothing can be said about, as they were changed after the last run.
      type: int
    damages:
      description:
        - The C(path) and the C(kind) of each damaged file.
        - The kinds are V(missing), V(cut_short), V(altered) (other contents), V(old_version), V(name_case) (the name
          has other upper and lower case), V(cannot_be_decrypted), V(unreadable), and V(missing_or_altered), only with
          O(level=checksum) and many damages.
      type: list
    proves:
      description:
        - In words, what the test proves. For Google Photos, which changes pictures and videos, that is less.
      type: str
    seed:
      description: What the sample was drawn with.
      type: int
    part:
      description: Which part of all files the sample was, from 0.
      type: int
    parts:
      description: How many parts there are. So many tests with O(rotate) draw every file once.
      type: int
  sample:
    task: Documents
    id: 3
    date: "2026-01-31T04:00:12Z"
    level: contents
    files: 20
    bytes: 48231044
    changed_since: 1
    damages: []
    proves: The files were restored, and have the same contents as those on the NAS.
    seed: 0
    part: 4
    parts: 210
proofs:
  description: The proof of each task, as in RV(proof).
  returned: when the test was made
  type: list
  elements: dict
  sample: []
samples:
  description: What each test restored, or in check mode would restore.
  returned: when the test was made
  type: list
  elements: dict
  contains:
    task:
      description: The description of the task.
      type: str
    files:
      description: How many files. V(null) with O(level=checksum), which compares all.
      type: int
    bytes:
      description: How many bytes are read from the provider.
      type: int
    requests:
      description: About how many requests the provider gets. V(null) where it is not known.
      type: int
    paths:
      description: The files, by their paths below that of the task.
      type: list
  sample:
    - task: Documents
      files: 2
      bytes: 48213
      requests: 6
      paths: [Letters/2024.odt, taxes.pdf]
ids:
  description: The numbers of the tasks that O(task) may mean.
  returned: when several tasks have the description O(task)
  type: list
  elements: int
  sample: [3, 7]
"""

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Module
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.restore_test import (
    ARGUMENTS,
    CONSTRAINTS,
    execute,
    refuse,
)

MODULE = Module(ARGUMENTS, execute, constraints=CONSTRAINTS, refuse=refuse, blank=("task", "scratch"))


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
