# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a folder of an export is: a year, an album, or something special. Pure. PRIVATE to the collection.

Told by what is in it, since names are localised: a folder with a metadata file is an album; one without, with one year
in its name that its photos agree with, is a year. Folder names decide only about the archive, the bin and the locked
folder, where an item itself carries no mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecar_names import key

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d|21\d\d)(?!\d)")
_OLD_YEAR = re.compile(r"Photos from \d{4}", re.ASCII)

_SPECIAL = {
    "archived": (
        "Archive|Archivo|Arquivo|Archivio|Archives|Archiver|Archiv|Archivieren|Archief|Archiveren|Архив|Archiwum|Arxiu|归档|"
        "档案|封存|アーカイブ|보관처리됨|Arkisto|Arkiv|Archív|Archivum|Archívum|Arşiv|Архів"
    ),
    "trashed": (
        "Trash|Bin|Papelera|Lixeira|Lixo|Corbeille|Papierkorb|Cestino|Prullenbak|Kosz|Корзина|Paperera|回收站|垃圾桶|ゴミ箱|"
        "휴지통|Roskakori|Papirkurv|Papperskorg|Koš|Kôš|Kuka|Lomtár|Çöp Kutusu|Кошик|Кошче"
    ),
    "locked": (
        "Locked Folder|Carpeta privada|Carpeta bloqueada|Gesperrter Ordner|Cartella bloccata|Vergrendelde map|"
        "Dossier verrouillé|Folder zablokowany|Pasta com acesso restrito|Pasta trancada"
    ),
}
_MARKS = {key(name): mark for mark, names in _SPECIAL.items() for name in names.split("|")}


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder is.

    Attributes:
        kind: `year`, `album`, or `special`.
        album: The title of the album.
        year: The year that it holds.
        mark: `archived`, `trashed` or `locked`, if the folder says so for all that is in it.
    """

    kind: str
    album: str = ""
    year: int | None = None
    mark: str | None = None


def classify(name: str, title: str | None, years: dict[int, int]) -> Folder:
    """Say what a folder is.

    Args:
        name: Its name, with those of the folders around it.
        title: The title in its metadata file; `None` if it has none.
        years: How many of its items were taken in which year.
    """
    own = name.rpartition("/")[2]
    found = set(_YEAR.findall(own))
    year = int(found.pop()) if len(found) == 1 else None
    if title and not (_OLD_YEAR.fullmatch(title) and _OLD_YEAR.fullmatch(own)):
        return Folder("album", album=title)
    if year is not None and _agree(year, years):
        return Folder("year", year=year)
    return Folder("special", mark=_MARKS.get(key(" ".join(own.split()))))


def _agree(year: int, years: dict[int, int]) -> bool:
    """Whether the items were taken then; around New Year a time zone may make a difference of one."""
    near = sum(count for one, count in years.items() if one == year)
    total = sum(years.values())
    around = sum(count for one, count in years.items() if abs(one - year) <= 1)
    return near * 2 >= total or (around == total and near * 10 >= total) or not total
