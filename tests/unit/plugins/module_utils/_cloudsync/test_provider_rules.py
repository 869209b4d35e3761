# Copyright (c) 2026, The nasops.cloudsync authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The normal forms and refusals that the provider table names."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import HttpUrl, TypeAdapter, ValidationError

from ansible_collections.nasops.cloudsync.plugins.module_utils._cloudsync import provider_rules as rules
from ansible_collections.nasops.cloudsync.plugins.module_utils._redaction import public_address

AS_THE_NAS_STORES = [
    ("http://minio.local:9000", "http://minio.local:9000/"),
    ("HTTP://NAS.Example:80/", "http://nas.example/"),
    ("https://nas.example:443", "https://nas.example/"),
    ("http://nas.example:443", "http://nas.example:443/"),
    ("https://cloud.example/remote.php/dav/", "https://cloud.example/remote.php/dav/"),
    (" https://nas.example/a b/Ä ", "https://nas.example/a%20b/%C3%84"),
    ("https://nas.example/a/./b/../c/..", "https://nas.example/a/"),
    ("https://nas.example?x='1'#y", "https://nas.example/?x=%271%27#y"),
    ("https://user:p@ss;@nas.example", "https://user:p%40ss%3B@nas.example/"),
    ("https://bücher.example", "https://xn--bcher-kva.example/"),
    ("https://[2001:DB8::0:1]:443", "https://[2001:db8::1]/"),
    ("", ""),
    ("nas.example", "nas.example"),
    ("https://nas.example:port", "https://nas.example:port"),
    ("https://[::1", "https://[::1"),
    ("ftp://NAS.example", "ftp://NAS.example"),
]


@pytest.mark.parametrize(("given_text", "stored"), AS_THE_NAS_STORES)
def test_normal_url(given_text: str, stored: str) -> None:
    assert rules.normal_url(given_text) == stored


AUTHORITIES = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "u@", "u:p@", "U;=:p;@", ":p@", "u:@"]),
    st.sampled_from(["x", "Host.Example", "192.0.2.1", "[::1]", "[2001:DB8:0::1]", "bücher.example"]),
    st.sampled_from(["", ":", ":80", ":443", ":8080", ":080"]),
)
ADDRESSES = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    AUTHORITIES,
    st.just("") | st.text("/.:@?#%&=;,!$'()*+~^`{}|\\<>\" \taZ0é-_[]2e", max_size=8).map("/".__add__),
)


@given(ADDRESSES)
@example("http://x/%2e%2E/a")
@example("http://x/?")
def test_normal_url_is_what_the_nas_s_own_validation_library_makes(address: str) -> None:
    try:
        stored = str(TypeAdapter(HttpUrl).validate_python(address))
    except ValidationError:
        return
    assert rules.normal_url(address) == stored
    assert rules.web_address(address) is None


@given(ADDRESSES | st.text())
def test_normal_url_of_a_normal_url_is_itself(text: str) -> None:
    assert rules.normal_url(rules.normal_url(text)) == rules.normal_url(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("********", "must be the value itself and not the asterisks shown in its place"),
        ("https://********@nas/", "must be the value itself and not the asterisks shown in its place"),
        ("one\ntwo", "must be a single line"),
        ("one\r", "must be a single line"),
        ("", None),
        ("*********", None),
        ("one two", None),
    ],
)
def test_plain_line(text: str, wanted: str | None) -> None:
    assert rules.plain_line(text) == wanted


@given(st.text())
def test_an_address_that_was_masked_is_never_taken_back(text: str) -> None:
    masked = public_address(f"https://{text}@nas")
    assert masked == f"https://{text}@nas" or rules.plain_line(masked) is not None


@pytest.mark.parametrize("text", ["", "nas", "ftp://nas", "http://", "http://nas:port/", "https://[::1", "/http://nas"])
def test_what_is_no_web_address_is_refused(text: str) -> None:
    wanted = "must be an address that starts with http:// or https://"
    assert rules.web_address(text) == wanted
    assert rules.web_address_or_empty(text) == (wanted if text else None)


def test_secure_address() -> None:
    assert rules.secure_address("HTTPS://gateway.example") is None
    assert rules.secure_address("http://gateway.example") == "must be an address that starts with https://"


