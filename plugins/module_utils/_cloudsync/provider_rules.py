# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules that the provider table names: normal forms and refusals, pure functions all.

PRIVATE to the collection.

A normal form maps every spelling of a value to one, so that equal values compare equal. A refusal returns what the
value has to be instead, or `None` when the value will do.
"""

from __future__ import annotations

import ipaddress
import json
import posixpath
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import names
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import HIDDEN

_DEFAULT_PORTS = {"http": "80", "https": "443"}
_ADDRESS = re.compile(r"(https?):[/\\]+([^/\\?#]+)([^?#]*)(\?[^#]*)?(#.*)?", re.IGNORECASE)

# The characters that an address's parts keep; all others are percent-encoded (the URL standard's encode sets).
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_KEPT_IN_PATH = "".join(set(_PRINTABLE) - set('"#<>?`{}'))
_KEPT_IN_QUERY = "".join(set(_PRINTABLE) - set("\"#<>'"))
_KEPT_IN_FRAGMENT = "".join(set(_PRINTABLE) - set('"<>`'))
_KEPT_IN_USERINFO = "".join(set(_PRINTABLE) - set('"#<>?`{}/:;=@[\\]^|'))


def normal_url(value: str) -> str:
    """Return a web address as the NAS stores it, which is the URL standard's way.

    Scheme and host in lower case, the scheme's own port dropped, an empty path as `/`, dots resolved and what has no
    place in an address percent-encoded. Text that is no web address is returned as it is.
    """
    match = _ADDRESS.fullmatch(re.sub(r"[\t\r\n]", "", value.strip()))
    if match is None:
        return value
    scheme, authority, path, query, fragment = (part or "" for part in match.groups())
    scheme = scheme.lower()
    userinfo, _at, place = authority.rpartition("@")
    try:
        host = _normal_host(place)
        port = urlsplit(f"//{place}").port
    except ValueError:
        return value
    if port is not None and str(port) != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    return "".join(
        (
            f"{scheme}://{_normal_userinfo(userinfo)}{host}",
            quote(_without_dots(path.replace("\\", "/")), safe=_KEPT_IN_PATH),
            quote(query, safe=_KEPT_IN_QUERY + "?"),
            quote(fragment, safe=_KEPT_IN_FRAGMENT),
        )
    )


def _normal_host(place: str) -> str:
    host = urlsplit(f"//{place}").hostname or ""
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host)}]"
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _normal_userinfo(userinfo: str) -> str:
    user, _colon, password = (quote(part, safe=_KEPT_IN_USERINFO) for part in userinfo.partition(":"))
    return f"{user}:{password}@" if password else f"{user}@" if user else ""


def _without_dots(path: str) -> str:
    kept: list[str] = []
    steps = path.split("/")[1:]
    for number, step in enumerate(steps, 1):
        plain = step.lower().replace("%2e", ".")
        if plain not in (".", ".."):
            kept.append(step)
            continue
        if plain == "..":
            kept = kept[:-1]
        if number == len(steps):
            kept.append("")
    return "/" + "/".join(kept)


def normal_json(value: str) -> str:
    """Return JSON text on one line with its members in order; other text as it is."""
    try:
        return json.dumps(json.loads(value), sort_keys=True, separators=(",", ":"))
    except ValueError:
        return value


def json_object(value: str) -> str | None:
    """Refuse what is not the text of a JSON object."""
    try:
        good = isinstance(json.loads(value), dict)
    except ValueError:
        good = False
    return None if good else "must be a JSON object"


def plain_line(value: str) -> str | None:
    """Refuse text that breaks what it is stored in: rclone's configuration has one line for each value.

    Refused as well is the text that the NAS shows in place of a value it hides: stored, it would destroy that value.
    """
    if value == HIDDEN or f"//{HIDDEN}@" in value or f"={HIDDEN}" in value:
        return "must be the value itself and not the asterisks shown in its place"
    return "must be a single line" if "\n" in value or "\r" in value else None


def not_empty(value: str) -> str | None:
    """Refuse the empty text."""
    return None if value else "must not be empty"


def without_percent(value: str) -> str | None:
    """Refuse a percent sign, on which TrueNAS fails when it reads its own configuration of rclone again."""
    return "must not hold a percent sign, which TrueNAS cannot handle here" if "%" in value else None


def web_address(value: str) -> str | None:
    """Refuse what is not an address for HTTP or HTTPS."""
    return _address(value, ("http", "https"))


def web_address_or_empty(value: str) -> str | None:
    """Refuse what is neither empty nor an address for HTTP or HTTPS."""
    return web_address(value) if value else None


def secure_address(value: str) -> str | None:
    """Refuse what is not an address for HTTPS."""
    return _address(value, ("https",))


def _address(value: str, schemes: tuple[str, ...]) -> str | None:
    try:
        parts = urlsplit(value.strip())
        good = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port >= 0)
    except ValueError:
        good = False
    return None if good else "must be an address that starts with " + " or ".join(f"{one}://" for one in schemes)


def matching(pattern: str, wanted: str) -> Callable[[str], str | None]:
    """Make the rule that refuses what does not match `pattern` as a whole; `wanted` says it in words."""
    compiled = re.compile(pattern)

    def refuse(value: str) -> str | None:
        return None if compiled.fullmatch(value) else wanted

    return refuse


def between(lowest: int, highest: int | None = None) -> Callable[[int], str | None]:
    """Make the rule that refuses a number below `lowest` or above `highest`."""
    wanted = f"must be at least {lowest}" if highest is None else f"must be from {lowest} to {highest}"

    def refuse(value: Any) -> str | None:
        return None if value >= lowest and (highest is None or value <= highest) else wanted

    return refuse


def google_photos_folder(folder: str, direction: str | None = None, transfer_mode: str | None = None) -> str | None:
    """Say why a Google Photos task cannot use `folder`, or return `None` when it can.

    TrueNAS refuses the root, `media` and `media/by-day` itself, in both directions. What rclone cannot do with the
    other folders shows only in the job, so it is refused here. Rules that depend on the direction or the transfer mode
    are left out where that is `None`.
    """
    place = posixpath.normpath("/" + folder).strip("/")
    top = place.partition("/")[0]
    if place in ("", "media", "media/by-day"):
        return (
            f"folder: TrueNAS refuses {folder!r} for Google Photos, to push and to pull. "
            "Use /album for all albums or /album/NAME for one; /media/all pulls everything."
        )
    if top == "shared-album":
        return (
            f"folder: {folder!r} cannot be used, as Google no longer gives other programs access to shared albums. "
            "Use /album for all albums or /album/NAME for one."
        )
    if direction == "PUSH" and top not in ("album", "upload"):
        return (
            f"folder: Google Photos takes no uploads at {folder!r}. To push, use /album (each directory becomes an "
            "album), /album/NAME (one album) or /upload (no album)."
        )
    if direction == "PUSH" and (flaw := next(filter(None, map(names.flaw, place.split("/"))), None)):
        return (
            f"folder: {folder!r} cannot be the name of an album, as a part of it {flaw}, and Google lets no program "
            "delete or rename the album. Correct it."
        )
    if direction == "PULL" and top == "upload":
        return (
            f"folder: {folder!r} only takes uploads and cannot be pulled. "
            "Use /album for all albums, /album/NAME for one or /media/all for everything."
        )
    if direction == "PULL" and top not in ("album", "feature", "media"):
        return (
            f"folder: Google Photos has no folder {folder!r}. To pull, use /album for all albums, /album/NAME for one, "
            "/media/all for everything, or a folder below /media/by-year, /media/by-month or /feature."
        )
    if direction == "PULL" and transfer_mode == "MOVE" and top != "album":
        return (
            f"folder: Google Photos can take items out of albums only, so nothing can be moved from {folder!r}. "
            "Use transfer_mode COPY, or a folder below /album."
        )
    return None
