#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: truenas_cloudsync_run
short_description: Run, dry-run or abort a cloud sync task of a TrueNAS
version_added: 1.0.0
author:
  - The nasops.cloudsync authors (@nasops)
description:
  - Starts a task, waits for it, and returns what it transferred and deleted.
  - A dry run returns what a run would do. It connects to the provider, so it detects a token that no longer works. It
    does not detect files that the provider will refuse; a preflight does, as far as their names and sizes tell.
  - When a run fails, the message names its first error, which the later ones follow from, and the files that failed for
    this reason.
  - A pull that leaves out files because it cannot decrypt their names fails, although rclone ends without an error. A
    push with encryption asks for one list of its folder first, and is refused when its key decrypts less than half of
    the names there, as it would upload everything again. A pull without encryption warns when the files look encrypted.
    For both, see C(encryption_password) and its neighbours in M(nasops.cloudsync.truenas_cloudsync_task).
  - The account needs the role C(CLOUD_SYNC_WRITE).
extends_documentation_fragment:
  - nasops.cloudsync._attributes
  - nasops.cloudsync._attributes.truenas
  - nasops.cloudsync._connection
attributes:
  check_mode:
    support: full
    details:
      - Nothing is started or stopped in check mode, not even a dry run, as that becomes the task's last job on the NAS.
  diff_mode:
    support: none
    details:
      - Use O(action=dry_run) to get what a run would change.
  idempotent:
    support: none
    details:
      - Each time the module is called, the task is run. A second run that finds nothing to do reports no change.
options:
  task:
    description:
      - The description of the task. Either this or O(id) is required.
    type: str
  id:
    description:
      - The number of the task.
    type: int
  action:
    description:
      - V(run) runs the task, V(dry_run) tells what a run would do, V(abort) stops a run.
      - V(preflight), since 1.1.0, makes a dry run, and tells more of what a push would do, as RV(forecast). It asks the
        provider for nothing but what the dry run asks for.
    type: str
    choices: [run, dry_run, preflight, abort]
    default: run
  wait:
    description:
      - Whether to wait for the end of the job, also when it is aborted. The dry run before a run is waited for in any
        case.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long to wait, in seconds. When the time is up the module fails and the job goes on.
    type: int
    default: 3600
  max_deletes:
    description:
      - The most files that the run may delete, at the destination, or at the source for a task that moves. A dry run is
        made first; if it tells of more, the task is not run.
      - By default, V(0) for tasks that pull with V(SYNC) or V(MOVE), and for tasks with arguments for rclone that
        delete more, for example C(--delete-excluded). For a push with V(SYNC), O(max_delete_share) applies. For other
        tasks there is not a limit.
      - Without it, a push with V(SYNC) is not run when there is no file to push and it would delete all that is at the
        destination. A push with V(MOVE) to Google Photos, or with arguments that make rclone compare less, for example
        C(--size-only), gets a dry run too, and is not run when it would delete files without uploading them because
        other files at the destination have their names.
      - A negative number disables all limits, including provider-specific ones. A push to Google Photos is otherwise
        refused while there are several albums of one title, as it would make a new album for every photo. A task with
        arguments that M(nasops.cloudsync.truenas_cloudsync_task) refuses is otherwise not run, and gets no dry run.
    type: int
  max_delete_share:
    description:
      - How many percent of the files at the destination a push with V(SYNC) may delete. When a dataset is not mounted,
        or another one is, the files seem to have been deleted.
      - A dry run is made first, unless O(max_deletes) is negative, the task's C(args) have a C(--max-delete), or Google
        Photos shows no album yet. If it tells of more, the task is not run. At the destination count the files that the
        task's filters let through.
      - Fewer than 10 files count as 10. Of these, all files, and all but one of four or more, are too many whatever the
        share is, unless it is V(100).
      - O(max_deletes) overrides it. With V(100), a push is still refused when there is no file to push at all.
      - The dry run asks the provider for the same lists as a run that has nothing to do. At Google Photos this is a
        request for every album, or for each 100 photos of it, and one for every 50 albums.
      - When that dry run of a task for Google Photos tells that there is nothing to do, the run is not started, as it
        would only make the same requests again. RV(job) is then that of the dry run. A task with scripts, or with
        C(create_empty_src_dirs), is run in any case.
    type: int
    default: 50
    version_added: 1.1.0
  daily_requests:
    description:
      - How many requests to the provider the project of the OAuth client may make in a day. For O(action=preflight).
      - By default, the V(10000) that Google gives to a project for Google Photos.
      - Where the task's C(args) limit the requests of a run with C(--tpslimit) and C(--max-duration), the preflight
        counts with this limit and with the runs of the task's schedule.
    type: int
    version_added: 1.1.0
  job:
    description:
      - Wait for this job of the task, which was started before, rather than start one.
      - When it is the dry run before a run, the run follows. A dry run that has already ended is repeated.
    type: int
