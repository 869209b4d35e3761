# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The XMP sidecar of a photo, as Immich, digiKam and PhotoPrism read it. Pure. PRIVATE to the collection."""

from __future__ import annotations

import math
import re
from xml.sax.saxutils import escape, quoteattr

from ansible_collections.nasops.cloudsync.plugins.module_utils._takeout.sidecars import Item, moment

_FAVOURITE = 5
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = (
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("digiKam", "http://www.digikam.org/ns/1.0/"),
    ("exif", "http://ns.adobe.com/exif/1.0/"),
    ("Iptc4xmpExt", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"),
    ("lr", "http://ns.adobe.com/lightroom/1.0/"),
    ("photoshop", "http://ns.adobe.com/photoshop/1.0/"),
    ("tiff", "http://ns.adobe.com/tiff/1.0/"),
    ("xmp", "http://ns.adobe.com/xap/1.0/"),
    ("xmpMM", "http://ns.adobe.com/xap/1.0/mm/"),
)

_DECLARED = "".join(f"\n    xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in _SPACES[1:])


def sidecar(item: Item, dated: bool) -> str | None:
    """Write the sidecar; `None` if there is nothing to tell.

    Args:
        item: What Google tells.
        dated: Whether the file has a date of its own. Google's is without a time zone, so it must not replace that one.
    """
    attributes = dict(_attributes(item, dated))
    elements = list(_elements(item))
    if not attributes and not elements:
        return None
    values = "".join(f"\n    {name}={quoteattr(_clean(value))}" for name, value in attributes.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="nasops.cloudsync">\n'
        f' <rdf:RDF xmlns:rdf="{_SPACES[0][1]}">\n'
        f'  <rdf:Description rdf:about=""{_DECLARED}{values}>\n'
        f"{''.join(elements)}"
        "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n"
        '<?xpacket end="w"?>\n'
    )


def _attributes(item: Item, dated: bool) -> list[tuple[str, str]]:
    found = []
    if item.taken is not None and not dated:
        text = moment(item.taken).replace(tzinfo=None).isoformat() + "Z"
        found += [("exif:DateTimeOriginal", text), ("photoshop:DateCreated", text), ("xmp:CreateDate", text)]
    if item.latitude is not None and item.longitude is not None:
        found += [
            ("exif:GPSLatitude", degrees(item.latitude, "N", "S")),
            ("exif:GPSLongitude", degrees(item.longitude, "E", "W")),
        ]
        if item.altitude is not None:
            height = round(abs(item.altitude) * 100)
            found += [("exif:GPSAltitude", f"{height}/100"), ("exif:GPSAltitudeRef", "1" if item.altitude < 0 else "0")]
    if item.favourite:
        found.append(("xmp:Rating", str(_FAVOURITE)))
    if item.title:
        found.append(("xmpMM:PreservedFileName", item.title))
    if item.url:
        found.append(("dc:source", item.url))
    return found


def degrees(value: float, positive: str, negative: str) -> str:
    """Write a coordinate as XMP has it: degrees, minutes with decimals, and the direction."""
    minutes = round(abs(value) * 60, 6)
    whole = math.floor(minutes / 60)
    return f"{whole},{minutes - whole * 60:.6f}{positive if value >= 0 else negative}"


def _elements(item: Item) -> list[str]:
    found = []
    if item.description:
        text = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(_clean(item.description))}</rdf:li></rdf:Alt>'
        found += [f"   <{name}>{text}</{name}>\n" for name in ("dc:description", "tiff:ImageDescription")]
    if item.people:
        found += [
            _list("dc:subject", "Bag", item.people),
            _list("Iptc4xmpExt:PersonInImage", "Bag", item.people),
            _list("digiKam:TagsList", "Seq", [f"People/{_flat(name, '/')}" for name in item.people]),
            _list("lr:hierarchicalSubject", "Bag", [f"People|{_flat(name, '|')}" for name in item.people]),
        ]
    return found


def _list(name: str, kind: str, values: list[str] | tuple[str, ...]) -> str:
    lines = "".join(f"<rdf:li>{escape(_clean(value))}</rdf:li>" for value in values)
    return f"   <{name}><rdf:{kind}>{lines}</rdf:{kind}></{name}>\n"


def _flat(name: str, separator: str) -> str:
    return name.replace(separator, "_")


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
