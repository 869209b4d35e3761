# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each odd case that exports were seen with, as photos that an account may hold."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from typing import Any

from simulator.google.takeout.account import Account, Companion, Photo, moment
from simulator.google.takeout.eras import Era
from simulator.google.takeout.languages import Language
from simulator.google.takeout.pictures import MAKERS

PEOPLE = ("Ada", "Ben", "Zoë", "李雷", "O'Neill & Söhne")
DESCRIPTIONS = (
    "At the lake",
    "Größe & Co. <b>not HTML</b> ]]>",
    "{{ lookup('pipe', 'id') }}",
    "two\nlines and \u001b[31mred\u001b[0m",
    "日本 🏔️ \u202eright to left",
)


class Maker:
    """Makes photos for an account."""

    def __init__(
        self, rng: random.Random, account: Account, era: Era, language: Language, now: int, photo_bytes: int
    ) -> None:
        self.rng = rng
        self.era = era
        self.language = language
        self._account = account
        self._now = now
        self._photo_bytes = photo_bytes

    def number(self) -> int:
        """A number that no other title has."""
        self._account.next_number += 1
        return self._account.next_number

    def date(self, first: int = 2003) -> int:
        return self.rng.randrange((first - 1970) * 31_556_952, self._now - 86400)

    def content(self, extension: str, what: str = "photo") -> bytes:
        """A file that no other has, of the kind that belongs to an extension."""
        text = f"{self._account.label}/{self.number()}/{what}"
        return MAKERS[extension.lower()](text) + self.rng.randbytes(self._photo_bytes)

    def photo(self, title: str, *, extension: str = "", taken: int | None = None, **fields: Any) -> Photo:
        """A photo with what most have; `extension` where the title has none."""
        name = fields.pop("name", title + extension)
        extension = extension or name[name.rindex(".") :]
        taken = self.date() if taken is None else taken
        kind = "video" if extension.lower() in (".mp4", ".mov") else "raw" if extension.lower() == ".dng" else "photo"
        content = fields.pop("content", None) or self.content(extension)
        photo = Photo(title, name, content, fields.pop("kind", kind), moment(taken).year, self._now, taken, None)
        photo.uploaded = min(max(taken, 1_300_000_000) + self.rng.randrange(86400), self._now)
        photo.legacy = self.rng.random() < self.era.legacy
        self._decorate(photo)
        for field, value in fields.items():
            setattr(photo, field, value)
        return photo

    def edited_mark(self) -> str:
        return self.rng.choice(self.language.edited)

    def _decorate(self, photo: Photo) -> None:
        """What any photo may have."""
        rng = self.rng
        token = "".join(rng.choices(string.ascii_letters + string.digits + "-_", k=40))
        photo.url = (
            f"https://lh3.googleusercontent.com/{token}"
            if self.era.album_data
            else f"https://photos.google.com/photo/AF1Qip{token}"
        )
        if rng.random() < 0.03:
            photo.url = None
        if rng.random() < 0.5:
            photo.latitude, photo.longitude = round(rng.uniform(-89, 89), 6), round(rng.uniform(-179, 179), 6)
            photo.exif_only = rng.random() < 0.1
        if rng.random() < 0.15:
            photo.description = rng.choice(DESCRIPTIONS)
        photo.favourite = rng.random() < 0.08
        if rng.random() < 0.1:
            photo.people = rng.sample(PEOPLE, rng.randint(1, 2))
        origins: tuple[dict[str, Any], ...] = (
            {"mobileUpload": {"deviceFolder": {"localFolderName": ""}, "deviceType": "ANDROID_PHONE"}},
            {"mobileUpload": {"deviceType": "IOS_PHONE"}},
            {"driveSync": {}},
            {"webUpload": {"computerUpload": {}}},
        )
        photo.origin = rng.choice(origins)


def plain(maker: Maker) -> list[Photo]:
    return [maker.photo(f"IMG_{maker.number()}{maker.rng.choice(('.jpg', '.jpg', '.JPG', '.png', '.jpeg', '.gif'))}")]


def video(maker: Maker) -> list[Photo]:
    return [maker.photo(f"VID_{maker.number()}{maker.rng.choice(('.mp4', '.MOV'))}")]


def same_title(maker: Maker) -> list[Photo]:
    """Two or three of one name in one year, now and then edited ones among them."""
    title, taken = f"DSC{maker.number()}.JPG", maker.date()
    photos = [maker.photo(title, taken=taken + n) for n in range(maker.rng.randint(2, 3))]
    for photo in photos:
        photo.year = photos[0].year
        photo.taken = taken if photo.taken is None else photo.taken
        if maker.rng.random() < 0.5:
            photo.companions = [Companion("edited", maker.content(".jpg", "edited"), mark=maker.edited_mark())]
    return photos


def long_name(maker: Maker) -> list[Photo]:
    """Names around the lengths at which suffix, extension and stem are cut."""
    wanted = maker.rng.randint(24, 62)
    text = f"Screenshot_{maker.number()}_com.example.app_" + "abcdefghij" * 5
    return [maker.photo(text[:wanted] + maker.rng.choice((".jpg", ".png", ".jpeg")))]