seealso:
  - module: nasops.cloudsync.truenas_cloudsync_task
"""

EXAMPLES = r"""
- name: See what a run would do
  nasops.cloudsync.truenas_cloudsync_run:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    task: Photos to Google
    action: dry_run
  register: dry_run

- name: See how many days a first upload takes, and what will be refused
  nasops.cloudsync.truenas_cloudsync_run:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    task: Photos to Google
    action: preflight
  register: preflight

- name: Run it, unless that would remove more than ten photos from their albums
  nasops.cloudsync.truenas_cloudsync_run:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    task: Photos to Google
    max_deletes: 10

- name: Run it, unless more than a fifth of the photos is gone from the NAS
  nasops.cloudsync.truenas_cloudsync_run:
    api_url: https://nas.example.com
    api_key: "{{ nas_api_key }}"
    api_username: truenas_admin
    task: Photos to Google
    max_delete_share: 20
"""

RETURN = r"""
task:
  description: The C(id) and the C(description) of the task.
  returned: when there is one such task
  type: dict
  sample: {id: 1, description: Photos to Google}
  version_added: 1.1.0
job:
  description: The job. V(null) in check mode, and when there was nothing to stop.
  returned: always
  type: dict
  contains:
    id:
      description: Its number. The NAS counts from 1 again after a restart.
      type: int
    state:
      description: V(WAITING), V(RUNNING), V(SUCCESS), V(FAILED) or V(ABORTED).
      type: str
    percent:
      description: How far it is.
      type: float
    description:
      description: What it does at the moment, in the words of TrueNAS.
      type: str
    started:
      description: When it started, in UTC.
      type: str
    finished:
      description: When it ended, in UTC.
      type: str
    error:
      description: The error as TrueNAS tells it, made of the last lines of the log.
      type: str
  sample: {id: 42, state: SUCCESS, percent: 100, description: "", started: "2026-01-31T03:00:00Z",
           finished: "2026-01-31T03:02:11Z", error: null}
summary:
  description: The figures of the job. V(null) when it was not waited for. A figure is V(null) when it is not known.
  returned: always
  type: dict
  contains:
    transferred:
      description: Files written.
      type: int
    bytes:
      description: Bytes written.
      type: int
    checks:
      description: Files compared.
      type: int
    deleted:
      description: Files deleted.
      type: int
    errors:
      description: Errors.
      type: int
    elapsed:
      description: Seconds that rclone took.
      type: float
  sample: {transferred: 12, bytes: 48231044, checks: 310, deleted: 0, errors: 0, elapsed: 131.2}
would:
  description:
    - What a run would do. V(null) unless this was a dry run or a preflight.
    - C(copy) lists the files that would be written, C(delete) what would be deleted; directories end in V(/).
    - In expressions, write C(result.would['copy']), as C(result.would.copy) is a method of dictionaries.
  returned: always
  type: dict
  sample:
    copy: ["Trip/a.jpg"]
    delete: ["Trip/old/"]
