# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Takeout calls its folders and files in each language, as far as exports were seen; else the English name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """The names of one language."""

    container: str
    year: str = "Photos from {year}"
    edited: tuple[str, ...] = ("-edited",)
    album_metadata: str = "metadata.json"
    archive: str = "Archive"
    trash: str = "Trash"
    locked: str = "Locked Folder"
    untitled: str = "Untitled"
    index: str = "archive_browser.html"
    memories: str = "user-generated-memory-titles.json"
    comments: str = "shared_album_comments.json"
    exported: str = "{count} files exported successfully • {size}"
    failure: str = "Service failed to retrieve this item"
    moment: str = "%-d %b %Y, %H:%M:%S UTC"


LANGUAGES = {
    "en": Language("Google Photos", moment="%b %-d, %Y, %-I:%M:%S\u202f%p UTC"),
    "de": Language(
        "Google Fotos",
        year="Fotos von {year}",
        edited=("-bearbeitet",),
        album_metadata="Metadaten.json",
        archive="Archiv",
        trash="Papierkorb",
        locked="Gesperrter Ordner",
        untitled="Unbenannt",
        index="Archiv_Übersicht.html",
        exported="{count} Dateien erfolgreich exportiert • {size}",
        failure="Dieses Element konnte nicht abgerufen werden",
        moment="%d.%m.%Y, %H:%M:%S UTC",
    ),
    "fr": Language(
        "Google Photos",
        year="Photos de {year}",
        edited=("-modifié",),
        album_metadata="métadonnées.json",
        archive="Archiver",
        trash="Corbeille",
        locked="Dossier verrouillé",
        untitled="Sans titre",
        memories="titres-souvenirs-générés-par-utilisateur.json",
        exported="{count} fichiers exportés • {size}",
        failure="Impossible de récupérer cet élément",
    ),
    "es": Language(
        "Google Fotos",
        year="Fotos de {year}",
        edited=("-ha editado", "-editado"),
        album_metadata="metadatos.json",
        archive="Archivo",
        trash="Papelera",
        locked="Carpeta privada",
        untitled="Sin título",
    ),
    "it": Language(
        "Google Foto",
        year="Foto da {year}",
        edited=("-modificato",),
        album_metadata="metadati.json",
        archive="Archivio",
        trash="Cestino",
        locked="Cartella bloccata",
        untitled="Senza titolo",
    ),
    "nl": Language(
        "Google Foto_s",
        year="Foto_s van {year}",
        edited=("-bewerkt",),
        archive="Archiveren",
        trash="Prullenbak",
        locked="Vergrendelde map",
        untitled="Naamloos",
        exported="{count} bestanden geëxporteerd • {size}",
        failure="Kon dit item niet ophalen",
    ),
    "pt": Language(
        "Google Fotos",
        year="Fotos de {year}",
        edited=("-editado",),
        archive="Arquivo",
        trash="Lixeira",
        untitled="Sem título",
    ),
    "pl": Language(
        "Zdjęcia Google",
        edited=("-edytowane",),
        archive="Archiwum",
        trash="Kosz",
        locked="Folder zablokowany",
        untitled="Bez tytułu",
    ),
    "hu": Language(
        "Google Fotók", year="{year} fotói", album_metadata="metaadatok.json", untitled="Nem mentett dokumentum"
    ),
    "ru": Language(
        "Google Фото",
        year="Фото за {year}",
        edited=("-измененный", "-отредактировано"),
        album_metadata="метаданные.json",
        archive="Архив",
        trash="Корзина",
        untitled="Без названия",
        exported="Экспортировано файлов: {count} • {size}",
    ),
    "ja": Language(
        "Google フォト",
        year="{year}年の写真",
        edited=("-編集済み",),
        archive="アーカイブ",
        trash="ゴミ箱",
        untitled="無題",
        moment="%Y/%m/%d %H:%M:%S UTC",
    ),
    "ko": Language(
        "Google 포토",
        year="{year}년의 사진",
        edited=("-편집됨",),
        archive="보관처리됨",
        trash="휴지통",
    ),
    "zh-TW": Language(
        "Google 相簿",
        year="{year} 年的相片",
        edited=("-已編輯",),
        memories="使用者-產生的-回憶集錦-名稱.json",
        comments="共享_相簿_留言.json",
        exported="已成功匯出 {count} 個檔案 • {size}",
    ),
}