def pixel_name(maker: Maker) -> list[Photo]:
    tail = maker.rng.choice(("PORTRAIT", "MOTION-02.ORIGINAL", "LONG_EXPOSURE-01.COVER", "NIGHT", "RAW-01.COVER"))
    return [maker.photo(f"PXL_20240827_0{maker.number()}1806.{tail}.jpg")]


def cut_twins(maker: Maker) -> list[Photo]:
    """Titles that become one name when they are cut, and titles that only their sidecars share."""
    taken = maker.date()
    start = f"signal-attachment-{maker.number()}-".ljust(46 if maker.rng.random() < 0.5 else 47, "x")
    return [maker.photo(f"{start}{end}.jpg", taken=taken + n * 60) for n, end in enumerate(("a", "b"))]


def forbidden(maker: Maker) -> list[Photo]:
    """Characters that are replaced, and two titles that are the same afterwards."""
    stem, taken = f"{maker.number()} a", maker.date()
    titles = maker.rng.sample([f"{stem}{character}b.jpg" for character in "&%'/:*?\"<>|\\"], 2)
    return [maker.photo(title, taken=taken + n) for n, title in enumerate(titles)]


def number_in_title(maker: Maker) -> list[Photo]:
    """A number in brackets that belongs to the title."""
    number, taken = maker.number(), maker.date()
    if maker.rng.random() < 0.5:
        return [maker.photo(f"skytree {number} (2).jpg", taken=taken)]
    return [maker.photo(f"Negative{number}-36(1).jpg", taken=taken + n) for n in range(2)]


def number_beside(maker: Maker) -> list[Photo]:
    """Of one title without a number, and of another with it."""
    number, taken = maker.number(), maker.date()
    return [maker.photo(f"scan {number}{end}.jpg", taken=taken + n) for n, end in enumerate(("", "(1)"))]


def without_extension(maker: Maker) -> list[Photo]:
    taken, number = maker.date(), maker.number()
    title = maker.rng.choice((f"2013-12-{number}", f"22340893035{number}504579"))
    count = maker.rng.randint(1, 2)
    return [maker.photo(title, extension=".jpg", taken=taken + n, sidecar_name=title) for n in range(count)]


def odd_title(maker: Maker) -> list[Photo]:
    """A title that is empty or ends early."""
    name = f"IMG-{maker.number()}-WA0001.jpg"
    return [maker.photo(maker.rng.choice(("", name[:9])), name=name)]


def unset(maker: Maker) -> list[Photo]:
    return [maker.photo(f"[UNSET] {maker.number()}.jpg")]


def decomposed(maker: Maker) -> list[Photo]:
    """A title with accents as characters of their own, which a file name never has."""
    return [maker.photo(f"A\u030angstro\u0308m e\u0301te\u0301 {maker.number()}.jpg")]


def emoji(maker: Maker) -> list[Photo]:
    """Characters that count twice, some of which a cut halves."""
    return [
        maker.photo(f"{maker.number()}{'' if maker.rng.random() < 0.5 else 'x'}{'🎉' * maker.rng.randint(8, 26)}.jpg")
    ]


def case_twins(maker: Maker) -> list[Photo]:
    """Two names that differ only in the case of the extension; their sidecars are named for one of them."""
    stem, taken = f"IMG_{maker.number()}", maker.date()
    return [
        maker.photo(f"{stem}.mov", taken=taken, sidecar_name=f"{stem}.MOV"),
        maker.photo(f"{stem}.MOV", taken=taken + 3600),
    ]


def edited(maker: Maker) -> list[Photo]:
    stem = f"IMG_{maker.number()}".ljust(maker.rng.choice((8, 8, 8, 41, 43)), "e")
    photo = maker.photo(f"{stem}.jpg")
    photo.companions = [Companion("edited", maker.content(".jpg", "edited"), mark=maker.edited_mark())]
    return [photo]


def live(maker: Maker) -> list[Photo]:
    """A still with its short video, at times twice, at times with an edited still."""
    title, taken = f"IMG_{maker.number()}{maker.rng.choice(('.HEIC', '.JPG'))}", maker.date()
    extension = maker.rng.choice((".MP4", ".MOV", ".mov"))
    photos = [maker.photo(title, taken=taken + n, content=_still(maker, title)) for n in range(maker.rng.randint(1, 2))]
    for photo in photos:
        photo.companions = [Companion("live_half", maker.content(extension, "live"), extension=extension)]
        if maker.rng.random() < 0.3:
            photo.companions.append(Companion("edited", _still(maker, title), mark=maker.edited_mark()))
    return photos


def motion(maker: Maker) -> list[Photo]:
    """A still of a Pixel with the video that it begins with."""
    tail = maker.rng.choice((".MP", ".MV", ".MP~2", ".COVER"))
    photo = maker.photo(f"PXL_{maker.number()}_150747983{tail}.jpg")
    photo.companions = [Companion("motion", maker.content(".mp4", "motion"), extension="")]
    return [photo]