left_out:
  description:
    - What lies in the task's path and does not reach the provider although nobody has excluded it. A warning tells the
      same in short. For a pull, it is what lies at the provider and does not reach the NAS.
    - These are symbolic links, files that are neither files nor directories, and names that are there twice in two
      Unicode forms (or, where the provider does not tell them apart, in upper and lower case). For Google Photos these
      are also hidden files and recycle bins, files of other formats, empty files, and files beside the albums. Those
      that no filter leaves out make a run fail.
    - The first 3000 directories are searched, where the account has the role C(FILESYSTEM_ATTRS_READ). When a run
      fails, the first 20 are told.
  returned: always
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    path:
      description: The path below that of the task. That of a directory that is left out as a whole ends in V(/).
      type: str
    reason:
      description: Why it is left out.
      type: str
  sample: [{path: Family/.DS_Store, reason: "hidden, or made by a system"}]
forecast:
  description:
    - What a push would do, before its first byte. For other providers than Google Photos, and for a pull, only
      C(files), C(bytes) and C(left_out) are known; numbers are V(null) and lists are empty.
    - The content of files is not read. A file that has the name of a photo, but is not one, is not predicted.
  returned: for a preflight
  type: dict
  version_added: 1.1.0
  contains:
    files:
      description: How many files go and are taken. Those that are refused do not count.
      type: int
    bytes:
      description: Their bytes, which is also the storage that they need. V(null) when a size is not known.
      type: int
    albums:
      description: What goes into each album, with C(name), C(files) and C(bytes).
      type: list
      elements: dict
    requests:
      description: How many requests the upload takes, as an estimate.
      type: int
    days:
      description: >-
        How many days these take by the task's schedule, with the quota that O(daily_requests) names or with the limits
        in the task's C(args). V(null) when the upload would not end.
      type: int
    refused:
      description: >-
        What is sent and will be refused, with C(path) and C(reason): other formats, empty files, photos over 200 MB and
        videos over 20 GB, files beside the albums, what goes beyond the 20,000 items of an album, and titles that are
        too long.
      type: list
      elements: dict
    left_out:
      description: >-
        What is not sent, with C(path) and C(reason), as RV(left_out) and what the task's own filters leave out. A path
        that ends in V(/) is a directory.
      type: list
      elements: dict
    pairs:
      description: Live and motion photos, which arrive as two items, with C(photo) and C(video).
      type: list
      elements: dict
    notes:
      description: >-
        What else to know, in sentences: raw and HEIC photos, files that look like copies, the storage that is required.
      type: list
      elements: str
  sample:
    files: 1
    bytes: 48231044
    albums: [{name: Trip, files: 1, bytes: 48231044}]
    requests: 4
    days: 1
    refused: [{path: Trip/notes.txt, reason: "no photo or video, which Google Photos refuses"}]
    left_out: []
    pairs: []
    notes: []
msg:
  description: The forecast in a few sentences.
  returned: for a preflight
  type: str
  version_added: 1.1.0
  sample: "1 file (46.0 MiB) to go into 1 album. This takes about 4 requests and 1 day."
unfinished:
  description:
    - Whether the run ended before everything was transferred because the task's C(args) allow it no more
      (C(--max-duration), C(--max-transfer)). TrueNAS shows such a run as failed; here it is a success with a
      warning, as the next run goes on from there.
  returned: when the job was waited for
  type: bool
  version_added: 1.1.0
  sample: false
timed_out:
  description:
    - That O(wait_timeout) was over before the job had ended. It goes on. To wait for it, give its number as O(job).
  returned: when O(wait_timeout) was over
  type: bool
  sample: true
ids:
  description: The numbers of the tasks that O(task) may mean.
  returned: when several tasks have the description O(task)
  type: list
  elements: int
  sample: [3, 7]
log:
  description:
    - The job's log, or, where that cannot be had, its excerpt.
    - When a run fails, the errors and notices in it, each once and at most ten of them, as Ansible shows all that a
      failed task returns.
  returned: always
  type: str
  sample: "2026/01/31 03:00:02 INFO  : Trip/a.jpg: Copied (new)"
"""

from ansible_collections.nasops.cloudsync.plugins.module_utils._module import Module
from ansible_collections.nasops.cloudsync.plugins.module_utils._work.run import ARGUMENTS, CONSTRAINTS, execute, refuse

MODULE = Module(ARGUMENTS, execute, constraints=CONSTRAINTS, refuse=refuse, blank=("task",))


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
