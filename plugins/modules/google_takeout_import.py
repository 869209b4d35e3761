#!/usr/bin/python
# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: google_takeout_import
short_description: Import Google Takeout exports of Google Photos into a directory
version_added: 1.1.0
description:
  - Imports the photos and videos of Google Takeout exports into a library of plain files, with their albums and with
    what Google tells of each.
  - Proves what it did. Every entry of every archive is placed, known already, or refused with a reason. The sum is
    compared with the list that Google puts into each export.
  - Full and incremental exports add up. A photo is known by the SHA-256 of its content, so no photo is placed twice.
    A run that was interrupted continues when it is run again.
  - Nothing in the library is deleted or overwritten, and nothing is removed because a newer export lacks it. The
    content of a photo is never changed. The time when it was taken becomes its modification time (UTC). Everything
    else goes into an XMP sidecar.
  - Run it on the NAS over SSH, or wherever the datasets are mounted.
author:
  - The nasops.cloudsync authors (@nasops)
requirements:
  - Python 3.11 or later where the module runs. Nothing else; TrueNAS has it.
extends_documentation_fragment:
  - nasops.cloudsync._attributes
attributes:
  check_mode:
    support: full
    details:
      - Reads all archives, since only the contents tell which photos are known. Writes nothing.
  diff_mode:
    support: full
    details:
      - Shows the paths that come to the library.
  idempotent:
    support: full
options:
  archives:
    description:
      - The directory with the archives, as Google named them, for example C(takeout-20260307T053026Z-3-001.zip).
        Files that are bigger than an archive lie beside them.
      - Files that end in C(.partial), and files of other names, are left alone.
    type: path
    required: true
  library:
    description:
      - The directory for the photos. It has to exist, and to be one dataset. It may hold other files.
      - The state of the import and its report are kept in the directory C(.nasops_takeout) in it.
    type: path
    required: true
  layout:
    description:
      - Where photos are placed. V(date) places all by year and month, for example C(2026/03). V(album) places those
        that are in an album in the directory of the album, and the others by year and month.
      - The date is the one that Google tells, in UTC. A photo without one is placed by the year of its folder in the
        export, or in C(Undated).
      - Photos that were placed before stay where they are.
    type: str
    choices: [date, album]
    default: date
  albums:
    description:
      - How albums are kept, in C(Albums). V(hardlinks) gives each photo a second name in each of its albums, which
        takes no space. V(symlinks) makes relative links, which SMB clients cannot follow. V(lists) writes a JSON file
        with the paths for each album. V(none) keeps none.
      - Immich takes every hard link for a photo of its own. Use V(lists) or V(none) for an external library of
        Immich.
    type: str
    choices: [hardlinks, symlinks, lists, none]
    default: hardlinks
  sidecars:
    description:
      - What is written beside each photo. V(xmp) writes C(IMG_1.jpg.xmp), which Immich, digiKam and PhotoPrism read,
        with time, place, description, people, favourite (as 5 stars) and original name. V(json) keeps Google's own
        sidecar as C(IMG_1.jpg.json). V(both) and V(none) are what they say.
      - The time is left out where the photo has one of its own, since Google's has no time zone.
      - A sidecar is updated from a newer export, unless it was changed by hand. The earlier version is
        kept in C(.nasops_takeout/earlier).
    type: str
    choices: [xmp, json, both, none]
    default: xmp
  archived:
    description:
      - What is done with archived photos. V(include) places them like others, V(apart) in C(Archive), V(skip) leaves
        them out.
    type: str
    choices: [include, apart, skip]
    default: apart
  trashed:
    description:
      - What is done with photos in the bin, as in O(archived); V(apart) places them in C(Trash).
    type: str
    choices: [include, apart, skip]
    default: skip
  locked:
    description:
      - What is done with photos in the locked folder, as in O(archived); V(apart) places them in C(Locked).
    type: str
    choices: [include, apart, skip]
    default: apart
  partner:
    description:
      - What is done with photos that came from a partner, as in O(archived); V(apart) places them in C(Partner).
    type: str
    choices: [include, apart, skip]
    default: include
  require_complete:
    description:
      - Import nothing of an export, and fail, if a part is missing or damaged, or if a file that the export lists is
        in no part. A photo whose sidecar is in a missing part would be placed without its date.
      - With V(false), imports what there is. The rest is added when it arrives.
    type: bool
    default: true
  quiet_minutes:
    description:
      - How long the files of an export must not have changed before it is imported. Google delivers the parts one
        after another, and does not say how many there are.
    type: int
    default: 45
  remove_archives:
    description:
      - V(imported) removes the archives of an export once it is proven to be complete, all its entries are accounted
        for, and all its photos were read back from the library. They are kept if anything was refused that you may
        miss, such as files of other Google products.
      - Photos that are left out by V(skip) of O(archived), O(trashed), O(locked) or O(partner) are removed with the
        archives. By default, these are the photos in the bin. Set O(trashed=apart) to keep them.
    type: str
    choices: [never, imported]
    default: never
