# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a provider and its fields are: the shape of the provider table.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync.rclone_command_line import Given

# A release stands for its last maintenance version: what 25.04.2 changed counts as 25.04.
RELEASES = ("24.10", "25.04", "25.10", "26.0", "27.0")


def release_order(release: str) -> tuple[int, ...]:
    """Return what orders releases: `"25.04"` comes before `"25.10"`, and both before `"26.0"`.

    A maintenance number is ignored, so that a release and its maintenance versions are one.
    """
    return tuple(int(part) for part in release.split(".")[:2])


@dataclass(frozen=True)
class Lifetime:
    """The releases that know something: from `since` to `until`, both included, `None` for no end."""

    since: str | None = field(default=None, kw_only=True)
    until: str | None = field(default=None, kw_only=True)

    def known_in(self, release: str) -> bool:
        """Tell whether `release` knows it."""
        order = release_order(release)
        return (self.since is None or order >= release_order(self.since)) and (
            self.until is None or order <= release_order(self.until)
        )


@dataclass(frozen=True)
class Field(Lifetime):
    """One field of a credential, or one attribute of a task, under the name it has on the wire.

    The values are those of the newest release; `earlier` says what was different before.
    """

    name: str
    type: str = "str"  # Ansible's name; `raw` for OAuth tokens: text or a mapping
    description: tuple[str, ...] = ()  # sentences for the generated documentation
    required: bool = False  # the NAS refuses an entry without it; where nullable, null is enough
    default: Any = None  # what the NAS fills in; None with `nullable`: null, otherwise the field stays absent
    secret: bool = False  # key material: never logged, never returned
    obscured: bool = False  # rclone's configuration holds it in the form of `rclone obscure`
    hidden: bool = True  # the NAS masks it for accounts that may only read
    nullable: bool = False
    null_as: Any = None  # what is written in place of null, where the NAS's own default does not work
    choices: tuple[Any, ...] = ()
    aliases: tuple[str, ...] = ()
    detected: bool = False  # the NAS replaces an empty value by what it finds out from the provider
    normalise: Callable[[Any], Any] | None = None  # value -> the form in which two equal values are the same
    refuse: Callable[[Any], str | None] | None = None  # value -> what it has to be instead, None when it is good
    hint: str | None = None  # what to give, where people take something else for it
    # {release: {attribute: value}}: what was different up to and including that release
    earlier: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, compare=False)

    def at(self, release: str) -> Field:
        """Return the field as `release` has it."""
        result = self
        for last in sorted(self.earlier, key=release_order, reverse=True):
            if release_order(release) <= release_order(last):
                result = replace(result, **self.earlier[last])
        return result


@dataclass(frozen=True)
class FileRules:
    """What a provider does not take, of all that lies in a task's path."""

    reason: Callable[..., str | None]  # (path, size, folder, kept by the filters) -> why not, None when it is taken
    is_system: Callable[[str], bool]  # name of a directory -> whether a system has made it
    filters: tuple[str, ...]  # the patterns of include and exclude by which the role leaves such files out
    advice: Mapping[str, str]  # reason -> what to do


@dataclass(frozen=True)
class UploadRules:
    """What a push costs at a provider that counts requests, and what it refuses of what it is sent."""

    daily_requests: int  # that a project may make, unless it has been given more
    album_items: int  # that an album holds
    listed_albums: int  # in one answer
    listed_items: int
    refusal: Callable[[str, int | None, str], str | None]  # (path, size, folder) -> why, None when it is taken
    album: Callable[[str, str], str]  # (path, folder) -> the title of its album; empty for none
    pairs: Callable[[Iterable[str]], list[tuple[str, str]]]  # what looks like one photo and arrives as two items
    notes: Callable[[Mapping[str, int | None]], Iterable[str]]  # path -> size, of what is sent -> sentences


@dataclass(frozen=True)
class Provider(Lifetime):
    """A provider of cloud storage: what its credentials hold and what its tasks take."""

    type: str  # TrueNAS's name
    title: str
    fields: tuple[Field, ...]
    task_attributes: tuple[Field, ...] = ()  # without `folder` and `bucket`
    description: tuple[str, ...] = ()
    rclone_type: str | None = None  # the type of its remotes in rclone's configuration; None: `type` in lower case
    # (fields, task attributes) -> settings of its remotes in rclone's configuration that are not as TrueNAS names and
    # writes them; one that is None is left out
    remote: Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]] | None = None
    bucket: bool = False  # tasks name a bucket
    read_only: bool = False  # tasks can only pull
    # the fields that credentials of one account have in common; none of them where a bucket's name tells enough
    account: tuple[str, ...] | None = None
    folds_case: bool = False  # it does not tell upper from lower case in names
    takes: str | None = None  # all that it looks into files for and keeps, so nothing encrypted; None: any file
    converts: str | None = None  # what becomes of its files, so that they do not come back as they were
    hashes: bool = True  # rclone can have it tell checksums of files, with some of its servers at least
    refreshed: tuple[str, ...] = ()  # fields that the NAS itself rewrites after each run
    token_expires: bool = True  # its OAuth tokens need an expiry and a refresh token to last
    rotates_refresh_token: bool = False  # refreshing a token may bring a new refresh token
    check_folder: str | None = None  # the folder whose listing reaches the provider; None: TrueNAS's own check does
    # (folder, direction, transfer mode) -> message, None when the folder will do
    folder_rule: Callable[[str, str | None, str | None], str | None] | None = None
    # (direction, transfer mode) -> how the task loses files that nobody wants to lose, None when it does not
    loss_rule: Callable[[str, str], str | None] | None = None
    # (direction, one of rclone's flags in args) -> how the task loses files by it, None when it does not
    flag_loss: Callable[[str, Given], str | None] | None = None
    # (direction, one of rclone's flags in args) -> why it can never work, None when it can
    unusable_flag: Callable[[str, Given], str | None] | None = None
    # names in check_folder -> message about those that make a push go wrong, None when there are none
    names_rule: Callable[[Iterable[str]], str | None] | None = None
    # (files that a push copies, files that it deletes) -> what its owner should be aware of
    notices: Callable[[Iterable[str], Iterable[str]], list[str]] | None = None
    # what rclone prints of its errors, as a pattern -> what it means and what to do (see `rclone_meanings`)
    meanings: tuple[tuple[str, str], ...] = ()
    files: FileRules | None = None
    uploads: UploadRules | None = None

    @property
    def option(self) -> str:
        """The name of the module option that holds the credential's fields."""
        return self.type.lower()

    def fields_in(self, release: str) -> tuple[Field, ...]:
        """Return the credential's fields as `release` has them."""
        return tuple(one.at(release) for one in self.fields if one.known_in(release))

    def task_attributes_in(self, release: str) -> tuple[Field, ...]:
        """Return the task attributes as `release` has them."""
        return tuple(one.at(release) for one in self.task_attributes if one.known_in(release))