@given(st.text(min_size=1), st.sampled_from(["https", "ftp", "swift+http"]))
def test_user_and_password_of_an_address_are_masked(secret: str, scheme: str) -> None:
    secret = "".join(one for one in secret if one not in "/?#") + "~secret~"
    masked = public_address(f"{scheme}://user:{secret}@host/a@b")
    assert masked == f"{scheme}://********@host/a@b"


@pytest.mark.parametrize("text", ["https://host/a@b", "user@host", "", "https://host?x=a@b"])
def test_nothing_is_masked_where_there_is_no_user(text: str) -> None:
    assert public_address(text) == text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.text(), JSON))
def test_json_of_one_content_has_one_form_on_one_line(content: dict) -> None:
    spaced = json.dumps(dict(reversed(content.items())), indent=2)
    normal = rules.normal_json(spaced)
    assert normal == rules.normal_json(json.dumps(content, ensure_ascii=False))
    assert len(normal.splitlines()) == 1
    assert json.loads(normal) == content
    assert rules.json_object(spaced) is None


@pytest.mark.parametrize("text", ["", "VAULT_ME", "{'a': 1}", "{", "[]", '"{}"', "null"])
def test_what_is_no_json_object_is_refused(text: str) -> None:
    assert rules.json_object(text) == "must be a JSON object"


def test_text_that_is_no_json_is_its_own_normal_form() -> None:
    assert rules.normal_json("********") == "********"


@pytest.mark.parametrize(("number", "refused"), [(4, True), (5, False), (149, False), (150, True)])
def test_between(number: int, refused: bool) -> None:
    assert (rules.between(5, 149)(number) == "must be from 5 to 149") is refused
    assert (rules.between(5)(number) == "must be at least 5") is (number == 4)


# (folder, direction, transfer mode, words of the message; none when the folder will do)
FOLDERS = [
    *((folder, None, None, "TrueNAS refuses") for folder in ("", "/", "//", "media", "/media/", "album/..", "..")),
    *((folder, "PULL", "COPY", "TrueNAS refuses") for folder in ("/media/by-day", "media//by-day/", "media/./by-day")),
    *(
        (folder, "PUSH", "SYNC", None)
        for folder in ("/album", "album", "/album/", "/album/Trip/Day 2", "/upload", "upload/x")
    ),
    *(
        (folder, "PUSH", "COPY", "takes no uploads")
        for folder in ("/media/all", "feature/favorites", "/Photos", "albums", "Album")
    ),
    *(
        (folder, mode, None, "shared albums")
        for folder in ("shared-album", "/shared-album/X")
        for mode in (None, "PUSH", "PULL")
    ),
    *((folder, "PULL", "SYNC", None) for folder in ("album", "/album/X", "media/all", "media/by-month/2024/2024-01")),
    *((folder, "PULL", "COPY", None) for folder in ("feature/favorites", "/media/by-year", "media/by-day/2024-01-01")),
    *((folder, "PULL", "COPY", "only takes uploads") for folder in ("upload", "/upload/x")),
    *(
        (folder, "PUSH", "COPY", "cannot be the name of an album")
        for folder in ("/album/Trip ", "/album/ Trip/x", "/album/a\nb", "/album/Trip\u200b", "/album/\u202eTrip")
    ),
    ("/album/Trip ", "PULL", "COPY", None),
    *((folder, "PULL", "COPY", "has no folder") for folder in ("Photos", "albums/X", " album")),
    ("/media/all", "PULL", "MOVE", "out of albums only"),
    ("/album/X", "PULL", "MOVE", None),
    ("/album/X", "PUSH", "MOVE", None),
    ("/media/all", None, "MOVE", None),
    ("upload", None, None, None),
]


@pytest.mark.parametrize(("folder", "direction", "transfer_mode", "words"), FOLDERS)
def test_google_photos_folder(folder: str, direction: str | None, transfer_mode: str | None, words: str | None) -> None:
    message = rules.google_photos_folder(folder, direction, transfer_mode)
    if words is None:
        assert message is None
        return
    assert message is not None
    assert message.startswith("folder: "), "names the option"
    assert repr(folder) in message, "names the value"
    assert "/album" in message, "names the mend"
    assert words in message


@given(st.text("abm/.", max_size=12), st.sampled_from(["PUSH", "PULL"]))
def test_slashes_around_a_folder_do_not_matter(folder: str, direction: str) -> None:
    plain = rules.google_photos_folder(folder, direction)
    dressed = rules.google_photos_folder(f"/{folder}//", direction)
    assert (plain is None) == (dressed is None)