seealso:
  - module: nasops.cloudsync.truenas_cloudsync_task
notes:
  - The library is written as the user that runs the module. When that is root, new files and directories get the
    owner and group of O(library).
"""

EXAMPLES = r"""
- name: Import what Google has delivered
  nasops.cloudsync.google_takeout_import:
    archives: /mnt/tank/takeout
    library: /mnt/tank/photos
  register: takeout

- name: Show what would come of it
  nasops.cloudsync.google_takeout_import:
    archives: /mnt/tank/takeout
    library: /mnt/tank/photos
  check_mode: true

- name: Import for Immich, without archived photos, and remove archives that are proven to be in the library
  nasops.cloudsync.google_takeout_import:
    archives: /mnt/tank/takeout
    library: /mnt/tank/photos
    albums: lists
    archived: skip
    remove_archives: imported
"""

RETURN = r"""
exports:
  description: The exports that were found, the oldest first.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The time when Google made it, as in the names of its archives.
      type: str
    status:
      description: V(imported), V(incomplete) (nothing was imported), or V(waiting) (it may still be under way).
      type: str
    entries:
      description: How many entries its archives have. RV(exports[].placed), RV(exports[].known) and
        RV(exports[].refused) add up to it once it is imported.
      type: int
    placed:
      description: How many entries added something new to the library.
      type: int
    known:
      description: How many entries hold what the library has already, such as the copies of a photo in albums.
      type: int
    refused:
      description: How many entries were refused. The report tells the reasons.
      type: int
    missing:
      description: How many files the export lists that are in no archive; without a list, how many parts are missing.
      type: int
    failed:
      description: How many files Google could not export.
      type: int
    complete:
      description: Whether it is proven that nothing is missing, by the list in the export itself.
      type: bool
    photos:
      description: How many different photos and videos it holds.
      type: int
  sample:
    - complete: true
      entries: 17640
      failed: 0
      id: 20260307T053026Z
      known: 861
      missing: 0
      photos: 8390
      placed: 16779
      refused: 0
      status: imported
removed:
  description: The archives that were removed, or would be in check mode.
  returned: always
  type: list
  elements: str
  sample: []
report:
  description: The report as a page for people, in the library. The same as data is beside it, in C(report.json).
    Empty if there is nothing to report.
  returned: always
  type: str
  sample: /mnt/tank/photos/.nasops_takeout/report.html
"""

import time
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.answer import ARGUMENTS, answer
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.run import run
from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.settings import Settings, TakeoutError


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    paths = {name: Path(module.params[name]) for name in ("archives", "library")}
    try:
        result = run(Settings(**{**module.params, **paths}), time.time(), module.check_mode)
    except TakeoutError as error:
        module.fail_json(msg=str(error), exports=[], removed=[], report="")
    for warning in result.warnings:
        module.warn(warning)
    told = answer(result, paths["library"])
    if result.problem:
        module.fail_json(msg=result.problem, **told)
    module.exit_json(**told)


if __name__ == "__main__":
    main()
