# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find an OAuth token in what people have of it, or say what they have instead.

PRIVATE to the collection. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.nasops.cloudsync.plugins.module_utils._pasted_text import (
    MAX_LENGTH,
    decoded_base64,
    documents,
    is_cut_off,
    repaired,
)

HOW_TO_GET_ONE = (
    "Give the whole text that google_photos_token or 'rclone authorize' returned, from the opening to the closing brace"
)
_MAX_WRAPPINGS = 3  # a JSON string around the JSON, a module's result around that

# What a text is that holds no token, by how it looks.
_PATH = r"(~|\.{0,2})/[\w./ ~-]*|[A-Za-z]:\\\S*|[\w-]+\.(json|conf|txt)"
_SOMETHING_ELSE = (
    (r"\$ANSIBLE_VAULT;.*", "is still encrypted by ansible-vault. Give it with the tag !vault, or in vars_files"),
    (r"VALUE_SPECIFIED_IN_NO_LOG_PARAMETER|\*{6,}", "is what Ansible or the NAS shows in its place"),
    (r"ya29\.\S*", "is an access token alone, which stops working within the hour"),
    (r"1//\S*", "is a refresh token alone, without the access token and expiry that rclone keeps with it"),
    (r"4/\S*", "is the code of an approval, from which a token is still to be made. Use google_photos_token"),
    (r"GOCSPX-\S*", "is the secret of an OAuth client, which belongs into client_secret"),
    (r"\S+\.apps\.googleusercontent\.com", "is the id of an OAuth client, which belongs into client_id"),
    (r"AIza\S*", "is an API key, which gives access to no user's data"),
    (r"https?://\S*", "is an address. After an approval google_photos_token makes a token of it"),
    (_PATH, "is a path. Give what is in the file, for example by lookup('file', PATH)"),
    (r"-+BEGIN .*", "is a key or certificate in PEM form"),
    (r"<.*", "is a web page"),
    (r"rclone .*", "is a command. Give what it prints"),
)


class TokenError(ValueError):
    """A token that rclone could not work with. The message names the cause and what to do, and holds no token text."""


def fields_of(value: object, remote: str | None = None) -> Mapping[str, Any]:
    """Return the fields of the token that a text or mapping holds.

    Args:
        value: The text or mapping.
        remote: rclone's type of the remote, to choose a token out of several.

    Raises:
        TokenError: It holds no token.
    """
    for _layer in range(_MAX_WRAPPINGS + 1):
        if isinstance(value, str):
            value = _read(value)
        if isinstance(value, Mapping):
            fields: Mapping[str, Any] = value
            value = _inner(fields, remote)
            if value is fields:
                return fields
        elif not isinstance(value, str):
            break
    raise TokenError(f"The token is not a JSON object. {HOW_TO_GET_ONE}")


def _read(text: str) -> Any:
    text = repaired(text)
    if not text:
        raise TokenError(f"The token is empty. {HOW_TO_GET_ONE}")
    if len(text) > MAX_LENGTH:
        raise TokenError(f"The token is not valid JSON, and too long for a token. {HOW_TO_GET_ONE}")
    found = list(documents(text))
    for one in found:
        if isinstance(one, Mapping) and _has_token(one):
            return one
    if found:
        return found[0]
    raise TokenError(_instead(text))


def _instead(text: str) -> str:
    """What a text that holds no JSON is."""
    for pattern, told in _SOMETHING_ELSE:
        if re.fullmatch(pattern, text, re.DOTALL):
            return f"The token {told}. {HOW_TO_GET_ONE}".replace("..", ".")
    if is_cut_off(text):
        end = "the end of its base64 text" if "{" not in text and decoded_base64(text) else "its closing brace"
        return f"The token is cut off: {end} is missing. {HOW_TO_GET_ONE}"
    if "{" not in text:
        return f"The token is not valid JSON: it has no braces. {HOW_TO_GET_ONE}"
    if '"' not in text:
        return f"The token is not valid JSON: it has no double quotes. {HOW_TO_GET_ONE}, with its double quotes"
    return f"The token is not valid JSON. {HOW_TO_GET_ONE}"


def _has_token(found: Mapping[str, Any]) -> bool:
    return "access_token" in found or "token" in found or bool(list(_remotes(found)))


def _inner(found: Mapping[str, Any], remote: str | None) -> Any:
    """What to read next of a mapping; itself when it is a token."""
    if "access_token" in found:
        return found
    if "token" in found:
        # google_photos_token's result, the blob of 'rclone authorize', or the file of Google's library for Python.
        return _of_google_library(found) if _is_of_google_library(found) else found["token"]
    remotes = dict(_remotes(found))
    if remotes:
        return _chosen(remotes, remote)["token"]
    for kind in ("installed", "web"):
        if isinstance(found.get(kind), Mapping):
            raise TokenError(
                "The token is the JSON of an OAuth client, with which a token is still to be made. Use "
                "google_photos_token or the playbook nasops.cloudsync.authorize"
            )
    if found.get("type") == "service_account" or "private_key" in found:
        raise TokenError(
            "The token is the key of a service account. Make a token with google_photos_token or 'rclone authorize'"
        )
    if isinstance(found.get("error"), str):
        raise TokenError("The token is the answer of a provider that refused to make one. Make a new token")
    return found  # its fields say what is missing


def _is_of_google_library(found: Mapping[str, Any]) -> bool:
    token = found["token"]
    return isinstance(token, str) and "refresh_token" in found and "{" not in token and not decoded_base64(token)


def _of_google_library(found: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {"access_token": found["token"], **{name: found[name] for name in found if name != "token"}}
    expiry = renamed.get("expiry")
    if isinstance(expiry, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?", expiry):
        renamed["expiry"] = f"{expiry}Z"  # that library writes UTC, with and without saying so
    return renamed


def _remotes(found: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The remotes of `rclone config dump`, or of an rclone.conf, that have a token."""
    for name, settings in found.items():
        if isinstance(settings, Mapping) and settings.get("token"):
            yield str(name), settings


def _chosen(remotes: Mapping[str, Mapping[str, Any]], wanted: str | None) -> Mapping[str, Any]:
    of_the_type = [one for one in remotes.values() if wanted and one.get("type") == wanted]
    for candidates in (of_the_type, list(remotes.values())):
        if candidates and all(one["token"] == candidates[0]["token"] for one in candidates):
            return candidates[0]
    names = ", ".join(sorted(name for name in remotes if name)) or "without names"
    kind = f" of the type {wanted!r}" if wanted else ""
    raise TokenError(f"The token is one of several remotes ({names}). Give the text of one remote{kind} alone")
