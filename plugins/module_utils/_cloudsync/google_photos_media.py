# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files Google Photos takes. PRIVATE to the collection. Pure.

Google looks at the content of a file, and one that it refuses makes the whole run fail. From outside, a name is all
that can be told by.
"""

from __future__ import annotations

import posixpath
import re

# Every usual spelling of the extensions of the formats that Google names, and of those that have their content: .jpe
# and .jfif are JPEG, .mp is the video of a Pixel's motion photo. Of raw formats it takes only some.
_PHOTOS = ("avif", "bmp", "gif", "hei[cf]", "ico", "jpe?g", "jpe", "jfif", "png", "tiff?", "webp")
_VIDEOS = (
    *("3gp", "3g2", "asf", "avi", "divx", "m2ts?", "m4v", "mkv", "mmv", "mod", "mov", "mp", "mp4", "mpe?g", "mts"),
    *("tod", "webm", "wmv"),
)
_EXTENSION = f"(?i)({'|'.join(_PHOTOS + _VIDEOS)})"
MEDIA = f"*.{{{{{_EXTENSION}}}}}"
"""The filter pattern of rclone that lets through photos and videos, however their extension is written."""

_SYSTEM = (
    # Synology, QNAP, Windows, Samba, ext4, and libraries of Apple's and Adobe's programs, which hold thumbnails.
    *("@eaDir", "#recycle", "#snapshot", "@tmp", "@sharebin", "@Recycle", "@Recently-Snapshot", "@__thumb"),
    *("$RECYCLE.BIN", "RECYCLER", "System Volume Information", "lost+found", "Network Trash Folder"),
    "Temporary Items",
)
_LIBRARIES = ("photoslibrary", "migratedphotolibrary", "aplibrary", "lrdata", "lrlibrary")
_DIRECTORY = "|".join([*(re.sub(r"([$.+])", r"\\\1", one) for one in _SYSTEM), rf"[^/]+\.({'|'.join(_LIBRARIES)})"])
PLACES = (".*", ".*/**", f"{{{{(?i)({_DIRECTORY})}}}}/**")
"""The filter patterns that leave out hidden files and directories, recycle bins and thumbnails, wherever they are."""

_RAW = re.compile("3fr|arw|cr[23w]|dcr|dng|erf|fff|iiq|k25|kdc|mef|mos|mrw|nef|nrw|orf|pef|raf|raw|rw[2l]|srw|x3f")
_LIKE_MEDIA = re.compile(
    "ai|apng|dds|djvu?|emf|eps|exr|f4v|flv|h26[45]|heics?|heifs?|hevc|hif|insp|insv|j2k|jp2|jpx|jxl|jxr|lrv|mpo|mxf|ogm|"
    "ogv|pct|pcx|pict|psb|psd|qt|rm|rmvb|svgz?|swf|tga|thm|ts|vob|wdp|wmf|xcf"
)
_IS_MEDIA = re.compile(_EXTENSION.removeprefix("(?i)"), re.IGNORECASE)
_IS_VIDEO = re.compile("|".join(_VIDEOS))
_IS_SYSTEM = re.compile(rf"\.|({_DIRECTORY})$", re.IGNORECASE)

SYSTEM = "hidden, or made by a system"
SYSTEM_KEPT = "hidden, or made by a system, and not excluded"
BESIDE = "beside the albums, where Google Photos takes no file"
EMPTY = "empty file, which Google Photos refuses"
REFUSED = "no photo or video, which Google Photos refuses"
RAW = "raw photo, of which Google Photos takes only some"
LIKE_MEDIA = "photo or video of a format that Google Photos does not name"
OTHER = "no photo or video"

ADVICE = {
    SYSTEM_KEPT: "leave such files out with media_only: true in the role",
    BESIDE: "move them into the directory of an album, or leave them out with stray_files: exclude in the role",
    EMPTY: "delete them",
    REFUSED: "leave such files out with media_only: true in the role",
    RAW: "convert them, or set media_only: false if Google Photos takes yours",
    LIKE_MEDIA: "convert them to a format that Google Photos takes",
}
"""What to do about what is left out or refused, by the reason."""


def is_system(name: str) -> bool:
    """Whether a directory is one that a system, rather than a person, has made."""
    return _IS_SYSTEM.match(name) is not None


def is_video(extension: str) -> bool:
    """Whether files with this extension, in lower case, are videos that Google names."""
    return _IS_VIDEO.fullmatch(extension) is not None


def is_raw(extension: str) -> bool:
    """Whether files with this extension, in lower case, are raw photos."""
    return _RAW.fullmatch(extension) is not None


def is_like_media(extension: str) -> bool:
    """Whether files with this extension, in lower case, are photos or videos of a format that Google does not name."""
    return not _IS_MEDIA.fullmatch(extension) and _LIKE_MEDIA.fullmatch(extension) is not None


def reason(path: str, size: int | None, folder: str, *, kept: bool) -> str | None:
    """Why a file does not get to Google Photos; `None` when it does, as far as its name and size tell.

    Args:
        path: Below the task's path.
        folder: The task's.
        kept: Whether the task's filters let it through.
    """
    *above, name = path.split("/")
    if name.startswith(".") or any(map(is_system, above)):
        return SYSTEM_KEPT if kept else SYSTEM
    if kept and not above and posixpath.normpath("/" + folder.strip("/")) == "/album":
        return BESIDE
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if _IS_MEDIA.fullmatch(extension):
        return EMPTY if kept and size == 0 else None
    if _RAW.fullmatch(extension):
        return None if kept else RAW
    if _LIKE_MEDIA.fullmatch(extension):
        return None if kept else LIKE_MEDIA
    return REFUSED if kept else OTHER