def raw_and_jpeg(maker: Maker) -> list[Photo]:
    """Two items of one stem, each with its own metadata; also with a video of that stem."""
    stem, taken = f"IMG_{maker.number()}", maker.date()
    extensions = (".DNG", ".jpg", ".mp4")[: maker.rng.randint(2, 3)]
    return [maker.photo(f"{stem}{extension}", taken=taken + 60 * n) for n, extension in enumerate(extensions)]


def video_beside(maker: Maker) -> list[Photo]:
    """A photo and a video of one stem that have nothing to do with each other."""
    stem, taken = f"MVI_{maker.number()}", maker.date()
    return [maker.photo(f"{stem}.JPG", taken=taken), maker.photo(f"{stem}.MP4", taken=taken + 7200)]


def burst(maker: Maker) -> list[Photo]:
    number, taken = maker.number(), maker.date()
    titles = (f"{number}_BURST{n:03d}{'_COVER' if n == 1 else ''}.jpg" for n in (1, 2, 3))
    return [maker.photo(title, taken=taken + n) for n, title in enumerate(titles)]


def creation(maker: Maker) -> list[Photo]:
    """What Google made of a photo; some have a sidecar and some have not."""
    mark = maker.rng.choice(("-EFFECTS", "-SMILE", "-MIX", "-COLLAGE", "-ANIMATION"))
    stem, taken = f"IMG_{maker.number()}", maker.date()
    photo = maker.photo(f"{stem}.jpg", taken=taken)
    if maker.rng.random() < 0.5:
        photo.companions = [Companion("creation", maker.content(".jpg", "creation"), mark=mark)]
        return [photo]
    made = maker.photo(f"{stem}{mark}.jpg", taken=taken + 5, kind="creation", origin={"composition": {"type": "AUTO"}})
    return [photo, made]


def lying_extension(maker: Maker) -> list[Photo]:
    """The name says one thing and the content another."""
    title, really = maker.rng.choice(((".HEIC", ".jpg"), (".png", ".mov"), (".png", ".jpg"), (".jpg", ".heic")))
    kind = "video" if really == ".mov" else "photo"
    return [maker.photo(f"IMG_{maker.number()}{title}", content=maker.content(really), kind=kind)]


def orphan(maker: Maker) -> list[Photo]:
    """One without a sidecar, and one with, whose name is the beginning of the other's."""
    number, taken = maker.number(), maker.date()
    first = maker.photo(f"DSC_{number}.jpg", taken=taken)
    second = maker.photo(f"DSC_{number}7.jpg", taken=taken, has_sidecar=False)
    return [first, second]


def undated(maker: Maker) -> list[Photo]:
    photo = maker.photo(f"scan-{maker.number()}.jpg", undated=maker.rng.choice((None, "0", "")))
    photo.taken, photo.year = None, moment(photo.uploaded).year
    return [photo]


def long_ago(maker: Maker) -> list[Photo]:
    """Before 1970."""
    return [maker.photo(f"grandma {maker.number()}.jpg", taken=-maker.rng.randrange(1, 40 * 31_556_952))]


def partner(maker: Maker) -> list[Photo]:
    return [maker.photo(f"IMG_{maker.number()}.jpg", partner=True, origin={"fromPartnerSharing": {}})]


def archived(maker: Maker) -> list[Photo]:
    return [maker.photo(f"IMG_{maker.number()}.jpg", place="archive")]


def trashed(maker: Maker) -> list[Photo]:
    return [maker.photo(f"IMG_{maker.number()}.jpg", place="trash")]


def locked(maker: Maker) -> list[Photo]:
    return [maker.photo(f"IMG_{maker.number()}.jpg", place="locked")]


def failed_video(maker: Maker) -> list[Photo]:
    return [maker.photo(f"VID_{maker.number()}.mp4", place="failed")]


def rare_fields(maker: Maker) -> list[Photo]:
    extra = {
        "modificationTime": {"timestamp": "1700000000", "formatted": ""},
        "appSource": {"androidPackageName": "com.whatsapp"},
        "sharedAlbumComments": [{"text": "nice", "contentOwnerName": "Ben"}],
    }
    return [maker.photo(f"IMG_{maker.number()}.jpg", extra=extra)]


def _still(maker: Maker, title: str) -> bytes:
    return maker.content(".heic" if title.endswith(".HEIC") else ".jpg", "still")


HABITS: dict[Callable[[Maker], list[Photo]], int] = {
    plain: 50,
    video: 6,
    same_title: 5,
    long_name: 10,
    edited: 5,
    live: 6,
    motion: 4,
    archived: 3,
    emoji: 3,
    cut_twins: 2,
    **dict.fromkeys(
        (pixel_name, forbidden, number_in_title, number_beside, without_extension, odd_title, unset, decomposed), 2
    ),
    **dict.fromkeys((case_twins, raw_and_jpeg, video_beside, burst, creation, lying_extension, orphan, undated), 2),
    **dict.fromkeys((long_ago, partner, trashed, locked, failed_video, rare_fields), 2),
}
"""Each with its weight."""

LARGEST = 3
"""How many photos a habit makes at most."""
